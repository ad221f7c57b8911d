// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.lang.foreign.MemorySegment;

/** Zero-terminated text that a library returned. */
final class NativeText {
  private NativeText() {}

  /** The text at an address whose extent only the terminator tells; empty at null. */
  static String at(MemorySegment address) {
    return address.address() == 0 ? "" : address.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
