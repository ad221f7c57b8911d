// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.List;

/**
 * How the kernels of the ceilings are launched. None of it changes an answer.
 *
 * @param api {@link TornadoPlan#KERNEL} or {@link TornadoPlan#LOOP}
 * @param block threads of a group; 1 with loops, whose groups TornadoVM makes
 * @param tile elements that a group does, or with loops a thread
 */
public record CeilingTuning(String api, int block, int tile) {
  private static final String BLOCK = "block";
  private static final String TILE = "tile";

  /** A thread of a processor goes through consecutive elements. */
  private static final int PROCESSOR_TILE = 4096;

  private static final int DEVICE_BLOCK = 256;
  private static final int DEVICE_TILE = 1024;

  /** The tuning parameters. */
  static List<Parameter> parameters() {
    return List.of(
        TornadoPlan.API_CHOICE,
        new Parameter.Whole(BLOCK, "threads of a group, with api=kernel", 1, 1024, List.of()),
        new Parameter.Whole(
            TILE,
            "consecutive elements of a group's threads, or with api=loop of one thread",
            1,
            1 << 24,
            List.of()));
  }

  /**
   * What these values say, and where they say nothing what is best on such a device.
   *
   * @param processors whether the device is the processors of this machine
   */
  public static CeilingTuning of(ParameterValues values, boolean processors) {
    String api = values.choice(TornadoPlan.API, TornadoPlan.KERNEL);
    if (api.equals(TornadoPlan.LOOP)) {
      return new CeilingTuning(api, 1, (int) values.whole(TILE, processors ? PROCESSOR_TILE : 1));
    }
    return new CeilingTuning(
        api,
        (int) values.whole(BLOCK, processors ? 1 : DEVICE_BLOCK),
        (int) values.whole(TILE, processors ? PROCESSOR_TILE : DEVICE_TILE));
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException when a block is given for loops
   */
  static void check(ParameterValues values) {
    if (values.has(BLOCK)
        && values.choice(TornadoPlan.API, TornadoPlan.KERNEL).equals(TornadoPlan.LOOP)) {
      throw new ConfigException(
          "%s=%d is of api=kernel; with api=loop TornadoVM makes the groups"
              .formatted(BLOCK, values.whole(BLOCK)));
    }
  }
}
