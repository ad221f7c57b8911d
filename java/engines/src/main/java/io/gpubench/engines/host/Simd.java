// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.ffi.host.Host;
import java.util.Arrays;
import java.util.List;

/** The instruction sets that the host library is compiled for, the lowest first. */
enum Simd {
  SCALAR("scalar", Host.GPUBENCH_SIMD_SCALAR(), 1),
  AVX2("AVX2", Host.GPUBENCH_SIMD_AVX2(), 4),
  AVX512("AVX-512", Host.GPUBENCH_SIMD_AVX512(), 8);

  /** As a person writes it. */
  final String label;

  /** The library's number for it. */
  final int level;

  /** Operations on 64-bit integers in one instruction. */
  final int lanes;

  Simd(String label, int level, int lanes) {
    this.label = label;
    this.level = level;
    this.lanes = lanes;
  }

  /** The best that this processor has. The library must be there. */
  static Simd best() {
    List<Simd> available = available();
    return available.getLast();
  }

  /** All that this processor has. The library must be there. */
  static List<Simd> available() {
    int best = Host.gpubench_host_simd_best();
    return Arrays.stream(values()).filter(simd -> simd.level <= best).toList();
  }
}
