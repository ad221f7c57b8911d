// SPDX-License-Identifier: Apache-2.0
/**
 * What engines share when they run the workloads {@code launch.*}: an engine on the processors
 * brings {@link io.gpubench.engines.launch.LaunchKernels}, and a prepared run is made of them; any
 * engine that submits work through FFM brings {@link io.gpubench.engines.launch.SubmitLoops}.
 * Imports no engine.
 */
@NullMarked
package io.gpubench.engines.launch;

import org.jspecify.annotations.NullMarked;
