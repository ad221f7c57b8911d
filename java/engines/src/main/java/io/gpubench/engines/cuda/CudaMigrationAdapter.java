// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.migration.MigrationParameters;
import io.gpubench.workloads.migration.Tier;
import java.util.List;

/**
 * Migration by a device. Tiers that it accesses by itself are a {@link MigrationPiece}, by the
 * host's clock or its own; what the host has a hand in is by the host's alone.
 */
final class CudaMigrationAdapter implements CudaAdapter {
  /** A copy call for each page. */
  static final String COPIES = "copies";

  /** One call for all pages. */
  static final String BATCHED = "batched";

  /** A kernel that reads and writes the pages where they are. */
  static final String KERNEL = "kernel";

  /** Through page-locked memory, in pieces, so that the steps overlap. */
  static final String STAGING = "staging";

  @Override
  public List<String> paths() {
    return List.of(COPIES, BATCHED, KERNEL, STAGING);
  }

  @Override
  public List<Clock> clocks(String path) {
    return path.equals(STAGING) ? List.of(Clock.HOST) : List.of(Clock.HOST, Clock.DEVICE);
  }

  @Override
  public List<Mode.Cache> caches(String path) {
    return List.of(Mode.Cache.HOT);
  }

  @Override
  public List<Parameter> tuning(String path) {
    return switch (path) {
      case KERNEL -> CudaMigrationTuning.OF_KERNEL;
      case BATCHED -> CudaMigrationTuning.OF_BATCHED;
      case STAGING -> CudaStagingTuning.PARAMETERS;
      default -> List.of();
    };
  }

  @Override
  public void check(Mode mode, ParameterValues values) {
    CudaMigrationTuning.check(values);
    MigrationParameters setting = MigrationParameters.of(values);
    List<String> able = able(setting);
    if (able.isEmpty()) {
      throw new ConfigException(
          "no device takes part when pages move between %s and %s: use --engine host, or java"
              .formatted(setting.from(), setting.to()));
    }
    if (!able.contains(mode.path())) {
      throw new ConfigException(
          "path=%s cannot move pages between %s and %s: %s can"
              .formatted(mode.path(), setting.from(), setting.to(), String.join(" and ", able)));
    }
    if (mode.clock() != Clock.DEVICE) {
      return;
    }
    if (!direct(setting)) {
      throw new ConfigException(
          "the device's clock cannot time what the host has a hand in, such as pages between %s and %s: clock host can"
              .formatted(setting.from(), setting.to()));
    }
    if (mode.path().equals(COPIES)
        && MigrationPiece.items(setting, COPIES) > MigrationPiece.QUEUED_AT_MOST) {
      throw new ConfigException(
          "by the device's clock all copies of a sample wait in its queue, which has room for about 1,000: with path=copies pages=%d fits, with path=kernel or clock host any number"
              .formatted(MigrationPiece.QUEUED_AT_MOST / setting.ways() - 2));
    }
  }

  /** The paths that can move pages between these tiers. */
  private static List<String> able(MigrationParameters setting) {
    int onDevices = (onDevice(setting.from()) ? 1 : 0) + (onDevice(setting.to()) ? 1 : 0);
    if (!direct(setting)) {
      return onDevices == 0 ? List.of() : List.of(COPIES, STAGING);
    }
    if (onDevices == 0) {
      return List.of(KERNEL); // a copy engine is for copies that a device takes part in
    }
    return setting.from().equals(setting.to())
        ? List.of(COPIES, BATCHED, KERNEL) // through the host would be a way round
        : List.of(COPIES, BATCHED, KERNEL, STAGING);
  }

  private static boolean onDevice(Tier tier) {
    return tier.kind() == Tier.Kind.DEVICE || tier.kind() == Tier.Kind.PEER;
  }

  /** Whether the device accesses the pages of both tiers by itself. */
  private static boolean direct(MigrationParameters setting) {
    return direct(setting.from()) && direct(setting.to());
  }

  private static boolean direct(Tier tier) {
    return switch (tier.kind()) {
      case DEVICE, PINNED, MAPPED, PEER -> true;
      case PAGEABLE, FILE -> false;
    };
  }

  /** {@inheritDoc} More than one position has pools of its own only where they are small. */
  @Override
  public long footprintBytes(
      Workload workload, Mode mode, ParameterValues values, MachineFacts facts) {
    return workload.footprintBytes(values, facts)
        + MigrationRoom.PAGE_LOCKED_BYTES
        + StagedRoom.stagingBytes(
            MigrationParameters.of(values),
            CudaStagingTuning.of(values, facts.processors()),
            mode.path().equals(STAGING));
  }

  @Override
  public PreparedRun prepare(
      CudaSession session,
      Workload workload,
      Mode mode,
      ParameterValues values,
      MachineFacts facts) {
    MigrationParameters setting = MigrationParameters.of(values);
    if (direct(setting) && !mode.path().equals(STAGING)) {
      return session.timed(MigrationPiece.of(session, setting, mode.path(), values, facts), mode);
    }
    return new CudaMigrationRun(session, setting, mode, values, facts);
  }
}
