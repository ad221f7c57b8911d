// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.DeviceMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The frames of a batch's pages in a pool, 32 bits each: memory that the host writes and kernels
 * read in place, so that no copy comes before them.
 *
 * @param host as the host sees it
 * @param device as kernels see it
 */
record FrameList(MemorySegment host, DeviceMemory device) {
  /** The frame of a page. */
  int frame(int page) {
    return host.getAtIndex(ValueLayout.JAVA_INT, page);
  }
}
