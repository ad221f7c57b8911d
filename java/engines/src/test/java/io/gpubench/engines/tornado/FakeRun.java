// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import io.gpubench.measure.spi.PreparedRun;
import java.util.Map;

/** Has sample s stage the word s + 1 and expect twice as much. */
final class FakeRun implements PreparedRun {
  private final FakeProgram program;
  boolean closed;

  FakeRun(FakeProgram program) {
    this.program = program;
  }

  @Override
  public void stage(long sample) {
    program.host = sample + 1;
  }

  @Override
  public void execute() {
    program.execute();
  }

  @Override
  public boolean verify(long sample) {
    return program.host == 2 * (sample + 1);
  }

  @Override
  public String mismatch(long sample) {
    return "it is " + program.host;
  }

  @Override
  public long digest() {
    return program.host;
  }

  @Override
  public Work work() {
    return new Work(1, 2, 3);
  }

  @Override
  public Map<String, Double> demands() {
    return Map.of("ceiling.copy", 8.0);
  }

  @Override
  public Map<String, Double> amounts() {
    return Map.of("words", 1.0);
  }

  @Override
  public long inputs() {
    return 7;
  }

  @Override
  public Map<String, Object> verification() {
    return Map.of("oracle", "FakeRun");
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("block", 1L);
  }

  @Override
  public void close() {
    closed = true;
  }
}
