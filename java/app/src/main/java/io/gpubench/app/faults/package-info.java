// SPDX-License-Identifier: Apache-2.0
/**
 * Faults that are put into the simulated device. The simulated libraries make them happen; here is
 * what is asked for, and which process gets it. Imports no other room of the app.
 */
@NullMarked
package io.gpubench.app.faults;

import org.jspecify.annotations.NullMarked;
