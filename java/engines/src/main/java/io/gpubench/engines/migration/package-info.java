// SPDX-License-Identifier: Apache-2.0
/**
 * What engines on the processors share when they run the workload {@code migration}: an engine
 * brings {@link io.gpubench.engines.migration.MigrationKernels}, and a prepared run is made of
 * them. Imports no engine.
 */
@NullMarked
package io.gpubench.engines.migration;

import org.jspecify.annotations.NullMarked;
