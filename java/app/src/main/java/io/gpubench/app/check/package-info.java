// SPDX-License-Identifier: Apache-2.0
/**
 * Checks kernels of a user's own file on the checked simulated device: finds out what a file holds,
 * makes up what its kernels are launched with, runs them in processes of their own, and says what
 * was found. Knows no engine and no workload, and of the app only how workers are started; prints
 * nothing.
 */
@NullMarked
package io.gpubench.app.check;

import org.jspecify.annotations.NullMarked;
