// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

/**
 * What a terminal can show at once, in characters.
 *
 * @param rows lines
 * @param columns characters of a line
 */
public record Window(int rows, int columns) {}
