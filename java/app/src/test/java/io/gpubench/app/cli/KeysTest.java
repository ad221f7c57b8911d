// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.result.RunReader;
import io.gpubench.measure.result.SealHeader;
import io.gpubench.measure.seal.Seal;
import io.gpubench.measure.seal.SignatureCheck;
import io.gpubench.measure.seal.SignerKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user's key, and the runs that it signs. */
class KeysTest {
  @TempDir private Path temp;
  private CommandLineFixture line;
  private FakeEngine engine;

  @BeforeEach
  void open() {
    line = new CommandLineFixture(temp);
    engine = FakeEngine.passing("fake");
    line.engines = List.of(engine);
  }

  private Path home() {
    line.environment.put("HOME", temp.resolve("home").toString());
    return temp.resolve("home/.config/gpubench");
  }

  @Test
  void aKeyIsMadeShownAndUsed() throws Exception {
    Path folder = home();
    Answer made = line.execute("keys", "create");
    assertEquals(0, made.exit(), made.err());
    assertEquals("", made.err());
    Path shown = Files.writeString(temp.resolve("alice.pem"), line.execute("keys", "show").out());
    SignerKey signer = SignerKey.read(shown);
    assertEquals(
        """
        private key: %s/key.pem
        public key:  %s/key.pub.pem
        fingerprint: %s
        Runs are signed with it from now on. Keep the private key to yourself; give the public key, or the fingerprint, to those who verify your runs.
        """
            .formatted(folder, folder, signer.fingerprint()),
        made.out());
    assertEquals(signer, SignerKey.read(folder.resolve("key.pub.pem")));
    assertEquals("rwx------", permissions(folder));
    assertEquals("rw-------", permissions(folder.resolve("key.pem")));

    Answer run = line.run();
    assertEquals(0, run.exit(), run.err());
    assertTrue(
        run.err()
            .endsWith(
                "\nevidence: "
                    + line.onlyRun()
                    + ", sealed and signed by "
                    + signer.fingerprint()
                    + "\n"),
        run.err());
    Seal seal = Seal.read(line.onlyRun()).orElseThrow();
    assertEquals(new SignatureCheck.Valid(signer), seal.signature());
    assertEquals(SealHeader.of(RunReader.read(line.onlyRun())), seal.manifest().header());
    assertEquals(List.of(1L), seal.manifest().seeds().inputs());
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aDuetIsSignedToo() throws Exception {
    home();
    assertEquals(0, line.execute("keys", "create").exit());
    Answer duet =
        line.execute(
            "duet",
            "engine=fake",
            "engine=fake",
            line.profile(),
            "--duets=2",
            "--out=" + line.store,
            "--set=consensus.validators=4");
    assertTrue(duet.err().contains(", sealed and signed by ed25519:"), duet.err());
    assertInstanceOf(
        SignatureCheck.Valid.class, Seal.read(line.onlyRun()).orElseThrow().signature());
  }

  @Test
  void aFolderOfConfigurationsThatIsNoAbsolutePathIsIgnored() {
    Path key = home().resolve("key.pem");
    for (String relative : List.of("config", "./config", "")) {
      line.environment.put("XDG_CONFIG_HOME", relative);
      Answer shown = line.execute("keys", "show");
      assertTrue(shown.err().startsWith("gpubench: " + key + ": it does not exist"), shown.err());
    }
  }

  @Test
  void whichRunsAKeySignsIsSaidAsItIs() {
    home();
    Path named = temp.resolve("named.pem");
    line.environment.put("GPUBENCH_KEY", named.toString());
    Answer answer = line.execute("keys", "create");
    assertTrue(
        answer.out().contains("\nRuns are signed with it as long as GPUBENCH_KEY names it. Keep "),
        answer.out());
    assertTrue(Files.exists(named));
    Path other = temp.resolve("other.pem");
    answer = line.execute("keys", "create", "--key", other.toString());
    assertTrue(
        answer.out().contains("\nRuns with --key " + other + " are signed with it. Keep "),
        answer.out());
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Path key = home().resolve("key.pem");
    line.execute("keys", "create");
    byte[] before = Files.readAllBytes(key);
    assertEquals(
        new Answer(
            2,
            "",
            "gpubench: "
                + key
                + " exists and is kept; name another file with --key, or move it away\n"),
        line.execute("keys", "create"));
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(key)));
  }

  @Test
  void whereThereIsNoKeyRunsAreSealedOnly() throws Exception {
    home();
    Answer run = line.run();
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.err().endsWith(", sealed\n"), run.err());
    assertEquals(new SignatureCheck.None(), Seal.read(line.onlyRun()).orElseThrow().signature());
    assertEquals(
        new Answer(
            2,
            "",
            "gpubench: "
                + home().resolve("key.pem")
                + ": it does not exist; expected an Ed25519 private key in PKCS#8 PEM, as 'gpubench"
                + " keys create' makes it\n"),
        line.execute("keys", "show"));
  }

  /** The user has a key, and another one lies in the file {@code other.pem}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -                   | -                  | user
          GPUBENCH_NO_KEY=1   | -                  | none
          GPUBENCH_NO_KEY=0   | -                  | user
          GPUBENCH_KEY=OTHER  | -                  | other
          GPUBENCH_KEY=OTHER  | --no-key           | none
          GPUBENCH_NO_KEY=1   | --key=OTHER        | other
          -                   | --key=OTHER        | other
          -                   | --no-key           | none
          """)
  void theCommandLineWinsOverVariablesAndTheseOverTheUsersKey(
      String variable, String option, String signs) throws Exception {
    Path other = temp.resolve("other.pem");
    Path own = home().resolve("key.pem");
    assertEquals(0, line.execute("keys", "create").exit());
    assertEquals(0, line.execute("keys", "create", "--key", other.toString()).exit());
    if (variable != null) {
      String[] parts = variable.replace("OTHER", other.toString()).split("=");
      line.environment.put(parts[0], parts[1]);
    }
    Answer run = option == null ? line.run() : line.run(option.replace("OTHER", other.toString()));
    assertEquals(0, run.exit(), run.err());
    SignatureCheck expected =
        switch (signs) {
          case "user" -> new SignatureCheck.Valid(publicKey(own));
          case "other" -> new SignatureCheck.Valid(publicKey(other));
          default -> new SignatureCheck.None();
        };
    assertEquals(expected, Seal.read(line.onlyRun()).orElseThrow().signature());
  }

  private static SignerKey publicKey(Path key) {
    return SignerKey.read(Path.of(key.toString().replace(".pem", ".pub.pem")));
  }

  @Test
  void aKeyThatOthersMayReadIsRefusedBeforeAnythingIsMeasured() throws Exception {
    Path key = home().resolve("key.pem");
    line.execute("keys", "create");
    for (String open : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx---rwx"}) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(open));
      String refusal =
          "gpubench: "
              + key
              + ": others than its owner may use this private key; take that away: chmod 600 "
              + key
              + "\n";
      assertEquals(new Answer(2, "", refusal), line.run());
      assertEquals(new Answer(2, "", refusal), line.execute("duet", "engine=fake", "engine=fake"));
      assertEquals(new Answer(2, "", refusal), line.execute("keys", "show"));
    }
    assertEquals(0, engine.prepared);
    assertFalse(Files.exists(line.store));
    assertEquals(0, line.run("--no-key").exit());
  }

  @Test
  void aRunWithoutItsSealIsKeptAndIsExit3() {
    engine.preparing = () -> assertTrue(line.onlyRun().resolve("manifest.json").toFile().mkdir());
    Answer run = line.run();
    assertEquals(3, run.exit());
    assertEquals(
        "gpubench: cannot write to "
            + line.onlyRun()
            + ": a file of that name is in the way; finished records are kept there; only the seal"
            + " is missing; free space or choose another store with --out",
        run.err().lines().toList().getLast());
    Answer shown = line.execute("show", line.onlyRun().toString());
    assertEquals(new Answer(0, run.out(), ""), shown);
    assertTrue(shown.out().contains(", profile instant, complete in "), shown.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --key=k.pem --no-key | --key and --no-key cannot be combined; leave one out
          run --key=/nonexistent/k | /nonexistent/k: it does not exist; expected an Ed25519 private key in PKCS#8 PEM, as 'gpubench keys create' makes it
          run --key=/              | /: it is a folder, not a regular file; expected an Ed25519 private key in PKCS#8 PEM, as 'gpubench keys create' makes it
          keys create              | HOME is not set; name the key's file with --key FILE
          keys show                | HOME is not set; name the key's file with --key FILE
          keys create --key=/proc/k/k.pem | /proc/k/k.pem: cannot be written: it does not exist
          keys                     | a command is missing: create or show
          keys creat               | unknown command 'creat'; did you mean 'create'?
          """)
  void aMistakeIsOneLine(String command, String message) {
    Answer answer = line.execute(command.split(" "));
    assertEquals(2, answer.exit());
    assertEquals("", answer.out());
    assertEquals("gpubench: " + message, answer.err().lines().findFirst().orElse(""));
    assertEquals(0, engine.prepared);
  }
}
