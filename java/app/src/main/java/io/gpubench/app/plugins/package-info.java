// SPDX-License-Identifier: Apache-2.0
/**
 * What this gpubench is made of: what is built in, and what plugins add. Finds the plugins' jars,
 * and leaves out, with one line each, those that do not fit. Imports no other room of the app but
 * the top one.
 */
@NullMarked
package io.gpubench.app.plugins;

import org.jspecify.annotations.NullMarked;
