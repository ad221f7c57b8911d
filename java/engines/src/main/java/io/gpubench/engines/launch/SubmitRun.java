// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.launch;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@link Launch#FFM} on any engine: the loop in Java is the sample, the same loop in C its
 * baseline. Before each, the counter is set to the token of the sample; afterwards it has to be
 * greater by the number of calls, so that no call can be left out.
 *
 * <p>Owns its loops and closes them. Used by the thread that measures.
 */
public final class SubmitRun implements PreparedRun.Paired {
  private final SubmitLoops loops;
  private final ParameterValues values;
  private final long calls;
  private final SampleKeys key;

  public SubmitRun(ParameterValues values, SubmitLoops loops) {
    this.loops = loops;
    this.values = values;
    this.calls = values.whole("calls");
    this.key = new SampleKeys(values.whole("seed"));
  }

  private long token(long sample) {
    return Words.word(key.of(sample, 0), 0);
  }

  @Override
  public void stage(long sample) {
    loops.reset(token(sample));
  }

  @Override
  public void execute() {
    loops.fromJava(calls);
  }

  @Override
  public void executeBaseline() {
    loops.fromC(calls);
  }

  @Override
  public boolean verify(long sample) {
    return loops.count() == token(sample) + calls;
  }

  @Override
  public boolean verifyBaseline(long sample) {
    return verify(sample);
  }

  @Override
  public String mismatch(long sample) {
    return "%d calls were made, expected %d".formatted(loops.count() - token(sample), calls);
  }

  @Override
  public long digest() {
    return AnswerDigest.of(new long[] {loops.count()});
  }

  @Override
  public Work work() {
    return Launch.FFM.work(values);
  }

  @Override
  public long inputs() {
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("freshInputs", true);
    map.put("oracle", Launch.class.getSimpleName());
    map.put("shareChecked", 1.0);
    return map;
  }

  @Override
  public Map<String, Object> configuration() {
    return loops.configuration();
  }

  @Override
  public void close() {
    loops.close();
  }
}
