// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where pages can lie. Whether an engine has the tier on this machine is found out when a run is
 * prepared.
 *
 * @param place the folder of a {@link Kind#FILE}; of a {@link Kind#PEER} its index or UUID, or null
 *     for the first other device; null otherwise
 */
public record Tier(Kind kind, @Nullable String place) {
  /** How a tier may be written. */
  static final String DOMAIN =
      "device | pinned | pageable | mapped | file:FOLDER | peer | peer:DEVICE";

  /** What kinds there are. */
  public enum Kind {
    /** The memory of the device that the engine works on. */
    DEVICE(false),
    /** Page-locked memory of the host. */
    PINNED(true),
    /** Memory of the host as every program has it. */
    PAGEABLE(true),
    /** Page-locked memory of the host that the device accesses in place. */
    MAPPED(true),
    /** A file, past the page cache where its file system allows that. */
    FILE(false),
    /** The memory of a second device. */
    PEER(false);

    private final boolean inHostMemory;

    Kind(boolean inHostMemory) {
      this.inHostMemory = inHostMemory;
    }

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the processors can access it as memory. */
    public boolean inHostMemory() {
      return inHostMemory;
    }
  }

  /**
   * The tier that a text denotes: {@code device}, {@code pinned}, {@code pageable}, {@code mapped},
   * {@code file:FOLDER}, {@code peer} or {@code peer:DEVICE}.
   *
   * @throws ConfigException when there is none of that name, or its place is missing or too much
   */
  public static Tier parse(String text) {
    int colon = text.indexOf(':');
    String word = (colon < 0 ? text : text.substring(0, colon)).strip();
    String place = colon < 0 ? null : text.substring(colon + 1).strip();
    List<String> words = Arrays.stream(Kind.values()).map(Kind::word).toList();
    if (!words.contains(word)) {
      throw new ConfigException(Names.unknown("tier", word, words));
    }
    Kind kind = Kind.valueOf(word.toUpperCase(Locale.ROOT));
    boolean named = kind == Kind.FILE || kind == Kind.PEER;
    if (place != null && !named) {
      throw new ConfigException(
          "the tier '%s' has no place of its own; write %s without ':%s'"
              .formatted(word, word, place));
    }
    if ("".equals(place) || (kind == Kind.FILE && place == null)) {
      throw new ConfigException(
          kind == Kind.FILE
              ? "the tier 'file' needs a folder, such as file:/mnt/nvme"
              : "the tier 'peer:' needs a device's index or UUID, or write peer alone");
    }
    return new Tier(kind, place);
  }

  /** As it is written. */
  @Override
  public String toString() {
    return place == null ? kind.word() : kind.word() + ":" + place;
  }
}
