// SPDX-License-Identifier: Apache-2.0
/**
 * The engine {@code cuda}: hand-written kernels on an NVIDIA GPU, or on the simulated CUDA device.
 * Reaches the driver only through the owners of {@code io.gpubench.gpu}, and alone turns their
 * exceptions into engine exceptions.
 */
@NullMarked
package io.gpubench.engines.cuda;

import org.jspecify.annotations.NullMarked;
