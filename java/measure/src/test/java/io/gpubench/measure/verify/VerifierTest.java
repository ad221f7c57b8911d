// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.result.DuetComparison;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Session;
import io.gpubench.measure.suite.FakeWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
  private static final RunSchema SCHEMA =
      RunSchema.read(
          Path.of(System.getProperty("gpubench.root")).resolve("configs/schemas/run.schema.json"));

  @TempDir private static Path temp;
  private static Path suite;
  private static Path duet;
  private static int copies;

  @BeforeAll
  static void write() {
    suite = HonestRun.suite(temp.resolve("suite"));
    duet = HonestRun.duet(temp.resolve("duet"));
  }

  static Verifier verifier(String... signers) {
    return new Verifier(
        SCHEMA,
        Map.of("host", new HostEngine()),
        Map.of("fake", new FakeWorkload()),
        Set.of(signers),
        Clock.systemUTC()); // of whoever seals too
  }

  /** Ours, which nobody opens. */
  private record HostEngine() implements Engine {
    @Override
    public String id() {
      return "host";
    }

    @Override
    public String summary() {
      return "ours";
    }

    @Override
    public List<String> paths(String workloadId) {
      return List.of("call");
    }

    @Override
    public Session open(Options options) {
      throw new AssertionError("opened");
    }
  }

  @Test
  void anHonestRunHasNoFlaw() {
    for (Path run : List.of(suite, duet)) {
      Verification answer = verifier().verify(run);
      assertEquals(List.of(), answer.findings());
      assertEquals(2, answer.records());
      assertEquals(4, answer.processes());
      assertEquals(800, answer.samples());
      assertEquals(11, answer.files());
      assertEquals(4, answer.prints().size());
      assertEquals(run.getFileName().toString(), answer.run());
    }
  }

  private static RunEdit copy() throws IOException {
    return new RunEdit(suite, temp.resolve("copy-" + copies++));
  }

  private static void found(RunEdit run, String subject, String words, Flaw... flaws) {
    List<Finding> findings = verifier().verify(run.directory).findings();
    assertEquals(
        List.of(flaws), findings.stream().map(Finding::flaw).toList(), findings.toString());
    Finding first = findings.getFirst();
    assertEquals(subject, first.subject());
    assertTrue(first.message().contains(words), first.message());
  }

  private static String duetId() throws IOException {
    return new RunEdit(duet, temp.resolve("copy-" + copies++)).at("/duets/0/a/record").asString();
  }

  /** One that was made by a rule, with so many duets in its first look and both of them played. */
  private static RunEdit trial(int firstLook, int firstStage, @Nullable String ended)
      throws IOException {
    var run = new RunEdit(duet, temp.resolve("copy-" + copies++));
    run.set(
        "/duets/0/trial",
        new DuetComparison.Trial(
            0.05, Map.of("median", 0.05), List.of(firstLook), 10, firstStage, ended));
    run.set("/duets/0/planned", firstLook + 10);
    run.seal(null);
    return run;
  }

  @Test
  void aTrialThatWentByItsRuleHasNoFlaw() throws IOException {
    RunEdit decided = trial(2, 2, "decided");
    assertEquals(List.of(), verifier().verify(decided.directory).findings());
    RunEdit cutOff = trial(8, 2, "time");
    assertEquals(List.of(), verifier().verify(cutOff.directory).findings());
  }

  @Test
  void aTrialThatWasEndedBeforeItWasDecidedIsFound() throws IOException {
    found(trial(8, 2, "decided"), duetId(), "ended after 2 duets, undecided", Flaw.RECORD);
    found(trial(1, 2, "decided"), duetId(), "went on to 2", Flaw.RECORD);
    found(trial(2, 3, "decided"), duetId(), "3 of its 2 duets", Flaw.RECORD);
    RunEdit other = trial(2, 2, "decided");
    other.set("/duets/0/planned", 13);
    other.seal(null);
    found(other, duetId(), "13 duets were planned", Flaw.RECORD);
    RunEdit foreign = trial(2, 2, "decided");
    foreign.set("/duets/0/trial/tolerances/median", 0);
    foreign.seal(null);
    found(foreign, "run.json", "tolerances", Flaw.SCHEMA);
  }

  /** Records had the share of the ceiling that binds alone. */
  @Test
  void aRecordFromBeforeThereWereSharesOfOtherCeilingsIsAsGood() throws IOException {
    RunEdit older = copy();
    older.remove("/records/0/ceiling/others");
    older.seal(null);
    assertEquals(List.of(), verifier().verify(older.directory).findings());
  }

  @Test
  void whatWasChangedAfterTheSealIsNamed() throws IOException {
    RunEdit run = copy();
    Path file = run.samples(0, 0);
    String name = run.directory.relativize(file).toString();
    run.text(file, text -> text + "200,999999999,5\n");
    List<Flaw> flaws = flaws(verifier().verify(run.directory));
    assertTrue(flaws.contains(Flaw.ALTERED) && flaws.contains(Flaw.RECORD), flaws.toString());

    RunEdit same = copy();
    same.text(file(same, name), text -> text.replace("\n7,", "\n7,1"));
    assertTrue(flaws(verifier().verify(same.directory)).contains(Flaw.ALTERED));

    RunEdit shorter = copy();
    shorter.text(file(shorter, name), text -> text.substring(0, text.lastIndexOf("199,")));
    assertTrue(flaws(verifier().verify(shorter.directory)).contains(Flaw.TRUNCATED));

    RunEdit document = copy();
    document.set("/plannedSeconds", 61.25);
    found(document, "run.json", "bytes, and", Flaw.ALTERED);

    RunEdit sameLength = copy();
    sameLength.set("/profile", "QUICK");
    found(sameLength, "run.json", "its SHA-256 is ", Flaw.ALTERED);

    RunEdit cut = copy();
    cut.text(cut.file("run.json"), text -> text.substring(0, 1_000));
    Verification answer = verifier().verify(cut.directory);
    assertNull(answer.run());
    assertTrue(
        flaws(answer).containsAll(List.of(Flaw.SCHEMA, Flaw.TRUNCATED)),
        answer.findings().toString());

    RunEdit more = copy();
    Files.createFile(more.file("note.txt"));
    found(more, "note.txt", "the manifest does not list it", Flaw.UNLISTED);

    RunEdit linked = copy();
    Files.createSymbolicLink(linked.file("link"), linked.file("run.json"));
    found(linked, "link", "gpubench makes none there", Flaw.IRREGULAR);

    RunEdit without = copy();
    Files.delete(without.histogram(0));
    Verification lacking = verifier().verify(without.directory);
    assertEquals(List.of(Flaw.MISSING), flaws(lacking));
    assertTrue(lacking.findings().getFirst().message().contains("the manifest lists "));

    RunEdit exchanged = copy();
    Files.copy(exchanged.samples(0, 1), exchanged.samples(0, 0), REPLACE_EXISTING);
    Verification swapped = verifier().verify(exchanged.directory);
    assertTrue(
        swapped.findings().stream()
            .anyMatch(one ->
                one.flaw() == Flaw.SWAPPED
                    && one.message().contains("it holds what was sealed as samples/")),
        swapped.findings().toString());
  }

  private static Path file(RunEdit run, String name) {
    return run.directory.resolve(name);
  }

  private static List<Flaw> flaws(Verification answer) {
    return answer.findings().stream().map(Finding::flaw).toList();
  }

  @Test
  void whatHasNoSealOrABrokenOneIsNotSealed() throws IOException {
    RunEdit unsealed = copy();
    unsealed.unseal();
    found(unsealed, "manifest.json", "the run was cut off", Flaw.UNSEALED);
    assertNull(verifier().verify(unsealed.directory).sealedAt());

    RunEdit broken = copy();
    broken.text(broken.file("manifest.json"), text -> text.substring(1));
    found(broken, "manifest.json", "manifest.json", Flaw.MANIFEST);

    RunEdit headed = copy();
    headed.text(headed.file("manifest.json"), text -> text.replace("\"unknown\"", "\"modified\""));
    found(headed, "manifest.json", "it says ", Flaw.MANIFEST);

    RunEdit renamed = copy();
    Path other = renamed.directory.resolveSibling("another");
    Files.move(renamed.directory, other);
    assertEquals(List.of(Flaw.RENAMED), flaws(verifier().verify(other)));

    RunEdit foreign = copy();
    String id = foreign.at("/id").asString();
    foreign.text(
        foreign.file("manifest.json"), text -> text.replace(id, id.replace("96054e", "000000")));
    found(foreign, "manifest.json", "it seals the run ", Flaw.RENAMED);
  }

  @Test
  void whatIsNoRunIsRefused() throws IOException {
    Path nothing = temp.resolve("nothing");
    refused(nothing, " does not exist");
    refused(Files.createFile(temp.resolve("file")), " is not a folder");
    refused(Files.createDirectory(temp.resolve("empty")), " is not a run directory");
    RunEdit newer = copy();
    newer.set("/schema", "gpubench.run/999");
    refused(newer.directory, "run.json");
    RunEdit older = copy();
    try (var in = VerifierTest.class.getResourceAsStream("/runs/run-1.json")) {
      Files.write(older.file("run.json"), in.readAllBytes());
    }
    assertTrue(
        verifier().verify(older.directory).findings().stream()
            .anyMatch(one -> one.message().equals("gpubench.run/1 had no seal yet")));
    RunEdit neither = copy();
    neither.unseal();
    neither.text(neither.file("run.json"), _ -> "{");
    refused(neither.directory, "run.json");
  }

  private static void refused(Path directory, String words) {
    var error = assertThrows(ResultFormatException.class, () -> verifier().verify(directory));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith(directory.toString()) && message.contains(words), message);
  }

  @Test
  void aSignatureThatIsDemandedHasToBeThatOfTheSigner() throws IOException {
    var ours = SigningKey.create(temp.resolve("ours.pem"));
    var theirs = SigningKey.create(temp.resolve("theirs.pem"));
    String signer = ours.signer().fingerprint();
    assertEquals(List.of(Flaw.UNSIGNED), flaws(verifier(signer).verify(suite)));
    RunEdit signed = copy();
    signed.seal(ours);
    Verification good = verifier(signer).verify(signed.directory);
    assertTrue(good.verified(), good.findings().toString());
    assertEquals(signer, good.signer());
    assertEquals(
        List.of(Flaw.OTHER_KEY),
        flaws(verifier(theirs.signer().fingerprint()).verify(signed.directory)));

    RunEdit bySomebodyElse = copy();
    bySomebodyElse.seal(theirs);
    Files.copy(bySomebodyElse.file("signer.pem"), temp.resolve("theirs.pub"));
    RunEdit mixed = copy();
    mixed.seal(ours);
    Files.copy(temp.resolve("theirs.pub"), mixed.file("signer.pem"), REPLACE_EXISTING);
    assertEquals(List.of(Flaw.OTHER_KEY), flaws(verifier(signer).verify(mixed.directory)));

    RunEdit resealed = copy();
    resealed.seal(ours);
    resealed.text(
        resealed.file("manifest.json"), text -> text.replace("\"unknown\"", "\"modified\""));
    Verification wrong = verifier(signer).verify(resealed.directory);
    assertTrue(flaws(wrong).contains(Flaw.SIGNATURE), wrong.findings().toString());
    assertNull(wrong.signer());
  }

  @Test
  void samplesThatComeAgainAreNoticed() throws IOException {
    Verifier verifier = verifier();
    Verification first = verifier.compare(verifier.verify(suite));
    assertEquals(List.of(), first.findings());
    assertEquals(Map.of(), first.prints());
    RunEdit again = copy();
    again.set("/id", "20261121T035622Z-default-000000");
    Path renamed = again.directory.resolveSibling("20261121T035622Z-default-000000");
    again.seal(null);
    Files.move(again.directory, renamed);
    Verification second = verifier.compare(verifier.verify(renamed));
    assertEquals(
        List.of(Flaw.REPLAYED, Flaw.REPLAYED, Flaw.REPLAYED, Flaw.REPLAYED), flaws(second));
    assertTrue(
        second
            .findings()
            .getFirst()
            .message()
            .contains("of the run 20261121T035622Z-default-96054e"));
    assertEquals(List.of(), verifier.compare(verifier.verify(duet)).findings());
  }
}
