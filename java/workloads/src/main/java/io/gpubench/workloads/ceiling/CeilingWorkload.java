// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.ceiling;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The workload that measures one {@link Ceiling}. */
public final class CeilingWorkload implements Workload {
  /** Bytes that do not depend on anything: code, threads, keys, what is checked at a time. */
  private static final long FIXED_OVERHEAD = 8 << 20;

  private final Ceiling ceiling;

  public CeilingWorkload(Ceiling ceiling) {
    this.ceiling = ceiling;
  }

  /** One for each ceiling. */
  public static List<Workload> all() {
    return Arrays.stream(Ceiling.values()).<Workload>map(CeilingWorkload::new).toList();
  }

  public Ceiling ceiling() {
    return ceiling;
  }

  @Override
  public String id() {
    return ceiling.id();
  }

  @Override
  public String summary() {
    return ceiling.summary();
  }

  @Override
  public String unitOfWork() {
    return ceiling.unitOfWork();
  }

  @Override
  public List<Parameter> parameters() {
    return ceiling.parameters();
  }

  @Override
  public String sizeParameter() {
    return ceiling.sizeParameter();
  }

  @Override
  public void check(ParameterValues values) {
    ceiling.check(values);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Counts main memory: the inputs in rotation and two outputs (the engine's, the oracle's). A
   * device says itself when it has too little; {@link Ceiling#READ} and {@link Ceiling#COPY} only
   * use a device's memory, and the links pinned memory for four buffers each way.
   */
  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    double bytes =
        switch (ceiling) {
          case READ, COPY -> 0;
          case H2D, D2H, BIDIR -> 4.0 * ceiling.streams() * values.whole("bytes");
          default ->
              CeilingRotation.mostBytes(ceiling, values, facts) + 2.0 * ceiling.outputBytes(values);
        };
    return (long) Math.ceil(bytes) + FIXED_OVERHEAD;
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    return AnswerDigest.of(
        CeilingOracle.answer(ceiling, values, CeilingRotation.keys(ceiling, values, sample)));
  }

  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
      throws IOException {
    var rotation = new CeilingRotation(ceiling, values, facts);
    long[] digests = new long[rotation.slots()];
    long[][] keys = new long[digests.length][];
    for (int slot = 0; slot < digests.length; slot++) {
      keys[slot] = rotation.keys(slot);
      digests[slot] = AnswerDigest.of(CeilingOracle.answer(ceiling, values, keys[slot]));
    }
    KeyFile.write(file, keys);
    return new Inputs(digests, ceiling.work(values), rotation.verification());
  }
}
