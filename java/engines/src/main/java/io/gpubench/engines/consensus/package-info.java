// SPDX-License-Identifier: Apache-2.0
/**
 * What engines share when they run the consensus workload: an engine brings a {@link
 * io.gpubench.engines.consensus.ConsensusKernel}, and {@link
 * io.gpubench.engines.consensus.ConsensusRun} makes a prepared run of it. Imports no engine.
 */
@NullMarked
package io.gpubench.engines.consensus;

import org.jspecify.annotations.NullMarked;
