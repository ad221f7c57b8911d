// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Rounds in rotation as a file that any language can read; the format is in {@code
 * configs/engines/README.md}. Written by one thread, which closes it.
 */
public final class ConsensusInputFile implements AutoCloseable {
  private static final String MAGIC = "GBCONS01";
  private static final int HEADER_BYTES = 32;
  private static final int ROUND_HEADER_BYTES = 16 + ConsensusRound.MAX_PROPOSALS * Long.BYTES;

  private final FileChannel channel;
  private final long[] offsets;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private long end;

  /**
   * Creates the file and writes all but the rounds and the table of where they begin.
   *
   * @param slots how many rounds will be added, at least 1
   * @throws IOException when the file exists or cannot be written
   */
  public ConsensusInputFile(Path file, ConsensusEpoch epoch, int slots) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    offsets = new long[slots];
    try {
      buffer.put(MAGIC.getBytes(StandardCharsets.US_ASCII));
      buffer.putInt(epoch.validators()).putInt(epoch.authenticated() ? 1 : 0);
      buffer.putLong(epoch.totalWeight()).putLong(slots);
      putLongs(offsets, slots);
      for (int weight : epoch.weights()) {
        room(Integer.BYTES).putInt(weight);
      }
      if (epoch.validators() % 2 != 0) {
        room(Integer.BYTES).putInt(0);
      }
      putLongs(epoch.keys(), epoch.keys().length);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Adds the round of a slot; each slot once, in their order. */
  public void add(int slot, ConsensusRound round) throws IOException {
    offsets[slot] = end + buffer.position();
    room(ROUND_HEADER_BYTES)
        .putInt(round.round())
        .putInt(round.phase())
        .putInt(round.messageCount())
        .putInt(round.proposalCount());
    putLongs(round.digests(), ConsensusRound.MAX_PROPOSALS);
    putLongs(round.words(), ConsensusRound.MESSAGE_WORDS * round.messageCount());
  }

  /** Writes where the rounds begin; the file is complete. */
  public void finish() throws IOException {
    drain();
    channel.position(HEADER_BYTES);
    putLongs(offsets, offsets.length);
    drain();
  }

  private void putLongs(long[] values, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      room(Long.BYTES).putLong(values[i]);
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      drain();
    }
    return buffer;
  }

  private void drain() throws IOException {
    buffer.flip();
    end += buffer.remaining();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
