// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The input files of foreign engines, each made once for all repetitions of a run, in a temporary
 * folder that goes when this is closed. When they take too much room, those that were used longest
 * ago are deleted, to be made again; but never the latest few, which living workers may read. Used
 * by one thread.
 */
public final class InputFolder implements AutoCloseable {
  private static final long MOST_BYTES = 2L << 30;

  /** However large: each side of a duet has one, and so may have what comes next. */
  private static final int KEPT_FILES = 4;

  private final Path parent;
  private final long mostBytes;
  private final Map<String, Made> files = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable Path folder;
  private long bytes;
  private int number;

  /** Its owner may read it and nobody may write: who does has to change that first. */
  private static final Set<PosixFilePermission> READ_ONLY = Set.of(PosixFilePermission.OWNER_READ);

  /**
   * A file and what is in it.
   *
   * @param state which file it was, and when anything of it was changed last
   */
  record Made(Path file, long bytes, Workload.Inputs inputs, String state) {
    /** Whether it is still the file that was made, and nobody has written to it. */
    boolean unharmed() {
      return state.equals(state(file));
    }

    private static String state(Path file) {
      try {
        return Files.readAttributes(file, "unix:ino,ctime,size").toString();
      } catch (IOException e) {
        return StoreErrors.text(e);
      }
    }
  }

  /**
   * A folder that is created when it is needed.
   *
   * @param parent where
   */
  public InputFolder(Path parent) {
    this(parent, MOST_BYTES);
  }

  InputFolder(Path parent, long mostBytes) {
    this.parent = parent;
    this.mostBytes = mostBytes;
  }

  /**
   * The inputs of a run.
   *
   * @throws EngineException when they cannot be written
   */
  synchronized Made inputs(Workload workload, ParameterValues values, MachineFacts facts) {
    String key = workload.id() + " " + values;
    Made known = files.get(key);
    if (known != null && known.unharmed()) {
      return known;
    }
    try {
      if (folder == null) {
        folder = Files.createTempDirectory(parent, "gpubench-inputs-");
      }
      Path file = folder.resolve(workload.id() + "-" + number++ + ".bin");
      Made made = write(file, workload, values, facts);
      Made harmed = files.put(key, made);
      bytes += made.bytes - (harmed == null ? 0 : harmed.bytes);
      if (harmed != null) {
        Files.deleteIfExists(harmed.file);
      }
      forget();
      return made;
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "inputs cannot be written to %s: %s".formatted(parent, StoreErrors.text(e)),
          "free space there, or name another folder in TMPDIR",
          e);
    }
  }

  /** Leaves no file when it fails: what was written may have filled the disk. */
  private static Made write(
      Path file, Workload workload, ParameterValues values, MachineFacts facts) throws IOException {
    boolean written = false;
    try {
      Workload.Inputs inputs = workload.writeInputs(values, facts, file);
      Files.setPosixFilePermissions(file, READ_ONLY);
      var made = new Made(file, Files.size(file), inputs, Made.state(file));
      written = true;
      return made;
    } finally {
      if (!written) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void forget() throws IOException {
    var oldest = files.values().iterator();
    while (bytes > mostBytes && files.size() > KEPT_FILES) {
      Made made = oldest.next();
      oldest.remove();
      bytes -= made.bytes;
      Files.deleteIfExists(made.file);
    }
  }

  /** Deletes all files. */
  @Override
  public synchronized void close() {
    if (folder != null) {
      try {
        for (Made made : files.values()) {
          Files.deleteIfExists(made.file);
        }
        Files.deleteIfExists(folder);
      } catch (IOException _) {
        // a temporary folder; the system cleans up
      }
    }
  }
}
