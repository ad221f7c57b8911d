// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import java.util.List;
import java.util.stream.Stream;

/** All figures, in the order of the table. */
final class Figures {
  static final List<Figure> ALL =
      Stream.of(
              LoopFigures.ALL,
              SensorFigures.ALL,
              ConsensusFigures.ALL,
              CeilingFigures.ALL,
              SynthesisFigures.ALL,
              MigrationFigures.ALL,
              LaunchFigures.ALL,
              ProcessFigures.ALL,
              JudgeFigures.ALL,
              SimulatorFigures.ALL,
              GpuFigures.ALL,
              GpuConsensusFigures.ALL,
              GpuSynthesisFigures.ALL,
              GpuMigrationFigures.ALL)
          .flatMap(List::stream)
          .toList();

  private Figures() {}
}
