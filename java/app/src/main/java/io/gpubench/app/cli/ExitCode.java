// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.bundle.BundleException;
import io.gpubench.app.measuring.StoredRun;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.Outcome;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.worker.WorkerException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process of gpubench ends with. */
enum ExitCode {
  OK(0),
  INTERNAL(1),
  USAGE(2),
  UNAVAILABLE(3),
  INCORRECT(4),
  REFUTED(5),
  INCONCLUSIVE(6),
  UNVERIFIED(7),
  INTERRUPTED(130);

  /** The worst comes first. */
  private static final List<ExitCode> BY_WEIGHT =
      List.of(
          INTERRUPTED,
          INTERNAL,
          USAGE,
          INCORRECT,
          UNVERIFIED,
          REFUTED,
          UNAVAILABLE,
          INCONCLUSIVE,
          OK);

  final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The code of a failure. */
  static ExitCode of(Throwable failure) {
    return switch (failure) {
      case ConfigException _, ResultFormatException _ -> USAGE;
      case EngineException _, WorkerException _, StoreException _, BundleException _ -> UNAVAILABLE;
      default -> INTERNAL;
    };
  }

  /** The code of a run: that of its worst record or, when worse, of how it ended. */
  static ExitCode of(RunDocument run) {
    ExitCode worst =
        switch (RunReader.status(run)) {
          case RunDocument.COMPLETE -> OK;
          case RunDocument.INTERRUPTED -> INTERRUPTED;
          case RunDocument.RUNNING -> INCONCLUSIVE;
          default -> UNAVAILABLE;
        };
    for (ResultRecord result : run.records()) {
      worst = worst(worst, of(result.outcomeValue()));
    }
    return worst;
  }

  /** The code of a run and of its store. */
  static ExitCode of(StoredRun run) {
    ExitCode measured = of(run.document());
    return run.failure() == null ? measured : worst(of(run.failure()), measured);
  }

  /** The code of a run of duets: one that failed and was replaced by another is no failure. */
  static ExitCode ofDuets(StoredRun run) {
    List<DuetComparison> comparisons = run.document().duets();
    if (run.failure() != null || !run.complete() || comparisons == null) {
      return of(run);
    }
    Set<String> decided =
        comparisons.stream()
            .filter(one ->
                one.trial() != null && DuetComparison.Trial.DECIDED.equals(one.trial().ended()))
            .flatMap(one -> Stream.of(one.a().record(), one.b().record()))
            .collect(Collectors.toSet());
    var code = OK;
    for (ResultRecord record : run.records()) {
      Outcome outcome = record.outcomeValue();
      if (outcome instanceof Outcome.Incorrect || !decided.contains(record.id())) {
        code = worst(code, of(outcome));
      }
    }
    return code;
  }

  static ExitCode worst(ExitCode one, ExitCode other) {
    return BY_WEIGHT.indexOf(one) <= BY_WEIGHT.indexOf(other) ? one : other;
  }

  /** The code of what became of a record. */
  static ExitCode of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Measured _ -> OK;
      case Outcome.Incorrect _ -> INCORRECT;
      case Outcome.Failed _ -> UNAVAILABLE;
      case Outcome.Rejected _, Outcome.Skipped _ -> INCONCLUSIVE;
    };
  }
}
