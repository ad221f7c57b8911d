// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.measure.StoreException;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.seal.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run and where it is kept.
 *
 * @param directory of the run, in the store
 * @param document what {@code run.json} says
 * @param manifest its seal; null for a run without, which is one that failed
 * @param failure of the store; null when it took everything
 */
public record StoredRun(
    Path directory,
    RunDocument document,
    @Nullable Manifest manifest,
    @Nullable StoreException failure) {

  /** What became of each planned run, in the order of the plan. */
  public List<ResultRecord> records() {
    return document.records();
  }

  /** Whether everything planned was tried; it may have been interrupted, or have failed. */
  public boolean complete() {
    return document.status().equals(RunDocument.COMPLETE);
  }

  /** Whether the directory has a manifest, without which nobody can vouch for it. */
  public boolean sealed() {
    return manifest != null;
  }

  /**
   * Makes the directory of a run and lets something be measured into it.
   *
   * @param document what is known before
   * @param work measures and finishes the directory
   */
  static StoredRun keep(Journey journey, RunDocument document, Consumer<RunWriter> work) {
    Path rescueRoot = Path.of(System.getProperty("java.io.tmpdir"));
    try (var writer =
        RunWriter.create(journey.store(), rescueRoot, document, journey.signingKey())) {
      StoreException failure = null;
      try {
        work.accept(writer);
      } catch (StoreException e) {
        failure = e;
      }
      var kept =
          new StoredRun(
              writer.directory(), writer.document(), writer.manifest().orElse(null), failure);
      journey.listener().kept(kept);
      return kept;
    }
  }
}
