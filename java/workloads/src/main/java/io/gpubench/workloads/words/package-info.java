// SPDX-License-Identifier: Apache-2.0
/**
 * The 64-bit words that inputs of every size are made of: keys from a seed, words from a key, the
 * sums by which an output is known, and the file of keys for engines in other processes. Imports
 * the room {@code random}.
 */
@NullMarked
package io.gpubench.workloads.words;

import org.jspecify.annotations.NullMarked;
