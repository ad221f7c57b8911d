// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.EngineEvidence;
import io.gpubench.measure.spi.EngineEvidence.Contradiction;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.spi.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kernels in Java that TornadoVM compiles for one of its backends. What it is, this class tells
 * everywhere; it is opened only in a worker, whose Java has TornadoVM. Immutable.
 */
public final class TornadoEngine implements Engine {
  private final TornadoBackend backend;
  private final @Nullable String device;
  private final Opener opener;

  /** Opens an engine where TornadoVM is. */
  @FunctionalInterface
  public interface Opener {
    /**
     * As {@link Engine#open}.
     *
     * @param device as a person names it; null for the first
     */
    Session open(TornadoBackend backend, @Nullable String device, Options options);
  }

  /** One on the first device of a backend, that cannot be opened in this process. */
  public TornadoEngine(TornadoBackend backend) {
    this(backend, null, TornadoEngine::refuse);
  }

  /** One on the first device of a backend. */
  public TornadoEngine(TornadoBackend backend, Opener opener) {
    this(backend, null, opener);
  }

  private TornadoEngine(TornadoBackend backend, @Nullable String device, Opener opener) {
    this.backend = backend;
    this.device = device;
    this.opener = opener;
  }

  /** One for each backend, the one that is tried first at the front. */
  public static List<Engine> all() {
    return Arrays.stream(TornadoBackend.values()).<Engine>map(TornadoEngine::new).toList();
  }

  private static Session refuse(TornadoBackend backend, @Nullable String device, Options options) {
    throw new EngineException(
        EngineException.Kind.UNAVAILABLE,
        "the engine '%s' needs a Java of its own, with TornadoVM in it".formatted(backend.engine()),
        "it runs in workers of this gpubench: not with --in-process, with version=, or in 'profile'",
        null);
  }

  /** What it generates code for. */
  public TornadoBackend backend() {
    return backend;
  }

  @Override
  public String id() {
    return backend.engine();
  }

  @Override
  public String summary() {
    return "Java kernels, compiled by TornadoVM for " + backend.title();
  }

  @Override
  public List<String> paths(String workloadId) {
    return TornadoPlan.all().containsKey(workloadId) ? TornadoPlan.paths(backend) : List.of();
  }

  @Override
  public List<Clock> clocks(String workloadId, String path) {
    TornadoPlan plan = TornadoPlan.all().get(workloadId);
    return plan == null ? List.of(Clock.HOST) : plan.clocks(path);
  }

  @Override
  public List<Parameter> tuning(String workloadId, String path) {
    TornadoPlan plan = TornadoPlan.all().get(workloadId);
    return plan == null ? List.of() : plan.tuning();
  }

  @Override
  public void check(String workloadId, Mode mode, ParameterValues values) {
    TornadoPlan plan = TornadoPlan.all().get(workloadId);
    if (plan != null) {
      plan.check().accept(values);
    }
  }

  /** {@inheritDoc} Arrays are in the host's memory and in the device's, which may be the same. */
  @Override
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    long once = workload.footprintBytes(values, facts);
    return once > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * once;
  }

  @Override
  public Optional<Engine> on(String chosen) {
    return Optional.of(new TornadoEngine(backend, chosen, opener));
  }

  @Override
  public List<Contradiction> contradictions(EngineEvidence evidence) {
    return TornadoTestimony.contradictions(backend, evidence);
  }

  @Override
  public Session open(Options options) {
    return opener.open(backend, device, options);
  }
}
