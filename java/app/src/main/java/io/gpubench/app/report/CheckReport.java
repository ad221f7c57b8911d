// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.check.FileResult;
import io.gpubench.app.check.KernelResult;

/** Says what became of checked kernels, as it becomes known. Whoever makes one closes it. */
public interface CheckReport extends AutoCloseable {
  /** A kernel of the file that is being checked is done. */
  void kernel(String file, KernelResult result);

  /** A file is done. */
  void file(FileResult result);

  /** All files are done. */
  @Override
  void close();
}
