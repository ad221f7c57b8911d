// SPDX-License-Identifier: Apache-2.0
/**
 * The engine {@code java}: optimised plain Java on this machine's processors, without incubator
 * modules. It is not the oracle. Imports {@code measure}, {@code workloads} and the shared packages
 * of {@code engines}; no native code.
 */
@NullMarked
package io.gpubench.engines.java;

import org.jspecify.annotations.NullMarked;
