// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

/**
 * Memory of a {@link CudaPeer}. Its context copies to and from it with {@link #copyAsync}, and
 * between it and the host likewise, since both devices have unified addresses; kernels and fills
 * only where the peer is {@link CudaPeer#accessible}. Whoever allocated it closes it, on the
 * context's thread, which waits until the context's device is done with it.
 */
public final class PeerBuffer extends DeviceMemory implements AutoCloseable {
  private final Lifetime lifetime;

  PeerBuffer(Lifetime lifetime, long address, long bytes, PeerContexts contexts) {
    super(lifetime, address, bytes, contexts);
    this.lifetime = lifetime;
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
