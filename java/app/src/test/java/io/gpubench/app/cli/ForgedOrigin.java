// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.Forgery.Act;
import io.gpubench.app.cli.Forgery.Source;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.spi.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Forgeries of who and what measured: devices, signatures, names of runs, and what was left out.
 */
final class ForgedOrigin {
  private static final String ENGINE = "/engines/0";
  private static final String FACTS = ENGINE + "/description";

  private ForgedOrigin() {}

  static Stream<Forgery> all() {
    return Stream.of(devices(), synthetic(), names(), cherries()).flatMap(all -> all);
  }

  private static Forgery sealed(String name, Source source, Act act, String... flaws) {
    return Forgery.of(name, source, act).resealed(flaws);
  }

  /** As a run on the simulated device may have. */
  private static final Map<String, Object> FAULTS =
      Map.of(
          "name",
          "sensors-live",
          "sha256",
          "0".repeat(64),
          "process",
          1,
          "rules",
          List.of("hang 3"));

  private static Stream<Forgery> devices() {
    return Stream.of(
        sealed(
            "a device in the record of a processor's run",
            Source.SUITE,
            run -> run.set("/records/0/device", "NVIDIA H200"),
            "device"),
        sealed(
            "a device in record and engine of a processor's run",
            Source.SUITE,
            run -> named(run, "NVIDIA H200", "NVIDIA H200").set("/records/1/device", "NVIDIA H200"),
            "device"),
        sealed(
            "processors with the clock of a device",
            Source.SUITE,
            run -> run.set("/records/0/clock", "device"),
            "record"),
        sealed(
            "one of our engines as a program of somebody else's",
            Source.SUITE,
            run -> run.set(ENGINE + "/command", List.of("java")),
            "record"),
        sealed(
            "gpubench's own process as a worker",
            Source.SUITE,
            run -> run.set("/records/0/processes/0/pid", run.at("/pid")),
            "record"),
        sealed(
            "another card in the record",
            Source.SIMULATED,
            run -> run.set("/records/0/device", "NVIDIA H200"),
            "device"),
        sealed(
            "another card in the engine",
            Source.SIMULATED,
            run -> run.set(ENGINE + "/device", "NVIDIA H200"),
            "device"),
        sealed(
            "another card in both",
            Source.SIMULATED,
            run -> named(run, "NVIDIA H200", "NVIDIA H200"),
            "device"),
        sealed(
            "another card in all places, with the facts of the simulated one",
            Source.SIMULATED,
            run -> named(run, "NVIDIA H200", "NVIDIA H200").set(FACTS + "/name", "NVIDIA H200"),
            "device"),
        sealed(
            "a card with another one's name in the record",
            Source.SIMULATED,
            run -> madeUp(run).set("/records/0/device", "NVIDIA H200"),
            "device"),
        sealed(
            "a card with another one's name in all places",
            Source.SIMULATED,
            run ->
                named(madeUp(run), "NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090")
                    .set(FACTS + "/name", "NVIDIA GeForce RTX 4090"),
            "device"),
        sealed(
            "a card of the same chip, with too little memory for its name",
            Source.SIMULATED,
            run ->
                named(madeUp(run), "NVIDIA H200", "NVIDIA H200")
                    .set(FACTS + "/name", "NVIDIA H200"),
            "device"),
        sealed(
            "a card that can do more than its multiprocessors",
            Source.SIMULATED,
            run -> madeUp(run).scale(ENGINE + "/operationsPerSecond", 10),
            "device"),
        sealed(
            "a card that is hotter than any",
            Source.SIMULATED,
            run ->
                madeUp(run).set("/records/0/processes/0/telemetryBefore", reading(400, 300, 1500)),
            "telemetry"),
        sealed(
            "a card clocked beyond its limit",
            Source.SIMULATED,
            run -> madeUp(run).set("/records/0/processes/0/telemetryAfter", reading(60, 300, 2900)),
            "telemetry"),
        sealed(
            "a card that draws twice its limit",
            Source.SIMULATED,
            run ->
                madeUp(run).set("/records/0/processes/0/telemetryAfter", reading(60, 1600, 1500)),
            "telemetry"),
        sealed(
            "a processor with a card's sensors",
            Source.SUITE,
            run -> run.set("/records/0/processes/0/telemetryAfter", reading(60, 300, 1500)),
            "telemetry"));
  }

  private static Telemetry reading(double celsius, double watts, double mhz) {
    return new Telemetry(celsius, watts, mhz, null);
  }

  private static Forger named(Forger run, String record, String engine) {
    return run.set("/records/0/device", record).set(ENGINE + "/device", engine);
  }

  /** A run of a card that nobody has, made of one of the simulated device; contradicts nothing. */
  static Forger madeUp(Forger run) {
    String name = "NVIDIA H100 80GB HBM3";
    return named(run, name, name)
        .set("/records/0/synthetic", false)
        .set(ENGINE + "/synthetic", false)
        .set(ENGINE + "/deviceAsked", null)
        .set(ENGINE + "/operationsPerSecond", 132 * 128 * 1.98e9)
        .set(FACTS + "/name", name)
        .set(FACTS + "/uuid", "GPU-1b7f2a64-9c0e-4f7d-8a51-3d2e90c4b716")
        .set(FACTS + "/driver", "580.65.06")
        .set(FACTS + "/multiprocessors", 132)
        .set(FACTS + "/memoryBytes", 85_029_158_912L)
        .set(FACTS + "/clockKilohertz", 1_980_000)
        .set(FACTS + "/maxClockMegahertz.multiprocessor", 1980)
        .set(FACTS + "/powerLimitMilliwatts", 700_000)
        .set(FACTS + "/kernels/consensus/origin", "consensus.cubin");
  }

  private static Stream<Forgery> synthetic() {
    return Stream.of(
        sealed(
            "real in the record",
            Source.SIMULATED,
            run -> run.set("/records/0/synthetic", false),
            "synthetic"),
        sealed(
            "real in the engine",
            Source.SIMULATED,
            run -> run.set(ENGINE + "/synthetic", false),
            "synthetic"),
        sealed(
            "faults of a card",
            Source.SIMULATED,
            run -> madeUp(run).set("/conditions/faults", FAULTS),
            "synthetic"),
        sealed(
            "faults of processors",
            Source.SUITE,
            run -> run.set("/conditions/faults", FAULTS),
            "synthetic"),
        sealed("real in both", Source.SIMULATED, ForgedOrigin::real, "synthetic"),
        sealed(
            "real, and the asked device forgotten",
            Source.SIMULATED,
            run -> real(run).set(ENGINE + "/deviceAsked", null),
            "synthetic"),
        sealed(
            "real, under a name that nobody knows",
            Source.SIMULATED,
            run ->
                named(real(run).set(ENGINE + "/deviceAsked", null), "NVIDIA X1", "NVIDIA X1")
                    .set(FACTS + "/name", "NVIDIA X1"),
            "synthetic"),
        sealed(
            "a made-up card with the simulator's UUID",
            Source.SIMULATED,
            run -> madeUp(run).set(FACTS + "/uuid", "GPU-67707562-656e-6368-2d73-696d756c6174"),
            "synthetic"),
        sealed(
            "a made-up card with the simulator's driver",
            Source.SIMULATED,
            run -> madeUp(run).set(FACTS + "/driver", "simulated-13.0"),
            "synthetic"),
        sealed(
            "a made-up card with the simulator's kernels",
            Source.SIMULATED,
            run -> madeUp(run).set(FACTS + "/kernels/consensus/origin", "consensus.so"),
            "synthetic"),
        Forgery.of(
            "real, not sealed anew",
            Source.SIMULATED,
            ForgedOrigin::real,
            "synthetic",
            "altered|truncated"));
  }

  private static Forger real(Forger run) {
    return run.set("/records/0/synthetic", false).set(ENGINE + "/synthetic", false);
  }

  private static Stream<Forgery> names() {
    return Stream.of(
        Forgery.of("another folder", Source.SUITE, run -> run.rename("the-best-run"), "renamed"),
        Forgery.of(
            "another id",
            Source.SUITE,
            run -> run.set("/id", newId(run)),
            "renamed",
            "altered|truncated"),
        sealed("another id", Source.SUITE, run -> run.set("/id", newId(run)), "renamed"),
        Forgery.of(
            "another id and folder",
            Source.SUITE,
            run -> {
              String id = newId(run);
              run.set("/id", id).rename(id);
            },
            "renamed",
            "altered|truncated"),
        sealed(
            "an id of another time",
            Source.SUITE,
            run -> {
              String id = run.at("/id").asString().replaceFirst("^....", "2031");
              run.set("/id", id).rename(id);
            },
            "redated"),
        Forgery.of(
            "another run's manifest",
            Source.SUITE,
            run -> {
              String id = newId(run);
              run.edit(Manifest.FILE, text -> text.replace(run.at("/id").asString(), id));
            },
            "renamed"));
  }

  static String newId(Forger run) {
    return run.at("/id").asString().replaceFirst("[0-9a-f]{6}$", "0dd1ce");
  }

  private static Stream<Forgery> cherries() {
    return Stream.of(
        sealed("a process left out", Source.SUITE, run -> leaveOut(run, 1), "record"),
        sealed("the first process left out", Source.SUITE, run -> leaveOut(run, 0), "record"),
        sealed(
            "a process left out, and fewer said to be planned",
            Source.SUITE,
            run -> leaveOut(run, 1).set("/records/0/repetitions", 1).derive(),
            "record"),
        sealed(
            "a process left out, and fewer planned",
            Source.SUITE,
            run ->
                leaveOut(run, 1)
                    .set("/records/0/repetitions", 1)
                    .set("/planned/0/effort/repetitions", 1)
                    .derive(),
            "record"),
        sealed(
            "a process left out, and called a failure of the run",
            Source.SUITE,
            run -> leaveOut(run, 1).set("/records/0/underSampled", false),
            "record"),
        sealed(
            "the samples of a process left out",
            Source.SUITE,
            run -> run.delete(run.samplesFile(0, 1)).set("/records/0/processes/1/samples", null),
            "record"),
        sealed(
            "a process that failed in a record that did not",
            Source.SUITE,
            run ->
                run.set("/records/0/processes/1/outcome", "Failed")
                    .set("/records/0/processes/1/reason", "bad luck"),
            "record"),
        sealed(
            "a record left out",
            Source.SUITE,
            run ->
                run.delete(run.samplesFile(0, 0))
                    .delete(run.samplesFile(0, 1))
                    .delete(run.histogramFile(0))
                    .remove("/records/0"),
            "record"),
        sealed(
            "a record left out, and its plan",
            Source.SUITE,
            run -> run.remove("/records/0").remove("/planned/0"),
            "unlisted"),
        sealed(
            "a duet that is said not to count",
            Source.DUET,
            run ->
                run.set("/duets/0/played/1/logRatios", null)
                    .set("/duets/0/played/1/reason", "the machine was busy")
                    .derive(),
            "record"),
        sealed(
            "a duet that was not played",
            Source.DUET,
            run -> run.remove("/duets/0/played/2").derive(),
            "record"),
        sealed(
            "a duet that was not played, on either side",
            Source.DUET,
            run -> {
              for (int side = 0; side < 2; side++) {
                run.delete(run.samplesFile(side, 2));
                run.remove("/records/%d/processes/2".formatted(side));
              }
              run.remove("/duets/0/played/2").derive();
            },
            "record"),
        sealed(
            "the better duet twice",
            Source.DUET,
            run -> run.set("/duets/0/played/2", run.at("/duets/0/played/1")).derive(),
            "record"),
        sealed("no comparison any more", Source.DUET, run -> run.set("/duets", null), "record"));
  }

  private static Forger leaveOut(Forger run, int process) {
    return run.delete(run.samplesFile(0, process))
        .remove("/records/0/processes/" + process)
        .derive();
  }
}
