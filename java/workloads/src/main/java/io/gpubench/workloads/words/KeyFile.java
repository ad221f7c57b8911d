// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.words;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The keys of the inputs in rotation as a file that any language can read; the format is in {@code
 * configs/engines/README.md}. The inputs follow from the keys.
 */
public final class KeyFile {
  private static final String MAGIC = "GBKEYS01";
  private static final int HEADER_BYTES = 24;

  private KeyFile() {}

  /**
   * Creates the file.
   *
   * @param keys of each slot, as many for each
   * @throws IOException when the file exists or cannot be written
   */
  public static void write(Path file, long[][] keys) throws IOException {
    int streams = keys[0].length;
    var buffer =
        ByteBuffer.allocate(HEADER_BYTES + Long.BYTES * keys.length * streams)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC.getBytes(StandardCharsets.US_ASCII))
            .putLong(keys.length)
            .putLong(streams);
    for (long[] slot : keys) {
      for (long key : slot) {
        buffer.putLong(key);
      }
    }
    buffer.flip();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }
}
