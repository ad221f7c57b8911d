// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.workers;

import io.gpubench.measure.run.Measurer;
import io.gpubench.measure.run.Slowdown;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Engine.SelfCheck;
import io.gpubench.measure.spi.Telemetry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens engines, in this process or in others. Used by one thread, which closes it. */
public sealed interface Measurers extends AutoCloseable permits InProcess, Workers {
  /**
   * Opens the engine and runs its known answers. Any failure of the engine is an answer, not an
   * exception.
   */
  Check check(Engine engine);

  /**
   * A measurer on an engine, for one repetition; the caller closes it.
   *
   * @param repetition counted from 1
   * @throws io.gpubench.measure.BenchException when the engine or its process fails
   */
  Measurer open(Engine engine, int repetition);

  /** With what a foreign engine is started, as its file says; null for one of our own. */
  @Nullable List<String> command(Engine engine);

  /** How engines are opened. */
  Engine.Options options();

  /** The device for engines that use devices, as it was asked for; null for their own choice. */
  @Nullable String device();

  /** Whether sensors are recorded beside the samples, where an engine has any. */
  boolean recorded();

  /** Which gpubench opens the engines, where that is told apart from this one; else empty. */
  default Map<String, Object> origin() {
    return Map.of();
  }

  /** By how much each sample is slowed down on purpose; null for not at all. */
  @Nullable Slowdown slowdown();

  @Override
  void close();

  /**
   * What became of a check.
   *
   * @param facts null when the engine could not be opened, or was not asked for them
   * @param telemetry what the device's sensors said
   */
  record Check(SelfCheck selfCheck, Measurer.@Nullable Facts facts, Telemetry telemetry) {
    /** The answer of an engine that could not be opened, or was not left open. */
    static Check of(SelfCheck selfCheck) {
      return new Check(selfCheck, null, Telemetry.NONE);
    }
  }
}
