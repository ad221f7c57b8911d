// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.cli.Forgery.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every form of a forgery is found, by its name; the honest runs that were forged are not. */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class ForgeryTest {
  private static final int EDITS = 60;

  @TempDir private static Path temp;
  private static Evidence evidence;
  private static int copies;

  @BeforeAll
  static void open() {
    evidence = new Evidence(temp);
  }

  static Stream<Forgery> forgeries() {
    return Stream.of(
            ForgedValues.all(),
            ForgedSamples.all(),
            ForgedSignatures.all(),
            ForgedTimes.all(),
            ForgedOrigin.all(),
            ForgedFiles.all())
        .flatMap(all -> all);
  }

  private static Forger forger(Source source) {
    return Forger.of(evidence.of(source), temp.resolve("forged-" + copies++), evidence.theirs);
  }

  private static List<String> options(Forgery forgery) {
    String ours = evidence.ours.signer().fingerprint();
    return forgery.options().stream()
        .map(option -> option.replace(ForgedSignatures.OURS, ours))
        .toList();
  }

  /** The words of what was found. */
  static Set<String> flaws(Answer answer) {
    var words = new TreeSet<String>();
    for (JsonNode run : CommandLineFixture.json(answer.out()).path("runs")) {
      for (JsonNode finding : run.path("findings")) {
        words.add(finding.path("flaw").asString());
        String message = finding.path("message").asString();
        assertEquals(1, message.lines().count(), message);
      }
    }
    return words;
  }

  @ParameterizedTest
  @EnumSource
  void theOriginalVerifies(Source source) {
    Answer answer = Evidence.verify(List.of(forger(source).directory()), List.of());
    assertEquals(0, answer.exit(), answer.out());
    assertEquals(Set.of(), flaws(answer));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isFound(Forgery forgery) throws Exception {
    Forger run = forger(forgery.source());
    forgery.act().on(run);
    Answer answer = Evidence.verify(List.of(run.directory()), options(forgery));
    String what = forgery + ": " + answer.out() + answer.err();
    assertEquals(7, answer.exit(), what);
    assertEquals(Set.of(), forgery.unnoticed(flaws(answer)), what);
    assertEquals("", answer.err(), what);
  }

  /** Hashes alone cannot tell; the answer says what can. */
  @ParameterizedTest
  @MethodSource("consistentForgeries")
  void consistentAndUnsignedTakesASignature(Forgery forgery) throws Exception {
    Forger run = forger(forgery.source());
    forgery.act().on(run);
    Answer json = Evidence.verify(List.of(run.directory()), List.of());
    assertEquals(0, json.exit(), json.out());
    Answer table = Evidence.execute("verify", run.directory().toString());
    for (Answer answer : List.of(json, table)) {
      assertTrue(
          answer
              .out()
              .contains(
                  "For a run that is not signed: that nobody changed samples, statistics and manifest together. That takes a signature"),
          answer.out());
    }
    assertTrue(table.out().contains(", not signed; "), table.out());
    String ours = evidence.ours.signer().fingerprint();
    Answer demanded = Evidence.verify(List.of(run.directory()), List.of("--signer=" + ours));
    assertEquals(7, demanded.exit(), demanded.out());
    assertEquals(Set.of("unsigned"), flaws(demanded));
  }

  static Stream<Forgery> consistentForgeries() {
    return Stream.of(
        Forgery.of("3 % quicker", Source.SUITE, run -> ForgedSignatures.scaled(run).seal()),
        Forgery.of(
            "3 % quicker, signed before",
            Source.SIGNED, run -> ForgedSignatures.scaled(run).seal()),
        Forgery.of(
            "a month older",
            Source.SUITE,
            run -> ForgedTimes.everything(run, Duration.ofDays(-30), true)),
        Forgery.of(
            "another id",
            Source.SUITE,
            run -> {
              String id = ForgedOrigin.newId(run);
              run.set("/id", id).rename(id).seal();
            }),
        Forgery.of(
            "ten times the work, and the throughput",
            Source.SUITE,
            run -> run.scaleWork("units", 10).derive().seal()),
        Forgery.of(
            "a made-up card", Source.SIMULATED, run -> ForgedOrigin.madeUp(run).derive().seal()),
        Forgery.of(
            "a record that was never planned nor there",
            Source.SUITE,
            run ->
                run.delete(run.samplesFile(0, 0))
                    .delete(run.samplesFile(0, 1))
                    .delete(run.histogramFile(0))
                    .delete(run.telemetryFile(0, 0))
                    .delete(run.telemetryFile(0, 1))
                    .remove("/records/0")
                    .remove("/planned/0")
                    .seal()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunUnderANewIdIsFoundBesideTheOriginal(boolean redated) {
    Forger run = forger(Source.SUITE);
    if (redated) {
      ForgedTimes.everything(run, Duration.ofDays(-30), true);
    } else {
      String id = ForgedOrigin.newId(run);
      run.set("/id", id).rename(id).seal();
    }
    Path original = evidence.of(Source.SUITE);
    Answer answer = Evidence.verify(List.of(original, run.directory()), List.of());
    assertEquals(7, answer.exit(), answer.out());
    assertEquals(Set.of("replayed"), flaws(answer));
    Forger other = forger(Source.DUET);
    answer = Evidence.verify(List.of(original, other.directory(), original), List.of());
    assertEquals(0, answer.exit(), answer.out());
  }

  @Test
  void theSignatureOfAnotherRunDoesNotFit() throws Exception {
    Forger run = forger(Source.SIGNED);
    Forger other = forger(Source.DUET);
    other.seal(evidence.ours);
    byte[] signature = Forger.bytes(other.file("manifest.sig"));
    run.write(run.file("manifest.sig"), signature);
    Answer answer = Evidence.verify(List.of(run.directory()), List.of());
    assertEquals(7, answer.exit(), answer.out());
    assertEquals(Set.of("signature"), flaws(answer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fingerprint", "PEM", "both"})
  void whoWasDemandedMaySign(String how) {
    Forger run = forger(Source.SIGNED);
    String fingerprint = "--signer=" + evidence.ours.signer().fingerprint();
    String file = "--signer=" + temp.resolve("ours.pub.pem");
    String theirs = "--signer=" + evidence.theirs.signer().fingerprint();
    List<String> options =
        switch (how) {
          case "PEM" -> List.of(file);
          case "both" -> List.of(theirs, fingerprint);
          default -> List.of(fingerprint);
        };
    Answer answer = Evidence.verify(List.of(run.directory()), options);
    assertEquals(0, answer.exit(), answer.out() + answer.err());
  }

  static Stream<Forgery> unreadable() {
    return Stream.of(
        Forgery.of(
            "a newer run",
            Source.SUITE,
            run -> run.set("/schema", "gpubench.run/3"),
            "gpubench.run/3"),
        Forgery.of(
            "a newer run, resealed",
            Source.SUITE,
            run ->
                run.edit("run.json", text -> text.replaceFirst("gpubench.run/2", "gpubench.run/3"))
                    .seal(),
            "gpubench.run/3"),
        Forgery.of(
            "a newer manifest",
            Source.SUITE,
            run ->
                run.edit(
                    "manifest.json",
                    text -> text.replace("gpubench.manifest/1", "gpubench.manifest/2")),
            "gpubench.manifest/2"),
        Forgery.of(
            "no run, and no manifest",
            Source.SUITE,
            run -> run.unseal().delete(run.file("run.json")),
            "neither a run nor a store with runs in it"),
        Forgery.of(
            "foreign JSON, without a manifest",
            Source.SUITE,
            run -> run.unseal().edit("run.json", _ -> "{\"schema\": \"junit/5\"}"),
            "not a result of gpubench"),
        Forgery.of(
            "half a run.json, without a manifest",
            Source.SUITE,
            run -> run.unseal().cut(run.file("run.json"), 5_000),
            "run.json"));
  }

  @ParameterizedTest
  @MethodSource
  void unreadable(Forgery forgery) throws Exception {
    Forger run = forger(forgery.source());
    forgery.act().on(run);
    Answer answer = Evidence.execute("verify", run.directory().toString());
    assertEquals(2, answer.exit(), answer.out() + answer.err());
    String said = answer.out() + answer.err();
    assertTrue(said.contains(forgery.flaws().getFirst()), said);
    assertFalse(said.contains("Exception"), said);
  }

  @Test
  void whatIsNoFolderIsSaidInALine() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    for (Path path : List.of(file, temp.resolve("nothing"))) {
      Answer answer = Evidence.execute("verify", path.toString());
      assertEquals(2, answer.exit(), answer.out() + answer.err());
      assertEquals(2, (answer.out() + answer.err()).lines().count(), answer.out() + answer.err());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsWritten(Source source) throws Exception {
    Forger run = forger(source);
    run.write(run.file("notes"), new byte[3]);
    Path store = run.directory().getParent();
    Map<String, String> before = listing(store);
    Evidence.verify(List.of(run.directory()), List.of());
    assertEquals(before, listing(store));
  }

  private static Map<String, String> listing(Path folder) throws Exception {
    var all = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        all.put(file.toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
      }
    }
    return all;
  }

  /** One byte anywhere is found, in one line each, and never an internal error. */
  @Test
  void noByteCanBeChanged() throws Exception {
    var random = new SplittableRandom(20261121);
    for (Source source : List.of(Source.SIGNED, Source.DUET)) {
      Forger run = forger(source);
      List<Path> files;
      try (Stream<Path> all = Files.walk(run.directory())) {
        files = all.filter(Files::isRegularFile).sorted().toList();
      }
      for (int i = 0; i < EDITS; i++) {
        Path file = files.get(i % files.size());
        byte[] bytes = Forger.bytes(file);
        byte[] changed = bytes.clone();
        int at = random.nextInt(bytes.length);
        if (random.nextBoolean() && changed[at] >= '0' && changed[at] <= '9') {
          changed[at] = (byte) ('0' + (changed[at] - '0' + random.nextInt(1, 10)) % 10);
        } else {
          changed[at] ^= (byte) random.nextInt(1, 256);
        }
        run.write(file, changed);
        Answer answer = Evidence.verify(List.of(run.directory()), List.of());
        String where = file.getFileName() + " at " + at + ": " + answer.out() + answer.err();
        assertTrue(answer.exit() == 7 || answer.exit() == 2, where);
        assertTrue(answer.exit() == 2 || !flaws(answer).isEmpty(), where);
        run.write(file, bytes);
      }
      Answer healed = Evidence.verify(List.of(run.directory()), List.of());
      assertEquals(0, healed.exit(), healed.out());
    }
  }
}
