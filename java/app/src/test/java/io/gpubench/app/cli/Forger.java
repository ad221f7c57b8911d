// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.result.DuetComparison.LogRatios;
import io.gpubench.measure.result.DuetComparison.Played;
import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.result.RawSamples;
import io.gpubench.measure.result.RecordSummary;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunJson;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.result.SampleReader;
import io.gpubench.measure.result.SealHeader;
import io.gpubench.measure.seal.Manifest;
import io.gpubench.measure.seal.Seal;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.stats.Distribution;
import io.gpubench.measure.stats.DuetSummary;
import io.gpubench.measure.stats.Statistics;
import io.gpubench.measure.telemetry.Conclusions;
import io.gpubench.measure.telemetry.Polls;
import io.gpubench.measure.telemetry.SampleTimes;
import io.gpubench.measure.telemetry.TelemetryFile;
import io.gpubench.measure.telemetry.TelemetryPart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes a copy of a run, as somebody does who has our source: values of {@code run.json} by JSON
 * pointer, samples, and all that follows from them. What it does not seal anew has the old seal.
 */
final class Forger {
  private Path directory;
  private final SigningKey key;
  private final ObjectNode run;

  private Forger(Path directory, SigningKey key) {
    this.directory = directory;
    this.key = key;
    Path file = file(RunWriter.RUN_FILE);
    this.run = (ObjectNode) RunReader.parse(file, bytes(file)).tree();
  }

  /**
   * Works on a copy of a run, in another store.
   *
   * @param key the forger's own
   */
  static Forger of(Path original, Path store, SigningKey key) {
    Path copy = store.resolve(original.getFileName());
    try (Stream<Path> files = Files.walk(original)) {
      Files.createDirectories(store);
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(original.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Forger(copy, key);
  }

  SigningKey key() {
    return key;
  }

  Path directory() {
    return directory;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  JsonNode at(String pointer) {
    return run.at(pointer);
  }

  /** Where the samples of a process lie, both counted from 0. */
  Path samplesFile(int record, int process) {
    return file(at("/records/" + record + "/processes/" + process + "/samples").asString());
  }

  Path telemetryFile(int record, int process) {
    return file(at("/records/" + record + "/processes/" + process + "/telemetry/file").asString());
  }

  Path histogramFile(int record) {
    return file(at("/records/" + record + "/histogram").asString());
  }

  /** Puts a value, or null, where another one is, or into an object that lacks it. */
  Forger set(String pointer, Object value) {
    var path = JsonPointer.compile(pointer);
    JsonNode parent = run.at(path.head());
    String name = path.last().getMatchingProperty();
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), RunJson.tree(value));
    } else {
      ((ObjectNode) parent).set(name, RunJson.tree(value));
    }
    return write();
  }

  Forger scale(String pointer, double factor) {
    return set(pointer, at(pointer).asDouble() * factor);
  }

  /** Scales what a sample of the first record is said to do, such as its {@code units}. */
  Forger scaleWork(String quantity, double factor) {
    return scale("/records/0/work" + JsonPointer.SEPARATOR + quantity, factor);
  }

  /** Adds to an integer. */
  Forger add(String pointer, long more) {
    return set(pointer, at(pointer).asLong() + more);
  }

  /** Exchanges two values. */
  Forger swap(String pointer, String other) {
    JsonNode first = at(pointer).deepCopy();
    return set(pointer, at(other).deepCopy()).set(other, first);
  }

  /** Takes an element or a property away. */
  Forger remove(String pointer) {
    var path = JsonPointer.compile(pointer);
    String name = path.last().getMatchingProperty();
    switch (run.at(path.head())) {
      case ArrayNode array -> array.remove(Integer.parseInt(name));
      case JsonNode object -> ((ObjectNode) object).remove(name);
    }
    return write();
  }

  /** Changes the samples of a process, and nothing that follows. */
  Forger samples(int record, int process, UnaryOperator<RawSamples> change) {
    Path file = samplesFile(record, process);
    return samples(file, change.apply(SampleReader.read(file)));
  }

  Forger samples(Path file, RawSamples samples) {
    var text = new StringBuilder("sample,start_ns,duration_ns\n");
    for (int i = 0; i < samples.count(); i++) {
      text.append(i).append(',').append(samples.start(i)).append(',');
      text.append(samples.duration(i)).append('\n');
    }
    return write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Changes the samples of every process. */
  Forger allSamples(UnaryOperator<RawSamples> change) {
    for (int record = 0; record < at("/records").size(); record++) {
      for (int i = 0; i < at("/records/" + record + "/processes").size(); i++) {
        samples(record, i, change);
      }
    }
    return this;
  }

  /** Changes a file. */
  Forger edit(String name, UnaryOperator<String> change) {
    Path file = file(name);
    String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
    return write(file, change.apply(text).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Leaves the first bytes of a file. */
  Forger cut(Path file, int bytes) {
    return write(file, Arrays.copyOf(bytes(file), bytes));
  }

  Forger delete(Path file) {
    try {
      Files.delete(file);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes everything follow from the samples: statistics, records, comparisons, histograms. */
  Forger derive() {
    for (JsonNode record : at("/records")) {
      for (JsonNode process : record.path("processes")) {
        JsonNode name = process.path("samples");
        if (!name.isNull()) {
          RawSamples samples = SampleReader.read(file(name.asString()));
          ((ObjectNode) process).put("sampleCount", samples.count());
          ((ObjectNode) process)
              .set("statistics", RunJson.tree(Statistics.of(samples.durations())));
        }
      }
    }
    RunDocument document = document();
    for (int i = 0; i < document.records().size(); i++) {
      ResultRecord record = document.records().get(i);
      var summary = (ObjectNode) RunJson.tree(summary(document, record));
      ((ObjectNode) at("/records/" + i)).setAll(summary);
      long right = record.processes().stream().mapToLong(ProcessPart::answersRight).sum();
      ((ObjectNode) at("/records/" + i + "/verification")).put("answersRight", right);
      histogram(record);
      for (int part = 0; part < record.processes().size(); part++) {
        telemetry(document, record, part);
      }
    }
    List<DuetComparison> duets = document.duets() == null ? List.of() : document.duets();
    for (int i = 0; i < duets.size(); i++) {
      set("/duets/" + i, derived(document, duets.get(i)));
    }
    return write();
  }

  /** What sensors said beside the samples follows from these too. */
  private void telemetry(RunDocument document, ResultRecord record, int index) {
    ProcessPart part = record.processes().get(index);
    TelemetryPart said = part.telemetry();
    if (said == null || part.samples() == null) {
      return;
    }
    List<String> sensors = said.columns().stream().map(column -> column.sensor().id()).toList();
    Polls polls =
        TelemetryFile.read(
            said.file(), new ByteArrayInputStream(bytes(file(said.file()))), sensors);
    RawSamples samples = SampleReader.read(file(part.samples()));
    ResultRecord.WorkPart work = record.work();
    int place = document.records().indexOf(record);
    set(
        "/records/" + place + "/processes/" + index + "/telemetry",
        Conclusions.of(
            said.file(),
            said.columns(),
            polls,
            new SampleTimes(samples.starts(), samples.durations()),
            work == null ? null : new Conclusions.Work(work.unit(), work.units()),
            document.duets() != null));
  }

  private static RecordSummary summary(RunDocument document, ResultRecord record) {
    long least =
        document.planned().stream()
            .filter(planned -> planned.id().equals(record.id()) && planned.effort() != null)
            .mapToLong(planned -> planned.effort().stoppingRule().minSamples())
            .findFirst()
            .orElse(1);
    return RecordSummary.of(
        record.processes(), record.repetitions(), least, record.work(), record.amounts());
  }

  private static DuetComparison derived(RunDocument document, DuetComparison comparison) {
    var played = new ArrayList<Played>();
    var ofA = new ArrayList<Statistics>();
    var ofB = new ArrayList<Statistics>();
    for (Played duet : comparison.played()) {
      LogRatios ratios = null;
      if (duet.logRatios() != null) {
        ofA.add(statistics(document, comparison.a(), duet.number()));
        ofB.add(statistics(document, comparison.b(), duet.number()));
        ratios = LogRatios.of(ofA.getLast(), ofB.getLast());
      }
      played.add(
          new Played(
              duet.number(),
              duet.startedFirst(),
              duet.beganFirst(),
              duet.slices(),
              duet.reason(),
              ratios));
    }
    return new DuetComparison(
        comparison.a(),
        comparison.b(),
        comparison.planned(),
        comparison.sliceSeconds(),
        played,
        ofA.isEmpty() ? null : DuetSummary.of(ofA, ofB),
        comparison.trial());
  }

  private static Statistics statistics(
      RunDocument document, DuetComparison.Side side, int repetition) {
    return document.records().stream()
        .filter(record -> record.id().equals(side.record()))
        .flatMap(record -> record.processes().stream())
        .filter(part -> part.repetition() == repetition)
        .findFirst()
        .orElseThrow()
        .statistics();
  }

  private void histogram(ResultRecord record) {
    var log = new ByteArrayOutputStream();
    for (ProcessPart part : record.processes()) {
      if (part.samples() != null) {
        RawSamples samples = SampleReader.read(file(part.samples()));
        Instant start = Instant.parse(part.startedAt());
        double seconds = part.prepareSeconds() + part.measureSeconds();
        try {
          Distribution.writeLog(
              Distribution.of(samples.durations(), samples.count()),
              "process-" + part.repetition(),
              start,
              start.plusMillis((long) (1e3 * seconds)),
              log);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    if (log.size() > 0) {
      write(file(RunWriter.histogramName(record.id())), log.toByteArray());
    }
  }

  /** The run as it now says it is. */
  RunDocument document() {
    byte[] json = RunJson.pretty(run).getBytes(StandardCharsets.UTF_8);
    return RunReader.parse(file(RunWriter.RUN_FILE), json).document();
  }

  /** Seals it anew, unsigned, as of the time at which it was sealed before. */
  Forger seal() {
    return seal(null);
  }

  Forger seal(SigningKey key) {
    return seal(
        key,
        CommandLineFixture.json(CommandLineFixture.read(file(Manifest.FILE)))
            .path("sealedAt")
            .asString());
  }

  Forger seal(SigningKey key, String sealedAt) {
    try {
      unseal();
      Seal.write(directory, SealHeader.of(document()), key, Instant.parse(sealedAt));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Forger unseal() {
    try {
      for (String name : List.of(Manifest.FILE, Manifest.SIGNATURE_FILE, Manifest.SIGNER_FILE)) {
        Files.deleteIfExists(file(name));
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the directory another name. */
  Forger rename(String name) {
    return moveTo(directory.resolveSibling(name));
  }

  Forger moveTo(Path other) {
    try {
      Files.createDirectories(other.getParent());
      directory = Files.move(directory, other);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Forger write() {
    return write(file(RunWriter.RUN_FILE), RunJson.pretty(run).getBytes(StandardCharsets.UTF_8));
  }

  Forger write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
