// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.utilization.UtilizationOracle;
import io.gpubench.workloads.utilization.UtilizationParameters;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import io.gpubench.workloads.words.SampleKeys;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stretch of sustained work: a launch of utilization.cu for each pass, on words that another
 * kernel makes from the keys of the sample, all compared by a third, which makes the expectation
 * from the keys again. Each position has arrays of its own. Confined to the context's thread.
 */
final class UtilizationPiece implements DevicePiece {
  private static final String ORACLE_DISAGREES =
      "the reference kernel agrees with the answer, the oracle does not";

  /** Words that a block takes at a time, of utilization.cu. */
  private static final long TILE = 4L * 4 * CudaKernels.BLOCK;

  /**
   * The queue of a device holds about 1,000 items; of a sample there are a few beside its passes.
   */
  private static final int QUEUED_AT_MOST = 800;

  private static final int BESIDE_PASSES = 12;

  /** Of this share of the samples the oracle looks at the words shown: one in so many. */
  private static final int ORACLE_SHARE = 64;

  /** The oracle sums up all words first; it does so up to so many, some 20 ms. */
  private static final long ORACLE_WORDS = 1 << 22;

  private final Closer closer = new Closer();
  private final CudaKernels kernels;
  private final UtilizationParameters setting;
  private final SampleKeys keys;
  private final LinkedHashMap<String, Object> configuration = new LinkedHashMap<>();
  private final SampleWords sampleWords;
  private final DeviceBuffer[] words;
  private final DeviceBuffer[] others;

  /** Of each position: zero, what each pass leaves, and what the check begins with. */
  private final DeviceBuffer[] sums;

  private final DeviceMemory[] firstSums;

  private final KernelLaunch fill;
  private final KernelLaunch pass;
  private final KernelLaunch checkSum;
  private final KernelLaunch check;

  /**
   * Takes memory and prepares all launches.
   *
   * @param replayed whether a graph of the passes is launched instead of each of them
   */
  UtilizationPiece(CudaKernels kernels, UtilizationParameters setting, boolean replayed) {
    this.kernels = kernels;
    this.setting = setting;
    this.keys = new SampleKeys(setting.seed());
    int positions = positions(kernels, setting, replayed);
    words = new DeviceBuffer[positions];
    others = new DeviceBuffer[positions];
    sums = new DeviceBuffer[positions];
    firstSums = new DeviceMemory[positions];
    try {
      sampleWords =
          closer.closes(
              new SampleWords(kernels.context(), kernels.function("utilization_begin"), positions));
      for (int i = 0; i < positions; i++) {
        words[i] = closer.closes(kernels.context().allocate(setting.arrayBytes()));
        others[i] = closer.closes(kernels.context().allocate(setting.arrayBytes()));
        sums[i] = closer.closes(kernels.context().allocate(placeOfFirstSum() + Integer.BYTES));
        firstSums[i] = sums[i].slice(placeOfFirstSum(), Integer.BYTES);
      }
      fill = fill();
      pass = pass();
      checkSum = checkSum();
      check = check();
      configuration.put("positions", (long) positions);
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private static int positions(
      CudaKernels kernels, UtilizationParameters setting, boolean replayed) {
    long bytes = 2 * setting.arrayBytes();
    int fitting =
        new DeviceRoom(kernels.context().freeBytes(), bytes)
            .positions("%s with bytes=%d".formatted(UtilizationWorkload.ID, bytes), "bytes", 1);
    int queued = QUEUED_AT_MOST / (setting.passes() + BESIDE_PASSES);
    return replayed ? fitting : Math.clamp(queued, 1, fitting);
  }

  private KernelLaunch fill() {
    CudaFunction function = kernels.function("utilization_fill");
    return function.launch(kernels.shape(function, setting.words()), words[0], setting.words(), 0L);
  }

  private KernelLaunch pass() {
    CudaFunction function = kernels.function("utilization_pass");
    LaunchShape shape = kernels.shape(function, setting.words(), TILE);
    configuration.put("blocks", (long) shape.gridX());
    configuration.put("threadsPerBlock", (long) CudaKernels.BLOCK);
    return function.launch(
        shape,
        words[0],
        others[0],
        setting.words(),
        setting.steps(),
        0,
        sampleWords.keys(0),
        sums[0]);
  }

  private KernelLaunch checkSum() {
    CudaFunction function = kernels.function("utilization_check_sum");
    return function.launch(
        kernels.shape(function, setting.words()), setting.words(), 0L, firstSums[0]);
  }

  private KernelLaunch check() {
    CudaFunction function = kernels.function("utilization_check");
    return function.launch(
        kernels.shape(function, setting.words()),
        words[0],
        setting.words(),
        setting.steps(),
        setting.passes(),
        0L,
        0L,
        firstSums[0],
        sampleWords.shown(0),
        sampleWords.verdict(0));
  }

  private long placeOfFirstSum() {
    return (setting.passes() + 1L) * Integer.BYTES;
  }

  private DeviceBuffer ends(int position) {
    return setting.passes() % 2 == 0 ? words[position] : others[position];
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    sampleWords.begin(stream, sample, position, keys.of(sample, 0), keys.of(sample, 1));
    sums[position].fillWordsAsync(stream, 0, setting.passes() + 2L, 0);
    fill.arguments().set(0, words[position]);
    fill.arguments().set(2, keys.of(sample, 0));
    fill.enqueue(stream);
    SampleWords.poison(stream, others[position], sample);
  }

  @Override
  public void work(CudaStream stream, int position) {
    workOn(stream, this, position);
  }

  /** Does the work of this piece on the arrays of one, which may be another for a test. */
  void workOn(CudaStream stream, UtilizationPiece of, int position) {
    var arguments = pass.arguments();
    arguments.set(5, of.sampleWords.keys(position));
    arguments.set(6, of.sums[position]);
    for (int i = 0; i < setting.passes(); i++) {
      boolean there = i % 2 == 0;
      arguments.set(0, there ? of.words[position] : of.others[position]);
      arguments.set(1, there ? of.others[position] : of.words[position]);
      arguments.set(4, i);
      pass.enqueue(stream);
    }
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    sampleWords.empty(stream, position);
    sums[position].fillWordsAsync(stream, placeOfFirstSum(), 1, 0);
    checkSum.arguments().set(1, keys.of(sample, 0));
    checkSum.arguments().set(2, firstSums[position]);
    checkSum.enqueue(stream);
    var arguments = check.arguments();
    arguments.set(0, ends(position));
    arguments.set(4, keys.of(sample, 0));
    arguments.set(5, keys.of(sample, 1));
    arguments.set(6, firstSums[position]);
    arguments.set(7, sampleWords.shown(position));
    arguments.set(8, sampleWords.verdict(position));
    check.enqueue(stream);
    sampleWords.fetch(stream, position);
  }

  @Override
  public boolean right(long sample, int position) {
    return compared(sample, position) && oracleAgrees(sample, position);
  }

  @Override
  public String mismatch(long sample, int position) {
    return compared(sample, position)
        ? ORACLE_DISAGREES
        : sampleWords.mismatch(position, keys.of(sample, 0), setting.words(), i -> "word " + i);
  }

  private boolean compared(long sample, int position) {
    return sampleWords.right(position, keys.of(sample, 0), setting.words());
  }

  /** Whether the oracle, where it is asked for this sample, gives the same words. */
  private boolean oracleAgrees(long sample, int position) {
    return Math.floorMod(keys.of(sample, 0), ORACLE_SHARE) != 0
        || setting.words() > ORACLE_WORDS
        || Arrays.equals(
            UtilizationOracle.answer(setting, setting.keys(sample)),
            sampleWords.shownWords(position));
  }

  @Override
  public long digest(int position) {
    return AnswerDigest.of(sampleWords.shownWords(position));
  }

  @Override
  public int positions() {
    return words.length;
  }

  @Override
  public PreparedRun.Work amount() {
    return setting.work();
  }

  @Override
  public Map<String, Double> demands() {
    return setting.demands(Ceiling.COPY, kernels.context().device().l2Bytes());
  }

  @Override
  public long inputs() {
    return PreparedRun.EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("freshInputs", true);
    map.put("reference", "a kernel that compares each word with what all passes come to");
    map.put("shareChecked", 1.0);
    map.put("oracle", UtilizationOracle.class.getSimpleName());
    map.put("shareCheckedByOracle", setting.words() > ORACLE_WORDS ? 0.0 : 1.0 / ORACLE_SHARE);
    return map;
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(configuration);
  }

  @Override
  public void close() {
    closer.close();
  }
}
