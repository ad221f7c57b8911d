// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

/**
 * What a jar adds to gpubench: workloads, ways to run workloads on the engines that are there, and
 * engines. An implementation is a public class with a public constructor that takes nothing, says
 * by {@link BuiltFor} for which version of this API it was compiled, and is named in the jar's
 * {@code META-INF/services/io.gpubench.measure.spi.Plugin}, where {@link java.util.ServiceLoader}
 * finds it.
 *
 * <p>It is made once in each process, also in every worker, so whatever takes time is better left
 * to {@link Engine#open} and {@link Session#prepare}. Each method is called once. Ids that somebody
 * else has taken, and whatever one of these methods throws, leave the whole plugin out, with one
 * line that says so; all others are unaffected.
 */
public interface Plugin {
  /**
   * The version of what plugins are compiled against: this package, {@code
   * io.gpubench.workloads.arrays}, {@code RangeKernel}, {@code ProcessorArrays} and {@code
   * NativeCode} of {@code io.gpubench.engines.arrays}, {@code CudaArrays} and {@code DeviceArrays}
   * of {@code io.gpubench.engines.cuda}, and what these take and give. It grows when a plugin has
   * to be changed or compiled anew.
   */
  int API = 1;

  /** Workloads with ids of their own. */
  default List<Workload> workloads() {
    return List.of();
  }

  /** How our own engines run workloads, of this plugin or of others. */
  default List<Adapter> adapters() {
    return List.of();
  }

  /** Engines with ids of their own. */
  default List<Engine> engines() {
    return List.of();
  }

  /**
   * The version of the API that a plugin was compiled against. Write {@code BuiltFor(Plugin.API)}:
   * the compiler puts in the number, so it is that of the build, and it can be read before any code
   * of the plugin runs.
   */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface BuiltFor {
    /** {@link Plugin#API} as it was when the plugin was compiled. */
    int value();
  }
}
