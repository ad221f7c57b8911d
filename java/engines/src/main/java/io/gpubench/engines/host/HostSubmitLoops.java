// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.engines.launch.SubmitLoops;
import io.gpubench.ffi.host.Host;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * The submit loop in Java and in C, with a function of the library that has the 11 arguments of a
 * launch and adds one to a word: what calls cost, and nothing else.
 */
final class HostSubmitLoops implements SubmitLoops {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment counter = arena.allocate(ValueLayout.JAVA_LONG);
  // handles of a driver are mere addresses, without an arena that each call would have to hold
  private final MemorySegment function = MemorySegment.ofAddress(counter.address());
  private final MemorySegment stream =
      MemorySegment.ofAddress(arena.allocate(ValueLayout.JAVA_LONG).address());
  private final MemorySegment launch = Host.gpubench_launch_shape$address();
  private final MemorySegment synchronize = Host.gpubench_synchronize_shape$address();

  @Override
  public void reset(long count) {
    counter.set(ValueLayout.JAVA_LONG, 0, count);
  }

  @Override
  public void fromJava(long calls) {
    for (long call = 0; call < calls; call++) {
      HostError.check(
          Host.gpubench_launch_shape(
              function, 1, 1, 1, 1, 1, 1, 0, stream, MemorySegment.NULL, MemorySegment.NULL),
          "gpubench_launch_shape");
    }
    HostError.check(Host.gpubench_synchronize_shape(stream), "gpubench_synchronize_shape");
  }

  @Override
  public void fromC(long calls) {
    HostError.check(
        SubmitLoop.run(
            launch, synchronize, function, 1, 1, 1, 1, 1, 1, 0, stream, MemorySegment.NULL, calls),
        "gpubench_submit_loop");
  }

  @Override
  public long count() {
    return counter.get(ValueLayout.JAVA_LONG, 0);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of();
  }

  @Override
  public void close() {
    arena.close();
  }
}
