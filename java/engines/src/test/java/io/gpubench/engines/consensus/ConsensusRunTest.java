// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusResult;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsensusRunTest {
  private static final MachineFacts FACTS = new MachineFacts(1, 1L << 30, 16 << 10);
  private static final int ROUNDS = 5;

  /** What is asked of it, and whether its output was overwritten when it was woken. */
  private static final class Witness implements ConsensusKernel {
    final List<String> calls = new ArrayList<>();
    final long[] output;

    Witness(ConsensusEpoch epoch, Capacity capacity) {
      output = new long[capacity.roundsOfSample() * ConsensusResult.words(epoch.validators())];
    }

    @Override
    public void load(int slot, ConsensusRound round) {}

    @Override
    public void stage(int part) {
      calls.add("stage " + part);
    }

    @Override
    public void poison(long word) {
      calls.add("poison");
    }

    @Override
    public void wake() {
      assertTrue(Arrays.stream(output).allMatch(word -> word < 0), "overwritten before");
      calls.add("wake");
    }

    @Override
    public void run(int part) {
      calls.add("run " + part);
    }

    @Override
    public MemorySegment output() {
      return MemorySegment.ofArray(output);
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  /** Nothing that takes its time lies between waking threads and the timed work. */
  @Test
  void threadsAreWokenLast() {
    var witnesses = new ArrayList<Witness>();
    var values = new ConsensusWorkload().defaults().with("validators", 40L);
    try (var run =
        ConsensusRun.prepare(
            values,
            FACTS,
            ROUNDS,
            (epoch, capacity) -> {
              witnesses.add(new Witness(epoch, capacity));
              return witnesses.getFirst();
            })) {
      for (long sample = 0; sample < 2; sample++) {
        run.stage(sample);
        run.execute();
        assertFalse(run.verify(sample), "nothing was computed");
      }
    }
    assertEquals(
        List.of("stage 0", "poison", "wake", "run 0", "stage 1", "poison", "wake", "run 1"),
        witnesses.getFirst().calls);
  }
}
