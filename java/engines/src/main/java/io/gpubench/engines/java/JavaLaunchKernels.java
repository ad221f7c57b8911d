// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.launch.LaunchKernels;
import io.gpubench.engines.processors.SpinTeam;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The smallest pieces of work in Java. The mailbox has a thread of its own, once it is used. */
final class JavaLaunchKernels implements LaunchKernels {
  private static final SpinTeam.Task NOTHING = (_, _) -> {};

  private final NativeMemory memory = new NativeMemory();
  private final SpinTeam team;
  private final SpinTeam.Task touch = this::touchRow;
  private final @Nullable Mailbox mailbox;

  // what the current task works on; the team publishes it
  private MemorySegment rows = MemorySegment.NULL;
  private long rowBytes;
  private long index;
  private long token;

  /**
   * Starts the threads.
   *
   * @param exchanges whether there will be a call of {@link #exchange}, and of nothing else
   */
  JavaLaunchKernels(int threads, boolean exchanges) {
    team = new SpinTeam(exchanges ? 1 : threads);
    mailbox = exchanges ? new Mailbox() : null;
  }

  @Override
  public int threads() {
    return team.members();
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return memory.allocate(bytes);
  }

  @Override
  public void wake() {
    if (mailbox == null) {
      team.wake();
    } else {
      mailbox.exchange(0);
    }
  }

  @Override
  public void empty() {
    team.run(NOTHING);
  }

  @Override
  public void touch(MemorySegment target, long bytes, long at, long word) {
    rows = target;
    rowBytes = bytes;
    index = at;
    token = word;
    team.run(touch);
  }

  private void touchRow(int member, int members) {
    rows.set(JAVA_LONG, member * rowBytes + Long.BYTES * index, token);
  }

  @Override
  public long exchange(long word) {
    if (mailbox == null) {
      throw new IllegalStateException("there is no mailbox");
    }
    return mailbox.exchange(word);
  }

  @Override
  public void copy(MemorySegment from, long fromByte, MemorySegment to, long toByte, long bytes) {
    MemorySegment.copy(from, fromByte, to, toByte, bytes);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", mailbox == null ? (long) team.members() : 2L);
  }

  @Override
  public void close() {
    try (memory;
        team) {
      if (mailbox != null) {
        mailbox.close();
      }
    }
  }
}
