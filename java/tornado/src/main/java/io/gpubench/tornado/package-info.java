// SPDX-License-Identifier: Apache-2.0
/**
 * Our workloads as kernels in Java, for TornadoVM. Built only where a TornadoVM SDK is given, and
 * run in a worker whose Java has TornadoVM's options. May import measure, workloads, engines and
 * gpu, and is imported by nobody.
 */
@NullMarked
package io.gpubench.tornado;

import org.jspecify.annotations.NullMarked;
