// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The answer to an input is the input, a word of 64 bits; there are {@value #SLOTS} of them. */
class WordsWorkload implements Workload {
  static final int SLOTS = 7;
  static final ParameterValues VALUES = new ParameterValues(Map.of("size", 1L));

  /** The right answer to a sample. */
  static long answer(long sample) {
    return (sample % SLOTS + 1) * 0x9e3779b97f4a7c15L;
  }

  /** Its digest, as it is written. */
  static String digest(long sample) {
    return AnswerDigest.text(AnswerDigest.of(new long[] {answer(sample)}));
  }

  @Override
  public String id() {
    return "words";
  }

  @Override
  public String summary() {
    return "copies a word";
  }

  @Override
  public String unitOfWork() {
    return "words";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter.Whole("size", "how many", 1, 9, List.of(1L)));
  }

  @Override
  public String sizeParameter() {
    return "size";
  }

  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    return 8 * SLOTS;
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    return AnswerDigest.of(new long[] {answer(sample)});
  }

  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
      throws IOException {
    ByteBuffer words = ByteBuffer.allocate(8 * SLOTS).order(ByteOrder.LITTLE_ENDIAN);
    long[] digests = new long[SLOTS];
    for (int slot = 0; slot < SLOTS; slot++) {
      words.putLong(answer(slot));
      digests[slot] = answerDigest(values, slot);
    }
    Files.write(file, words.array());
    return new Inputs(digests, new PreparedRun.Work(1, 8, 10), Map.of("slots", SLOTS));
  }
}
