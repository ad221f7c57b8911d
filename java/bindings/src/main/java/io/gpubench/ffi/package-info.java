// SPDX-License-Identifier: Apache-2.0
/**
 * Native libraries as Java sees them: generated FFM classes, one package per library, and the lazy
 * lookup that finds each library. Imports the JDK only.
 */
@NullMarked
package io.gpubench.ffi;

import org.jspecify.annotations.NullMarked;
