// SPDX-License-Identifier: Apache-2.0
/**
 * Packs what a checkout has built into one archive that runs where there is no JDK, no compiler and
 * no network. Knows the layout of a checkout and of a bundle; the launcher at the root knows both
 * too, and of TornadoVM whoever starts it does.
 */
@NullMarked
package io.gpubench.app.bundle;

import org.jspecify.annotations.NullMarked;
