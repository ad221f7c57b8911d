// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a machine is fit for measuring: facts of its devices and processors, and, purely from
 * these, findings: what is so, what that does to numbers, and which command mends it. Changes no
 * setting, opens no engine, prints nothing.
 */
@NullMarked
package io.gpubench.app.fitness;

import org.jspecify.annotations.NullMarked;
