// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app;

import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.engines.host.HostEngine;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.launch.LaunchWorkload;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.synthesis.SynthesisWorkload;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** What this gpubench is made of, plugins aside. */
public final class BuiltIn {
  private BuiltIn() {}

  public static List<Workload> workloads() {
    return Stream.of(
            List.<Workload>of(new ConsensusWorkload()),
            CeilingWorkload.all(),
            LaunchWorkload.all(),
            List.<Workload>of(new UtilizationWorkload()),
            SynthesisWorkload.all(),
            List.<Workload>of(new MigrationWorkload()))
        .flatMap(List::stream)
        .toList();
  }

  /** All engines, the one that is tried first at the front. */
  public static List<Engine> engines() {
    return engines(List.of());
  }

  /**
   * The same engines.
   *
   * @param guests how they run what plugins bring
   */
  public static List<Engine> engines(List<Adapter> guests) {
    return Stream.concat(
            Stream.of(new CudaEngine(guests), new HostEngine(guests), new JavaEngine(guests)),
            TornadoEngine.all().stream())
        .toList();
  }

  /** Version and source commit, as the build wrote them down. */
  public static RunDocument.Tool tool() {
    Properties build = build();
    return new RunDocument.Tool(
        "gpubench",
        build.getProperty("version", "unknown"),
        build.getProperty("commit", "unknown"),
        Boolean.parseBoolean(build.getProperty("modified", "false")));
  }

  /** The version alone. */
  public static String version() {
    return tool().version();
  }

  /** What files that the build makes have as their time; the same for every build of a version. */
  public static Instant buildTime() {
    return Instant.parse(build().getProperty("timestamp", "1970-01-01T00:00:00Z"));
  }

  private static Properties build() {
    var build = new Properties();
    try (var in = BuiltIn.class.getResourceAsStream("/gpubench-build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build;
  }
}
