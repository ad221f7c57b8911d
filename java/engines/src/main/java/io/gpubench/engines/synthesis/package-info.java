// SPDX-License-Identifier: Apache-2.0
/**
 * What engines on the processors share when they run the workloads {@code synthesis.match}, {@code
 * synthesis.expand} and {@code synthesis.rewrite}: an engine brings {@link
 * io.gpubench.engines.synthesis.SynthesisKernels}. Imports no engine.
 */
@NullMarked
package io.gpubench.engines.synthesis;

import org.jspecify.annotations.NullMarked;
