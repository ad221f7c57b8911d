// SPDX-License-Identifier: Apache-2.0
/**
 * CUDA devices as objects with one clear lifetime each: a {@link CudaContext} owns streams, events,
 * modules, buffers and graphs; whoever creates one closes it, in reverse order, on the thread that
 * opened the context. Closing twice, use after closing and use on another thread are a {@link
 * LifecycleException}; what a library reports is a {@link NativeException}.
 *
 * <p>Launches, asynchronous copies and fills, recording, waiting and graph launches allocate
 * nothing. Knows {@code io.gpubench.ffi} and the JDK, nothing of measuring.
 */
@NullMarked
package io.gpubench.gpu;

import org.jspecify.annotations.NullMarked;
