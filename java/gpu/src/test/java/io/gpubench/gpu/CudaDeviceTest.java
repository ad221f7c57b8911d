// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaDeviceTest {
  private static final String UUID = "GPU-0123abcd-4567-89ab-cdef-0123456789ab";
  private static final CudaDevice DEVICE = device(1, "NVIDIA H200", UUID);

  private static CudaDevice device(int index, String name, String uuid) {
    var capability = new ComputeCapability(9, 0);
    return new CudaDevice(
        index, name, uuid, capability, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, true, "");
  }

  @Test
  void aUuidIsWrittenInGroups() {
    assertEquals(UUID, "GPU-" + CudaDevice.grouped("0123abcd456789abcdef0123456789ab"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        UUID,
        "gpu-0123ABCD-4567-89AB-CDEF-0123456789AB",
        "MIG-0123abcd-4567-89ab-cdef-0123456789ab",
        "0123abcd-4567-89ab-cdef-0123456789ab"
      })
  void aDeviceAnswersTo(String selector) {
    assertTrue(DEVICE.answersTo(selector));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "01", "-1", "GPU-", "MIG-", "NVIDIA H200", "0123abcd"})
  void aDeviceDoesNotAnswerTo(String selector) {
    assertFalse(DEVICE.answersTo(selector));
  }

  @Test
  void onlyTheNameTellsTheSimulatedDevice() {
    assertFalse(DEVICE.simulated());
    assertTrue(device(0, "Simulated CUDA device", UUID).simulated());
  }

  @Test
  void aListShowsWhatOneCanChooseBy() {
    assertEquals("1 (NVIDIA H200, " + UUID + ")", DEVICE.toString());
  }

  @Test
  void versionsAreWrittenWithAPoint() {
    assertEquals("12.4", CudaVersion.ofNumber(12040).toString());
    assertTrue(CudaVersion.ofNumber(12100).compareTo(CudaVersion.ofNumber(12090)) > 0);
    assertEquals("12.0", ComputeCapability.ofNumber(120).toString());
    assertEquals(103, new ComputeCapability(10, 3).number());
  }
}
