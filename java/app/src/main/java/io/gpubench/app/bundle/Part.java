// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

/**
 * One part of a bundle.
 *
 * @param bytes what it takes when unpacked; 0 when the checkout has not built it
 */
public record Part(String name, long bytes) {}
