// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Workload;
import java.util.List;
import java.util.function.Supplier;

/** Workloads and engines, made when they are first asked for. Any thread may use it. */
public interface Contents {
  /** All workloads, in the order in which they are listed. */
  List<Workload> workloads();

  /** All engines but those of {@code configs/engines}, the one that is tried first at the front. */
  List<Engine> engines();

  /** The plugins that have a part in a workload on an engine; none where all of it is built in. */
  List<PluginFile> takingPart(String workload, String engine);

  /** Contents without plugins. */
  static Contents of(Supplier<List<Workload>> workloads, Supplier<List<Engine>> engines) {
    return new Contents() {
      @Override
      public List<Workload> workloads() {
        return workloads.get();
      }

      @Override
      public List<Engine> engines() {
        return engines.get();
      }

      @Override
      public List<PluginFile> takingPart(String workload, String engine) {
        return List.of();
      }
    };
  }
}
