// SPDX-License-Identifier: Apache-2.0
/**
 * Workloads that compute arrays from arrays, such as SAXPY, a stencil or a product of matrices: an
 * {@link io.gpubench.workloads.arrays.ArrayWorkload} says which arrays there are and what is right,
 * everything else is done for it. Part of the API for plugins. Imports the room {@code words}, and
 * no engine.
 */
@NullMarked
package io.gpubench.workloads.arrays;

import org.jspecify.annotations.NullMarked;
