// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.app.BuiltIn;
import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.measure.EngineException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a worker with TornadoVM is started: the Java of this process with the options that an SDK
 * asks for, and with classes that this process does not have.
 */
public final class TornadoProcess {
  /** Of the module that is built only where there is an SDK. */
  private static final String MAIN = "io.gpubench.tornado.TornadoWorker";

  /** Where its classes are, when they are elsewhere than a checkout or a bundle has them. */
  private static final String CLASSES = "gpubench.tornado.classes";

  private static final String LIBRARY_PATH = "LD_LIBRARY_PATH";

  /** As a bundle has it. */
  public static final String IN_BUNDLE = "tornado/gpubench-tornado.jar";

  /** As a build leaves it. */
  public static final String IN_CHECKOUT = "java/tornado/target/gpubench-tornado.jar";

  private TornadoProcess() {}

  /**
   * The command line of a worker.
   *
   * @param home gpubench's
   * @param flags for its Java, besides those that it needs
   * @throws EngineException when there is no SDK that this Java can use, or it has no such backend,
   *     or our classes for it were not built
   */
  public static List<String> command(TornadoEngine engine, Path home, List<String> flags) {
    TornadoSdk sdk = TornadoSdk.find(home, System.getenv());
    List<String> options = sdk.flags(engine.backend());
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+DisplayVMOutputToStderr"); // stdout is the protocol's, also for last words
    command.addAll(options);
    command.add("-Dgpubench.home=" + home);
    command.add("-D" + TornadoSdk.PROPERTY + "=" + sdk.home());
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-Xlog:disable", "-Xlog:all=warning,aot*=off,cds*=off:stderr"));
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path") + File.pathSeparator + classes(home));
    command.addAll(List.of(MAIN, engine.backend().word(), BuiltIn.version()));
    return command;
  }

  /**
   * Variables of a worker. TornadoVM's library finds the driver by its name, so the simulated one's
   * folder comes first where that is meant; where it is not built, the worker says so.
   *
   * @param device as a person names it; null for the first
   */
  public static Map<String, String> environment(
      TornadoEngine engine, Path home, @Nullable String device) {
    if (engine.backend() != TornadoBackend.CUDA || !CudaEngine.SIMULATOR.equals(device)) {
      return Map.of();
    }
    return Map.of(
        LIBRARY_PATH,
        Stream.of(
                home.resolve("lib/cudasim").toString(),
                home.resolve("native/build/cudasim").toString(),
                System.getenv(LIBRARY_PATH))
            .filter(folder -> folder != null && !folder.isEmpty())
            .collect(Collectors.joining(File.pathSeparator)));
  }

  /**
   * Where our classes for it are.
   *
   * @param home gpubench's
   * @throws EngineException when they were not built
   */
  public static Path classes(Path home) {
    String elsewhere = System.getProperty(CLASSES);
    if (elsewhere != null) {
      return Path.of(elsewhere);
    }
    return Stream.of(IN_BUNDLE, IN_CHECKOUT)
        .map(home::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.UNAVAILABLE,
                "gpubench was built without its kernels for TornadoVM",
                "build it again with %s set: ./mvnw -DskipTests package"
                    .formatted(TornadoSdk.VARIABLE),
                null));
  }
}
