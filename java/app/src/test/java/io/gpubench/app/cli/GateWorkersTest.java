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

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    line.engines = List.of(new JavaEngine(List.of()));
  }

  @Test
  void aBaselineIsMeasuredOnceAndComparedWith() throws Exception {
    Path baselines = Files.createDirectories(temp.resolve("baselines"));
    String[] what = {"--baseline=" + baselines, "--repetitions=4"};
    assertEquals(6, gate(what).exit());
    Answer kept = gate(what[0], what[1], "--update", "--dirty");
    assertEquals(0, kept.exit(), kept.out() + kept.err());
    Answer compared = gate(what[0], what[1], "--tolerance=90%");
    // a machine that is busy with other tests may be too noisy to tell, which is an answer too
    String told = compared.exit() == 0 ? "\npassed: 1 passed, in " : "\ninconclusive: 1 open, in ";
    assertTrue(List.of(0, 6).contains(compared.exit()), compared.out() + compared.err());
    assertTrue(compared.out().contains(told), compared.out());
    assertTrue(compared.out().contains("\nconsensus  median"), compared.out());
  }

  private Answer gate(String... more) {
    var args = new ArrayList<>(List.of("gate", "consensus", "--engine=java", line.profile()));
    args.addAll(List.of("--set=consensus.validators=64", "--anyway", "--threads=1"));
    args.addAll(List.of("--out", line.store.toString()));
    args.addAll(List.of(more));
    return line.execute(args.toArray(String[]::new));
  }
}
