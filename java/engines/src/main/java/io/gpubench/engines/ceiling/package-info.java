// SPDX-License-Identifier: Apache-2.0
/**
 * What engines on the processors share when they run the workloads {@code ceiling.*}: an engine
 * brings {@link io.gpubench.engines.ceiling.CeilingKernels}, and a prepared run is made of them.
 * Imports no engine.
 */
@NullMarked
package io.gpubench.engines.ceiling;

import org.jspecify.annotations.NullMarked;
