// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory of a second device; on a machine with one the tests are skipped. */
abstract class PeerContract extends CudaContract {
  private static final int COUNT = 1000;
  private static final int BYTES = COUNT * Integer.BYTES;

  PeerContract(Supplier<CudaDriver> open) {
    super(open);
  }

  @BeforeEach
  void requireSecondDevice() {
    Assumptions.assumeTrue(driver.devices().size() > 1, "a second device");
  }

  CudaDevice other() {
    return driver.devices().get(1);
  }

  /** From page-locked memory to the device, its peer, back, and out again. */
  private void goThereAndBack() {
    try (var peer = context.openPeer(other());
        var stream = context.newStream();
        var pinned = context.allocatePinned(2L * BYTES);
        var here = context.allocate(BYTES);
        var there = peer.allocate(BYTES)) {
      var sent = pinned.segment().asSlice(0, BYTES);
      var back = pinned.segment().asSlice(BYTES, BYTES);
      put(sent, ramp(COUNT));
      here.uploadAsync(stream, 0, sent);
      there.copyAsync(stream, 0, here, 0, BYTES);
      here.fillAsync(stream, 0, BYTES, (byte) 0);
      here.slice(400, 40).copyAsync(stream, 0, there.slice(0, 400), 80, 40);
      here.copyAsync(stream, 440, there, 440, BYTES - 440L);
      here.downloadAsync(stream, 0, back);
      stream.synchronize();
      int[] expected = ramp(COUNT);
      System.arraycopy(expected, 20, expected, 100, 10);
      for (int i = 0; i < 100; i++) {
        expected[i] = 0;
      }
      assertArrayEquals(expected, ints(back));
      there.uploadAsync(stream, 8, sent.asSlice(0, 16));
      there.downloadAsync(stream, 8, back.asSlice(0, 16));
      stream.synchronize();
      assertArrayEquals(ramp(4), ints(back.asSlice(0, 16)));
    }
  }

  @Test
  void copiesArriveThereAndBack() {
    goThereAndBack();
    goThereAndBack(); // once more, after all was given back
  }

  @Test
  void itTellsWhoItIs() {
    try (var peer = context.openPeer(other())) {
      assertEquals(other(), peer.device());
      assertNotEquals(context.device().uuid(), peer.device().uuid());
      assertTrue(peer.freeBytes() > 0);
      assertEquals(context.device(), context.device());
    }
  }

  @Test
  void fillsAndKernelsReachItWhereItIsAccessible() {
    try (var peer = context.openPeer(other())) {
      Assumptions.assumeTrue(peer.accessible(), "peer access");
      try (var stream = context.newStream();
          var pinned = context.allocatePinned(16);
          var there = peer.allocate(16)) {
        there.fillWordsAsync(stream, 0, 4, 42);
        there.downloadAsync(stream, 0, pinned.segment());
        stream.synchronize();
        assertArrayEquals(new int[] {42, 42, 42, 42}, ints(pinned.segment()));
      }
    }
  }

  /** Its memory has the addresses of no other, and what is freed there comes back there. */
  @Test
  void memoryIsTakenThereAndNotHere() {
    long bytes = 1 << 20;
    try (var peer = context.openPeer(other())) {
      long here = context.freeBytes();
      long there = peer.freeBytes();
      try (var buffer = peer.allocate(bytes)) {
        assertEquals(bytes, buffer.bytes());
        assertEquals(here, context.freeBytes());
        assertTrue(peer.freeBytes() <= there - bytes);
      }
      assertEquals(there, peer.freeBytes());
    }
  }

  @Test
  void tooMuchIsRefusedAndNamesTheDevice() {
    try (var peer = context.openPeer(other())) {
      long bytes = 2 * other().memoryBytes();
      var error = assertThrows(CudaException.class, () -> peer.allocate(bytes));
      assertEquals(2, error.code());
      assertEquals("cuMemAlloc_v2(%d bytes of device 1)".formatted(bytes), error.call());
      context.allocate(16).close(); // the context is current again
    }
  }

  @Test
  void noDeviceIsItsOwnPeer() {
    assertThrows(IllegalArgumentException.class, () -> context.openPeer(context.device()));
  }

  @Test
  void itIsClosedOnceAndAfterItsBuffers() {
    var peer = context.openPeer(other());
    var buffer = peer.allocate(16);
    assertMisuse(LifecycleException.Kind.CLOSED_BEFORE_CHILDREN, peer::close);
    assertMisuse(LifecycleException.Kind.USED_AFTER_CLOSE, buffer::address);
    assertMisuse(LifecycleException.Kind.CLOSED_TWICE, peer::close);
    assertFalse(context.device().name().isEmpty());
    context.allocate(16).close();
  }

  @Test
  void twoOfThemAreIndependent() {
    try (var first = context.openPeer(other());
        var second = context.openPeer(other())) {
      assertEquals(first.accessible(), second.accessible());
      second.allocate(16).close();
    }
  }
}
