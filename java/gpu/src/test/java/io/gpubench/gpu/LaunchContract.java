// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.LifecycleException.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Modules, kernels and their launches. */
abstract class LaunchContract extends CudaContract {
  private static final int COUNT = 1000;

  private CudaStream stream;
  CudaModule module;
  MappedBuffer numbers;

  LaunchContract(Supplier<CudaDriver> open) {
    super(open);
  }

  @BeforeEach
  void load() {
    byte[] image = Probe.image(context.device().computeCapability());
    stream = context.newStream();
    module = context.loadModule("probe.cu", image);
    numbers = context.allocateMapped(COUNT * Integer.BYTES);
    put(numbers.segment(), ramp(COUNT));
  }

  @AfterEach
  void unload() {
    if (numbers != null) {
      numbers.close();
      module.close();
      stream.close();
    }
  }

  private KernelLaunch affine(int factor, int summand) {
    return module
        .function("affine")
        .launch(LaunchShape.of(4, 256), numbers.onDevice(), COUNT, factor, summand);
  }

  private int[] afterwards() {
    stream.synchronize();
    return ints(numbers.segment());
  }

  @Test
  void launchesRunInOrder() {
    affine(2, 1).enqueue(stream);
    affine(3, -4).enqueue(stream);
    assertArrayEquals(
        Arrays.stream(ramp(COUNT)).map(x -> 3 * (2 * x + 1) - 4).toArray(), afterwards());
  }

  @Test
  void argumentsAreThoseOfTheLaunch() {
    KernelLaunch launch = affine(1, 5);
    launch.enqueue(stream);
    launch.arguments().set(3, 100);
    launch.enqueue(stream);
    launch.arguments().set(3, 0);
    assertArrayEquals(Arrays.stream(ramp(COUNT)).map(x -> x + 105).toArray(), afterwards());
  }

  @Test
  void launchesAllocateNothing() {
    KernelLaunch launch = affine(1, 1);
    KernelLaunch overlapping =
        module.function("count").launch(LaunchShape.of(1, 1).asOverlapping());
    assertAllocatesNothing(() -> {
      launch.arguments().set(0, numbers.onDevice());
      launch.arguments().set(1, 8);
      launch.enqueue(stream);
      overlapping.enqueue(stream);
      stream.synchronize();
    });
  }

  @Test
  void argumentsOfEveryTypeArrive() {
    try (var out = context.allocateMapped(5 * Double.BYTES)) {
      module
          .function("arguments")
          .launch(
              LaunchShape.of(1, 1),
              -7,
              1L << 40,
              0.5f,
              -0.25,
              MemorySegment.ofArray(new byte[] {1, 2, 3}),
              out.onDevice())
          .enqueue(stream);
      stream.synchronize();
      assertArrayEquals(
          new double[] {-7, 1L << 40, 0.5, -0.25, 321},
          out.segment().toArray(ValueLayout.JAVA_DOUBLE));
    }
  }

  @Test
  void theShapeIsTheOneAskedFor() {
    var shape = new LaunchShape(2, 3, 4, 8, 2, 1, 0, false, false);
    assertEquals("grid 2x3x4, block 8x2x1, 0 bytes", shape.toString());
    module.function("shape").launch(shape, numbers.onDevice()).enqueue(stream);
    assertArrayEquals(new int[] {2, 3, 4, 8, 2, 1}, Arrays.copyOf(afterwards(), 6));
  }

  @Test
  void aCapturedLaunchKeepsItsArguments() {
    KernelLaunch launch = affine(1, 1);
    try (var graph =
        context.capture(
            stream,
            () -> {
              launch.enqueue(stream);
              launch.enqueue(stream);
            })) {
      assertEquals(2, graph.nodes());
      launch.arguments().set(3, 1_000_000);
      IntStream.range(0, 5).forEach(i -> graph.launch(stream));
      assertArrayEquals(Arrays.stream(ramp(COUNT)).map(x -> x + 10).toArray(), afterwards());
    }
  }

  @Test
  void aStreamIsBusyUntilItsKernelEnds() {
    try (var gate = context.allocateMapped(Integer.BYTES);
        var event = context.newEvent()) {
      module.function("hold").launch(LaunchShape.of(1, 1), gate.onDevice()).enqueue(stream);
      event.record(stream);
      try {
        assertFalse(stream.isIdle());
        assertFalse(event.hasHappened());
      } finally {
        put(gate.segment(), 1);
      }
      event.synchronize();
      assertTrue(event.hasHappened());
    }
  }

  @Test
  void globalVariablesHaveAnAddress() {
    DeviceMemory counter = module.global("counter");
    assertEquals(Integer.BYTES, counter.bytes());
    try (var pinned = context.allocatePinned(Integer.BYTES)) {
      put(pinned.segment(), 40);
      counter.upload(pinned.segment());
      module.function("count").launch(LaunchShape.of(2, 1)).enqueue(stream);
      stream.synchronize();
      counter.download(pinned.segment());
      assertArrayEquals(new int[] {42}, ints(pinned.segment()));
    }
  }

  @Test
  void whatIsNotInTheModuleIsNamed() {
    var noFunction = assertThrows(CudaException.class, () -> module.function("nowhere"));
    assertEquals("cuModuleGetFunction(nowhere in probe.cu)", noFunction.call());
    assertEquals("CUDA_ERROR_NOT_FOUND", noFunction.name());
    var noVariable = assertThrows(CudaException.class, () -> module.global("nowhere"));
    assertEquals("cuModuleGetGlobal_v2(nowhere in probe.cu)", noVariable.call());
  }

  @Test
  void aKernelTellsWhatTheCompilerMadeOfIt() {
    CudaFunction reverse = module.function("reverse");
    assertEquals("reverse", reverse.name());
    assertEquals(256, reverse.maxThreadsPerBlock());
    // the simulated device tells an upper bound, which the compiler rounds
    assertTrue(reverse.sharedBytes() <= (context.device().simulated() ? 64 : 0));
    assertTrue(reverse.registers() >= 0 && reverse.localBytes() >= 0);
    assertTrue(reverse.binaryVersion().number() <= context.device().computeCapability().number());
    reverse.load();
    assertTrue(reverse.blocksPerMultiprocessor(256, 0) >= 1);
    CudaFunction.FullestBlock fullest = reverse.fullestBlock(0);
    assertTrue(fullest.threads() > 0 && fullest.threads() <= 256, fullest.toString());
    assertTrue(fullest.blocks() >= context.device().multiprocessors(), fullest.toString());
  }

  @Test
  void muchDynamicSharedMemoryMustBeAllowed() {
    CudaFunction reverse = module.function("reverse");
    int bytes = context.device().sharedBytesPerBlockOptIn();
    KernelLaunch launch =
        reverse.launch(LaunchShape.of(1, 256).withDynamicShared(bytes), numbers.onDevice());
    var error = assertThrows(CudaException.class, () -> launch.enqueue(stream));
    assertEquals(
        "cuLaunchKernel(reverse, grid 1x1x1, block 256x1x1, %d bytes)".formatted(bytes),
        error.call());
    reverse.allowDynamicShared(bytes);
    assertEquals(bytes, reverse.dynamicSharedLimit());
    launch.enqueue(stream);
    int[] expected = ramp(COUNT);
    for (int i = 0; i < 256; i++) {
      expected[i] = 1000 + 255 - i;
    }
    assertArrayEquals(expected, afterwards());
  }

  @Test
  void blocksOfACooperativeLaunchMeet() {
    put(numbers.segment(), 0);
    CudaFunction meet = module.function("meet");
    int blocks = context.device().multiprocessors() * meet.blocksPerMultiprocessor(32, 0);
    meet.launch(LaunchShape.of(blocks, 32).asCooperative(), numbers.onDevice()).enqueue(stream);
    assertEquals(blocks, afterwards()[0]);
    var error =
        assertThrows(
            CudaException.class,
            () ->
                meet.launch(LaunchShape.of(blocks + 1, 32).asCooperative(), numbers.onDevice())
                    .enqueue(stream));
    assertEquals("CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE", error.name());
  }

  @Test
  void anOverlappingLaunchRuns() {
    KernelLaunch launch =
        module
            .function("affine")
            .launch(LaunchShape.of(4, 256).asOverlapping(), numbers.onDevice(), COUNT, 1, 1);
    launch.enqueue(stream);
    stream.synchronize();
    launch.enqueue(stream);
    assertArrayEquals(Arrays.stream(ramp(COUNT)).map(x -> x + 2).toArray(), afterwards());
  }

  @Test
  void whatIsNoImageIsRefused() {
    var error =
        assertThrows(
            CudaException.class,
            () ->
                context.loadModule(
                    "text.cubin", "no image at all, but long".getBytes(StandardCharsets.UTF_8)));
    assertEquals("cuModuleLoadDataEx(text.cubin, 25 bytes)", error.call());
  }

  @Test
  void aClosedModulesKernelCannotBeLaunched() {
    var other = context.loadModule("other", Probe.image(context.device().computeCapability()));
    KernelLaunch launch = other.function("count").launch(LaunchShape.of(1, 1));
    launch.enqueue(stream);
    stream.synchronize();
    other.close();
    assertMisuse(Kind.USED_AFTER_CLOSE, () -> launch.enqueue(stream));
    assertMisuse(Kind.USED_AFTER_CLOSE, launch::arguments);
    assertMisuse(Kind.USED_AFTER_CLOSE, () -> other.function("count"));
    assertMisuse(Kind.CLOSED_TWICE, other::close);
  }
}
