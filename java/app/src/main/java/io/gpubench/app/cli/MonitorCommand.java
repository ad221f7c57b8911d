// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.monitor.Gpus;
import io.gpubench.app.monitor.MetricsServer;
import io.gpubench.app.monitor.Monitor;
import io.gpubench.app.monitor.Watch;
import io.gpubench.app.monitor.Watched;
import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.ffi.NativeLibraries;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.plan.Durations;
import io.gpubench.measure.run.Cancellation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what sensors say, measuring nothing. */
@Command(
    name = "monitor",
    mixinStandardHelpOptions = true,
    description = {
      "Show what the sensors of GPUs and processors say, until Ctrl-C. On a terminal the readings are drawn over the"
          + " ones before; elsewhere each is a line. Measures nothing, and needs neither CUDA nor a GPU.",
      "",
      "With --prometheus they are told at http://HOST:PORT/metrics instead, by the names that dcgm-exporter has for"
          + " them where it has one. What cannot be read is left out there, and never 0."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gpubench monitor",
      "  gpubench monitor --device 0 --interval 100ms --count 50 > readings.txt",
      "  gpubench monitor --prometheus 9400",
      "  gpubench monitor --prometheus 0.0.0.0:9400 --interval 5s      for everybody who can reach it",
      "",
      "Exit codes: 0 after --count readings, 2 usage, 3 no such device, or the port cannot be had,",
      "130 ended by Ctrl-C."
    })
final class MonitorCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Pattern ADDRESS = Pattern.compile("(?:(.+):)?(\\d{1,5})");
  private static final int LARGEST_PORT = 65535;
  private static final int MISSED = 5;
  private static final Duration SHORTEST_CURRENT = Duration.ofSeconds(10);

  private final App app;

  @Option(
      names = "--device",
      paramLabel = "ID",
      defaultValue = ALL,
      description =
          "all: the GPUs and the processors; processors; sim; or one GPU by the number that nvidia-smi shows, or by"
              + " its UUID (default: ${DEFAULT-VALUE}).")
  private String device = ALL;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "From one reading to the next, 10ms .. 10m (default: ${DEFAULT-VALUE}).")
  private String interval = "1s";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many readings (default: never).")
  private @Nullable Long count;

  @Option(
      names = "--prometheus",
      paramLabel = "[HOST:]PORT",
      description =
          "Tell Prometheus instead of showing; HOST is 127.0.0.1 if it is left out, PORT 0 is any that is free.")
  private @Nullable String prometheus;

  MonitorCommand(App app) {
    this.app = app;
  }

  @Override
  public Integer call() throws InterruptedException {
    Duration pause = MeasuringOptions.option("--interval", interval, MonitorCommand::interval);
    long readings = count == null ? Long.MAX_VALUE : count;
    if (readings < 1) {
      throw new ConfigException("--count " + readings + " is out of range; expected 1 or more");
    }
    InetSocketAddress address = prometheus == null ? null : address(prometheus);
    List<Watched> watched = watched();
    try (var interrupt = new Interrupt(new Cancellation());
        var watch = new Watch(watched)) {
      var monitor = new Monitor(pause, readings, interrupt.cancellation()::requested);
      if (address == null) {
        monitor.show(
            watch,
            app.out(),
            app.terminal().redraw() ? WindowSize.find(System.getenv()).window() : null);
      } else {
        serve(monitor, watch, address, pause);
      }
      return (interrupt.fired() ? ExitCode.INTERRUPTED : ExitCode.OK).number;
    }
  }

  private void serve(Monitor monitor, Watch watch, InetSocketAddress address, Duration pause)
      throws InterruptedException {
    try (MetricsServer server = MetricsServer.open(address, current(pause))) {
      app.out().println("for Prometheus: " + server.uri());
      app.out().flush();
      monitor.serve(watch, server);
    }
  }

  /** How long a reading is told where no other follows: several intervals, and some seconds. */
  private static Duration current(Duration pause) {
    Duration several = pause.multipliedBy(MISSED);
    return several.compareTo(SHORTEST_CURRENT) > 0 ? several : SHORTEST_CURRENT;
  }

  private List<Watched> watched() {
    String host = host();
    return switch (device) {
      case ALL -> {
        var all = new ArrayList<Watched>();
        try {
          all.addAll(Gpus.all(host, false));
        } catch (NativeException e) {
          app.err().println("gpubench: no GPU: " + e.getMessage());
        }
        all.add(Watched.processors(host));
        yield all;
      }
      case Watched.PROCESSORS -> List.of(Watched.processors(host));
      case CudaEngine.SIMULATOR -> {
        NativeLibraries.useSimulator();
        yield gpus(host, true);
      }
      default -> List.of(gpu(host));
    };
  }

  private Watched gpu(String host) {
    if (!device.matches("\\d{1,4}|GPU-[0-9A-Fa-f-]+")) {
      throw new ConfigException(
          "--device "
              + device
              + ": expected all, processors, sim, a GPU's number from 0, or its UUID, GPU-...");
    }
    List<Watched> gpus = gpus(host, false);
    return gpus.stream()
        .filter(gpu ->
            device.equals(gpu.labels().get("gpu")) || device.equals(gpu.labels().get("UUID")))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                EngineException.Kind.UNAVAILABLE,
                "no GPU %s; NVML knows %d".formatted(device, gpus.size()),
                null,
                null));
  }

  private static List<Watched> gpus(String host, boolean simulated) {
    try {
      return Gpus.all(host, simulated);
    } catch (NativeUnavailableException e) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE, String.valueOf(e.getMessage()), e.remedy(), e);
    } catch (NativeException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Duration interval(String text) {
    Duration pause = Durations.positive(text);
    if (pause.compareTo(SHORTEST) < 0 || pause.compareTo(LONGEST) > 0) {
      throw new ConfigException(
          "'%s' is out of range; expected %s .. %s"
              .formatted(text, Durations.format(SHORTEST), Durations.format(LONGEST)));
    }
    return pause;
  }

  private static InetSocketAddress address(String text) {
    Matcher address = ADDRESS.matcher(text);
    int port = address.matches() ? Integer.parseInt(address.group(2)) : LARGEST_PORT + 1;
    if (port > LARGEST_PORT) {
      throw new ConfigException(
          "--prometheus " + text + ": expected [HOST:]PORT, with a port of 0 .. " + LARGEST_PORT);
    }
    String host = address.group(1) == null ? DEFAULT_HOST : address.group(1);
    var resolved = new InetSocketAddress(host.replaceFirst("^\\[(.*)]$", "$1"), port);
    if (resolved.isUnresolved()) {
      throw new ConfigException("--prometheus " + text + ": no host '" + host + "' is known");
    }
    return resolved;
  }

  /** This machine's name, which Prometheus shows. */
  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException _) {
      return "localhost";
    }
  }
}
