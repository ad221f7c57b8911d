// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.measure.spi.PreparedRun.Resolution;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What TornadoVM's profiler is seen to resolve on a device. */
final class ProfilerClock {
  private static final int READINGS = 64;

  private ProfilerClock() {}

  /** Next to nothing to do, since a kernel with nothing to do is none. */
  static void one(IntArray cell) {
    for (@Parallel int i = 0; i < cell.getSize(); i++) {
      cell.set(i, 1);
    }
  }

  /**
   * Profiles a kernel that stores one number, over and over: the least by which two of its times
   * differ, and the least of them, which is what a kernel takes that does nothing.
   *
   * @throws io.gpubench.measure.EngineException when it cannot be executed, or has no times
   */
  static Resolution of(TornadoDevice device) {
    var cell = new IntArray(1);
    DeviceProgram program =
        Failures.call(
            "TornadoVM cannot compile a kernel",
            () ->
                new DeviceProgram(
                    device,
                    null,
                    false,
                    new TaskGraph("clock")
                        .task("t", ProfilerClock::one, cell)
                        .transferToHost(DataTransferMode.UNDER_DEMAND, cell)
                        .snapshot()));
    var times = new long[READINGS];
    try {
      program.profiled(true);
      for (int i = 0; i < READINGS; i++) {
        program.execute(0);
        times[i] = program.kernelNanos();
      }
      program.check();
    } finally {
      program.free(); // and no more: the run that is going to be timed is there already
    }
    Arrays.sort(times);
    long step = Long.MAX_VALUE;
    for (int i = 1; i < READINGS; i++) {
      if (times[i] > times[i - 1]) {
        step = Math.min(step, times[i] - times[i - 1]);
      }
    }
    return new Resolution(step == Long.MAX_VALUE ? 0 : step, times[0]);
  }
}
