// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * A template for each pattern of a set, flat, as kernels read them: the image of an expansion, in
 * which holes are zeros, and where holes are. A hole is two 32-bit words, its place in the
 * expansion, and the path from the match to the node that is bound:
 *
 * <pre>
 * bits 0 .. 1   level: 0 of the match itself, 1, 2
 * bits 4 .. 7   which child of the match, from 0
 * bits 8 .. 11  which child of that one
 * </pre>
 *
 * Immutable; used by any thread.
 */
public final class TemplateSet {
  /** Each image begins at a multiple of so many bytes. */
  public static final int IMAGE_ALIGNMENT = 16;

  /** The most bytes that all images have together. */
  public static final int MOST_BYTES = 1 << 30;

  public static final int FIRST_CHILD_SHIFT = 4;
  public static final int SECOND_CHILD_SHIFT = 8;
  public static final int CHILD_MASK = 15;
  public static final int LEVEL_MASK = 3;

  private final List<Template> templates;
  private final byte[] images;
  private final int[] imageStarts;
  private final int[] lengths;
  private final int[] holeStarts;
  private final int[] holes;
  private final int[][] paths;

  private TemplateSet(PatternSet patterns, List<Template> templates) {
    this.templates = List.copyOf(templates);
    int count = templates.size();
    imageStarts = new int[count + 1];
    lengths = new int[count];
    holeStarts = new int[count + 1];
    var words = new ArrayList<Integer>();
    var ways = new ArrayList<int[]>();
    for (int p = 0; p < count; p++) {
      lengths[p] = templates.get(p).length();
      imageStarts[p + 1] = imageStarts[p] + aligned(lengths[p]);
    }
    images = new byte[imageStarts[count]];
    for (int p = 0; p < count; p++) {
      List<List<Integer>> wildcards = patterns.pattern(p).wildcards();
      int at = 0;
      for (Template.Piece piece : templates.get(p).pieces()) {
        switch (piece) {
          case Template.Literal(byte[] bytes) ->
              System.arraycopy(bytes, 0, images, imageStarts[p] + at, bytes.length);
          case Template.Hole(int wildcard) -> {
            words.add(at);
            words.add(path(wildcards.get(wildcard)));
            ways.add(wildcards.get(wildcard).stream().mapToInt(Integer::intValue).toArray());
          }
        }
        at += piece.length();
      }
      holeStarts[p + 1] = words.size() / 2;
    }
    holes = words.stream().mapToInt(Integer::intValue).toArray();
    paths = ways.toArray(int[][]::new);
  }

  /**
   * A set of these, one for each pattern, in the same order.
   *
   * @throws ConfigException when their number is another, a hole is of a wildcard that its pattern
   *     does not have, or they are too long together
   */
  public static TemplateSet of(PatternSet patterns, List<Template> templates) {
    if (templates.size() != patterns.size()) {
      throw new ConfigException(
          "%,d templates for %,d patterns".formatted(templates.size(), patterns.size()));
    }
    for (int p = 0; p < templates.size(); p++) {
      int bound = patterns.pattern(p).wildcards().size();
      for (Template.Piece piece : templates.get(p).pieces()) {
        if (piece instanceof Template.Hole(int wildcard) && wildcard >= bound) {
          throw new ConfigException(
              "template %d has the hole {%d}, but its pattern '%s' binds %s"
                  .formatted(
                      p,
                      wildcard,
                      patterns.pattern(p),
                      bound == 0 ? "nothing" : "0 .. " + (bound - 1)));
        }
      }
    }
    long bytes = templates.stream().mapToLong(template -> aligned(template.length())).sum();
    if (bytes > MOST_BYTES) {
      throw new ConfigException(
          "templates of %,d bytes together, expected at most %,d".formatted(bytes, MOST_BYTES));
    }
    return new TemplateSet(patterns, templates);
  }

  private static int aligned(int bytes) {
    return Math.ceilDiv(bytes, IMAGE_ALIGNMENT) * IMAGE_ALIGNMENT;
  }

  private static int path(List<Integer> children) {
    int path = children.size();
    if (!children.isEmpty()) {
      path |= children.getFirst() << FIRST_CHILD_SHIFT;
    }
    return children.size() < 2 ? path : path | children.get(1) << SECOND_CHILD_SHIFT;
  }

  public Template template(int index) {
    return templates.get(index);
  }

  /** How many holes the template of a pattern has. */
  int holes(int pattern) {
    return holeStarts[pattern + 1] - holeStarts[pattern];
  }

  /** The way to the node of one of them: which child of the match, and which of that one. */
  int[] path(int pattern, int hole) {
    return paths[holeStarts[pattern] + hole];
  }

  /** The images one behind the other, each from its {@link #imageStarts}. */
  public byte[] images() {
    return images.clone();
  }

  /** Of each image, and behind them the number of bytes of all; multiples of 16. */
  public int[] imageStarts() {
    return imageStarts.clone();
  }

  /** Bytes of an expansion of each pattern, at least 0. */
  public int[] lengths() {
    return lengths.clone();
  }

  /** The first hole of each template, and behind them how many there are. */
  public int[] holeStarts() {
    return holeStarts.clone();
  }

  /** Of each hole place and path, side by side; in ascending order of places. */
  public int[] holes() {
    return holes.clone();
  }
}
