// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Two simulated devices, in checked mode; a process of its own, since the first call counts them.
 */
class CudaPeerTest {
  @BeforeAll
  static void askForTwo() throws Throwable {
    TestDrivers.setEnvironment("GPUBENCH_SIM_DEVICES", "2");
    TestDrivers.setEnvironment("GPUBENCH_SIM_CHECK", "1");
  }

  @Nested
  class WithAccess extends PeerContract {
    WithAccess() {
      super(TestDrivers::simulator);
    }

    @Test
    void thereAreTwoDevices() {
      assertEquals(2, driver.devices().size());
      try (var peer = context.openPeer(other())) {
        assertTrue(peer.accessible());
      }
    }

    /** What is freed there is known to kernels here no more. */
    @Test
    void aFillAfterTheEndIsFound() {
      try (var peer = context.openPeer(other());
          var stream = context.newStream()) {
        var there = peer.allocate(64);
        DeviceMemory kept = there.slice(0, 64);
        there.close();
        assertMisuse(
            LifecycleException.Kind.USED_AFTER_CLOSE,
            () -> kept.fillAsync(stream, 0, 64, (byte) 1));
      }
    }
  }

  @Nested
  class WithoutAccess extends PeerContract {
    WithoutAccess() {
      super(TestDrivers::simulator);
    }

    @BeforeAll
    static void forbid() throws Throwable {
      TestDrivers.setEnvironment("GPUBENCH_SIM_PEER_ACCESS", "0");
    }

    @AfterAll
    static void permit() throws Throwable {
      TestDrivers.setEnvironment("GPUBENCH_SIM_PEER_ACCESS", "1");
    }

    @Test
    void copiesAreAllThereIs() {
      try (var peer = context.openPeer(other());
          var stream = context.newStream();
          var there = peer.allocate(16)) {
        assertFalse(peer.accessible());
        var error =
            assertThrows(CudaException.class, () -> there.fillAsync(stream, 0, 16, (byte) 1));
        assertEquals("CUDA_ERROR_INVALID_VALUE", error.name());
      }
    }
  }
}
