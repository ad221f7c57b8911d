// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.plan.ByteSizes;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hardware that a claim is about.
 *
 * @param kind what has to do the work
 * @param name is found in the name of the device or the processors; null for any
 * @param minimumComputeCapability such as {@code 9.0}; null for any
 * @param minimumDeviceMemory in bytes; null for any
 */
public record Requirement(
    Kind kind,
    @Nullable Pattern name,
    @Nullable String minimumComputeCapability,
    @Nullable Long minimumDeviceMemory) {
  /** Whatever there is. */
  public static final Requirement NONE = new Requirement(Kind.ANY, null, null, null);

  /** What does the work; named as in a file of claims. */
  public enum Kind {
    GPU,
    CPU,
    ANY
  }

  /** What of it the hardware has not, in one line; null where it has everything. */
  public @Nullable String lacking(Hardware there) {
    if (kind == Kind.GPU && there.device() == null) {
      return "it needs a GPU, and the engine %s works on %s"
          .formatted(there.engine(), there.text());
    }
    if (kind == Kind.CPU && there.device() != null) {
      return "it needs processors, and the engine %s works on %s"
          .formatted(there.engine(), there.text());
    }
    if (name != null && !name.matcher(there.text()).find()) {
      return "it needs hardware whose name has '%s', and there is %s".formatted(name, there.text());
    }
    if (minimumComputeCapability != null) {
      String found = String.valueOf(there.description().get("computeCapability"));
      if (!found.matches("\\d{1,4}(\\.\\d{1,4})?") || isLess(found, minimumComputeCapability)) {
        return "it needs compute capability %s, and %s has %s"
            .formatted(
                minimumComputeCapability, there.text(), found.equals("null") ? "none" : found);
      }
    }
    if (minimumDeviceMemory != null) {
      Object found = there.device() == null ? null : there.description().get("memoryBytes");
      if (!(found instanceof Number bytes) || bytes.longValue() < minimumDeviceMemory) {
        return "it needs %s of device memory, and %s has %s"
            .formatted(
                ByteSizes.format(minimumDeviceMemory),
                there.text(),
                found instanceof Number bytes ? ByteSizes.format(bytes.longValue()) : "none");
      }
    }
    return null;
  }

  private static boolean isLess(String one, String other) {
    long[] a = parts(one);
    long[] b = parts(other);
    return a[0] != b[0] ? a[0] < b[0] : a[1] < b[1];
  }

  private static long[] parts(String version) {
    String[] parts = version.split("\\.", -1);
    return new long[] {Long.parseLong(parts[0]), parts.length < 2 ? 0 : Long.parseLong(parts[1])};
  }
}
