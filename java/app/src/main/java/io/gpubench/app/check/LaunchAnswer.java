// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import org.jspecify.annotations.Nullable;

/**
 * What a process that launches answers.
 *
 * @param description of the image; in the first answer only
 * @param report of the simulated device, when it accuses the kernel
 * @param refused why nothing was launched
 */
record LaunchAnswer(
    @Nullable String description, @Nullable String report, @Nullable String refused) {}
