// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.seal.FolderListing;
import java.util.Locale;

/**
 * Something that is wrong with a run.
 *
 * @param subject what it is about: a file, the id of the run or a record, or a process as {@code
 *     record.repetition}, as its sample file is called
 * @param message what was seen and why it cannot be, in one line
 */
public record Finding(Flaw flaw, String subject, String message) {
  /** What comes from a stored file must not command a terminal. */
  public Finding {
    subject = FolderListing.printable(subject);
    message = FolderListing.printable(message);
  }

  /** With a message by {@link String#format}, the same in every locale. */
  @SuppressWarnings({"AnnotateFormatMethod"}) // no such annotation among our dependencies
  static Finding of(Flaw flaw, String subject, String format, Object... arguments) {
    return new Finding(flaw, subject, String.format(Locale.ROOT, format, arguments));
  }
}
