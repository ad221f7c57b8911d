// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.Forgery.Act;
import io.gpubench.app.cli.Forgery.Source;
import io.gpubench.measure.result.RunWriter;
import io.gpubench.measure.seal.Manifest;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What is missing, cut short, added, or no file at all. */
final class ForgedFiles {
  private ForgedFiles() {}

  static Stream<Forgery> all() {
    return Stream.of(truncated(), missing(), added(), irregular(), manifests()).flatMap(all -> all);
  }

  private static Forgery of(String name, Act act, String... flaws) {
    return Forgery.of(name, Source.SUITE, act, flaws);
  }

  private static Stream<Forgery> cut(String name, Act act, String... resealed) {
    return Stream.of(of(name, act, "truncated"), of(name, act).resealed(resealed));
  }

  private static Stream<Forgery> truncated() {
    return Stream.of(
            cut("samples cut after a line", run -> cutSamples(run, "\n500,", 1), "truncated"),
            cut("samples cut in a line", run -> cutSamples(run, "\n500,", 7), "truncated"),
            cut("samples cut in the last line", run -> cutSamples(run, "\n999,", 6), "truncated"),
            cut("the last line feed", ForgedFiles::cutLineFeed, "truncated"),
            cut("samples cut to the heading", run -> cutSamples(run, "\n0,", 1), "truncated"),
            cut("samples cut in the heading", run -> cutSamples(run, ",start", 2), "truncated"),
            cut("samples cut to nothing", run -> run.cut(run.samplesFile(0, 0), 0), "truncated"),
            cut(
                "a histogram cut in half",
                run -> run.cut(run.histogramFile(0), size(run.histogramFile(0)) / 2),
                "histogram"),
            cut("a histogram cut to nothing", run -> run.cut(run.histogramFile(0), 0), "histogram"),
            Stream.of(
                of(
                    "run.json cut in half",
                    run -> run.cut(run.file(RunWriter.RUN_FILE), 5_000),
                    "truncated"),
                of("run.json cut in half", run -> run.cut(run.file(RunWriter.RUN_FILE), 5_000))
                    .resealed("schema"),
                of(
                    "run.json cut to nothing",
                    run -> run.cut(run.file(RunWriter.RUN_FILE), 0),
                    "truncated"),
                of(
                    "the manifest cut in half",
                    run -> run.cut(run.file(Manifest.FILE), 500),
                    "manifest"),
                of(
                    "the manifest cut to nothing",
                    run -> run.cut(run.file(Manifest.FILE), 0),
                    "manifest"),
                of(
                    "a process taken out of the record",
                    run -> run.remove("/records/0/processes/1"),
                    "record",
                    "altered",
                    "unlisted"),
                of("a process taken out of the record", run -> run.remove("/records/0/processes/1"))
                    .resealed("record", "unlisted"),
                of(
                    "a record taken out",
                    run -> run.remove("/records/1"),
                    "record",
                    "altered",
                    "unlisted"),
                of("a record taken out", run -> run.remove("/records/1"))
                    .resealed("record", "unlisted")))
        .flatMap(all -> all);
  }

  private static void cutSamples(Forger run, String at, int more) {
    Path file = run.samplesFile(0, 0);
    run.cut(file, CommandLineFixture.read(file).indexOf(at) + more);
  }

  private static void cutLineFeed(Forger run) {
    Path file = run.samplesFile(0, 0);
    run.cut(file, size(file) - 1);
  }

  private static int size(Path file) {
    return Forger.bytes(file).length;
  }

  private static Stream<Forgery> missing() {
    return Stream.of(
        of("no samples", run -> run.delete(run.samplesFile(0, 0)), "missing"),
        of("no samples", run -> run.delete(run.samplesFile(0, 0))).resealed("missing"),
        of("no histogram", run -> run.delete(run.histogramFile(1)), "missing"),
        of("no histogram", run -> run.delete(run.histogramFile(1))).resealed("missing"),
        of(
                "no histogram, and none said to be",
                run -> run.delete(run.histogramFile(1)).set("/records/1/histogram", null))
            .resealed("record"),
        of("no run.json", run -> run.delete(run.file(RunWriter.RUN_FILE)), "missing"),
        of("no manifest", Forger::unseal, "unsealed"),
        of(
            "as if it were still running",
            run -> run.set("/status", "running").unseal(),
            "unsealed"));
  }

  private static Stream<Forgery> added() {
    return Stream.of(
        of("a file", run -> add(run, "notes.txt"), "unlisted"),
        of("a file", run -> add(run, "notes.txt")).resealed("unlisted"),
        of("a hidden file", run -> add(run, ".cache"), "unlisted"),
        of("samples of a third process", ForgedFiles::addSamples, "unlisted"),
        of("samples of a third process", ForgedFiles::addSamples).resealed("unlisted"),
        of("a file in a folder of its own", run -> add(run, "more/of/it.csv"), "unlisted"),
        of("the journal of a run", run -> add(run, "records.jsonl"), "unlisted"),
        of("a file with a line feed in its name", run -> add(run, "a\nb"), "irregular"),
        of("a file whose name clears the screen", run -> add(run, "\u001b[2J"), "irregular"));
  }

  private static Forger add(Forger run, String name) throws Exception {
    Path file = run.file(name);
    Files.createDirectories(file.getParent());
    return run.write(file, new byte[] {'x', '\n'});
  }

  private static void addSamples(Forger run) {
    Path file = run.samplesFile(0, 1);
    Path third = file.resolveSibling(file.getFileName().toString().replace(".2.csv", ".3.csv"));
    run.write(third, Forger.bytes(file));
  }

  private static Stream<Forgery> irregular() {
    return Stream.of(
        of("a link to the samples", run -> link(run, run.samplesFile(0, 0)), "irregular"),
        of("a link to the samples", run -> link(run, run.samplesFile(0, 0))).resealed("irregular"),
        of("a link to run.json", run -> link(run, run.file(RunWriter.RUN_FILE)), "irregular"),
        of("a link to the manifest", run -> link(run, run.file(Manifest.FILE)), "manifest"),
        of("a link to the samples' folder", run -> link(run, run.file("samples")), "irregular"),
        of(
            "a link to somewhere else",
            run -> Files.createSymbolicLink(run.file("up"), Path.of("../..")),
            "irregular"),
        of(
            "a link to nowhere",
            run -> Files.createSymbolicLink(run.file("gone"), Path.of("nowhere")),
            "irregular"),
        of(
            "a pipe",
            run -> {
              run.delete(run.samplesFile(0, 0));
              pipe(run.samplesFile(0, 0));
            },
            "irregular"),
        of(
            "a pipe for a manifest",
            run -> {
              run.delete(run.file(Manifest.FILE));
              pipe(run.file(Manifest.FILE));
            },
            "manifest"),
        of(
            "a folder for a manifest",
            run -> {
              run.delete(run.file(Manifest.FILE));
              Files.createDirectory(run.file(Manifest.FILE));
            },
            "manifest"),
        of(
            "a folder for samples",
            run -> {
              run.delete(run.samplesFile(0, 0));
              Files.createDirectory(run.samplesFile(0, 0));
            },
            "missing"));
  }

  /** What was there lies elsewhere now, unchanged. */
  private static void link(Forger run, Path file) throws Exception {
    Path elsewhere = run.directory().getParent().resolve("elsewhere");
    Files.move(file, elsewhere);
    Files.createSymbolicLink(file, elsewhere);
  }

  private static void pipe(Path file) throws Exception {
    int exit = new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("mkfifo: " + exit);
    }
  }

  private static Forgery manifest(String name, String from, String to) {
    return of(
        name,
        run ->
            run.edit(
                Manifest.FILE,
                text -> {
                  String changed = text.replaceFirst(from, to);
                  if (changed.equals(text)) {
                    throw new IllegalStateException("the manifest has no " + from);
                  }
                  return changed;
                }),
        "manifest");
  }

  private static Stream<Forgery> manifests() {
    return Stream.of(
        manifest("a path that leads outside", "\"run.json\"", "\"samples/../run.json\""),
        manifest("a path that leads far outside", "\"run.json\"", "\"../../etc/passwd\""),
        manifest("an absolute path", "\"run.json\"", "\"/etc/passwd\""),
        manifest("a path of Windows", "\"run.json\"", "\"C:\\\\\\\\run.json\""),
        manifest("another tool", "\"commit\" : \"", "\"commit\" : \"0"),
        manifest("a property that no manifest has", "\"signer\"", "\"notary\" : 1, \"signer\""),
        manifest("another kind of document", "gpubench.manifest/1", "gpubench.run/2"),
        manifest("a seed", "\"inputs\" : \\[ ", "\"inputs\" : [ 0, "),
        of(
            "foreign JSON for a manifest",
            run -> run.edit(Manifest.FILE, _ -> "[1, 2]"),
            "manifest"),
        of("no JSON for a manifest", run -> run.edit(Manifest.FILE, _ -> "\u007fELF"), "manifest"),
        of(
            "JSON without end",
            run -> run.edit(Manifest.FILE, _ -> "[".repeat(1_000_000)),
            "manifest"),
        of(
            "a manifest of 1 GiB",
            run -> {
              try (var file = new RandomAccessFile(run.file(Manifest.FILE).toFile(), "rw")) {
                file.setLength(1L << 30);
              }
            },
            "manifest"),
        of(
            "foreign JSON for run.json",
            run -> run.edit(RunWriter.RUN_FILE, _ -> "{\"schema\": \"junit/5\"}"),
            "schema"),
        of("no JSON for run.json", run -> run.edit(RunWriter.RUN_FILE, _ -> "hello"), "schema"),
        of(
            "run.json with a property twice",
            run ->
                run.edit(
                    RunWriter.RUN_FILE,
                    text -> text.replaceFirst("\\{", "{\"status\" : \"complete\",")),
            "schema"),
        of(
                "run.json with something behind it",
                run -> run.edit(RunWriter.RUN_FILE, text -> text + "{}"))
            .resealed("schema"));
  }
}
