// SPDX-License-Identifier: Apache-2.0
/**
 * Other versions of gpubench, to be measured against this one: a checkout, a bundle, or a commit
 * that is built once. Knows how workers are started; no engine and no workload.
 */
@NullMarked
package io.gpubench.app.versions;

import org.jspecify.annotations.NullMarked;
