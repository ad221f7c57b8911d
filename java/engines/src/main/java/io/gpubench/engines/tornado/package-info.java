// SPDX-License-Identifier: Apache-2.0
/**
 * What can be said of TornadoVM without having it: which backends there are, how each runs a
 * workload, where a TornadoVM SDK lies and how its Java is started. The kernels themselves are in
 * the module {@code tornado}, which is built only where an SDK is given; nothing here refers to a
 * class of it, or of TornadoVM.
 */
@NullMarked
package io.gpubench.engines.tornado;

import org.jspecify.annotations.NullMarked;
