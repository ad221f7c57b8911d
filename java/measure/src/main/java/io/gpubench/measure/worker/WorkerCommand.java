// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** STUB. */
public record WorkerCommand(
    List<String> arguments,
    Map<String, String> environment,
    Path folder,
    @Nullable Path guard,
    @Nullable String cpus) {}
