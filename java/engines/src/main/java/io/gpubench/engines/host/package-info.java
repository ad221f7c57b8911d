// SPDX-License-Identifier: Apache-2.0
/**
 * The engine {@code host}: C with SIMD instructions and threads, through the generated bindings of
 * our own library. The only engine that imports bindings.
 */
@NullMarked
package io.gpubench.engines.host;

import org.jspecify.annotations.NullMarked;
