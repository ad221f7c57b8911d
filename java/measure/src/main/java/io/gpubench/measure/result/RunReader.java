// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads run directories, finished or cut off. */
public final class RunReader {
  private RunReader() {}

  /**
   * Reads one run, in this format or an older one. Of a run that was cut off it gives what each
   * ended process measured, and for the process that was being sampled a part with the outcome
   * {@code Failed} and statistics of the samples that reached the disk. Of a run that is still
   * being written it gives what has ended.
   *
   * @throws ResultFormatException when the directory holds no run, a damaged one, or one of a newer
   *     format
   */
  public static RunDocument read(Path directory) {
    Path file = directory.resolve(RunWriter.RUN_FILE);
    RunDocument document;
    try {
      document = parse(file, Files.readAllBytes(file)).document();
    } catch (IOException e) {
      throw new ResultFormatException(
          directory + " is not a run directory: run.json: " + StoreErrors.text(e), e);
    }
    if (document.ended()) {
      return document;
    }
    for (ResultRecord written : journal(directory.resolve(RunWriter.RECORDS_FILE))) {
      document = document.withRecord(written);
    }
    return alive(document) ? document : CutOffRun.completed(document, directory);
  }

  /**
   * The contents of a {@code run.json}.
   *
   * @param tree as it was written
   * @param document the same in today's format
   */
  public record Parsed(JsonNode tree, RunDocument document) {}

  /**
   * Parses the contents of a {@code run.json}, in this format or an older one.
   *
   * @param file for messages
   * @throws ResultFormatException when it is damaged, foreign or of a newer format
   */
  public static Parsed parse(Path file, byte[] json) {
    try {
      JsonNode written = RunJson.LINE.readTree(json);
      var tree = written;
      String schema = tree.path("schema").asString("");
      if (schema.equals(OldRuns.SCHEMA)) {
        tree = OldRuns.upgraded(written.deepCopy());
      } else if (!schema.equals(RunDocument.SCHEMA)) {
        throw schema.startsWith("gpubench.run/")
            ? ResultFormatException.newer(
                file
                    + ": written in the format "
                    + schema
                    + "; this version reads "
                    + RunDocument.SCHEMA)
            : new ResultFormatException(
                file + ": not a result of gpubench: no \"schema\": \"" + RunDocument.SCHEMA + "\"");
      }
      return new Parsed(written, value(file, tree, RunDocument.class));
    } catch (JacksonException e) {
      throw RunJson.unreadable(file, e);
    }
  }

  /** A record with everything that it has to have. */
  private static <T extends Record> T value(Path file, JsonNode tree, Class<T> type) {
    MissingPart.of(tree, type)
        .ifPresent(place -> {
          throw new ResultFormatException(
              "%s: not a readable result: %s is missing"
                  .formatted(file, place.isEmpty() ? "a record" : place));
        });
    return RunJson.LINE.treeToValue(tree, type);
  }

  /** All whole lines; the last one may have been cut off. */
  private static List<ResultRecord> journal(Path file) {
    var records = new ArrayList<ResultRecord>();
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      int end = text.lastIndexOf('\n');
      for (String line : text.substring(0, end + 1).lines().toList()) {
        var tree = RunJson.LINE.readTree(line);
        records.add(
            value(
                file,
                tree.has("processes") ? tree : OldRuns.upgradedRecord(tree),
                ResultRecord.class));
      }
    } catch (IOException e) {
      throw new ResultFormatException(file + ": cannot be read: " + StoreErrors.text(e), e);
    } catch (JacksonException e) {
      throw RunJson.unreadable(file, e);
    }
    return records;
  }

  /**
   * One line of a listing.
   *
   * @param status of the run; {@code unfinished} when it says that it is running but its process is
   *     gone; {@code unreadable} with the reason in {@code note}
   */
  public record Summary(String id, String status, int records, int planned, String note) {}

  /**
   * All runs in a store, oldest first; directories without a {@code run.json} are passed over.
   *
   * @throws ResultFormatException when the store itself cannot be read
   */
  public static List<Summary> list(Path store) {
    try (Stream<Path> entries = Files.list(store)) {
      return entries
          .filter(entry -> Files.exists(entry.resolve(RunWriter.RUN_FILE)))
          .sorted(Comparator.comparing(Path::toString))
          .map(RunReader::summary)
          .toList();
    } catch (NotDirectoryException e) {
      throw new ResultFormatException(store + " is not a folder", e);
    } catch (IOException e) {
      throw new ResultFormatException(store + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }

  private static Summary summary(Path directory) {
    String name = String.valueOf(directory.getFileName());
    try {
      RunDocument run = read(directory);
      return new Summary(
          name, status(run), run.records().size(), run.planned().size(), text(run.statusReason()));
    } catch (ResultFormatException e) {
      return new Summary(name, "unreadable", 0, 0, text(e.getMessage()));
    }
  }

  /** The run's status, or {@code unfinished} when the process that should be writing it is gone. */
  public static String status(RunDocument run) {
    return run.ended() || alive(run) ? run.status() : "unfinished";
  }

  /**
   * Whether the writing process lives: its number is in use by a process that is not younger than
   * the run.
   */
  private static boolean alive(RunDocument run) {
    Instant latest;
    try {
      latest = Instant.parse(run.startedAt()).plus(Duration.ofSeconds(1));
    } catch (DateTimeException _) {
      return false; // no process of gpubench wrote that
    }
    return ProcessHandle.of(run.pid())
        .flatMap(process -> process.info().startInstant())
        .filter(started -> started.isBefore(latest))
        .isPresent();
  }

  private static String text(@Nullable String nullable) {
    return nullable == null ? "" : nullable;
  }
}
