// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.utilization;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a device busy: a sample is a stretch of passes between two arrays in memory, with so many
 * multiply-adds of each word on the way. What the answers are is in {@link UtilizationOracle}.
 *
 * <p>Use is judged by the shares of two ceilings, of copying in memory and of 32-bit integer
 * arithmetic, since a device whose sensor says busy may still do next to nothing.
 *
 * <p>The steps are affine, so an answer does not prove that each was done ({@link
 * UtilizationReference}). The engines of gpubench itself do each of them; programs of {@code
 * configs/engines} are not asked.
 */
public final class UtilizationWorkload implements Workload {
  public static final String ID = "utilization";

  /** How many inputs rotate on the processors. */
  public static final int SLOTS = 8;

  /** Bytes that do not depend on anything: code, threads, keys, what is checked at a time. */
  private static final long FIXED_OVERHEAD = 8 << 20;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String summary() {
    return "keeps memory and arithmetic busy: passes over two arrays with multiply-adds on the way";
  }

  @Override
  public String unitOfWork() {
    return "operations";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        new Parameter.Whole(
            "bytes",
            "size of both arrays, and what a pass reads and writes; a multiple of 8",
            UtilizationParameters.BYTES_OF_WORD,
            1L << 38,
            List.of(1L << 30)),
        new Parameter.Decimal(
            "intensity",
            "multiply-adds per byte read or written; a multiple of 0.125",
            1.0 / UtilizationParameters.BYTES_OF_WORD,
            (double) UtilizationParameters.MOST_STEPS / UtilizationParameters.BYTES_OF_WORD,
            List.of(4.0)),
        new Parameter.Whole(
            "passes",
            "passes of a sample, each after all of the one before",
            1,
            UtilizationParameters.MOST_PASSES,
            List.of(64L)),
        new Parameter.Whole("seed", "seed of all inputs", 0, Long.MAX_VALUE, List.of(1L)));
  }

  @Override
  public String sizeParameter() {
    return "bytes";
  }

  @Override
  public void check(ParameterValues values) {
    UtilizationParameters.of(values);
  }

  /** {@inheritDoc} The arrays; a device says itself when it has too little. */
  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    return values.whole("bytes") + FIXED_OVERHEAD;
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    var setting = UtilizationParameters.of(values);
    return AnswerDigest.of(UtilizationOracle.answer(setting, setting.keys(sample)));
  }

  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
      throws IOException {
    var setting = UtilizationParameters.of(values);
    long[] digests = new long[SLOTS];
    long[][] keys = new long[SLOTS][];
    for (int slot = 0; slot < SLOTS; slot++) {
      keys[slot] = setting.keys(slot);
      digests[slot] = answerDigest(values, slot);
    }
    KeyFile.write(file, keys);
    return new Inputs(digests, setting.work(), verification());
  }

  /** How the inputs rotate on the processors and who checks the answers, for the record. */
  public static Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("inputsInRotation", (long) SLOTS);
    map.put("madeForEachSample", true);
    map.put("reference", "every word, by what all passes come to");
    map.put("oracle", UtilizationOracle.class.getSimpleName());
    map.put("shareChecked", 1.0);
    map.put("wordsCheckedByOracle", (long) UtilizationOracle.SHOWN);
    return map;
  }
}
