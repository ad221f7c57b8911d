// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.gpu.LifecycleException.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Devices, contexts, streams and events. */
abstract class ContextContract extends CudaContract {
  ContextContract(Supplier<CudaDriver> open) {
    super(open);
  }

  @Test
  void aDeviceTellsItsFacts() {
    CudaDevice device = context.device();
    assertTrue(
        device.uuid().matches("GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), device.uuid());
    assertTrue(device.computeCapability().number() >= 50, device.computeCapability().toString());
    assertEquals(32, device.warpThreads());
    assertTrue(device.maxThreadsPerBlock() >= 1024);
    assertTrue(device.maxThreadsPerMultiprocessor() >= device.maxThreadsPerBlock());
    assertTrue(device.sharedBytesPerBlock() >= 48 << 10);
    assertTrue(device.sharedBytesPerBlockOptIn() >= device.sharedBytesPerBlock());
    assertTrue(device.sharedBytesPerMultiprocessor() >= device.sharedBytesPerBlockOptIn());
    assertTrue(device.registersPerMultiprocessor() >= 32 << 10);
    assertTrue(device.multiprocessors() > 0);
    assertTrue(context.freeBytes() > 0 && context.freeBytes() <= device.memoryBytes());
  }

  @Test
  void aDeviceIsFoundByIndexAndUuid() {
    CudaDevice first = driver.devices().getFirst();
    assertSame(first, driver.device("0"));
    assertSame(first, driver.device(first.uuid()));
  }

  @Test
  void anUnknownDeviceIsAnsweredWithThoseThatAreThere() {
    var error = assertThrows(NativeUnavailableException.class, () -> driver.device("99"));
    assertEquals("no CUDA device '99'", error.getMessage());
    assertTrue(error.remedy().contains(context.device().toString()), error.remedy());
  }

  @Test
  void aThreadHasOneContext() throws Throwable {
    assertMisuse(Kind.SECOND_CONTEXT, () -> CudaContext.open(context.device()));
    elsewhere(() -> {
      try (var other = CudaContext.open(context.device());
          var stream = other.newStream()) {
        stream.synchronize();
      }
    });
    context.synchronize();
  }

  @Test
  void aVirtualThreadHasNone() throws Throwable {
    var outcome = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(() ->
            outcome.complete(
                assertThrows(LifecycleException.class, () -> CudaContext.open(context.device()))))
        .join();
    assertEquals("a virtual thread cannot have a context", outcome.join().getMessage());
  }

  @Test
  void aThreadMayHaveAnotherContextLater() {
    context.close();
    assertMisuse(Kind.USED_AFTER_CLOSE, context::synchronize);
    assertMisuse(Kind.CLOSED_TWICE, context::close);
    context = CudaContext.open(driver.devices().getFirst());
    context.synchronize();
  }

  @Test
  void everythingBelongsToTheThreadThatOpenedTheContext() throws Throwable {
    try (var stream = context.newStream();
        var event = context.newEvent();
        var buffer = context.allocate(64);
        var pinned = context.allocatePinned(64)) {
      for (Executable use :
          List.<Executable>of(
              context::synchronize,
              context::newStream,
              context::close,
              stream::synchronize,
              () -> event.record(stream),
              buffer::address,
              () -> buffer.fillAsync(stream, 0, 64, (byte) 0),
              buffer::close,
              pinned::close)) {
        assertMisuse(Kind.WRONG_THREAD, () -> elsewhere(use));
      }
    }
  }

  @Test
  void linesThatPersistInTheCacheAreReset() {
    assertTrue(context.resetPersistingL2());
    context.close();
    assertMisuse(Kind.USED_AFTER_CLOSE, context::resetPersistingL2);
    context = CudaContext.open(driver.devices().getFirst());
  }

  @Test
  void whatIsClosedCannotBeUsed() {
    var stream = context.newStream();
    var event = context.newEvent();
    stream.close();
    assertMisuse(Kind.USED_AFTER_CLOSE, stream::isIdle);
    assertMisuse(Kind.USED_AFTER_CLOSE, () -> event.record(stream));
    assertMisuse(Kind.CLOSED_TWICE, stream::close);
    event.close();
    assertMisuse(Kind.USED_AFTER_CLOSE, event::synchronize);
  }

  @Test
  void aContextClosesWhatWasForgottenAndComplains() {
    long most = context.freeBytes() / 5 * 3;
    context.newStream();
    context.allocate(most);
    context.allocatePinned(1 << 20);
    var error = assertThrows(LifecycleException.class, context::close);
    assertEquals(
        "the context of device 0 is closed before what it owns: stream, device buffer of %d bytes, pinned buffer of 1048576 bytes"
            .formatted(most),
        error.getMessage());
    assertEquals(0, error.getSuppressed().length, Arrays.toString(error.getSuppressed()));
    context = CudaContext.open(driver.devices().getFirst());
    context.allocate(most).close();
  }

  @Test
  void eventsOrderStreamsAndTakeTheTime() {
    try (var first = context.newStream();
        var second = context.newStream();
        var start = context.newEvent();
        var end = context.newEvent();
        var order = context.newUntimedEvent();
        var buffer = context.allocate(4096)) {
      assertTrue(start.hasHappened(), "never recorded");
      start.record(first);
      buffer.fillAsync(first, 0, 4096, (byte) 1);
      order.record(first);
      second.waitFor(order);
      buffer.fillAsync(second, 0, 4096, (byte) 2);
      end.record(second);
      end.synchronize();
      assertTrue(end.hasHappened() && start.hasHappened() && order.hasHappened());
      assertTrue(first.isIdle() && second.isIdle());
      assertTrue(end.nanosSince(start) >= 0);
      var error = assertThrows(CudaException.class, () -> order.nanosSince(start));
      assertEquals("cuEventElapsedTime()", error.call());
      assertEquals("CUDA_ERROR_INVALID_HANDLE", error.name());
    }
  }
}
