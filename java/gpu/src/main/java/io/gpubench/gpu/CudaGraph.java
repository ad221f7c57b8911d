// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static io.gpubench.gpu.CudaException.check;

import io.gpubench.ffi.cuda.CudaApi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Work that was captured once and is enqueued as a whole, with the arguments and addresses of the
 * capture. What it uses must stay open. Belongs to its context; whoever captured it closes it, on
 * the context's thread.
 */
public final class CudaGraph implements AutoCloseable {
  private final MemorySegment graph;
  private final MemorySegment executable;
  private final long nodes;
  private final Lifetime lifetime;

  private CudaGraph(
      CudaContext context, MemorySegment graph, MemorySegment executable, long nodes) {
    this.graph = graph;
    this.executable = executable;
    this.nodes = nodes;
    this.lifetime = context.child("graph of %d nodes".formatted(nodes), this::release);
  }

  static CudaGraph capture(CudaContext context, CudaStream stream, Runnable work) {
    MemorySegment graph = record(context, stream, work);
    try {
      long nodes = countNodes(context, graph);
      MemorySegment out = context.out();
      check(
          CudaApi.cuGraphInstantiateWithFlags(out, graph, 0),
          "cuGraphInstantiateWithFlags(%d nodes)",
          nodes);
      return new CudaGraph(context, graph, out.get(ValueLayout.ADDRESS, 0), nodes);
    } catch (RuntimeException failure) {
      CudaApi.cuGraphDestroy(graph);
      throw failure;
    }
  }

  private static MemorySegment record(CudaContext context, CudaStream stream, Runnable work) {
    MemorySegment handle = stream.handle();
    check(
        CudaApi.cuStreamBeginCapture_v2(handle, CudaApi.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL()),
        "cuStreamBeginCapture_v2()");
    try {
      work.run();
    } catch (RuntimeException | Error failure) {
      abandon(handle, context.out());
      throw failure;
    }
    MemorySegment out = context.out();
    check(CudaApi.cuStreamEndCapture(handle, out), "cuStreamEndCapture()");
    return out.get(ValueLayout.ADDRESS, 0);
  }

  /** Gives the stream back, which can do nothing else while it captures. */
  private static void abandon(MemorySegment stream, MemorySegment out) {
    if (CudaApi.cuStreamEndCapture(stream, out) == CudaApi.CUDA_SUCCESS()) {
      CudaApi.cuGraphDestroy(out.get(ValueLayout.ADDRESS, 0));
    }
  }

  private static long countNodes(CudaContext context, MemorySegment graph) {
    MemorySegment out = context.out();
    check(CudaApi.cuGraphGetNodes(graph, MemorySegment.NULL, out), "cuGraphGetNodes()");
    return out.get(ValueLayout.JAVA_LONG, 0);
  }

  /** Launches, copies and fills in it. */
  public long nodes() {
    return nodes;
  }

  /** Enqueues what a first launch would do besides, so that it does not. */
  public void upload(CudaStream stream) {
    check(CudaApi.cuGraphUpload(executable(), stream.handle()), "cuGraphUpload()");
  }

  /** Enqueues all of it. */
  public void launch(CudaStream stream) {
    check(CudaApi.cuGraphLaunch(executable(), stream.handle()), "cuGraphLaunch()");
  }

  private MemorySegment executable() {
    lifetime.use();
    return executable;
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    CudaException executableLeft =
        CudaException.failure(CudaApi.cuGraphExecDestroy(executable), "cuGraphExecDestroy()");
    CudaException graphLeft =
        CudaException.failure(CudaApi.cuGraphDestroy(graph), "cuGraphDestroy()");
    CudaException.throwFirst(executableLeft, graphLeft);
  }
}
