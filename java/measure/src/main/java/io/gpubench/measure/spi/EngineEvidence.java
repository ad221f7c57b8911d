// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stored run says of an engine, to be judged by that engine.
 *
 * @param device name of the device that is said to have done the work; null when that was the
 *     processors
 * @param deviceAsked the device as it was asked for; null for the engine's own choice
 * @param synthetic whether it is said to only stand for the hardware it names
 * @param operationsPerSecond the bound that is said to hold; null when none is
 * @param bounds the other bounds that are said to hold, from a ceiling's id to its unit per second
 * @param description what the engine is said to have found, as {@link Session#description} told it
 * @param readings of the sensors, before and after the samples of each process
 */
public record EngineEvidence(
    @Nullable String device,
    @Nullable String deviceAsked,
    boolean synthetic,
    @Nullable Double operationsPerSecond,
    Map<String, Double> bounds,
    Map<String, Object> description,
    List<Telemetry> readings) {

  /** What kind of thing cannot be. */
  public enum Kind {
    /** It cannot be that device. */
    DEVICE,
    /** It only stands for the hardware it names, and does not say so. */
    SYNTHETIC,
    /** The device's sensors cannot have said that. */
    TELEMETRY
  }

  /**
   * Why the evidence cannot be.
   *
   * @param message one line
   */
  public record Contradiction(Kind kind, String message) {}

  public EngineEvidence {
    bounds = Map.copyOf(bounds);
    description = Map.copyOf(description);
    readings = List.copyOf(readings);
  }
}
