// SPDX-License-Identifier: Apache-2.0
/**
 * What is computed: one package per workload with its parameters, seeded inputs, oracle, and bytes
 * and operations per sample. Imports {@code measure} only; never an engine, never native code.
 */
@NullMarked
package io.gpubench.workloads;

import org.jspecify.annotations.NullMarked;
