// SPDX-License-Identifier: Apache-2.0
package example.saxpy;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

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

/** y = a x + y in single precision, of BLAS. With 20 random bits in x and y and a = 3 it is exact. */
public final class Saxpy extends ArrayWorkload {
  /** The factor. */
  static final float A = 3;

  @Override
  public String id() {
    return "saxpy";
  }

  @Override
  public String summary() {
    return "y = 3 x + y in single precision";
  }

  @Override
  public String unitOfWork() {
    return "elements";
  }

  @Override
  protected List<Parameter> ownParameters() {
    return List.of(
        new Parameter.Whole("n", "elements of x and y", 1, 1L << 34, List.of(1L << 22)));
  }

  @Override
  public String sizeParameter() {
    return "n";
  }

  @Override
  public List<ArraySpec> arrays(ParameterValues values) {
    long n = values.whole("n");
    return List.of(
        ArraySpec.input("x", ElementType.FP32, n), ArraySpec.inOut("y", ElementType.FP32, n));
  }

  @Override
  public void solve(ParameterValues values, ArraySet arrays) {
    MemorySegment x = arrays.of("x");
    MemorySegment y = arrays.of("y");
    for (long i = 0; i < values.whole("n"); i++) {
      float sum = A * x.getAtIndex(JAVA_FLOAT, i) + y.getAtIndex(JAVA_FLOAT, i);
      y.setAtIndex(JAVA_FLOAT, i, sum);
    }
  }

  /** Reads x and y, writes y. */
  @Override
  public Work work(ParameterValues values) {
    double n = values.whole("n");
    return new Work(n, 12 * n, 0);
  }

  @Override
  public Map<String, Double> demands(ParameterValues values) {
    return Map.of("ceiling.triad", work(values).bytes());
  }
}
