// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.app.fitness.DeviceFacts.Link;
import io.gpubench.gpu.NvmlDevice.PcieLink;
import io.gpubench.measure.conditions.CpuSet;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the way from the processors to a device is fit for measuring. Pure. */
final class LinkFitness {
  /** What a lane of each generation carries, in thousands of millions of bytes per second. */
  private static final double[] GIGABYTES_A_LANE = {0.25, 0.5, 0.985, 1.969, 3.938, 7.563};

  private LinkFitness() {}

  /**
   * Judges the link.
   *
   * @param performanceState of the device: where it is not the fastest, it is idle, and then a link
   *     has a lower speed
   */
  static Finding link(Link link, PciPlace place, @Nullable Integer performanceState) {
    PcieLink most = link.most();
    if (most == null) {
      return Finding.unknown("PCIe link", "the driver does not tell");
    }
    PcieLink card = card(most, link.cardGeneration(), place);
    if (!card.equals(most)) {
      return Finding.warning(
          "PCIe link",
          "%s at most here, the card could do %s".formatted(text(most), text(card)),
          slower(most, card),
          null);
    }
    PcieLink now = link.now();
    if (now == null) {
      return Finding.ok("PCIe link", text(most) + " at most; the link of now is not told");
    }
    if (now.lanes() < most.lanes()) {
      return Finding.warning(
          "PCIe link",
          "%s now, %s at most".formatted(text(now), text(most)),
          slower(new PcieLink(most.generation(), now.lanes()), most)
              + "; lanes that are missing are a matter of slot, riser or firmware",
          null);
    }
    if (now.generation() < most.generation()) {
      boolean idle = performanceState == null || performanceState > 0;
      return idle
          ? Finding.ok(
              "PCIe link",
              "%s now, %s at most: a link is slower while the device is idle"
                  .formatted(text(now), text(most)))
          : Finding.warning(
              "PCIe link",
              "%s now, %s at most".formatted(text(now), text(most)),
              slower(now, most) + ", if it stays so under load",
              null);
    }
    return Finding.ok("PCIe link", text(now) + ", the best of card and slot");
  }

  /** The best that the card could have anywhere, as far as that is known. */
  private static PcieLink card(PcieLink most, @Nullable Integer generation, PciPlace place) {
    return new PcieLink(
        Stream.of(generation, place.cardGeneration())
            .filter(Objects::nonNull)
            .reduce(most.generation(), Math::max),
        place.cardLanes() == null ? most.lanes() : Math.max(place.cardLanes(), most.lanes()));
  }

  private static String slower(PcieLink link, PcieLink best) {
    double slow = gigabytes(link);
    double fast = gigabytes(best);
    return slow > 0 && fast > 0
        ? "copies between host and device carry at most %.1f GB/s instead of %.1f"
            .formatted(slow, fast)
        : "copies between host and device are slower than the card allows";
  }

  private static double gigabytes(PcieLink link) {
    return link.generation() <= GIGABYTES_A_LANE.length
        ? GIGABYTES_A_LANE[link.generation() - 1] * link.lanes()
        : 0;
  }

  private static String text(PcieLink link) {
    return "generation %d x%d".formatted(link.generation(), link.lanes());
  }

  /**
   * Judges whether the CPUs of this process are near the device.
   *
   * @param nodes of memory that the machine has
   */
  static Finding place(PciPlace place, CpuSet allowed, @Nullable Integer nodes) {
    CpuSet near = place.cpus();
    if (nodes != null && nodes == 1) {
      return Finding.ok("NUMA", "the machine has one node");
    }
    if (near == null || place.node() == null) {
      return Finding.unknown("NUMA", "the system does not tell which CPUs are near it");
    }
    String text = "node %d, CPUs %s".formatted(place.node(), near);
    if (allowed.isSubsetOf(near)) {
      return Finding.ok("NUMA", text + ", as this process");
    }
    String detail = "%s; this process may use %s".formatted(text, allowed);
    return allowed.intersects(near)
        ? Finding.warning(
            "NUMA",
            detail,
            "where a worker lands by chance decides whether its copies and launches cross the link"
                + " between processors: times have two levels",
            "numactl --cpunodebind=%1$d --membind=%1$d gpubench run ...".formatted(place.node()))
        : Finding.warning(
            "NUMA",
            detail,
            "every copy and launch crosses the link between processors: latency is higher and copies"
                + " are slower; only who set the CPUs of this process (taskset, cpuset, container)"
                + " can give it those of the device",
            null);
  }
}
