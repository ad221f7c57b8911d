// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.onlookers;

import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * A flight recording of this process, which goes on until it is closed; it is a file then. Each of
 * the workers that this process starts makes one of its own, beside it.
 */
public final class FlightRecording implements AutoCloseable {
  /** What a reader of the run should know. */
  public static final String NOTE =
      "each process made a flight recording of itself, which takes time from what it measured";

  /** The JDK's own, meant for all the time: below 1 % of it. */
  private static final String SETTINGS = "default";

  private static final String PROPERTY = "gpubench.jfr";

  private final Recording recording;

  private FlightRecording(Recording recording) {
    this.recording = recording;
  }

  /**
   * Starts it.
   *
   * @param folder in which it ends as {@code gpubench-PID.jfr}; a worker's is {@code
   *     worker-PID.jfr}
   * @throws StoreException when that cannot be written
   */
  public static FlightRecording start(Path folder) {
    return start(folder, "gpubench");
  }

  private static FlightRecording start(Path folder, String name) {
    try {
      Files.createDirectories(folder);
      var recording = new Recording(Configuration.getConfiguration(SETTINGS));
      recording.setName(name);
      recording.setDumpOnExit(true);
      recording.setDestination(folder.resolve(name + "-" + ProcessHandle.current().pid() + ".jfr"));
      recording.start();
      return new FlightRecording(recording);
    } catch (IOException e) {
      throw new StoreException("no flight recording in " + folder + ": " + StoreErrors.text(e), e);
    } catch (ParseException e) {
      throw new IllegalStateException(e); // the JDK's own settings
    }
  }

  /** A flag for the Java of a worker, which makes a recording of its own in the folder. */
  public static String flag(Path folder) {
    return "-D" + PROPERTY + "=" + folder.toAbsolutePath();
  }

  /** Starts that of a worker, if the one that started it wants one; null where not. */
  public static @Nullable FlightRecording ofWorker() {
    String folder = System.getProperty(PROPERTY);
    return folder == null ? null : start(Path.of(folder), "worker");
  }

  /** Ends it and writes its file. */
  @Override
  public void close() {
    recording.close();
  }
}
