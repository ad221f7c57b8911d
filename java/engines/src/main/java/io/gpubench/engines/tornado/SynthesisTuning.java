// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.engines.synthesis.SynthesisAdapter;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.synthesis.Synthesis;
import io.gpubench.workloads.synthesis.SynthesisParameters;
import java.util.List;

/**
 * How the kernels of the synthesis are launched. None of it changes an answer.
 *
 * @param api {@link TornadoPlan#KERNEL} or {@link TornadoPlan#LOOP}
 * @param block threads of a group; 1 with loops, whose groups TornadoVM makes
 * @param words whether a thread writes words of the text, or matches byte by byte
 */
public record SynthesisTuning(String api, int block, boolean words) {
  /** A thread makes eight bytes of the text at a time, whatever matches they are of. */
  public static final String WORDS = "words";

  /** A thread takes a match and stores its expansion byte by byte. */
  public static final String BYTES = "bytes";

  private static final String VARIANT = "variant";
  private static final String BLOCK = "block";
  private static final int DEVICE_BLOCK = 256;

  private static final Parameter BLOCK_CHOICE =
      new Parameter.Whole(BLOCK, "threads of a group, with api=kernel", 1, 1024, List.of());

  private static final Parameter VARIANT_CHOICE =
      new Parameter.Choice(
          VARIANT,
          "whether a thread writes words of the text, or the bytes of a match",
          List.of(WORDS, BYTES),
          List.of());

  /** The tuning parameters of matching or expanding. */
  static List<Parameter> parameters(Synthesis form) {
    return List.of(
        TornadoPlan.API_CHOICE,
        BLOCK_CHOICE,
        form == Synthesis.MATCH ? SynthesisAdapter.CHOICE : VARIANT_CHOICE);
  }

  /**
   * What these values say, and where they say nothing what is best on such a device.
   *
   * @param processors whether the device is the processors of this machine
   */
  public static SynthesisTuning of(ParameterValues values, boolean processors) {
    String api = values.choice(TornadoPlan.API, TornadoPlan.KERNEL);
    int usual = processors || api.equals(TornadoPlan.LOOP) ? 1 : DEVICE_BLOCK;
    return new SynthesisTuning(
        api,
        (int) values.whole(BLOCK, usual),
        values.choice(VARIANT, processors ? BYTES : WORDS).equals(WORDS));
  }

  /** Whether kernels are annotated loops. */
  public boolean loop() {
    return api.equals(TornadoPlan.LOOP);
  }

  /**
   * Checks what no single parameter can tell.
   *
   * @throws ConfigException when a block is given for loops, or matches are to be listed
   */
  static void check(Synthesis form, ParameterValues values) {
    if (form == Synthesis.MATCH && SynthesisParameters.of(form, values).listed()) {
      throw new ConfigException(
          "output=list is not for TornadoVM, which counts matches: leave it out");
    }
    if (values.has(BLOCK) && of(values, true).loop()) {
      throw new ConfigException(
          "%s=%d is of api=kernel; with api=loop TornadoVM makes the groups"
              .formatted(BLOCK, values.whole(BLOCK)));
    }
  }
}
