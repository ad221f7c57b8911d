// SPDX-License-Identifier: Apache-2.0
/** Results and listings as text for people and for programs. */
@NullMarked
package io.gpubench.app.report;

import org.jspecify.annotations.NullMarked;
