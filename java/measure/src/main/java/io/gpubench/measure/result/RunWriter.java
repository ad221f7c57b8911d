// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.stats.Distribution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes one run directory so that a kill at any moment leaves a readable one behind: {@code
 * run.json} says {@code running} until the end, finished records are appended to {@code
 * records.jsonl} and forced to the disk, and the samples of the record in progress stream to their
 * file. At the end {@code run.json} is replaced as a whole and {@code records.jsonl} goes. Used by
 * one thread, which closes it.
 */
public final class RunWriter implements AutoCloseable {
  static final String RUN_FILE = "run.json";
  static final String RECORDS_FILE = "records.jsonl";
  static final String SAMPLES_FOLDER = "samples";
  static final String HISTOGRAMS_FOLDER = "histograms";

  private final Path directory;
  private final Path rescueRoot;
  private final FileChannel records;
  private RunDocument document;
  private @Nullable SampleFile samplesFile;

  private RunWriter(Path directory, Path rescueRoot, RunDocument document) throws IOException {
    this.directory = directory;
    this.rescueRoot = rescueRoot;
    this.document = document;
    Files.createDirectory(directory.resolve(SAMPLES_FOLDER));
    Files.createDirectory(directory.resolve(HISTOGRAMS_FOLDER));
    writeDocument();
    this.records =
        FileChannel.open(
            directory.resolve(RECORDS_FILE),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
  }

  /**
   * Creates the directory {@code document.id()} in a store and writes the document to it.
   *
   * @param rescueRoot where a record goes that the store can no longer take
   * @throws ConfigException when the store cannot be created or written
   */
  public static RunWriter create(Path store, Path rescueRoot, RunDocument document) {
    Path directory = store.resolve(document.id());
    try {
      Files.createDirectories(store);
      Files.createDirectory(directory);
      return new RunWriter(directory, rescueRoot, document);
    } catch (IOException e) {
      throw new ConfigException(
          "cannot write results to "
              + store.toAbsolutePath()
              + ": "
              + StoreErrors.text(e)
              + "; choose another folder with --out",
          e);
    }
  }

  public Path directory() {
    return directory;
  }

  /** The run as it stands, with all records appended so far. */
  public RunDocument document() {
    return document;
  }

  /**
   * Opens the sample file of a record; the observer that this returns streams to it until {@link
   * #append}.
   *
   * @param cancellation asked to end the run when the file cannot be written
   * @throws StoreException when the file cannot be created
   */
  public Observer begin(String recordId, Cancellation cancellation) {
    try {
      samplesFile = SampleFile.create(directory.resolve(samplesName(recordId)), cancellation);
      return samplesFile;
    } catch (IOException e) {
      throw storeFailed(e, "no sample of the next one was taken");
    }
  }

  /** Where the files of a record lie in its run directory. */
  public static ResultRecord.Files files(String recordId) {
    return new ResultRecord.Files(samplesName(recordId), histogramName(recordId));
  }

  /**
   * Adds a record without samples; a sample file that was begun for it goes.
   *
   * @throws StoreException when it cannot be written; it is part of {@link #document} all the same
   */
  public void append(ResultRecord record) {
    document = document.withRecord(record);
    try (SampleFile begun = samplesFile) {
      samplesFile = null;
      if (begun != null) {
        Files.deleteIfExists(directory.resolve(samplesName(record.id())));
      }
      appendLine(record);
    } catch (IOException e) {
      throw storeFailed(e, rescue(null, null));
    }
  }

  /**
   * Adds a record with its samples.
   *
   * @throws StoreException when it cannot be written; the message says where it was saved instead
   */
  public void append(ResultRecord record, Samples samples) {
    document = document.withRecord(record);
    try {
      writeSamples(record, samples);
      appendLine(record);
    } catch (IOException e) {
      throw storeFailed(e, rescue(record, samples));
    }
  }

  private void writeSamples(ResultRecord record, Samples samples) throws IOException {
    SampleFile file = samplesFile;
    if (file == null) {
      throw new IllegalStateException("begin was not called for " + record.id());
    }
    try (file) {
      samplesFile = null;
      file.finish(samples);
    }
    Path histogram = directory.resolve(histogramName(record.id()));
    Instant start = Instant.parse(record.startedAt());
    try (var out = Files.newOutputStream(histogram, StandardOpenOption.CREATE_NEW)) {
      Instant end =
          start.plusMillis((long) (1e3 * (record.prepareSeconds() + record.measureSeconds())));
      Distribution.writeLog(Distribution.of(samples.durations(), samples.count()), start, end, out);
    }
  }

  private void appendLine(ResultRecord record) throws IOException {
    byte[] line = (RunJson.LINE.writeValueAsString(record) + "\n").getBytes(StandardCharsets.UTF_8);
    var buffer = ByteBuffer.wrap(line);
    while (buffer.hasRemaining()) {
      records.write(buffer);
    }
    records.force(false);
  }

  /**
   * Ends the run.
   *
   * @param status one of {@link RunDocument}'s
   * @param reason why it is not complete; null when it is
   * @throws StoreException when the final document cannot be written; the records stay readable
   *     without it
   */
  public void finish(String status, @Nullable String reason, Instant endedAt, double seconds) {
    document = document.ended(status, reason, endedAt.toString(), seconds);
    try {
      records.force(false);
      writeDocument();
      Files.deleteIfExists(directory.resolve(RECORDS_FILE));
    } catch (IOException e) {
      throw storeFailed(e, "only the closing status is missing");
    }
  }

  private void writeDocument() throws IOException {
    Path file = directory.resolve(RUN_FILE);
    Path fresh = directory.resolve(RUN_FILE + ".new");
    byte[] text = RunJson.pretty(document).getBytes(StandardCharsets.UTF_8);
    try (var channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var buffer = ByteBuffer.wrap(text);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(fresh); // half a document, on a disk that may be full
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Writes the whole document, and one record's samples, to a new directory elsewhere; says where.
   */
  private String rescue(@Nullable ResultRecord record, @Nullable Samples samples) {
    try {
      Path root = Files.createTempDirectory(rescueRoot, "gpubench-rescue-");
      Path copy = Files.createDirectory(root.resolve(document.id()));
      try (var writer = new RunWriter(copy, rescueRoot, document)) {
        if (record != null && samples != null) {
          writer.begin(record.id(), new Cancellation());
          writer.writeSamples(record, samples);
        }
        writer.finish(
            RunDocument.FAILED,
            "the store " + directory + " could not be written",
            Instant.now(),
            0);
      }
      return "the last one was saved to " + copy;
    } catch (IOException | StoreException e) {
      return "the last one could not be saved to " + rescueRoot + " either";
    }
  }

  private StoreException storeFailed(IOException error, String kept) {
    return new StoreException(
        "cannot write to "
            + directory.toAbsolutePath()
            + ": "
            + StoreErrors.text(error)
            + "; finished records are kept there; "
            + kept
            + "; free space or choose another store with --out",
        error);
  }

  private static String samplesName(String recordId) {
    return SAMPLES_FOLDER + "/" + recordId + ".csv";
  }

  private static String histogramName(String recordId) {
    return HISTOGRAMS_FOLDER + "/" + recordId + ".hlog";
  }

  /** Closes the files. What was not finished stays readable as a half-written run. */
  @Override
  public void close() {
    try (records) {
      if (samplesFile != null) {
        samplesFile.close();
      }
    } catch (IOException e) {
      throw storeFailed(e, "samples are there up to the last flush");
    }
  }
}
