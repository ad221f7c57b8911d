// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What NVIDIA's data sheets and CUDA's tables say of a card, to notice another card under its name.
 * Only cards whose name stands for one set of numbers; a part of a card (MIG) has another name.
 *
 * @param name as CUDA gives it
 * @param multiprocessors at most; a user of a shared card may be given fewer
 * @param gibibytes of memory, nominal; CUDA tells some per cent less where ECC or the driver takes
 *     its share
 */
public record KnownCard(String name, String computeCapability, int multiprocessors, int gibibytes) {
  /** There are boards of other makers with more than NVIDIA's. */
  private static final int ANY = 0;

  private static final double LEAST_MEMORY = 0.85;
  private static final double MOST_MEMORY = 1.05;

  private static final Map<String, KnownCard> ALL =
      Stream.of(
              new KnownCard("Tesla T4", "7.5", 40, 16),
              new KnownCard("NVIDIA A10", "8.6", 72, 24),
              new KnownCard("NVIDIA A10G", "8.6", 80, 24),
              new KnownCard("NVIDIA A30", "8.0", 56, 24),
              new KnownCard("NVIDIA A40", "8.6", 84, 48),
              new KnownCard("NVIDIA A100-PCIE-40GB", "8.0", 108, 40),
              new KnownCard("NVIDIA A100-SXM4-40GB", "8.0", 108, 40),
              new KnownCard("NVIDIA A100 80GB PCIe", "8.0", 108, 80),
              new KnownCard("NVIDIA A100-SXM4-80GB", "8.0", 108, 80),
              new KnownCard("NVIDIA L4", "8.9", 58, 24),
              new KnownCard("NVIDIA L40", "8.9", 142, 48),
              new KnownCard("NVIDIA L40S", "8.9", 142, 48),
              new KnownCard("NVIDIA H100 PCIe", "9.0", 114, 80),
              new KnownCard("NVIDIA H100 80GB HBM3", "9.0", 132, 80),
              new KnownCard("NVIDIA H100 NVL", "9.0", 132, 94),
              new KnownCard("NVIDIA H200", "9.0", 132, 141),
              new KnownCard("NVIDIA H200 NVL", "9.0", 132, 141),
              new KnownCard("NVIDIA B200", "10.0", 148, 180),
              new KnownCard("NVIDIA RTX A6000", "8.6", 84, 48),
              new KnownCard("NVIDIA RTX 6000 Ada Generation", "8.9", 142, 48),
              new KnownCard("NVIDIA GeForce RTX 2080 Ti", "7.5", 68, ANY),
              new KnownCard("NVIDIA GeForce RTX 3090", "8.6", 82, ANY),
              new KnownCard("NVIDIA GeForce RTX 4090", "8.9", 128, ANY),
              new KnownCard("NVIDIA GeForce RTX 5090", "12.0", 170, ANY))
          .collect(Collectors.toUnmodifiableMap(KnownCard::name, Function.identity()));

  /** The card of that name, if it is known. */
  public static Optional<KnownCard> of(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** Whether so many bytes can be its memory. */
  public boolean hasMemory(double bytes) {
    double share = bytes / (gibibytes * (double) (1 << 30));
    return gibibytes == ANY || (LEAST_MEMORY <= share && share <= MOST_MEMORY);
  }
}
