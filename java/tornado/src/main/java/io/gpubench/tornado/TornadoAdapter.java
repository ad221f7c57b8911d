// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import io.gpubench.engines.tornado.DeviceClockRun;
import io.gpubench.engines.tornado.OnDevice;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoRun;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/** How TornadoVM runs a workload. */
@FunctionalInterface
interface TornadoAdapter {
  /**
   * {@link io.gpubench.measure.spi.Session#prepare}.
   *
   * @throws io.gpubench.measure.EngineException when TornadoVM or the device cannot
   */
  PreparedRun prepare(Order order);

  /**
   * A run by the clock that was asked for.
   *
   * @param run of an engine on the processors; is closed with this one
   * @param kernels its own
   */
  static PreparedRun timed(PreparedRun run, OnDevice kernels, Order order) {
    var timed = new TornadoRun(run, kernels);
    if (order.mode().clock() == PreparedRun.Clock.HOST) {
      return timed;
    }
    try {
      return new DeviceClockRun(timed, ProfilerClock.of(order.device()));
    } catch (RuntimeException | Error failure) {
      try (timed) {
        throw failure;
      }
    }
  }

  /**
   * What a run is made from.
   *
   * @param mode whose path and clock the engine has
   * @param threads so many may fill and check what is large
   */
  record Order(
      TornadoBackend backend,
      TornadoDevice device,
      Mode mode,
      ParameterValues values,
      MachineFacts facts,
      int threads) {}
}
