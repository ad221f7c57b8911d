// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.launch;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.KeyFile;
import io.gpubench.workloads.words.SampleKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The workload that measures one kind of {@link Launch}. */
public final class LaunchWorkload implements Workload {
  /** Inputs for an engine in a process of its own. */
  static final int SLOTS = 64;

  /** Bytes that do not depend on anything: code, threads, tokens. */
  private static final long FIXED_OVERHEAD = 8 << 20;

  private final Launch launch;

  public LaunchWorkload(Launch launch) {
    this.launch = launch;
  }

  /** One for each kind of launch. */
  public static List<Workload> all() {
    return Arrays.stream(Launch.values()).<Workload>map(LaunchWorkload::new).toList();
  }

  public Launch launch() {
    return launch;
  }

  @Override
  public String id() {
    return launch.id();
  }

  @Override
  public String summary() {
    return launch.summary();
  }

  @Override
  public String unitOfWork() {
    return launch.unitOfWork();
  }

  @Override
  public List<Parameter> parameters() {
    return launch.parameters();
  }

  @Override
  public String sizeParameter() {
    return launch.sizeParameter();
  }

  @Override
  public void check(ParameterValues values) {
    launch.check(values);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Source and target of a copy, of which there are several where they are small.
   */
  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    return FIXED_OVERHEAD + (launch == Launch.COPY ? 2 * values.whole("bytes") : 0);
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    return AnswerDigest.of(launch.answer(values, key(values, sample)));
  }

  private static long key(ParameterValues values, long sample) {
    return new SampleKeys(values.whole("seed")).of(sample, 0);
  }

  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
      throws IOException {
    long[] digests = new long[SLOTS];
    long[][] keys = new long[SLOTS][];
    for (int slot = 0; slot < SLOTS; slot++) {
      keys[slot] = new long[] {key(values, slot)};
      digests[slot] = answerDigest(values, slot);
    }
    KeyFile.write(file, keys);
    return new Inputs(digests, launch.work(values), verification());
  }

  /** How the inputs rotate and who checks the answers, for the record. */
  private static Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("inputsInRotation", (long) SLOTS);
    map.put("oracle", Launch.class.getSimpleName());
    map.put("shareChecked", 1.0);
    return map;
  }
}
