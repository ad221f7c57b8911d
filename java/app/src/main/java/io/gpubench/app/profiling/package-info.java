// SPDX-License-Identifier: Apache-2.0
/**
 * Hands a record over to a profiler: the command line that profiles one sample of it, and the
 * process that executes that sample and nothing else. Knows where runs lie, how processes of our
 * own are started and who looks on; measures nothing.
 */
@NullMarked
package io.gpubench.app.profiling;

import org.jspecify.annotations.NullMarked;
