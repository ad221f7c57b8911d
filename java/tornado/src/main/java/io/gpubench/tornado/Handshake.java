// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.words.Words;
import java.util.concurrent.atomic.AtomicBoolean;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Known answers, before anything is measured: that a device computes with words as Java does,
 * shares and counts them, and that it is a device. TornadoVM can run a kernel that it fails to
 * compile as plain Java; so a kernel is among them that no driver compiles, and threads whose
 * numbers plain Java does not have.
 */
final class Handshake {
  private static final int GROUP = 64;
  private static final int WORDS = 4 * GROUP;

  /** Answers of {@link HandshakeKernels#words} to each word. */
  private static final int ANSWERS = HandshakeKernels.ANSWERS;

  private final TornadoBackend backend;
  private final TornadoDevice device;
  private final LongArray in = new LongArray(WORDS);

  private Handshake(TornadoBackend backend, TornadoDevice device) {
    this.backend = backend;
    this.device = device;
    for (int i = 0; i < WORDS; i++) {
      in.set(
          i,
          switch (i) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> Long.MIN_VALUE;
            case 3 -> Long.MAX_VALUE;
            default -> Words.mix64(i); // about half of them are negative
          });
    }
  }

  /**
   * Runs them all.
   *
   * @throws EngineException when one answer is wrong, or there is none
   */
  static void perform(TornadoBackend backend, TornadoDevice device) {
    var handshake = new Handshake(backend, device);
    handshake.answered();
    handshake.refused(); // last: it is the driver that says no, which has harmed nothing so far
  }

  private EngineException unfit(String why) {
    return new EngineException(
        EngineException.Kind.UNAVAILABLE,
        "TornadoVM's %s backend cannot be believed: %s".formatted(backend.title(), why),
        null,
        null);
  }

  /**
   * A kernel with a name that is a keyword of the backends' languages. Where it has none, threads
   * answer by their numbers.
   */
  private void refused() {
    var out = new IntArray(GROUP);
    out.init(0);
    var program = // never closed, since it never begins
        Failures.call(
            "TornadoVM cannot make a program",
            () ->
                new DeviceProgram(
                    device,
                    grid("refused.t", GROUP),
                    false,
                    new TaskGraph("refused")
                        .task("t", HandshakeKernels::unsigned, new KernelContext(), out)
                        .transferToHost(DataTransferMode.EVERY_EXECUTION, out)
                        .snapshot()));
    var executed = new AtomicBoolean();
    Failures.call(
        "stderr cannot be kept quiet",
        () -> {
          ProtocolOutput.silently(() -> executed.set(executes(program)));
          return true;
        });
    for (int i = 0; i < GROUP && executed.get(); i++) {
      if (out.get(i) != i + 1) {
        throw unfit("it runs kernels as plain Java that it cannot compile");
      }
    }
  }

  private static boolean executes(DeviceProgram program) {
    try {
      program.execute(0);
      return true;
    } catch (EngineException _) { // as it has to be
      return false;
    }
  }

  private static GridScheduler grid(String task, int threads) {
    var workers = new WorkerGrid1D(threads);
    workers.setLocalWork(GROUP, 1, 1);
    return new GridScheduler(task, workers);
  }

  private void answered() {
    var answers = new LongArray(WORDS * ANSWERS);
    var turned = new LongArray(WORDS);
    var ints = new IntArray(1);
    var longs = new LongArray(1);
    answers.init(7);
    turned.init(7);
    ints.init(0);
    longs.init(0);
    var context = new KernelContext();
    DeviceProgram program =
        Failures.call(
            "TornadoVM cannot compile a kernel",
            () ->
                new DeviceProgram(
                    device,
                    grid("known.groups", WORDS),
                    false,
                    new TaskGraph("known")
                        .transferToDevice(DataTransferMode.FIRST_EXECUTION, in, ints, longs)
                        .task("words", HandshakeKernels::words, in, answers)
                        .task("groups", HandshakeKernels::groups, context, in, turned, ints, longs)
                        .transferToHost(
                            DataTransferMode.EVERY_EXECUTION, answers, turned, ints, longs)
                        .snapshot()));
    try (program) {
      program.execute(0);
      program.check();
    }
    checkWords(answers);
    checkGroups(turned, ints.get(0), longs.get(0));
  }

  private void checkWords(LongArray answers) {
    for (int i = 0; i < WORDS; i++) {
      long x = in.get(i);
      int narrow = (int) x;
      long[] right = {
        x >> 13,
        x >>> 13,
        Long.rotateLeft(x, 17),
        Words.mix64(x),
        Long.bitCount(x),
        x * x + 3,
        x < 0 ? -1 : 1,
        narrow >>> 7,
        Integer.rotateLeft(narrow, 9) + Integer.bitCount(narrow)
      };
      for (int j = 0; j < ANSWERS; j++) {
        long answer = answers.get(i * ANSWERS + j);
        if (answer != right[j]) {
          throw unfit(
              "the answer %d to the word %016x is %016x, expected %016x"
                  .formatted(j, x, answer, right[j]));
        }
      }
    }
  }

  private void checkGroups(LongArray turned, int count, long sum) {
    long expectedSum = 0;
    for (int i = 0; i < WORDS; i++) {
      expectedSum += in.get(i);
      long expected = in.get(i / GROUP * GROUP + GROUP - 1 - i % GROUP);
      if (turned.get(i) != expected) {
        throw unfit(
            "thread %d read %016x from its group's memory, expected %016x"
                .formatted(i, turned.get(i), expected));
      }
    }
    int expectedCount = WORDS * (GROUP - 1) / 2;
    if (count != expectedCount || sum != expectedSum) {
      throw unfit(
          "atomic additions came to %d and %016x, expected %d and %016x"
              .formatted(count, sum, expectedCount, expectedSum));
    }
  }
}
