// SPDX-License-Identifier: Apache-2.0
/** How far the parts of gpubench are from their floors. Run by hand, never by the build. */
@NullMarked
package io.gpubench.benchmarks;

import org.jspecify.annotations.NullMarked;
