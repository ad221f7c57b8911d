// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.result.RunDocument;
import org.jspecify.annotations.Nullable;

/**
 * A stored run from which claims are judged.
 *
 * @param name of its directory, for people
 * @param flaw why it cannot be relied upon, in one line; null where it can
 */
public record Evidence(String name, RunDocument run, @Nullable String flaw) {}
