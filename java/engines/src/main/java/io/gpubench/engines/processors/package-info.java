// SPDX-License-Identifier: Apache-2.0
/**
 * What engines on the processors share whatever they run: a team of threads, work on large buffers
 * outside of the timed window, caches that are cleared before it. Imports no engine.
 */
@NullMarked
package io.gpubench.engines.processors;

import org.jspecify.annotations.NullMarked;
