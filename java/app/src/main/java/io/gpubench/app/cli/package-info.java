// SPDX-License-Identifier: Apache-2.0
/** The command line of gpubench. */
@NullMarked
package io.gpubench.app.cli;

import org.jspecify.annotations.NullMarked;
