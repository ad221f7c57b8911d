// SPDX-License-Identifier: Apache-2.0
/**
 * The workloads {@code launch.*}: the floor under every latency. Their keys and words are those of
 * {@link io.gpubench.workloads.words}.
 */
@NullMarked
package io.gpubench.workloads.launch;

import org.jspecify.annotations.NullMarked;
