// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.ffi.host.Host;
import io.gpubench.ffi.host.gpubench_consensus_header;
import io.gpubench.ffi.host.gpubench_message;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/**
 * The generated classes fit the header, and the library does what it says when called through them.
 */
class HostBindingTest {
  @Test
  void layouts() {
    assertEquals(32, gpubench_message.sizeof());
    assertEquals(24, gpubench_message.tag$offset());
    assertEquals(144, gpubench_consensus_header.sizeof());
    assertEquals(16, gpubench_consensus_header.digests$offset());
    assertEquals(12, Host.GPUBENCH_RESULT_CERTIFICATE());
  }

  @Test
  void aRoundOfOneVote() {
    assumeTrue(NativeLibraries.has("host"), "built without a C compiler");
    assertEquals(Host.GPUBENCH_HOST_ABI(), Host.gpubench_host_abi());
    int simd = Host.gpubench_host_simd_best();
    assertTrue(simd >= Host.GPUBENCH_SIMD_SCALAR() && simd <= Host.GPUBENCH_SIMD_AVX512());

    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
      assertEquals(Host.GPUBENCH_HOST_ERROR_ARGUMENT(), Host.gpubench_pool_create(0, place));
      assertEquals(Host.GPUBENCH_HOST_OK(), Host.gpubench_pool_create(2, place));
      MemorySegment pool = place.get(ValueLayout.ADDRESS, 0);
      MemorySegment consensus =
          Host.gpubench_consensus_create(
              pool,
              simd,
              1,
              arena.allocateFrom(ValueLayout.JAVA_INT, 5),
              MemorySegment.NULL,
              Host.GPUBENCH_TAGS_NONE(),
              1);
      assertNotEquals(0, consensus.address());

      MemorySegment header = gpubench_consensus_header.allocate(arena);
      gpubench_consensus_header.message_count(header, 1);
      gpubench_consensus_header.proposal_count(header, 2);
      gpubench_consensus_header.digests(header, 0, 41);
      gpubench_consensus_header.digests(header, 1, 42);
      MemorySegment message = gpubench_message.allocate(arena);
      gpubench_message.digest(message, 42);
      MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG, 14);
      assertEquals(
          Host.GPUBENCH_HOST_OK(),
          Host.gpubench_consensus_round(consensus, header, message, result));
      assertEquals(1L << 32 | 1, result.getAtIndex(ValueLayout.JAVA_LONG, 0));
      assertEquals(42, result.getAtIndex(ValueLayout.JAVA_LONG, Host.GPUBENCH_RESULT_DIGEST()));
      assertEquals(5, result.getAtIndex(ValueLayout.JAVA_LONG, Host.GPUBENCH_RESULT_WEIGHT()));
      assertEquals(1, result.getAtIndex(ValueLayout.JAVA_LONG, Host.GPUBENCH_RESULT_ACCEPTED()));
      assertEquals(1, result.getAtIndex(ValueLayout.JAVA_LONG, 12));
      assertEquals(0, result.getAtIndex(ValueLayout.JAVA_LONG, 13));

      Host.gpubench_consensus_destroy(consensus);
      Host.gpubench_pool_destroy(pool);
    }
  }
}
