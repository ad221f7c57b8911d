// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.arrays.ArrayDemands;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.workloads.arrays.ArrayChecksum;
import io.gpubench.workloads.arrays.ArrayRotation;
import io.gpubench.workloads.arrays.ArraySet;
import io.gpubench.workloads.arrays.ArraySpec;
import io.gpubench.workloads.arrays.ArrayWorkload;
import io.gpubench.workloads.words.Words;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plugin's kernels on arrays. Inputs are made on the device from the keys of the sample's slot;
 * the sums over the answer are compared with those of the oracle's, which were computed on the host
 * before. Some positions have arrays of their own, all have verdicts of their own. Confined to the
 * context's thread.
 */
final class ArrayPiece implements DevicePiece {
  private final Closer closer = new Closer();
  private final CudaKernels own;
  private final CudaKernels guest;
  private final ArrayWorkload workload;
  private final ParameterValues values;
  private final ArrayRotation rotation;
  private final List<ArraySpec> specs;
  private final long answerWords;
  private final ArrayChecksum[] answers = new ArrayChecksum[ArrayRotation.SLOTS];
  private final long[][] keys = new long[ArrayRotation.SLOTS][];
  private final SampleWords sampleWords;

  /** By position, of those with arrays of their own. */
  private final DeviceBuffer[][] arrays;

  private final KernelLaunch[][] work;

  /** By array. */
  private final KernelLaunch[] fill;

  private final KernelLaunch[] check;

  /**
   * Takes memory and prepares all launches.
   *
   * @param own kernels that come before and after
   * @param guest the plugin's
   */
  ArrayPiece(
      CudaKernels own,
      CudaKernels guest,
      ArrayWorkload workload,
      ParameterValues values,
      CudaArrays.Launches launches) {
    this.own = own;
    this.guest = guest;
    this.workload = workload;
    this.values = values;
    rotation = new ArrayRotation(workload, values);
    specs = rotation.specs();
    answerWords = specs.stream().filter(ArraySpec::answered).mapToLong(ArraySpec::words).sum();
    try {
      sampleWords =
          closer.closes(
              new SampleWords(own.context(), own.function("arrays_begin"), USUAL_POSITIONS));
      arrays = new DeviceBuffer[separate()][specs.size()];
      work = new KernelLaunch[arrays.length][];
      for (int position = 0; position < arrays.length; position++) {
        work[position] = launches(launches, allocate(arrays[position]));
      }
      fill = new KernelLaunch[specs.size()];
      check = new KernelLaunch[specs.size()];
      for (int i = 0; i < specs.size(); i++) {
        fill[i] = fill(i);
        check[i] = check(i);
      }
      for (int slot = 0; slot < answers.length; slot++) {
        keys[slot] = rotation.keys(slot);
        answers[slot] = rotation.answer(slot);
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
  }

  /** How many positions have arrays of their own. */
  private int separate() {
    String size = workload.sizeParameter();
    long bytes = specs.stream().mapToLong(ArraySpec::bytes).sum();
    return new DeviceRoom(own.context().freeBytes(), bytes)
        .positions(
            "%s with %s=%d".formatted(workload.id(), size, values.whole(size)),
            size,
            (double) bytes / values.whole(size));
  }

  private DeviceArrays allocate(DeviceBuffer[] ofPosition) {
    var byName = new LinkedHashMap<String, DeviceBuffer>();
    for (int i = 0; i < ofPosition.length; i++) {
      ofPosition[i] = closer.closes(own.context().allocate(specs.get(i).bytes()));
      byName.put(specs.get(i).name(), ofPosition[i]);
    }
    return new DeviceArrays(guest, byName);
  }

  private KernelLaunch[] launches(CudaArrays.Launches launches, DeviceArrays of) {
    KernelLaunch[] all = launches.of(values, of).toArray(KernelLaunch[]::new);
    if (all.length == 0) {
      throw new EngineException(workload.id() + " launches no kernel");
    }
    return all;
  }

  private KernelLaunch fill(int array) {
    ArraySpec spec = specs.get(array);
    CudaFunction function =
        own.function("arrays_fill_" + spec.type().name().toLowerCase(Locale.ROOT));
    return function.launch(
        own.shape(function, spec.elements()),
        arrays[0][array],
        spec.elements(),
        0L,
        Long.SIZE - spec.bits());
  }

  private KernelLaunch check(int array) {
    ArraySpec spec = specs.get(array);
    CudaFunction function = own.function("arrays_check");
    long before =
        specs.subList(0, array).stream()
            .filter(ArraySpec::answered)
            .mapToLong(ArraySpec::words)
            .sum();
    return function.launch(
        own.shape(function, spec.words()),
        arrays[0][array],
        spec.words(),
        before,
        0L,
        0L,
        0L,
        sampleWords.verdict(0));
  }

  @Override
  public void input(CudaStream stream, long sample, int position) {
    sampleWords.begin(stream, sample, position, 0, 0);
    DeviceBuffer[] at = arrays[position % arrays.length];
    long[] ofSlot = keys[ArrayRotation.slot(sample)];
    for (int i = 0; i < at.length; i++) {
      if (specs.get(i).given()) {
        var arguments = fill[i].arguments();
        arguments.set(0, at[i]);
        arguments.set(2, ofSlot[i]);
        fill[i].enqueue(stream);
      } else {
        SampleWords.poison(stream, at[i], sample);
      }
    }
  }

  @Override
  public void work(CudaStream stream, int position) {
    KernelLaunch[] launches = work[position % arrays.length];
    for (int i = 0; i < launches.length; i++) {
      launches[i].enqueue(stream);
    }
  }

  @Override
  public void check(CudaStream stream, long sample, int position) {
    DeviceBuffer[] at = arrays[position % arrays.length];
    ArrayChecksum right = answers[ArrayRotation.slot(sample)];
    sampleWords.empty(stream, position);
    for (int i = 0; i < at.length; i++) {
      if (specs.get(i).answered()) {
        var arguments = check[i].arguments();
        arguments.set(0, at[i]);
        arguments.set(3, tag(sample));
        arguments.set(4, right.sum());
        arguments.set(5, right.mixed());
        arguments.set(6, sampleWords.verdict(position));
        check[i].enqueue(stream);
      }
    }
    sampleWords.fetch(stream, position);
  }

  /** Names a sample in its verdict; 0 for none. */
  private static long tag(long sample) {
    return Words.mix64(sample + 1);
  }

  @Override
  public boolean right(long sample, int position) {
    return sampleWords.right(position, tag(sample), answerWords);
  }

  /**
   * {@inheritDoc} Names the first wrong element where the arrays still are as they were compared.
   */
  @Override
  public String mismatch(long sample, int position) {
    String sums = sampleWords.mismatch(position, tag(sample), answerWords, word -> "word " + word);
    DeviceBuffer[] at = arrays[position % arrays.length];
    try (var arena = Arena.ofConfined()) {
      var found = new ArraySet(specs, spec -> arena.allocate(spec.bytes(), Long.BYTES));
      for (int i = 0; i < at.length; i++) {
        at[i].download(found.of(specs.get(i).name()));
      }
      return rotation.checksum(found).equals(checksum(position))
          ? rotation.mismatch(sample, found)
          : sums;
    }
  }

  @Override
  public long digest(int position) {
    return checksum(position).digest();
  }

  /** As the device found it. */
  private ArrayChecksum checksum(int position) {
    return new ArrayChecksum(sampleWords.sum(position, 0), sampleWords.sum(position, 1));
  }

  @Override
  public int positions() {
    return USUAL_POSITIONS;
  }

  @Override
  public int separatePositions() {
    return arrays.length;
  }

  @Override
  public PreparedRun.Work amount() {
    return workload.work(values);
  }

  @Override
  public Map<String, Double> demands() {
    return ArrayDemands.of(workload, values, own.context().device().l2Bytes());
  }

  @Override
  public long inputs() {
    return ArrayRotation.SLOTS;
  }

  @Override
  public Map<String, Object> verification() {
    return rotation.verification();
  }

  @Override
  public Map<String, Object> configuration() {
    var shapes = new ArrayList<Object>();
    for (KernelLaunch launch : work[0]) {
      shapes.add(launch.toString());
    }
    return guest.configuration(Map.of("launches", shapes));
  }

  @Override
  public void close() {
    closer.close();
  }
}
