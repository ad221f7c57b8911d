// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import java.util.List;

/**
 * How TornadoVM's kernels of consensus are launched. None of it changes an answer. Immutable.
 *
 * @param loop whether the kernels are annotated loops, whose groups TornadoVM chooses
 * @param launches of a round: 1, by a single group of threads, or 3
 * @param block threads of a group, a multiple of 64
 * @param groups of the kernels that have several
 */
public record TornadoConsensusTuning(boolean loop, int launches, int block, int groups) {
  /** A thread of each group makes a word of a bitmap. */
  private static final int WORD = Long.SIZE;

  /** From here on two more launches cost less than the threads of one group lack. */
  private static final int MESSAGES_OF_ONE_GROUP = 2048;

  /** On processors a thread takes a group at a time, and what a group keeps fits its cache. */
  private static final int BLOCK_OF_PROCESSORS = 64;

  private static final int BLOCK_OF_GPU = 128;

  /** Each has up to 128 registers then; a kernel that takes more cannot be launched. */
  private static final int BLOCK_OF_ONE_GROUP_OF_GPU = 512;

  private static final int GROUPS_OF_UNIT_OF_GPU = 8;

  private static final String VARIANT = "variant";
  private static final String GROUP = "group";
  private static final String GRID = "grid";
  private static final String BLOCK = "block";
  private static final String GROUPS = "groups";

  /** What a user can set. */
  static List<Parameter> parameters() {
    return List.of(
        TornadoPlan.API_CHOICE,
        new Parameter.Choice(
            VARIANT,
            "one launch of a single group of threads, or three of many (api=kernel)",
            List.of(GROUP, GRID),
            List.of()),
        new Parameter.Whole(
            BLOCK, "threads of a group, a multiple of 64 (api=kernel)", WORD, 1024, List.of()),
        new Parameter.Whole(
            GROUPS, "groups of threads (variant=grid)", 1, (1 << 16) - 1, List.of()));
  }

  /**
   * What a device is like.
   *
   * @param processors whether it is the processors
   * @param units of it that work at a time, at least 1
   * @param maxBlock threads of a group at most
   */
  public record Shape(boolean processors, int units, int maxBlock) {}

  /**
   * What these values say, and where they say nothing the engine's own choice.
   *
   * @param messages of the largest round
   */
  public static TornadoConsensusTuning of(ParameterValues values, Shape shape, int messages) {
    boolean loop = loop(values);
    boolean one =
        !loop
            && values
                .choice(
                    VARIANT, messages > MESSAGES_OF_ONE_GROUP || values.has(GROUPS) ? GRID : GROUP)
                .equals(GROUP);
    int own =
        shape.processors ? BLOCK_OF_PROCESSORS : one ? BLOCK_OF_ONE_GROUP_OF_GPU : BLOCK_OF_GPU;
    int block = (int) values.whole(BLOCK, Math.min(own, shape.maxBlock / WORD * WORD));
    int most = shape.units * (shape.processors ? 1 : GROUPS_OF_UNIT_OF_GPU);
    int groups =
        one ? 1 : (int) values.whole(GROUPS, Math.clamp(Math.ceilDiv(messages, block), 1, most));
    return new TornadoConsensusTuning(loop, one ? 1 : 3, block, groups);
  }

  private static boolean loop(ParameterValues values) {
    return values.choice(TornadoPlan.API, TornadoPlan.KERNEL).equals(TornadoPlan.LOOP);
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException one line with what fits
   */
  static void check(ParameterValues values) {
    for (String name : List.of(VARIANT, BLOCK, GROUPS)) {
      if (loop(values) && values.has(name)) {
        throw new ConfigException(
            "%s is for api=kernel: of loops TornadoVM chooses the threads".formatted(name));
      }
    }
    long block = values.whole(BLOCK, WORD);
    if (block % WORD != 0) {
      throw new ConfigException(
          "block=%d is not a multiple of %d: %d and %d are"
              .formatted(block, WORD, block / WORD * WORD, Math.ceilDiv(block, WORD) * WORD));
    }
    if (values.has(GROUPS) && values.choice(VARIANT, GRID).equals(GROUP)) {
      throw new ConfigException(
          "variant=group has one group of threads, not groups=%d: variant=grid has"
              .formatted(values.whole(GROUPS)));
    }
  }
}
