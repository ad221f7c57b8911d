// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.spi;

/**
 * What planning needs to know of this machine.
 *
 * @param processors processors that this process may use
 * @param availableBytes memory that a run may take without swapping, in bytes
 * @param lastLevelCacheBytes size of the largest cache in bytes; 0 when unknown
 */
public record MachineFacts(int processors, long availableBytes, long lastLevelCacheBytes) {}
