// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.MappedBuffer;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.PreparedRun;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** The simplest piece: words that the sample gives are copied within the device. */
class WordsPiece implements DevicePiece {
  static final int WORDS = 256;
  private static final long BYTES = Long.BYTES * WORDS;

  final CudaContext context;
  final DeviceBuffer in;
  final DeviceBuffer out;
  final DeviceBuffer right;
  private final Closer closer = new Closer();
  private final MappedBuffer verdicts;
  private final TimingKernels.Judge judge;
  private final int positions;
  boolean closed;

  WordsPiece(TimingKernels kernels, int positions) {
    context = kernels.context();
    this.positions = positions;
    in = closer.closes(context.allocate(BYTES * positions));
    out = closer.closes(context.allocate(BYTES * positions));
    right = closer.closes(context.allocate(BYTES * positions));
    verdicts = closer.closes(context.allocateMapped((long) Long.BYTES * positions));
    judge = kernels.judge(out, right, WORDS, verdicts.onDevice());
  }

  private static int word(long sample) {
    return (int) (sample * 0x9E3779B9L) & Integer.MAX_VALUE;
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    in.fillWordsAsync(stream, BYTES * position, 2 * WORDS, word(sample));
    poison(stream, sample, position);
    verdicts.segment().setAtIndex(ValueLayout.JAVA_LONG, position, TimingKernels.Judge.NONE);
  }

  void poison(CudaStream stream, long sample, int position) {
    out.fillWordsAsync(stream, BYTES * position, 2 * WORDS, ~word(sample));
  }

  @Override
  public void work(CudaStream stream, int position) {
    out.copyAsync(stream, BYTES * position, in, BYTES * position, BYTES);
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    right.fillWordsAsync(stream, BYTES * position, 2 * WORDS, word(sample));
    judge.enqueue(stream, (long) WORDS * position, (long) WORDS * position, position);
  }

  @Override
  public boolean right(long sample, int position) {
    return verdicts.segment().getAtIndex(ValueLayout.JAVA_LONG, position) == 0;
  }

  @Override
  public String mismatch(long sample, int position) {
    return verdicts.segment().getAtIndex(ValueLayout.JAVA_LONG, position) + " words are wrong";
  }

  @Override
  public long digest(int position) {
    try (var arena = Arena.ofConfined()) {
      var words = arena.allocate(BYTES, Long.BYTES);
      out.slice(BYTES * position, BYTES).download(words);
      return AnswerDigest.of(words.toArray(ValueLayout.JAVA_LONG));
    }
  }

  @Override
  public int positions() {
    return positions;
  }

  @Override
  public PreparedRun.Work amount() {
    return new PreparedRun.Work(WORDS, 2 * BYTES, 0);
  }

  @Override
  public Map<String, Double> demands() {
    return Map.of("ceiling.copy", 2.0 * BYTES);
  }

  @Override
  public long inputs() {
    return PreparedRun.EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return Map.of("shareChecked", 1.0);
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of();
  }

  @Override
  public void close() {
    closed = true;
    closer.close();
  }
}
