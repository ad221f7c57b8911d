// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.ceiling.Ceiling;

/** Reading, copying and the triad in device memory, and reading again and again from the L2. */
final class MemoryPiece extends KernelPiece {
  /** Pairs of words that a block takes at a time, of ceiling.cu. */
  private static final long READ_TILE = 8 * CudaKernels.BLOCK;

  private static final long COPY_TILE = 4 * CudaKernels.BLOCK;

  private final long words;

  /** Of each position; those of {@link Ceiling#TRIAD} have a second. */
  private final DeviceBuffer[] inputs;

  private final DeviceBuffer[] seconds;
  private final DeviceBuffer[] outputs;
  private final KernelLaunch fill;
  private final KernelLaunch work;
  private final KernelLaunch check;

  MemoryPiece(CudaKernels kernels, Ceiling ceiling, ParameterValues values, Mode mode) {
    super(
        kernels,
        ceiling,
        values,
        mode,
        "bytes",
        arrays(ceiling) * values.whole("bytes"),
        arrays(ceiling),
        values.whole("bytes") / Long.BYTES,
        "word");
    long bytes = values.whole("bytes");
    words = bytes / Long.BYTES;
    try {
      inputs = arrays(separate, bytes);
      seconds = ceiling == Ceiling.TRIAD ? arrays(separate, bytes) : inputs;
      outputs = writes(ceiling) ? arrays(separate, bytes) : inputs;
      fill = fill();
      work = work();
      check = check();
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  private static int arrays(Ceiling ceiling) {
    return ceiling.inputs() + (writes(ceiling) ? 1 : 0);
  }

  private static boolean writes(Ceiling ceiling) {
    return ceiling == Ceiling.COPY || ceiling == Ceiling.TRIAD;
  }

  private KernelLaunch fill() {
    CudaFunction function =
        kernels.function(ceiling == Ceiling.TRIAD ? "ceiling_fill_doubles" : "ceiling_fill");
    return function.launch(kernels.shape(function, words), inputs[0], words, 0L);
  }

  private KernelLaunch work() {
    CudaFunction function = kernels.function("ceiling_" + name());
    long pairs = Math.ceilDiv(words, 2);
    var shape =
        switch (ceiling) {
          case READ -> kernels.shape(function, pairs, READ_TILE);
          case L2 ->
              kernels.shape(function, values.whole("passes") * Math.ceilDiv(pairs, READ_TILE), 1);
          default -> kernels.shape(function, pairs, COPY_TILE);
        };
    note("blocks", (long) shape.gridX());
    note("threadsPerBlock", (long) CudaKernels.BLOCK);
    var partial = sampleWords.partial(0);
    var answer = sampleWords.answer(0);
    return switch (ceiling) {
      case READ -> function.launch(shape, inputs[0], words, partial, answer);
      case L2 -> function.launch(shape, inputs[0], words, values.whole("passes"), partial, answer);
      case COPY -> function.launch(shape, inputs[0], outputs[0], words);
      case TRIAD -> function.launch(shape, outputs[0], inputs[0], seconds[0], words);
      default -> throw new IllegalStateException(ceiling.id());
    };
  }

  private String name() {
    return ceiling.id().substring("ceiling.".length());
  }

  private KernelLaunch check() {
    var verdict = sampleWords.verdict(0);
    return switch (ceiling) {
      case COPY -> {
        CudaFunction function = kernels.function("ceiling_check_words");
        yield function.launch(kernels.shape(function, words), outputs[0], words, 0L, verdict);
      }
      case TRIAD -> {
        CudaFunction function = kernels.function("ceiling_check_triad");
        yield function.launch(kernels.shape(function, words), outputs[0], words, 0L, 0L, verdict);
      }
      default -> {
        CudaFunction function = kernels.function("ceiling_check_read");
        long passes = ceiling == Ceiling.L2 ? values.whole("passes") : 0;
        yield function.launch(
            kernels.shape(function, words), sampleWords.answer(0), words, passes, 0L, verdict);
      }
    };
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    int array = position % separate;
    sampleWords.begin(stream, sample, position, key(sample, 0), 0);
    fill(stream, inputs[array], key(sample, 0));
    if (ceiling == Ceiling.TRIAD) {
      fill(stream, seconds[array], key(sample, 1));
    }
    if (writes(ceiling)) {
      SampleWords.poison(stream, outputs[array], sample);
    }
  }

  private void fill(CudaStream stream, DeviceBuffer array, long key) {
    fill.arguments().set(0, array);
    fill.arguments().set(2, key);
    fill.enqueue(stream);
  }

  @Override
  public void work(CudaStream stream, int position) {
    int array = position % separate;
    var arguments = work.arguments();
    switch (ceiling) {
      case COPY -> {
        arguments.set(0, inputs[array]);
        arguments.set(1, outputs[array]);
      }
      case TRIAD -> {
        arguments.set(0, outputs[array]);
        arguments.set(1, inputs[array]);
        arguments.set(2, seconds[array]);
      }
      default -> {
        int partial = ceiling == Ceiling.L2 ? 3 : 2;
        arguments.set(0, inputs[array]);
        arguments.set(partial, sampleWords.partial(position));
        arguments.set(partial + 1, sampleWords.answer(position));
      }
    }
    work.enqueue(stream);
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    var arguments = check.arguments();
    switch (ceiling) {
      case COPY -> {
        arguments.set(0, outputs[position % separate]);
        arguments.set(2, key(sample, 0));
        arguments.set(3, sampleWords.verdict(position));
      }
      case TRIAD -> {
        arguments.set(0, outputs[position % separate]);
        arguments.set(2, key(sample, 0));
        arguments.set(3, key(sample, 1));
        arguments.set(4, sampleWords.verdict(position));
      }
      default -> {
        arguments.set(0, sampleWords.answer(position));
        arguments.set(3, key(sample, 0));
        arguments.set(4, sampleWords.verdict(position));
      }
    }
    compare(stream, check, position);
  }

  @Override
  long[] answer(int position) {
    return writes(ceiling)
        ? new long[] {sampleWords.sum(position, 0), sampleWords.sum(position, 1)}
        : new long[] {sampleWords.sum(position, 0)};
  }
}
