// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.BuiltIn;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.plugins.Contents;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Honest runs, each made when it is first asked for by really measuring, and the keys of two. */
final class Evidence {
  private static final Path DRIVER =
      CommandLineFixture.ROOT.resolve("native/build/cudasim/libcuda.so.1");

  final SigningKey ours;
  final SigningKey theirs;
  private final Path temp;
  private final Map<Forgery.Source, Path> made = new EnumMap<>(Forgery.Source.class);

  Evidence(Path temp) {
    this.temp = temp;
    ours = SigningKey.create(temp.resolve("ours.pem"));
    theirs = SigningKey.create(temp.resolve("theirs.pem"));
  }

  Path of(Forgery.Source source) {
    if (source == Forgery.Source.SIMULATED) {
      boolean built = Files.exists(DRIVER);
      assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, DRIVER + " is not built");
      assumeTrue(built, DRIVER + " is not built");
    }
    Path known = made.get(source);
    if (known == null) {
      known = make(source);
      made.put(source, known);
    }
    return known;
  }

  private Path make(Forgery.Source source) {
    Path store = temp.resolve(source.name());
    String out = "--out=" + store;
    Answer answer =
        switch (source) {
          case SUITE ->
              execute(
                  "run",
                  "consensus",
                  out,
                  "--engine=java",
                  "--repetitions=2",
                  "--threads=1",
                  "--samples=1000",
                  "--duration=20s",
                  "--warmup=50",
                  "--set=consensus.validators=1000,100000",
                  "--set=consensus.tags=none");
          case SIGNED -> {
            Path copy = Forger.of(of(Forgery.Source.SUITE), store, theirs).seal(ours).directory();
            yield new Answer(0, "", copy.toString());
          }
          case DUET ->
              execute(
                  "duet",
                  "engine=java,consensus.tags=none",
                  "engine=java,consensus.tags=siphash",
                  out,
                  "--in-process",
                  "--anyway",
                  "--duets=3",
                  "--samples=200",
                  "--set=consensus.validators=5000");
          case SIMULATED ->
              OwnProcess.execute(
                  temp,
                  "run",
                  "consensus",
                  out,
                  "--device=sim",
                  "--in-process",
                  "--samples=200",
                  "--duration=5s",
                  "--warmup=50",
                  "--set=consensus.validators=500",
                  "--set=consensus.tags=none");
        };
    assertEquals(0, answer.exit(), answer.err());
    return CommandLineFixture.onlyEntry(store);
  }

  /** Runs a command line with all engines of our own. */
  static Answer execute(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var app =
        new App(
            CommandLineFixture.ROOT,
            Contents.of(() -> List.of(new ConsensusWorkload()), BuiltIn::engines),
            Map.of(),
            new Terminal(false, false),
            new PrintWriter(out),
            new PrintWriter(err));
    int exit = GpubenchMain.execute(app, args);
    return new Answer(exit, out.toString(), err.toString());
  }

  /** Verifies, with the report as JSON. */
  static Answer verify(List<Path> directories, List<String> options) {
    var args = new ArrayList<>(List.of("verify", "--format=json"));
    args.addAll(options);
    directories.forEach(directory -> args.add(directory.toString()));
    return execute(args.toArray(String[]::new));
  }
}
