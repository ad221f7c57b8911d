// SPDX-License-Identifier: Apache-2.0
/**
 * One node's aggregation of the votes of one round into a quorum certificate, as in PBFT: {@link
 * io.gpubench.workloads.consensus.ConsensusWorkload} has the parameters, {@link
 * io.gpubench.workloads.consensus.ConsensusGenerator} makes the input of a sample, {@link
 * io.gpubench.workloads.consensus.ConsensusOracle} says what is right. Imports {@code measure} and
 * {@code workloads.random} only.
 */
@NullMarked
package io.gpubench.workloads.consensus;

import org.jspecify.annotations.NullMarked;
