// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: options, exit codes, progress, Ctrl-C. Everything it does it asks other rooms
 * to do.
 */
@NullMarked
package io.gpubench.app.cli;

import org.jspecify.annotations.NullMarked;
