// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.KernelResult.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a file. Immutable.
 *
 * @param file as the user names it
 * @param problem why it was not checked, in one line; null if it was
 */
public record FileResult(String file, List<KernelResult> kernels, @Nullable String problem) {
  public FileResult {
    kernels = List.copyOf(kernels);
  }

  /** How many of its kernels ended so. */
  public long count(Verdict verdict) {
    return kernels.stream().filter(kernel -> kernel.verdict() == verdict).count();
  }
}
