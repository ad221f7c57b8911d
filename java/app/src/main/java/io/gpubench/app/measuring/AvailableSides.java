// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.compare.SkippedSide;
import io.gpubench.measure.spi.Engine;
import java.util.ArrayList;
import java.util.List;

/**
 * Which sides of a comparison can measure on this machine. The engine of each is opened once and
 * runs its known answers; one that does not work is an answer, not an error.
 *
 * @param present texts of the sides that can, in their order
 * @param skipped those that cannot
 */
public record AvailableSides(List<String> present, List<SkippedSide> skipped) {
  /** Fewer than this many are not compared. */
  public static final int FEWEST = 2;

  public AvailableSides {
    present = List.copyOf(present);
    skipped = List.copyOf(skipped);
  }

  /**
   * Asks all of them, and says which are skipped.
   *
   * @param sides settings to measure now; the texts of others count as present
   * @throws io.gpubench.measure.ConfigException when one names what does not exist or does not fit
   */
  public static AvailableSides of(List<String> sides, Workplace workplace, Journey journey) {
    var present = new ArrayList<String>();
    var skipped = new ArrayList<SkippedSide>();
    journey
        .sharing()
        .awaitProcessors(workplace.usable(), journey.listener(), journey.cancellation());
    for (String side : sides) {
      try {
        if (LiveSide.isLive(side)) {
          check(DuetSide.parse(side), workplace, journey);
        }
        present.add(side);
      } catch (EngineException e) {
        var one = new SkippedSide(side, String.valueOf(e.getMessage()));
        journey.say(one.toString());
        skipped.add(one);
      }
    }
    return new AvailableSides(present, skipped);
  }

  private static void check(DuetSide side, Workplace workplace, Journey journey) {
    Installation installation = journey.installation();
    List<Engine> engines = installation.engines(List.of(side.engine()));
    Engine named = side.named(installation.engineNames(), engines);
    Origins origins = Origins.of(side, side, workplace, journey);
    origins.demandOwn(side, named);
    try (Measurers measurers =
        Workplace.launched(
            side.measurers(workplace, installation, journey.cancellation()), origins.a())) {
      side.select(engines, measurers);
    }
  }

  /** The journey of what is measured without the others, whose records say so. */
  public Journey note(Journey journey) {
    return journey.noting(skipped.stream().map(SkippedSide::toString).toList());
  }
}
