// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.gpu.LifecycleException.Kind;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Captures and their replay. */
abstract class GraphContract extends CudaContract {
  private CudaStream stream;
  private PinnedBuffer pinned;
  private DeviceBuffer buffer;

  GraphContract(Supplier<CudaDriver> open) {
    super(open);
  }

  @BeforeEach
  void allocate() {
    stream = context.newStream();
    pinned = context.allocatePinned(16);
    buffer = context.allocate(16);
  }

  @AfterEach
  void free() {
    if (buffer != null) {
      buffer.close();
      pinned.close();
      stream.close();
    }
  }

  private void roundTrip() {
    buffer.uploadAsync(stream, 0, pinned.segment().asSlice(0, 8));
    buffer.fillWordsAsync(stream, 4, 1, 7);
    buffer.downloadAsync(stream, 0, pinned.segment().asSlice(8, 8));
  }

  @Test
  void whatIsCapturedRunsWhenLaunchedAndNotBefore() {
    put(pinned.segment(), 1, 2, 0, 0);
    try (var graph = context.capture(stream, this::roundTrip)) {
      assertEquals(3, graph.nodes());
      stream.synchronize();
      assertArrayEquals(new int[] {1, 2, 0, 0}, ints(pinned.segment()));
      graph.upload(stream);
      for (int i = 0; i < 10; i++) {
        put(pinned.segment(), i, 2, 0, 0);
        graph.launch(stream);
        stream.synchronize();
        assertArrayEquals(new int[] {i, 2, i, 7}, ints(pinned.segment()));
      }
    }
  }

  @Test
  void nothingMakesAnEmptyGraph() {
    try (var graph = context.capture(stream, () -> {})) {
      assertEquals(0, graph.nodes());
      graph.launch(stream);
      stream.synchronize();
    }
  }

  @Test
  void aStreamThatWaitsTakesPart() {
    try (var other = context.newStream();
        var fork = context.newUntimedEvent();
        var join = context.newUntimedEvent();
        var graph =
            context.capture(
                stream,
                () -> {
                  fork.record(stream);
                  other.waitFor(fork);
                  buffer.fillWordsAsync(stream, 0, 2, 3);
                  buffer.fillWordsAsync(other, 8, 2, 4);
                  join.record(other);
                  stream.waitFor(join);
                  buffer.downloadAsync(stream, 0, pinned.segment());
                })) {
      graph.launch(stream);
      stream.synchronize();
      assertArrayEquals(new int[] {3, 3, 4, 4}, ints(pinned.segment()));
    }
  }

  @Test
  void aFailureDuringTheCaptureGivesTheStreamBack() {
    var failure = new IllegalArgumentException("planned");
    assertSame(
        failure,
        assertThrows(
            IllegalArgumentException.class,
            () ->
                context.capture(
                    stream,
                    () -> {
                      roundTrip();
                      throw failure;
                    })));
    roundTrip();
    stream.synchronize();
  }

  @Test
  void waitingDuringTheCaptureIsRefusedAndGivesTheStreamBack() {
    var error =
        assertThrows(CudaException.class, () -> context.capture(stream, stream::synchronize));
    assertEquals("cuStreamSynchronize()", error.call());
    roundTrip();
    stream.synchronize();
  }

  @Test
  void aCaptureThatWasSpoiltIsRefused() {
    var error =
        assertThrows(
            CudaException.class,
            () ->
                context.capture(
                    stream, () -> assertThrows(CudaException.class, stream::synchronize)));
    assertEquals("cuStreamEndCapture()", error.call());
    roundTrip();
    stream.synchronize();
  }

  @Test
  void copiesFillsMarksAndGraphsAllocateNothing() {
    MemorySegment segment = pinned.segment();
    try (var graph = context.capture(stream, this::roundTrip);
        var start = context.newEvent();
        var end = context.newEvent()) {
      assertAllocatesNothing(() -> {
        start.record(stream);
        buffer.uploadAsync(stream, 0, segment);
        buffer.copyAsync(stream, 0, buffer, 8, 8);
        buffer.fillAsync(stream, 0, 16, (byte) 1);
        buffer.fillWordsAsync(stream, 0, 4, 1);
        buffer.downloadAsync(stream, 0, segment);
        graph.launch(stream);
        end.record(stream);
        stream.waitFor(end);
        end.synchronize();
        stream.synchronize();
        context.synchronize();
        if (!stream.isIdle() || !end.hasHappened() || end.nanosSince(start) < 0) {
          throw new AssertionError("not done");
        }
      });
    }
  }

  @Test
  void aClosedGraphCannotBeLaunched() {
    var graph = context.capture(stream, this::roundTrip);
    graph.close();
    assertMisuse(Kind.USED_AFTER_CLOSE, () -> graph.launch(stream));
    assertMisuse(Kind.CLOSED_TWICE, graph::close);
  }
}
