// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreErrors;
import io.gpubench.measure.StoreException;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.run.Observer;
import io.gpubench.measure.run.Samples;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.Seal;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.stats.Distribution;
import io.gpubench.measure.telemetry.Recorded;
import io.gpubench.measure.telemetry.TelemetryFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one run directory so that a kill at any moment leaves a readable one behind: {@code
 * run.json} says {@code running} until the end, a record is appended to {@code records.jsonl} and
 * forced to the disk each time that a process has added to it, and the samples of the processes in
 * progress stream to their files. At the end {@code run.json} is replaced as a whole, {@code
 * records.jsonl} goes, and the directory is sealed. Used by one thread, which closes it.
 */
public final class RunWriter implements AutoCloseable {
  /** The document of a run directory. */
  public static final String RUN_FILE = "run.json";

  static final String RECORDS_FILE = "records.jsonl";
  static final String SAMPLES_FOLDER = "samples";
  static final String HISTOGRAMS_FOLDER = "histograms";
  static final String TELEMETRY_FOLDER = "telemetry";

  private final Path directory;
  private final Path rescueRoot;
  private final @Nullable SigningKey key;
  private final FileChannel records;
  private RunDocument document;
  private @Nullable Manifest manifest;
  private boolean ended;
  private boolean failed;
  private @Nullable RunWriter refuge;
  private final Map<String, SampleFile> open = new HashMap<>();

  private RunWriter(Path directory, Path rescueRoot, RunDocument document, @Nullable SigningKey key)
      throws IOException {
    this.directory = directory;
    this.rescueRoot = rescueRoot;
    this.key = key;
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
   * Creates the directory {@code document.id()} in a store and writes the document to it. Leaves no
   * directory when it fails.
   *
   * @param rescueRoot where a record goes that the store can no longer take
   * @param key that signs; null to leave the run unsigned
   * @throws ConfigException when that is no place for a store
   * @throws StoreException when it is one, and cannot be written
   */
  public static RunWriter create(
      Path store, Path rescueRoot, RunDocument document, @Nullable SigningKey key) {
    Path directory = store.resolve(document.id());
    try {
      Files.createDirectories(store);
      Files.createDirectory(directory);
      try {
        return new RunWriter(directory, rescueRoot, document, key);
      } catch (IOException e) {
        remove(directory, e);
        throw e;
      }
    } catch (IOException e) {
      String message =
          "cannot write results to "
              + store.toAbsolutePath()
              + ": "
              + StoreErrors.text(e)
              + "; choose another folder with --out";
      throw StoreErrors.isPlace(e)
          ? new ConfigException(message, e)
          : new StoreException(message, e);
    }
  }

  /** Takes away what was begun, as far as possible. */
  private static void remove(Path folder, IOException failure) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException e) {
      failure.addSuppressed(e);
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
   * Opens the sample file of one process; the observer that this returns streams to it until {@link
   * #append}.
   *
   * @param repetition of the planned run, counted from 1
   * @param paired whether each sample will have a baseline
   * @param cancellation asked to end the run when the file cannot be written
   * @throws StoreException when the file cannot be created
   */
  public Observer begin(
      String recordId, int repetition, boolean paired, Cancellation cancellation) {
    try {
      String name = samplesName(recordId, repetition);
      var file = SampleFile.create(directory.resolve(name), paired, cancellation);
      open.put(name, file);
      return file;
    } catch (IOException e) {
      throw storeFailed(e, "no sample of the next one was taken");
    }
  }

  /** Where the raw samples of a process lie in their run directory. */
  public static String samplesName(String recordId, int repetition) {
    return SAMPLES_FOLDER + "/" + recordId + "." + repetition + ".csv";
  }

  /** Where what sensors said beside a process lies in its run directory. */
  public static String telemetryName(String recordId, int repetition) {
    return TELEMETRY_FOLDER + "/" + recordId + "." + repetition + ".csv";
  }

  /** Where the histograms of a record lie in its run directory. */
  public static String histogramName(String recordId) {
    return HISTOGRAMS_FOLDER + "/" + recordId + ".hlog";
  }

  /**
   * Adds what a process measured: the record as it now stands, in place of the one with its id, and
   * the process's samples.
   *
   * @param repetition of the process, the last one in the record
   * @param samples null when none counts; a sample file that was begun for them goes
   * @param recorded what sensors said beside them; null where that was not recorded
   * @throws StoreException when they cannot be written; the record is part of {@link #document} all
   *     the same, and the message says where it was saved instead
   */
  public void append(
      ResultRecord record, int repetition, @Nullable Samples samples, @Nullable Recorded recorded) {
    document = document.withRecord(record);
    try {
      if (samples == null) {
        dropSamples(record.id(), repetition);
      } else {
        writeSamples(record, repetition, samples);
      }
      writeTelemetry(record, repetition, recorded);
      appendLine(record);
    } catch (IOException e) {
      throw storeFailed(e, rescue(record, repetition, samples, recorded));
    }
  }

  /** Puts what became of a comparison into the document, in place of what it was before. */
  public void compared(DuetComparison comparison) {
    document = document.withComparison(comparison);
  }

  /**
   * Relates the records to ceilings, in the document that is written at the end.
   *
   * @param shareOf null for a record whose share is not known
   */
  public void relate(RunCeilings ceilings, Function<ResultRecord, @Nullable CeilingShare> shareOf) {
    document =
        document.withCeilings(
            ceilings,
            document.records().stream()
                .map(record -> record.withCeiling(shareOf.apply(record)))
                .toList());
  }

  private void dropSamples(String recordId, int repetition) throws IOException {
    String name = samplesName(recordId, repetition);
    try (SampleFile begun = open.remove(name)) {
      if (begun != null) {
        Files.deleteIfExists(directory.resolve(name));
      }
    }
  }

  private void writeSamples(ResultRecord record, int repetition, Samples samples)
      throws IOException {
    SampleFile file = open.remove(samplesName(record.id(), repetition));
    if (file == null) {
      throw new IllegalStateException("begin was not called for " + record.id());
    }
    try (file) {
      file.finish(samples);
    }
    Path histogram = directory.resolve(histogramName(record.id()));
    ProcessPart part = record.processes().getLast();
    Instant start = Instant.parse(part.startedAt());
    Instant end = start.plusMillis((long) (1e3 * (part.prepareSeconds() + part.measureSeconds())));
    try (var out =
        Files.newOutputStream(histogram, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      Distribution.writeLog(
          Distribution.of(samples.durations(), samples.count()),
          "process-" + repetition,
          start,
          end,
          out);
    }
  }

  private void writeTelemetry(ResultRecord record, int repetition, @Nullable Recorded recorded)
      throws IOException {
    if (recorded != null) {
      Path file = directory.resolve(telemetryName(record.id(), repetition));
      Files.createDirectories(directory.resolve(TELEMETRY_FOLDER));
      TelemetryFile.write(file, recorded.columns(), recorded.polls());
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
   * Ends the run and seals its directory, unless the run failed: then its files are not whole, and
   * there is nothing to vouch for. A run that has ended stays as it is, with its seal or without:
   * then this does nothing.
   *
   * @param status one of {@link RunDocument}'s
   * @param reason why it is not complete; null when it is
   * @throws StoreException when the final document or the seal cannot be written; the records stay
   *     readable without them
   */
  public void finish(String status, @Nullable String reason, Instant endedAt, double seconds) {
    if (ended) {
      return;
    }
    document = document.ended(status, reason, endedAt.toString(), seconds);
    try {
      writeDocument();
      ended = true;
    } catch (IOException e) {
      throw storeFailed(e, "only the closing status is missing");
    }
    try {
      records.close();
      Files.deleteIfExists(directory.resolve(RECORDS_FILE));
      if (!status.equals(RunDocument.FAILED)) {
        manifest = Seal.write(directory, SealHeader.of(document), key, Instant.now());
      }
    } catch (IOException e) {
      throw storeFailed(e, "only the seal is missing");
    }
  }

  /** The run's manifest; empty before it is sealed. */
  public Optional<Manifest> manifest() {
    return Optional.ofNullable(manifest);
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
      removeFresh(fresh, e);
      throw e;
    }
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      removeFresh(fresh, e);
      throw e;
    }
  }

  /** Half a document, or a whole one that cannot take its place, on a disk that may be full. */
  private static void removeFresh(Path fresh, IOException failure) {
    try {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Writes the whole document, and one record's samples, to a directory elsewhere, which is the
   * same for all that is saved; says where.
   */
  private String rescue(
      ResultRecord record, int repetition, @Nullable Samples samples, @Nullable Recorded recorded) {
    try {
      if (refuge == null) {
        refuge = refuge();
      }
      refuge.document =
          document.ended(
              RunDocument.FAILED,
              "the store " + directory + " could not be written",
              Instant.now().toString(),
              0);
      if (samples != null) {
        refuge.begin(record.id(), repetition, samples.paired(), new Cancellation());
        refuge.writeSamples(record, repetition, samples);
      }
      refuge.writeTelemetry(record, repetition, recorded);
      refuge.writeDocument();
      return "the last one was saved to " + refuge.directory;
    } catch (IOException | StoreException e) {
      return "the last one could not be saved to " + rescueRoot + " either";
    }
  }

  private RunWriter refuge() throws IOException {
    Path root = Files.createTempDirectory(rescueRoot, "gpubench-rescue-");
    try {
      Path copy = Files.createDirectory(root.resolve(document.id()));
      var writer = new RunWriter(copy, rescueRoot, document, null);
      writer.records.close();
      Files.delete(copy.resolve(RECORDS_FILE)); // its document is whole each time
      return writer;
    } catch (IOException e) {
      remove(root, e);
      throw e;
    }
  }

  private StoreException storeFailed(IOException error, String kept) {
    failed = true;
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

  /**
   * Closes the files. What was not finished stays readable as a half-written run.
   *
   * @throws StoreException when that fails, unless the store has failed before, which was told
   */
  @Override
  public void close() {
    var files = new ArrayList<Closeable>(open.values());
    files.add(records);
    IOException problem = null;
    for (Closeable file : files) {
      try {
        file.close();
      } catch (IOException e) {
        problem = problem == null ? e : problem;
      }
    }
    if (refuge != null) {
      try {
        refuge.close();
      } catch (StoreException _) {
        // its files are written; that the store failed was told
      }
    }
    if (problem != null && !failed) {
      throw storeFailed(problem, "samples are there up to the last flush");
    }
  }
}
