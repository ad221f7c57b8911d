// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.consensus.ConsensusKernel.Capacity;
import io.gpubench.engines.consensus.ConsensusRun;
import io.gpubench.engines.cuda.CudaConsensusTuning.Variant;
import io.gpubench.engines.cuda.ResidentKernel.State;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusGenerator;
import io.gpubench.workloads.consensus.ConsensusOracle;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the resident kernel of consensus when its host does not do as it should. */
@Timeout(60)
abstract class CudaMailboxContract extends CudaContract {
  private static final long PATIENCE_NANOS = 100_000_000;
  private static final CudaConsensusTuning TWO_BLOCKS =
      new CudaConsensusTuning(Variant.ONEPASS, 64, 2, 0, 1);

  private final ConsensusParameters parameters =
      new ConsensusParameters(200, 0.33, 0.9, 4, true, 11);
  private final ConsensusEpoch epoch = ConsensusEpoch.of(parameters);
  private final List<ConsensusRound> rounds =
      LongStream.range(0, 3).mapToObj(new ConsensusGenerator(parameters, epoch)::round).toList();

  CudaMailboxContract(String device) {
    super(device);
  }

  private CudaConsensusMailbox mailbox(
      CudaSession session, CudaConsensusTuning tuning, long patienceNanos) {
    var mailbox =
        new CudaConsensusMailbox(
            session.context(),
            session.consensus().module(),
            epoch,
            new Capacity(rounds.size(), parameters.maxMessages(), 4, 200),
            tuning,
            patienceNanos);
    try {
      for (int slot = 0; slot < rounds.size(); slot++) {
        mailbox.load(slot, rounds.get(slot));
      }
      mailbox.seal();
      return mailbox;
    } catch (RuntimeException failure) {
      mailbox.close();
      throw failure;
    }
  }

  private void assertRight(CudaConsensusMailbox mailbox, int slot) {
    mailbox.stage(slot);
    mailbox.poison(-1);
    mailbox.run(slot);
    assertArrayEquals(
        ConsensusOracle.decide(epoch, rounds.get(slot)), ConsensusRun.answer(mailbox.output()));
  }

  private static void awaitEnd(ResidentKernel kernel) throws InterruptedException {
    while (kernel.state() == State.RUNNING) {
      Thread.sleep(10);
    }
  }

  @Test
  void aKernelWhoseHostFallsSilentEndsByItselfAndIsStartedAgain() throws InterruptedException {
    try (var session = open();
        var mailbox = mailbox(session, TWO_BLOCKS, PATIENCE_NANOS)) {
      ResidentKernel kernel = mailbox.resident();
      assertEquals(State.STOPPED, kernel.state(), "not started before the first sample");
      for (int pass = 0; pass < 2; pass++) {
        for (int slot = 0; slot < rounds.size(); slot++) {
          assertRight(mailbox, slot);
          assertEquals(State.RUNNING, kernel.state());
        }
        awaitEnd(kernel);
        assertEquals(State.PATIENCE_LOST, kernel.state());
      }
      assertRight(mailbox, 1);
    }
  }

  @Test
  void anAnswerThatNeverComesIsAFailureAndTheNextSampleIsRight() throws InterruptedException {
    try (var session = open();
        var mailbox = mailbox(session, TWO_BLOCKS, PATIENCE_NANOS)) {
      assertRight(mailbox, 0);
      awaitEnd(mailbox.resident());
      mailbox.poison(-1);
      String message = assertThrows(EngineException.class, () -> mailbox.run(0)).getMessage();
      assertEquals("the device has not answered, the state of the box is PATIENCE_LOST", message);
      assertTrue(
          LongStream.of(ConsensusRun.answer(mailbox.output())).allMatch(word -> word == -1),
          "nobody has written");
      assertRight(mailbox, 2);
      assertRight(mailbox, 0);
    }
  }

  /** Another engine may have its turn on the device now. */
  @Test
  void whileItRestsNothingIsOnTheDeviceAndTheNextSampleIsRight() {
    try (var session = open();
        var mailbox = mailbox(session, TWO_BLOCKS, ResidentKernel.PATIENCE_NANOS)) {
      mailbox.rest(); // never started
      for (int slot = 0; slot < rounds.size(); slot++) {
        assertRight(mailbox, slot);
        assertEquals(State.RUNNING, mailbox.resident().state());
        mailbox.rest();
        assertEquals(State.STOPPED, mailbox.resident().state());
        mailbox.rest();
      }
    }
  }

  /** Its patience is counted from its last token, not from when a sample was last thought of. */
  @Test
  void aSampleThatIsStagedAndNotRunIsNoNewsToTheKernel() throws InterruptedException {
    long patience = 2_000_000_000L;
    try (var session = open();
        var mailbox = mailbox(session, TWO_BLOCKS, patience)) {
      assertRight(mailbox, 0);
      long began = System.nanoTime();
      while (System.nanoTime() - began < patience + patience / 4) {
        assertEquals(State.RUNNING, mailbox.resident().state());
        mailbox.stage(1);
        Thread.sleep(100);
      }
      assertRight(mailbox, 1);
    }
  }

  /** As a measurer calls it. */
  @Test
  void aRunPassesItOn() {
    var made = new AtomicReference<CudaConsensusMailbox>();
    ParameterValues values = new ConsensusWorkload().defaults().with("validators", 100L);
    try (var session = open();
        var run =
            CudaRun.of(() ->
                ConsensusRun.prepare(
                    values,
                    new MachineFacts(2, 1L << 30, 16 << 10),
                    (epoch, capacity) -> {
                      var mailbox =
                          new CudaConsensusMailbox(
                              session.context(),
                              session.consensus().module(),
                              epoch,
                              capacity,
                              TWO_BLOCKS,
                              ResidentKernel.PATIENCE_NANOS);
                      made.set(mailbox);
                      return mailbox;
                    }))) {
      for (long sample = 0; sample < 2; sample++) {
        run.stage(sample);
        run.execute();
        assertTrue(run.verify(sample));
        run.rest();
        assertEquals(State.STOPPED, made.get().resident().state());
      }
    }
  }

  @Test
  void itIsClosedAtOnceInEveryState() throws InterruptedException {
    try (var session = open()) {
      long began = System.nanoTime();
      mailbox(session, TWO_BLOCKS, ResidentKernel.PATIENCE_NANOS).close(); // never started
      try (var running = mailbox(session, TWO_BLOCKS, ResidentKernel.PATIENCE_NANOS)) {
        assertRight(running, 0);
      }
      try (var ended = mailbox(session, TWO_BLOCKS, PATIENCE_NANOS)) {
        assertRight(ended, 0);
        awaitEnd(ended.resident());
      }
      try (var failed = mailbox(session, TWO_BLOCKS, PATIENCE_NANOS)) {
        assertRight(failed, 0);
        awaitEnd(failed.resident());
        assertThrows(EngineException.class, () -> failed.run(0));
      }
      assertTrue(System.nanoTime() - began < ResidentKernel.PATIENCE_NANOS, "no patience was lost");
    }
  }
}
