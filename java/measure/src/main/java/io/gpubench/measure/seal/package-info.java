// SPDX-License-Identifier: Apache-2.0
/**
 * What makes a change of evidence visible: the manifest of a run directory with the hash of every
 * file, its signature, and the keys. Cryptography is the JDK's alone. Knows nothing of what the
 * files mean, and so nothing of {@code result}.
 */
@NullMarked
package io.gpubench.measure.seal;

import org.jspecify.annotations.NullMarked;
