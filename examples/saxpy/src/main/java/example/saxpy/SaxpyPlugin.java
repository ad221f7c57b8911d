// SPDX-License-Identifier: Apache-2.0
package example.saxpy;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.arrays.NativeCode;
import io.gpubench.engines.arrays.ProcessorArrays;
import io.gpubench.engines.arrays.RangeKernel.Ranges;
import io.gpubench.engines.cuda.CudaArrays;
import io.gpubench.engines.cuda.DeviceArrays;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Plugin;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.arrays.ArraySet;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** SAXPY in Java, in C and in CUDA. */
@Plugin.BuiltFor(Plugin.API)
public final class SaxpyPlugin implements Plugin {
  private static final NativeCode C = new NativeCode(SaxpyPlugin.class, "libsaxpy.so");

  @Override
  public List<Workload> workloads() {
    return List.of(new Saxpy());
  }

  @Override
  public List<Adapter> adapters() {
    return List.of(
        new ProcessorArrays("java", "saxpy", SaxpyPlugin::java),
        new ProcessorArrays("host", "saxpy", SaxpyPlugin::c),
        new CudaArrays("saxpy", SaxpyPlugin.class, "saxpy.cu", SaxpyPlugin::cuda));
  }

  private static Ranges java(ParameterValues values, ArraySet arrays) {
    MemorySegment x = arrays.of("x");
    MemorySegment y = arrays.of("y");
    return (from, end) -> {
      for (long i = from; i < end; i++) {
        float sum = Saxpy.A * x.getAtIndex(JAVA_FLOAT, i) + y.getAtIndex(JAVA_FLOAT, i);
        y.setAtIndex(JAVA_FLOAT, i, sum);
      }
    };
  }

  private static Ranges c(ParameterValues values, ArraySet arrays) {
    MemorySegment x = arrays.of("x");
    MemorySegment y = arrays.of("y");
    var type = FunctionDescriptor.ofVoid(JAVA_FLOAT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
    MethodHandle function = C.function("saxpy", type);
    return (from, end) -> {
      function.invokeExact(Saxpy.A, x, y, from, end);
    };
  }

  private static List<KernelLaunch> cuda(ParameterValues values, DeviceArrays arrays) {
    long n = values.whole("n");
    return List.of(
        arrays
            .function("saxpy")
            .launch(
                arrays.covering(n, 4 * 256, 256), n, Saxpy.A, arrays.of("x"), arrays.of("y")));
  }
}
