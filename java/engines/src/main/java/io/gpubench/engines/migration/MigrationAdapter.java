// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.migration;

import io.gpubench.engines.files.PageFile;
import io.gpubench.engines.processors.ProcessorAdapter;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.Tier;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Migration on an engine on the processors: between memory, locked memory and files.
 *
 * @param engine its id
 * @param paths {@link #COPIES} and, where the engine has it, {@link #URING}
 * @param kernels opens those of the engine
 */
public record MigrationAdapter(
    String engine, List<String> paths, Function<ProcessorAdapter.Order, MigrationKernels> kernels)
    implements ProcessorAdapter {
  /** A page at a time: copied in memory, or one request of a file. */
  public static final String COPIES = "copies";

  /** Many requests of files at once, by io_uring. */
  public static final String URING = "uring";

  /** The most requests under way, of {@link #URING}. */
  public static final Parameter DEPTH =
      new Parameter.Whole("depth", "requests that are under way at once", 1, 1024, List.of());

  /** The most bytes of one request, of {@link #URING}. */
  public static final Parameter IO_BYTES =
      new Parameter.Whole(
          "ioBytes", "the most bytes of a single request", 4096, 1 << 30, List.of());

  private static final Set<Tier.Kind> TIERS =
      EnumSet.of(Tier.Kind.PAGEABLE, Tier.Kind.PINNED, Tier.Kind.FILE);

  @Override
  public List<Parameter> tuning(String path) {
    return path.equals(URING) ? List.of(DEPTH, IO_BYTES) : List.of();
  }

  /**
   * {@inheritDoc} What a path cannot do: {@link #URING} is about files, and what the processors'
   * caches hold is about memory.
   */
  @Override
  public void check(Mode mode, ParameterValues values) {
    var setting = MigrationParameters.of(values);
    boolean ofFile =
        setting.from().kind() == Tier.Kind.FILE || setting.to().kind() == Tier.Kind.FILE;
    if (mode.path().equals(URING) && !ofFile) {
      throw new ConfigException(
          "the path '%s' of the engine '%s' moves pages from and to files, and not from=%s to=%s; use '%s'"
              .formatted(URING, engine, setting.from(), setting.to(), COPIES));
    }
    if (mode.cache() == Mode.Cache.COLD && ofFile) {
      throw new ConfigException(
          "cold caches are about memory, and not about from=%s to=%s; leave the cache hot"
              .formatted(setting.from(), setting.to()));
    }
  }

  @Override
  public PreparedRun prepare(Order order) {
    var setting = MigrationParameters.of(order.values());
    for (Tier tier : List.of(setting.from(), setting.to())) {
      if (!TIERS.contains(tier.kind())) {
        throw new EngineException(
            EngineException.Kind.ABSENT,
            "the engine '%s' works on the processors and has no tier '%s'".formatted(engine, tier),
            null,
            null);
      }
    }
    return MigrationRun.prepare(setting, order.facts(), file(order), () -> kernels.apply(order));
  }

  /** How files are opened. */
  private static PageFile.Order file(Order order) {
    return new PageFile.Order(
        "",
        0,
        0,
        order.threads(),
        (int) order.values().whole("depth", 0),
        order.values().whole("ioBytes", 0));
  }
}
