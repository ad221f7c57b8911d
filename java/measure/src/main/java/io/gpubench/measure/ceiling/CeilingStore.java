// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.RunJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which a user's ceilings are kept: a file for each piece of hardware. A file that
 * cannot be read counts as absent, since it holds nothing that could not be measured again; before
 * another takes its place it is moved aside, since it may be somebody's. One of a newer gpubench is
 * never replaced. Immutable; any number of threads and processes may keep ceilings at a time.
 */
public final class CeilingStore {
  private static final String FOLDER = "ceilings";
  private static final int MOST_BYTES = 1 << 20;

  private final StateFolder folder;

  /**
   * A store.
   *
   * @param state folder of all that gpubench keeps for a user; created when it is needed
   */
  public CeilingStore(Path state) {
    this.folder = new StateFolder(state.resolve(FOLDER), MOST_BYTES);
  }

  /**
   * The folder of what is kept for a user: {@code gpubench} in {@code XDG_STATE_HOME}, or else in
   * {@code .local/state} of {@code HOME}; empty where neither is an absolute path.
   */
  public static Optional<Path> usualState(Map<String, String> environment) {
    return absolute(environment.get("XDG_STATE_HOME"))
        .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".local/state")))
        .map(state -> state.resolve("gpubench"));
  }

  private static Optional<Path> absolute(@Nullable String folder) {
    return Optional.ofNullable(folder).map(Path::of).filter(Path::isAbsolute);
  }

  /** What is kept for some hardware. */
  public sealed interface Found {
    /** Ceilings that hold, perhaps none. */
    record Current(KeptCeilings kept) implements Found {}

    /**
     * Ceilings that no longer hold.
     *
     * @param changes what is not as it was, such as {@code driver 580.65 -> 580.82}
     */
    record Stale(KeptCeilings kept, List<String> changes) implements Found {}

    /**
     * There is no file.
     *
     * @param file that there is not
     */
    record Absent(Path file) implements Found {}

    /**
     * There is a file that holds no ceilings.
     *
     * @param reason one line, which names the file
     */
    record Damaged(String reason) implements Found {}

    /**
     * A newer gpubench wrote the file.
     *
     * @param reason one line, which names the file
     */
    record Newer(String reason) implements Found {}
  }

  /** The file of some hardware, whether it is there or not. */
  Path file(String hardware) {
    return folder.file(hardware);
  }

  /**
   * Reads what is kept.
   *
   * @param now the hardware as it is
   */
  public Found read(HardwareIdentity now) {
    Path file = file(now.hardware());
    KeptCeilings kept;
    try {
      byte[] json = folder.bytes(file);
      String schema = RunJson.schema(file, json);
      if (!schema.equals(KeptCeilings.SCHEMA)) {
        return isNewer(schema)
            ? new Found.Newer(
                "%s: written by a newer gpubench, in the format %s; this one reads %s"
                    .formatted(file, schema, KeptCeilings.SCHEMA))
            : new Found.Damaged(file + ": not a file of kept ceilings");
      }
      kept = RunJson.read(file, json, KeptCeilings.class);
    } catch (NoSuchFileException _) {
      return new Found.Absent(file);
    } catch (ResultFormatException e) {
      return new Found.Damaged(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Found.Damaged(file + ": cannot be read: " + StoreErrors.text(e));
    }
    List<String> changes = kept.identity().changes(now);
    return changes.isEmpty() ? new Found.Current(kept) : new Found.Stale(kept, changes);
  }

  private static boolean isNewer(String schema) {
    String family = KeptCeilings.SCHEMA.substring(0, KeptCeilings.SCHEMA.indexOf('/') + 1);
    return schema.matches(java.util.regex.Pattern.quote(family) + "[1-9][0-9]{0,8}");
  }

  /**
   * Keeps ceilings, beside those that are kept of the same identity; those of another one go. The
   * file is whole at any moment.
   *
   * @return what is kept then
   * @throws StoreException when it cannot be written, or holds what a newer gpubench wrote
   */
  public KeptCeilings keep(HardwareIdentity identity, Collection<MeasuredCeiling> measured) {
    try {
      return folder.locked(() -> replace(identity, measured));
    } catch (IOException e) {
      throw new StoreException(
          "cannot keep ceilings in " + folder.path() + ": " + StoreErrors.text(e), e);
    }
  }

  private KeptCeilings replace(HardwareIdentity identity, Collection<MeasuredCeiling> measured)
      throws IOException {
    Path file = file(identity.hardware());
    KeptCeilings before = KeptCeilings.none(identity);
    switch (read(identity)) {
      case Found.Current(KeptCeilings kept) -> before = kept;
      case Found.Damaged _ -> folder.aside(file);
      case Found.Newer(String reason) ->
          throw new StoreException(reason + "; it is left as it is", null);
      case Found.Absent _, Found.Stale _ -> {}
    }
    KeptCeilings after = before.with(measured);
    folder.write(file, RunJson.pretty(after));
    return after;
  }
}
