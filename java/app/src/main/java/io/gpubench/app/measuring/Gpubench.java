// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.plugins.Installed;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a Java program begins that measures:
 *
 * <pre>{@code
 * StoredRun run = Gpubench.here().run("consensus").engine("host").samples(2_000).measure();
 * }</pre>
 *
 * <p>A run that is measured so is planned, verified, stored and sealed as one of the command line
 * is, by the same code. Failures that a user can do something about are {@link
 * io.gpubench.measure.BenchException}s with the messages of the command line, which name a setting
 * by its option, {@code --samples} for {@link RunRequest#samples}; everything else that is thrown
 * is a bug. Variables such as {@code GPUBENCH_PROFILE} are for the command line, and not looked at.
 *
 * <p>Never changes and owns nothing; any thread may use it.
 */
public final class Gpubench {
  /** Where native libraries and kernels are looked for, here and in worker processes. */
  private static final String HOME = "gpubench.home";

  private static final System.Logger LOGGER = System.getLogger(Gpubench.class.getName());

  private static @Nullable Gpubench ofProcess;

  private final Installation installation;

  private Gpubench(Installation installation) {
    this.installation = installation;
  }

  /**
   * One that is put together by hand. Worker processes have the engines that are built in; others
   * measure {@link RunRequest#inProcess}.
   */
  public static Gpubench of(Installation installation) {
    return new Gpubench(installation);
  }

  /**
   * The gpubench of a folder, with its plugins; of one that does not fit, a logger warns. There is
   * one in a process, since its native libraries are opened once.
   *
   * @param home a checkout that has been built, or an unpacked bundle
   * @throws ConfigException when it is neither, or this process has another one
   */
  public static Gpubench at(Path home) {
    Path real = real(home);
    if (!Files.isDirectory(real.resolve("configs"))) {
      throw new ConfigException(
          home.toAbsolutePath() + " is no home of gpubench: it has no folder 'configs'");
    }
    synchronized (Gpubench.class) {
      String before = System.getProperty(HOME);
      if (before == null) {
        System.setProperty(HOME, real.toString());
      } else if (!real(Path.of(before)).equals(real)) {
        throw new ConfigException(
            "this process has its gpubench in %s, and cannot have another one in %s"
                .formatted(before, real));
      }
      if (ofProcess == null) {
        Map<String, String> environment = System.getenv();
        var installed =
            new Installed(
                real, environment, problem -> LOGGER.log(System.Logger.Level.WARNING, problem));
        ofProcess = of(new Installation(real, installed, environment));
      }
      return ofProcess;
    }
  }

  /**
   * The gpubench of this process: that of the system property {@code gpubench.home}, or else of the
   * working folder.
   *
   * @throws ConfigException when there is none
   */
  public static Gpubench here() {
    return at(Path.of(System.getProperty(HOME, "")));
  }

  private static Path real(Path home) {
    try {
      return home.toRealPath();
    } catch (IOException e) {
      throw new ConfigException(home.toAbsolutePath() + " is no home of gpubench: " + e, e);
    }
  }

  /**
   * Asks for workloads to be measured; nothing happens before {@link RunRequest#measure}.
   *
   * @param workloads ids, as {@code gpubench list workloads} shows them, each measured with its
   *     default parameters unless they are {@link RunRequest#set}; none for the default suite
   */
  public RunRequest run(String... workloads) {
    return new RunRequest(installation, List.of(workloads), null);
  }

  /**
   * Asks for a suite to be measured; nothing happens before {@link RunRequest#measure}.
   *
   * @param nameOrFile a suite of {@code configs/suites}, or a YAML file
   */
  public RunRequest suite(String nameOrFile) {
    return new RunRequest(installation, List.of(), nameOrFile);
  }

  /**
   * Verifies a stored run: whether it is unaltered, consistent and plausible.
   *
   * @param directory of the run
   * @throws ResultFormatException when it is no run directory, or one of a newer format
   */
  public Verification verify(Path directory) {
    var verifier = installation.verifier(Set.of());
    return verifier.compare(verifier.verify(directory));
  }
}
