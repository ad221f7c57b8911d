// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.lang.foreign.MemorySegment;

/**
 * What {@link KernelLaunch#enqueue} and {@link CudaStream#synchronize} hand to the driver, for a
 * loop in native code that does the same. Usable while the kernel's module and the stream are open,
 * on their thread; nothing checks that.
 *
 * @param launch address of {@code cuLaunchKernel}
 * @param synchronize address of {@code cuStreamSynchronize}
 * @param function the kernel
 * @param stream the stream
 * @param parameters the arguments as the launch takes them, in place: a change is seen by the next
 */
public record NativeSubmission(
    MemorySegment launch,
    MemorySegment synchronize,
    MemorySegment function,
    LaunchShape shape,
    MemorySegment stream,
    MemorySegment parameters) {}
