// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How TornadoVM runs our workloads. */
final class TornadoAdapters {
  /** By the workload's id. */
  private static final Map<String, TornadoAdapter> ALL = Map.of();

  private TornadoAdapters() {}

  /** Of a workload; null when it has no kernels for it. */
  static @Nullable TornadoAdapter of(String workload) {
    return ALL.get(workload);
  }
}
