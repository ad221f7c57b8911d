// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.engines.java.JavaEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates by real workers, from the first run without a baseline to a verdict. */
@Tag("slow")
class GateWorkersTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private VersionFixture versions;

  @BeforeEach
  void open() throws Exception {
    line = new CommandLineFixture(temp);
    line.engines = List.of(new JavaEngine(List.of()));
    versions = new VersionFixture(temp);
  }

  @Test
  void aBaselineIsMeasuredOnceAndComparedWith() throws Exception {
    Path baselines = Files.createDirectories(temp.resolve("baselines"));
    String[] what = {"--baseline=" + baselines, "--repetitions=4"};
    assertEquals(6, gate(what).exit());
    Answer kept = gate(what[0], what[1], "--update", "--dirty");
    assertEquals(0, kept.exit(), kept.out() + kept.err());
    Answer passed = gate(what[0], what[1], "--tolerance=90%");
    assertEquals(0, passed.exit(), passed.out() + passed.err());
    assertTrue(passed.out().contains("\npassed: 1 passed, in "), passed.out());
  }

  /** What may not inline its calls is slower by far. */
  @Test
  void aSlowerVersionFails() throws Exception {
    line.home = versions.home("new", "-XX:TieredStopAtLevel=1 -XX:-Inline");
    Path old = versions.home("old", "-XX:TieredStopAtLevel=1");
    Answer failed = gate("--baseline=" + old, "--tolerance=20%");
    assertEquals(5, failed.exit(), failed.out() + failed.err());
    assertTrue(failed.out().contains("\nfailed: 1 regressed, in "), failed.out());
    assertTrue(failed.out().contains("NOTE: old: " + old + ", gpubench old"), failed.out());
    assertEquals(0, line.execute("verify", line.onlyRun().toString()).exit());
  }

  private Answer gate(String... more) {
    var args = new ArrayList<>(List.of("gate", "consensus", "--engine=java", line.profile()));
    args.addAll(List.of("--set=consensus.validators=64", "--anyway", "--threads=1"));
    args.addAll(List.of("--out", line.store.toString()));
    args.addAll(List.of(more));
    return line.execute(args.toArray(String[]::new));
  }
}
