// SPDX-License-Identifier: Apache-2.0
/**
 * What a user meets: the command line, the reports and the web pages. Imports every other module.
 */
@NullMarked
package io.gpubench.app;

import org.jspecify.annotations.NullMarked;
