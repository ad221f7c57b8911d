// SPDX-License-Identifier: Apache-2.0
/**
 * What compiled kernels take of a multiprocessor, read from what the build wrote beside their fat
 * binaries. Opens no device, knows no engine and no workload, and prints nothing.
 */
@NullMarked
package io.gpubench.app.kernels;

import org.jspecify.annotations.NullMarked;
