// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The smallest kernels: one that does nothing, one that stores a token, or several in a row that
 * each replace it. Of one that does nothing there is nothing to be seen. Confined to the context's
 * thread.
 */
final class TokenPiece implements DevicePiece {
  /** Each has a graph, which may have 1,000 nodes. */
  private static final int POSITIONS_OF_GRAPHS = 8;

  private static final int WARP = 32;

  private final CudaKernels kernels;
  private final Closer closer = new Closer();
  private final Launch launch;
  private final ParameterValues values;
  private final boolean silent;
  private final int nodes;
  private final SampleKeys keys;
  private final SampleWords sampleWords;
  private final KernelLaunch token;
  private final KernelLaunch work;
  private final KernelLaunch check;

  /**
   * Allocates everything.
   *
   * @param kernels of launch.cu
   * @param launch {@link Launch#EMPTY} or {@link Launch#GRAPH}
   */
  TokenPiece(CudaKernels kernels, Launch launch, ParameterValues values) {
    this.kernels = kernels;
    this.launch = launch;
    this.values = values;
    silent = launch == Launch.EMPTY && values.choice("work").equals("none");
    nodes = launch == Launch.GRAPH ? Math.toIntExact(values.whole("nodes")) : 1;
    keys = new SampleKeys(values.whole("seed"));
    var shape = LaunchShape.of(1, WARP);
    try {
      sampleWords =
          closer.closes(
              new SampleWords(kernels.context(), kernels.function("launch_begin"), positions()));
      token = kernels.function("launch_token").launch(shape, sampleWords.answer(0), 0L);
      if (launch == Launch.GRAPH) {
        work = kernels.function("launch_step").launch(shape, sampleWords.answer(0));
      } else if (silent) {
        work = kernels.function("launch_empty").launch(shape);
      } else {
        CudaFunction touch = kernels.function("launch_touch");
        work = touch.launch(shape, sampleWords.keys(0), sampleWords.answer(0));
      }
      long steps = launch == Launch.GRAPH ? nodes : 0;
      check =
          kernels
              .function("launch_check")
              .launch(shape, sampleWords.answer(0), steps, 0L, sampleWords.verdict(0));
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private long key(long sample) {
    return keys.of(sample, 0);
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    sampleWords.begin(stream, sample, position, key(sample), 0);
    if (launch == Launch.GRAPH) {
      token.arguments().set(0, sampleWords.answer(position));
      token.arguments().set(1, key(sample));
      token.enqueue(stream);
    }
  }

  @Override
  public void work(CudaStream stream, int position) {
    if (launch == Launch.GRAPH) {
      work.arguments().set(0, sampleWords.answer(position));
    } else if (!silent) {
      work.arguments().set(0, sampleWords.keys(position));
      work.arguments().set(1, sampleWords.answer(position));
    }
    for (int node = 0; node < nodes; node++) {
      work.enqueue(stream);
    }
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    check.arguments().set(0, sampleWords.answer(position));
    check.arguments().set(2, key(sample));
    check.arguments().set(3, sampleWords.verdict(position));
    sampleWords.empty(stream, position);
    check.enqueue(stream);
    sampleWords.fetch(stream, position);
  }

  @Override
  public boolean right(long sample, int position) {
    return silent || (sampleWords.right(position, key(sample), 1) && found(sample, position));
  }

  /** Whether it is what the host makes of the key. */
  private boolean found(long sample, int position) {
    return sampleWords.sum(position, 0) == expected(sample);
  }

  private long expected(long sample) {
    long word = Words.word(key(sample), 0);
    for (int node = 0; launch == Launch.GRAPH && node < nodes; node++) {
      word = Words.mix64(word);
    }
    return word;
  }

  @Override
  public String mismatch(long sample, int position) {
    return "the word is %016x, expected %016x"
        .formatted(sampleWords.sum(position, 0), expected(sample));
  }

  @Override
  public long digest(int position) {
    return AnswerDigest.of(silent ? new long[0] : new long[] {sampleWords.sum(position, 0)});
  }

  @Override
  public int positions() {
    return launch == Launch.GRAPH ? POSITIONS_OF_GRAPHS : USUAL_POSITIONS;
  }

  @Override
  public boolean answers() {
    return !silent;
  }

  @Override
  public PreparedRun.Work amount() {
    return launch.work(values);
  }

  @Override
  public long inputs() {
    return PreparedRun.EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return verification(silent ? 0.0 : 1.0);
  }

  /** For the record, where such a share of the answers is checked. */
  static Map<String, Object> verification(double share) {
    var map = new LinkedHashMap<String, Object>();
    map.put("freshInputs", true);
    map.put("shareChecked", share);
    map.put("oracle", Launch.class.getSimpleName());
    map.put("shareCheckedByOracle", share);
    return map;
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(Map.of("blocks", 1L, "threadsPerBlock", (long) WARP));
  }

  @Override
  public void close() {
    closer.close();
  }
}
