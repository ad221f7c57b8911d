// SPDX-License-Identifier: Apache-2.0
/**
 * The workloads {@code synthesis.match}, {@code .expand} and {@code .rewrite}: forests of syntax
 * trees, patterns that are looked for in them, templates that are filled with what patterns bind,
 * and constant folding. Imports the rooms {@code arrays}, {@code ceiling}, {@code random} and
 * {@code words}.
 */
@NullMarked
package io.gpubench.workloads.synthesis;

import org.jspecify.annotations.NullMarked;
