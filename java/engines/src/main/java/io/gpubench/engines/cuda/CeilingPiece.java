// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingOracle;
import io.gpubench.workloads.words.SampleKeys;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A ceiling of the device: the kernels of ceiling.cu on input that another of them makes from the
 * keys of a sample, compared word by word by a third, which makes the expectation from the keys
 * again. Some positions have arrays of their own, all have keys and verdicts of their own. Confined
 * to the context's thread.
 */
abstract class CeilingPiece implements DevicePiece {
  static final String ORACLE_DISAGREES =
      "the reference kernel agrees with the answer, the oracle does not";

  /** Of this share of the samples the oracle looks at the answer too: one in so many. */
  private static final int ORACLE_SHARE = 64;

  /** The oracle looks at no answer that takes it more steps than this, about 20 ms. */
  private static final double ORACLE_STEPS = 1 << 22;

  final Closer closer = new Closer();
  final CudaKernels kernels;
  final Ceiling ceiling;
  final ParameterValues values;
  private final boolean hot;
  private final SampleKeys keys;
  private final LinkedHashMap<String, Object> configuration = new LinkedHashMap<>();

  CeilingPiece(CudaKernels kernels, Ceiling ceiling, ParameterValues values, Mode mode) {
    this.kernels = kernels;
    this.ceiling = ceiling;
    this.values = values;
    this.hot = mode.cache() == Mode.Cache.HOT;
    this.keys = new SampleKeys(values.whole("seed"));
  }

  /** The key of a stream of a sample. */
  final long key(long sample, int stream) {
    return keys.of(sample, stream);
  }

  /** Arrays for so many positions. */
  final DeviceBuffer[] arrays(int count, long bytes) {
    var arrays = new DeviceBuffer[count];
    for (int i = 0; i < count; i++) {
      arrays[i] = closer.closes(kernels.context().allocate(bytes));
    }
    return arrays;
  }

  /** One more thing for the record. */
  final void note(String key, Object value) {
    configuration.put(key, value);
  }

  /** How many positions have arrays of their own. */
  final int separate(long bytesOfPosition, String parameter, double bytesOfUnit) {
    return new DeviceRoom(kernels.context().freeBytes(), bytesOfPosition)
        .positions(
            "%s with %s=%d".formatted(ceiling.id(), parameter, values.whole(parameter)),
            parameter,
            bytesOfUnit);
  }

  @Override
  public final int positions() {
    return USUAL_POSITIONS;
  }

  @Override
  public final PreparedRun.Work amount() {
    return ceiling.work(values);
  }

  /**
   * {@inheritDoc} Itself, of memory less what the cache holds: of the input, where that was written
   * just before, and of the output, which it need not have written back at the end.
   */
  @Override
  public final Map<String, Double> demands() {
    boolean cached = ceiling.ofMemory() && (hot || ceiling.outputBytes(values) > Long.BYTES);
    double least = amount().units() - (cached ? kernels.context().device().l2Bytes() : 0);
    return least > 0 ? Map.of(ceiling.id(), least) : Map.of();
  }

  /** The words of the answer that the device gave at a position. */
  abstract long[] answer(int position);

  @Override
  public final long digest(int position) {
    return AnswerDigest.of(answer(position));
  }

  /** Whether the oracle, where it is asked for this sample, gives the same answer. */
  final boolean oracleAgrees(long sample, int position) {
    if (Math.floorMod(key(sample, 0), ORACLE_SHARE) != 0 || oracleSteps() > ORACLE_STEPS) {
      return true;
    }
    long[] sampleKeys = new long[ceiling.streams()];
    for (int stream = 0; stream < sampleKeys.length; stream++) {
      sampleKeys[stream] = key(sample, stream);
    }
    return Arrays.equals(CeilingOracle.answer(ceiling, values, sampleKeys), answer(position));
  }

  /** About how many words or steps the oracle computes for an answer. */
  private double oracleSteps() {
    return switch (ceiling) {
      case FP32, INT32 -> (double) SampleWords.SHOWN * values.whole("steps");
      case ATOMIC -> values.whole("operations");
      default -> amount().units() / Long.BYTES;
    };
  }

  @Override
  public final long inputs() {
    return PreparedRun.EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("freshInputs", true);
    map.put("reference", "a kernel that compares each word with what the key gives");
    map.put("shareChecked", 1.0);
    map.put("oracle", CeilingOracle.class.getSimpleName());
    map.put("shareCheckedByOracle", oracleSteps() > ORACLE_STEPS ? 0.0 : 1.0 / ORACLE_SHARE);
    return map;
  }

  @Override
  public final Map<String, Object> configuration() {
    return kernels.configuration(configuration);
  }

  @Override
  public final void close() {
    closer.close();
  }
}
