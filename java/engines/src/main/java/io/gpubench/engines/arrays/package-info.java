// SPDX-License-Identifier: Apache-2.0
/**
 * How engines on the processors run {@link io.gpubench.workloads.arrays.ArrayWorkload}s: a kernel
 * works on a range of items, threads and everything around it are there. Part of the API for
 * plugins. Imports no engine.
 */
@NullMarked
package io.gpubench.engines.arrays;

import org.jspecify.annotations.NullMarked;
