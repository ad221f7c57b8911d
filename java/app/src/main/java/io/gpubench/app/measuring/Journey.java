// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a measurement, whatever it is that is measured. Owns nothing.
 *
 * @param argv command line that asks for it, for the record
 * @param notes what a reader of the run should know about who asked, a line each
 * @param store each run makes its own directory in it
 * @param signingKey signs the evidence; null for none
 * @param cancellation ends it after the current sample; what was measured is kept
 */
public record Journey(
    Installation installation,
    List<String> argv,
    List<String> notes,
    Sharing sharing,
    Path store,
    @Nullable SigningKey signingKey,
    Cancellation cancellation,
    Listener listener) {
  public Journey {
    argv = List.copyOf(argv);
    notes = List.copyOf(notes);
  }

  /** The same for a run that another one needs. */
  Journey nested() {
    return new Journey(
        installation, argv, notes, sharing, store, signingKey, cancellation, listener.nested());
  }

  /** The same, with more that a reader of its runs should know, a line each. */
  Journey noting(List<String> more) {
    var all = new ArrayList<>(notes);
    all.addAll(more);
    return new Journey(installation, argv, all, sharing, store, signingKey, cancellation, listener);
  }

  void say(String line) {
    listener.say(line);
  }
}
