// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * With what a kernel is launched, and what of that nobody has said. Immutable.
 *
 * @param sharedBytes dynamic shared memory of a block
 * @param assumed what of the shape was assumed: {@code grid}, {@code block}, {@code shared}
 * @param notes what the assumptions leave unseen, a line each
 */
public record LaunchPlan(
    Triple grid,
    Triple block,
    int sharedBytes,
    boolean cooperative,
    List<String> assumed,
    List<Argument> arguments,
    List<String> notes) {

  public LaunchPlan {
    notes = List.copyOf(notes);
    assumed = List.copyOf(assumed);
    arguments = List.copyOf(arguments);
  }

  /**
   * An argument.
   *
   * @param name the parameter's, or {@code arg2} where it has none
   * @param type the parameter's, as the compiler writes it
   * @param text the value, as a user would write it
   * @param assumed whether nobody has said it
   */
  public record Argument(String name, String type, String text, boolean assumed, Value value) {}

  /**
   * What a kernel gets, for the process that launches it: bytes, or memory of the device.
   *
   * @param hex the bytes; null for memory
   */
  record Value(@Nullable String hex, @Nullable Memory memory) {}

  /**
   * Memory of the device.
   *
   * @param bytes its size
   * @param type of its elements
   * @param fill one of {@code uninitialised}, {@code zero}, {@code range} from low to high, {@code
   *     ascending} from low, {@code bytes} of hex and then zeros
   */
  record Memory(
      long bytes, ElementType type, String fill, double low, double high, @Nullable String hex) {}

  /** How many threads there are. */
  long threads() {
    long blocks = grid.count();
    long all = blocks * block.count();
    return Math.multiplyHigh(blocks, block.count()) == 0 && all >= 0 ? all : Long.MAX_VALUE;
  }

  /** What a user said of the launch, {@code grid=4, n=1000}; empty if nothing. */
  public String given() {
    return text(false);
  }

  /** What was assumed, in the same form. */
  public String assumptions() {
    return text(true);
  }

  /**
   * What an accused kernel may not be made for, and the options that say it; null if all was said.
   */
  public @Nullable String hint() {
    var parts = new ArrayList<String>();
    var options = new ArrayList<String>();
    for (String name : List.of("block", "grid")) {
      if (assumed.contains(name)) {
        parts.add(name + "=" + (name.equals("grid") ? grid : block));
        options.add("--" + name);
      }
    }
    if (sharedBytes > 0 && assumed.contains("shared")) {
      parts.add("shared=" + sharedBytes);
      options.add("--shared");
    }
    List<String> names =
        arguments.stream()
            .filter(argument -> argument.assumed() && argument.value().memory() == null)
            .map(Argument::name)
            .limit(4)
            .toList();
    if (!names.isEmpty()) {
      parts.add(
          (names.size() > 3
              ? String.join(", ", names.subList(0, 3)) + ".."
              : String.join(", ", names)));
      options.add("--arg");
    }
    return parts.isEmpty()
        ? null
        : "%s %s assumed; if the kernel is made for others, say so with %s"
            .formatted(
                String.join(", ", parts),
                parts.size() > 1 || names.size() > 1 ? "were" : "was",
                String.join(", ", options));
  }

  private String text(boolean wanted) {
    var parts = new ArrayList<String>();
    shape("grid", grid.toString(), wanted, parts);
    shape("block", block.toString(), wanted, parts);
    if (sharedBytes != 0 || (!assumed.contains("shared") && !wanted)) {
      shape("shared", Integer.toString(sharedBytes), wanted, parts);
    }
    if (cooperative && !wanted) {
      parts.add("cooperative");
    }
    return Stream.concat(
            parts.stream(),
            arguments.stream()
                .filter(argument -> argument.assumed() == wanted)
                .map(argument -> argument.name() + "=" + argument.text()))
        .collect(Collectors.joining(", "));
  }

  private void shape(String name, String value, boolean wanted, List<String> parts) {
    if (assumed.contains(name) == wanted) {
      parts.add(name + "=" + value);
    }
  }
}
