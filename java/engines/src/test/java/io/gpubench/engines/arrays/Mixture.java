// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.arrays;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.workloads.arrays.ArraySet;
import io.gpubench.workloads.arrays.ArraySpec;
import io.gpubench.workloads.arrays.ArrayWorkload;
import io.gpubench.workloads.arrays.ElementType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * Every type and every role of an array, of different sizes: from a, b, c and the total t, for each
 * i, {@code t[i] += a[i]}, {@code d[i] = b[i] / 2}, and {@code e[2 i] = c[i], e[2 i + 1] = ~c[i]}.
 */
public final class Mixture extends ArrayWorkload {
  @Override
  public String id() {
    return "mixture";
  }

  @Override
  public String summary() {
    return "a bit of everything";
  }

  @Override
  public String unitOfWork() {
    return "items";
  }

  @Override
  protected List<Parameter> ownParameters() {
    return List.of(new Parameter.Whole("n", "items", 1, 1 << 20, List.of(1_000L)));
  }

  @Override
  public String sizeParameter() {
    return "n";
  }

  @Override
  public List<ArraySpec> arrays(ParameterValues values) {
    long n = values.whole("n");
    return List.of(
        ArraySpec.input("a", ElementType.INT64, n),
        ArraySpec.input("b", ElementType.FP32, n).withBits(24),
        ArraySpec.input("c", ElementType.INT32, n),
        ArraySpec.inOut("t", ElementType.INT64, n),
        ArraySpec.output("d", ElementType.FP64, n),
        ArraySpec.output("e", ElementType.INT32, 2 * n));
  }

  @Override
  public void solve(ParameterValues values, ArraySet arrays) {
    work(arrays, 0, values.whole("n"));
  }

  static void work(ArraySet arrays, long from, long end) {
    MemorySegment t = arrays.of("t");
    for (long i = from; i < end; i++) {
      long sum = t.getAtIndex(JAVA_LONG, i) + arrays.of("a").getAtIndex(JAVA_LONG, i);
      t.setAtIndex(JAVA_LONG, i, sum);
      double half = arrays.of("b").getAtIndex(JAVA_FLOAT, i) / 2.0;
      arrays.of("d").setAtIndex(JAVA_DOUBLE, i, half);
      int c = arrays.of("c").getAtIndex(JAVA_INT, i);
      arrays.of("e").setAtIndex(JAVA_INT, 2 * i, c);
      arrays.of("e").setAtIndex(JAVA_INT, 2 * i + 1, ~c);
    }
  }

  @Override
  public Work work(ParameterValues values) {
    double n = values.whole("n");
    return new Work(n, 40 * n, 0);
  }

  @Override
  public Map<String, Double> demands(ParameterValues values) {
    return Map.of("ceiling.triad", 40.0 * values.whole("n"), "ceiling.fp32", 7.0);
  }

  /** The parameter values for so many items. */
  public static ParameterValues values(long n) {
    return new ParameterValues(Map.of("n", n, "seed", 42L));
  }
}
