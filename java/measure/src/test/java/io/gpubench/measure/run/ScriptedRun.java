// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

import io.gpubench.measure.spi.PreparedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** A run on a clock of its own: staging and verification take time that no sample may contain. */
final class ScriptedRun implements PreparedRun, Timer.Clock {
  static final long STAGE_NANOS = 7_000;
  static final long VERIFY_NANOS = 11_000;

  final List<String> calls = new ArrayList<>();
  private final LongUnaryOperator durations;
  private final long wrongFrom;
  private long now = 1_000_000;

  ScriptedRun(LongUnaryOperator durations) {
    this(durations, Long.MAX_VALUE);
  }

  ScriptedRun(LongUnaryOperator durations, long wrongFrom) {
    this.durations = durations;
    this.wrongFrom = wrongFrom;
  }

  private long current;

  @Override
  public void stage(long sample) {
    record("stage " + sample);
    current = sample;
    now += STAGE_NANOS;
  }

  @Override
  public void execute() {
    record("execute");
    now += durations.applyAsLong(current);
  }

  @Override
  public boolean verify(long sample) {
    record("verify " + sample);
    now += VERIFY_NANOS;
    return sample < wrongFrom;
  }

  private void record(String call) {
    if (calls.size() < 100) {
      calls.add(call);
    }
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public String mismatch(long sample) {
    return "word 3 is 1, expected 2";
  }

  @Override
  public long digest() {
    return 0;
  }

  @Override
  public Work work() {
    return new Work(1, 1, 1);
  }

  @Override
  public long inputs() {
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return Map.of();
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of();
  }

  @Override
  public void close() {}
}
