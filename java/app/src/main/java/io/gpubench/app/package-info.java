// SPDX-License-Identifier: Apache-2.0
/** The program: what is built into it, its command line, its reports and its worker processes. */
@NullMarked
package io.gpubench.app;

import org.jspecify.annotations.NullMarked;
