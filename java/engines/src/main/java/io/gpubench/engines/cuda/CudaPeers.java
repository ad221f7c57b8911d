// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.CudaPeer;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.migration.Tier;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the device that a tier {@code peer} means. */
final class CudaPeers {
  private CudaPeers() {}

  /**
   * Opens it. The caller closes it before the session.
   *
   * @param tier of the kind {@link Tier.Kind#PEER}
   * @throws EngineException absent, when this machine has no such second device; failed, when it is
   *     the session's own
   */
  static CudaPeer open(CudaSession session, Tier tier) {
    return session.context().openPeer(find(session.driver(), session.context().device(), tier));
  }

  private static CudaDevice find(CudaDriver driver, CudaDevice own, Tier tier) {
    List<CudaDevice> others =
        driver.devices().stream().filter(device -> device.index() != own.index()).toList();
    if (others.isEmpty()) {
      throw absent("%s needs a second GPU; this machine shows one: %s".formatted(tier, own), null);
    }
    String place = tier.place();
    if (place == null) {
      return others.getFirst();
    }
    String choice =
        others.stream()
            .map(CudaDevice::toString)
            .collect(Collectors.joining("; ", "use one of: ", ""));
    CudaDevice named;
    try {
      named = driver.device(place);
    } catch (NativeUnavailableException _) {
      throw absent("%s: there is no CUDA device '%s'".formatted(tier, place), choice);
    }
    if (named.index() == own.index()) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "%s is the device that measures, which is no peer of itself".formatted(tier),
          choice,
          null);
    }
    return named;
  }

  private static EngineException absent(String reason, @Nullable String remedy) {
    return new EngineException(EngineException.Kind.ABSENT, reason, remedy, null);
  }
}
