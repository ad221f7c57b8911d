// SPDX-License-Identifier: Apache-2.0
/**
 * Random numbers as a pure function of (seed, stream, index), so that any engine, a device
 * included, can make the same inputs. Imports the JDK only.
 */
@NullMarked
package io.gpubench.workloads.random;

import org.jspecify.annotations.NullMarked;
