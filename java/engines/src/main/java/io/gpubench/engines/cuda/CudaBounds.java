// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a device physically cannot exceed, from its own attributes as {@link DeviceDescription} has
 * them, in units per second by the id of the ceiling. An attribute that is not there gives no
 * bound. Of a part of a card (MIG) the attributes of the memory and the link are those of the whole
 * card, which bound the part all the more. Pure, so that it can be repeated from a stored run.
 */
final class CudaBounds {
  /** Memory moves data at both edges of its clock. */
  private static final double DOUBLE_DATA_RATE = 2;

  /** A fused multiply-add counts as two operations. */
  private static final double OPERATIONS_OF_FMA = 2;

  /**
   * Four schedulers each begin an instruction of 32 threads in a cycle, on any generation, and a
   * multiply-add takes one instruction at least.
   */
  private static final double LANES = 128;

  /** Threads of a multiprocessor that can begin to load, store or add atomically in one cycle. */
  private static final double MEMORY_LANES = 32;

  /** A load of the widest kind moves 16 bytes a thread, but 128 bytes at most in one cycle. */
  private static final double BYTES_PER_CYCLE = 128;

  /**
   * Bytes per second of a lane by the generation of PCI Express: the transfer rate less the
   * encoding, 8 of 10 bits in the first two and 128 of 130 in the next three; the sixth has none of
   * that kind.
   */
  private static final double[] LANE_BYTES_PER_SECOND = {
    0,
    2.5e9 * 8 / 10 / 8,
    5e9 * 8 / 10 / 8,
    8e9 * 128 / 130 / 8,
    16e9 * 128 / 130 / 8,
    32e9 * 128 / 130 / 8,
    64e9 / 8
  };

  private static final int MOST_LANES = 16;

  private static final Pattern LINK = Pattern.compile("generation (\\d{1,2}) x(\\d{1,2})");

  /** Joined to their processor by more than PCI Express. */
  private static final Pattern CHIP_TO_CHIP = Pattern.compile(".*\\bG[HB]\\d.*");

  private CudaBounds() {}

  /** The bounds that the description of a device gives; none for the simulated one. */
  static Map<String, Double> of(Map<String, Object> description) {
    var bounds = new TreeMap<String, Double>();
    memory(bounds, description);
    multiprocessors(bounds, description);
    link(bounds, description);
    return bounds;
  }

  private static void memory(Map<String, Double> bounds, Map<String, Object> description) {
    double hertz = hertz(description, "memoryClockKilohertz", "maxClockMegahertz.memory");
    double bits = number(description, "memoryBusBits");
    double bytesPerSecond = DOUBLE_DATA_RATE * hertz * bits / 8;
    put(bounds, "ceiling.read", bytesPerSecond);
    put(bounds, "ceiling.copy", bytesPerSecond);
    put(bounds, "ceiling.triad", bytesPerSecond);
  }

  private static void multiprocessors(Map<String, Double> bounds, Map<String, Object> description) {
    double hertz = hertz(description, "clockKilohertz", "maxClockMegahertz.multiprocessor");
    double cycles = number(description, "multiprocessors") * hertz;
    put(
        bounds,
        "ceiling.fp32",
        OPERATIONS_OF_FMA * fp32Lanes(description.get("computeCapability")) * cycles);
    put(bounds, "ceiling.int32", LANES * cycles);
    put(bounds, "ceiling.atomic", MEMORY_LANES * cycles);
    put(bounds, "ceiling.l2", BYTES_PER_CYCLE * cycles);
  }

  /**
   * Results of 32-bit multiply-adds of a multiprocessor in one cycle, by the table of arithmetic
   * throughput in the CUDA C++ Programming Guide; 0 for what is not known.
   */
  private static double fp32Lanes(@Nullable Object computeCapability) {
    return switch (String.valueOf(computeCapability)) {
      case "6.0", "7.0", "7.2", "7.5", "8.0" -> 64;
      case "5.0", "5.2", "5.3", "6.1", "6.2", "8.6", "8.7", "8.9", "9.0" -> 128;
      case "10.0", "10.3", "11.0", "12.0", "12.1" -> 128;
      default -> 0;
    };
  }

  /**
   * The best of what the device's generation can have, what NVML calls the best, and the link of
   * the moment: a virtual machine may show a slower link than there is, and a slot hide the best.
   */
  private static void link(Map<String, Double> bounds, Map<String, Object> description) {
    if (CHIP_TO_CHIP.matcher(String.valueOf(description.get("name"))).matches()
        || !description.containsKey("maxPcieLink")) {
      return;
    }
    double made = LANE_BYTES_PER_SECOND[linkGeneration(description)] * MOST_LANES;
    double told = linkBytesPerSecond(description.get("maxPcieLink"));
    double now = linkBytesPerSecond(description.get("pcieLinkAtStart"));
    if (told <= 0) {
      return;
    }
    double best = Math.max(made, Math.max(told, now));
    put(bounds, "ceiling.h2d", best);
    put(bounds, "ceiling.d2h", best);
    put(bounds, "ceiling.bidir", 2 * best);
  }

  /** The newest PCI Express of any card of that compute capability; 0 for what is not known. */
  private static int linkGeneration(Map<String, Object> description) {
    return switch (String.valueOf(description.get("computeCapability")).split("\\.", -1)[0]) {
      case "5", "6", "7" -> 3;
      case "8" -> 4;
      case "9" -> 5;
      case "10", "11", "12" -> 6;
      default -> 0;
    };
  }

  private static double linkBytesPerSecond(@Nullable Object text) {
    Matcher link = LINK.matcher(String.valueOf(text));
    if (!link.matches()) {
      return 0;
    }
    int generation = Integer.parseInt(link.group(1));
    return generation < LANE_BYTES_PER_SECOND.length
        ? LANE_BYTES_PER_SECOND[generation] * Integer.parseInt(link.group(2))
        : 0;
  }

  /** The higher of what CUDA and NVML tell. */
  private static double hertz(Map<String, Object> description, String kilohertz, String megahertz) {
    return Math.max(1e3 * number(description, kilohertz), 1e6 * number(description, megahertz));
  }

  private static double number(Map<String, Object> description, String key) {
    return description.get(key) instanceof Number number && number.doubleValue() > 0
        ? number.doubleValue()
        : 0;
  }

  private static void put(Map<String, Double> bounds, String ceiling, double perSecond) {
    if (perSecond > 0 && perSecond < Double.POSITIVE_INFINITY) {
      bounds.put(ceiling, perSecond);
    }
  }
}
