// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who does the work. Creating an engine is cheap: no library is opened before {@link #selfCheck} or
 * {@link #open}.
 */
public interface Engine {
  /** With how many threads {@link #selfCheck} opens an engine. */
  int SELF_CHECK_THREADS = 2;

  String id();

  /** One line for a person. */
  String summary();

  /**
   * The paths by which this engine runs a workload, the preferred one first; empty when it cannot
   * run it.
   */
  List<String> paths(String workloadId);

  /** The clocks that can time a workload by a path, the preferred one first; at least one. */
  default List<PreparedRun.Clock> clocks(String workloadId, String path) {
    return List.of(PreparedRun.Clock.HOST);
  }

  /** What the caches can be made to hold before a sample; {@link Mode.Cache#HOT} is always one. */
  default List<Mode.Cache> caches(String workloadId, String path) {
    return List.of(Mode.Cache.HOT);
  }

  /**
   * How this engine can be told to do a workload by a path: variants of kernels, launch parameters,
   * how much is under way at once. None of these tuning parameters changes an answer. They have no
   * {@link Parameter#defaults}: what nobody sets is this engine's own choice, which {@link
   * PreparedRun#configuration} tells, and is not among the {@link ParameterValues}. No name is also
   * that of a parameter of the workload.
   */
  default List<Parameter> tuning(String workloadId, String path) {
    return List.of();
  }

  /**
   * Checks what no single tuning parameter can tell. Pure: opens nothing.
   *
   * @param values of a workload that this engine runs, with those of {@link #tuning} that are set
   * @throws io.gpubench.measure.ConfigException when they contradict each other
   */
  default void check(String workloadId, Mode mode, ParameterValues values) {}

  /**
   * {@link Workload#footprintBytes} of a run by this engine: of other values where a tuning
   * parameter that nobody has set is going to be chosen so that it takes more memory.
   */
  default long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return workload.footprintBytes(values, facts);
  }

  /**
   * This engine on a certain device; empty when it uses no devices. Whether there is such a device
   * is found out by {@link #selfCheck} and {@link #open}.
   *
   * @param device as a person names it
   */
  default Optional<Engine> on(String device) {
    return Optional.empty();
  }

  /**
   * Opens the engine, runs its known answers and closes it. Any failure is an answer, not an
   * exception.
   */
  default SelfCheck selfCheck() {
    try (Session session = open(new Options(SELF_CHECK_THREADS))) {
      return session.selfCheck();
    } catch (EngineException e) {
      return SelfCheck.failed(e);
    }
  }

  /**
   * Opens the engine; the caller closes the session.
   *
   * @throws EngineException when a library or device is missing or fails
   */
  Session open(Options options);

  /**
   * Why a stored run cannot come from this engine as it is told; empty when it can. Pure: opens
   * nothing, on whatever machine. An engine that uses devices says more.
   */
  default List<Contradiction> contradictions(EngineEvidence evidence) {
    return evidence.device() == null && !evidence.synthetic()
        ? List.of()
        : List.of(
            new Contradiction(
                EngineEvidence.Kind.DEVICE,
                "the engine '%s' works on the processors, for real: not on the device %s, and synthetic is %s"
                    .formatted(id(), evidence.device(), evidence.synthetic())));
  }

  /**
   * How to open an engine.
   *
   * @param threads at most so many processors work on one sample, at least 1
   */
  record Options(int threads) {
    public Options {
      if (threads < 1) {
        throw new IllegalArgumentException("threads " + threads);
      }
    }
  }

  /**
   * The answer of a self-check.
   *
   * @param detail when passed, what was found (instruction set, device); otherwise why it failed
   * @param remedy when failed, what a user can do; null when passed
   */
  record SelfCheck(boolean passed, String detail, @Nullable String remedy) {
    public static SelfCheck passed(String detail) {
      return new SelfCheck(true, detail, null);
    }

    public static SelfCheck failed(String reason, @Nullable String remedy) {
      return new SelfCheck(false, reason, remedy);
    }

    /** The engine itself failed. */
    public static SelfCheck failed(EngineException failure) {
      return failed(failure.reason(), failure.remedy());
    }
  }
}
