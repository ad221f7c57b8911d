// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.LaunchShape;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.util.Map;

/**
 * {@link Launch#MAILBOX}: the host writes a token to page-locked memory which a resident kernel
 * looks into over and over, and spins until the answer lies in another line of it. Owns the kernel.
 * Confined to the context's thread.
 */
final class MailboxRun implements PreparedRun {
  private static final int WARP = 32;

  private final CudaKernels kernels;
  private final ParameterValues values;
  private final SampleKeys keys;
  private final ResidentKernel kernel;
  private long token;
  private long poison;

  /**
   * Allocates everything.
   *
   * @param kernels of launch.cu
   */
  MailboxRun(CudaKernels kernels, ParameterValues values) {
    this.kernels = kernels;
    this.values = values;
    this.keys = new SampleKeys(values.whole("seed"));
    this.kernel =
        new ResidentKernel(
            kernels.context(),
            ResidentKernel.PATIENCE_NANOS,
            box ->
                kernels
                    .function("launch_mailbox")
                    .launch(LaunchShape.of(1, WARP), box, ResidentKernel.PATIENCE_NANOS),
            (stream, launch, token) -> {});
  }

  @Override
  public void stage(long sample) {
    kernel.refresh();
    token = Words.word(keys.of(sample, 0), 0);
    poison = ~Words.mix64(token);
    kernel.poisonAnswer(poison);
    if (kernel.token() == token) { // a sample that was there before: the same token is no news
      kernel.ask(~token, poison);
      kernel.poisonAnswer(poison);
    }
  }

  @Override
  public void execute() {
    kernel.ask(token, poison);
  }

  @Override
  public boolean verify(long sample) {
    return kernel.answer() == expected(sample);
  }

  private long expected(long sample) {
    return Words.mix64(Words.word(keys.of(sample, 0), 0));
  }

  @Override
  public String mismatch(long sample) {
    return "the answer is %016x, expected %016x".formatted(kernel.answer(), expected(sample));
  }

  @Override
  public long digest() {
    return AnswerDigest.of(new long[] {kernel.answer()});
  }

  @Override
  public void rest() {
    kernel.rest();
  }

  @Override
  public Work work() {
    return Launch.MAILBOX.work(values);
  }

  @Override
  public long inputs() {
    return EACH_ITS_OWN;
  }

  @Override
  public Map<String, Object> verification() {
    return TokenPiece.verification(1.0);
  }

  @Override
  public Map<String, Object> configuration() {
    return kernels.configuration(
        Map.of("hostMemory", "page-locked, mapped", "blocks", 1L, "threadsPerBlock", (long) WARP));
  }

  @Override
  public void close() {
    kernel.close();
  }
}
