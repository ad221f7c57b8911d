// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:57:22.000999Z");

  @TempDir private Path temp;

  private SigningKey key(String name) {
    return SigningKey.create(temp.resolve("keys").resolve(name));
  }

  private Path folder() throws IOException {
    return Folders.filled(Files.createDirectory(temp.resolve("run-1")), 1);
  }

  private static Seal read(Path directory) throws ManifestException {
    return Seal.read(directory).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void otherToolsAgreeWithTheHashes(long seed) throws Exception {
    assumeTrue(Folders.has("sha256sum"), "sha256sum is there");
    Path folder = Folders.filled(Files.createDirectory(temp.resolve("run-1")), seed);
    Manifest manifest = Seal.write(folder, Folders.HEADER, null, NOW);
    assertEquals(
        List.of("run.json", "samples/a.1.csv", "samples/b.2.csv", "samples/empty.csv", "x y/-z"),
        manifest.files().stream().map(Manifest.Entry::path).toList());
    for (Manifest.Entry entry : manifest.files()) {
      assertEquals(Files.size(folder.resolve(entry.path())), entry.bytes());
    }
    Files.writeString(
        temp.resolve("sums"),
        manifest.files().stream()
            .map(entry -> entry.sha256() + "  " + entry.path() + "\n")
            .collect(Collectors.joining()));
    var answer = Folders.run(folder, "sha256sum", "--strict", "-c", temp.resolve("sums") + "");
    assertEquals(0, answer.exit(), answer.output());
  }

  @Test
  void theCommandOfTheDocumentationChecksTheFiles() throws Exception {
    assumeTrue(Folders.has("jq") && Folders.has("sha256sum"), "jq and sha256sum are there");
    Path folder = folder();
    Seal.write(folder, Folders.HEADER, null, NOW);
    String command =
        "jq -r '.files[]|\"\\(.sha256)  \\(.path)\"' manifest.json | sha256sum --quiet -c";
    assertEquals(new Folders.Answer(0, ""), Folders.run(folder, "sh", "-c", command));
    Files.writeString(folder.resolve("samples/empty.csv"), "x");
    var altered = Folders.run(folder, "sh", "-c", command);
    assertTrue(altered.exit() == 1 && altered.output().contains("samples/empty.csv: FAILED"));
  }

  @Test
  void opensslAgreesWithTheSignature() throws Exception {
    assumeTrue(Folders.has("openssl"), "openssl is there");
    Path folder = folder();
    Seal.write(folder, Folders.HEADER, key("key.pem"), NOW);
    String[] verify =
        ("openssl pkeyutl -verify -pubin -inkey signer.pem -rawin -in manifest.json -sigfile"
                + " manifest.sig")
            .split(" ");
    assertEquals(
        new Folders.Answer(0, "Signature Verified Successfully\n"), Folders.run(folder, verify));
    Path manifest = folder.resolve(Manifest.FILE);
    Files.writeString(manifest, Files.readString(manifest) + " ");
    assertEquals(1, Folders.run(folder, verify).exit());
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    Path folder = folder();
    assertEquals(Optional.empty(), Seal.read(folder));
    Manifest unsigned = Seal.write(folder, Folders.HEADER, null, NOW);
    assertEquals("2026-11-21T03:57:22.000Z", unsigned.sealedAt());
    assertEquals(Folders.HEADER, unsigned.header());
    assertEquals(new Seal(unsigned, new SignatureCheck.None()), read(folder));

    Path other = Folders.filled(Files.createDirectory(temp.resolve("run-2")), 2);
    SigningKey key = key("key.pem");
    Manifest signed = Seal.write(other, Folders.HEADER, key, NOW);
    assertEquals(key.signer().fingerprint(), signed.signer());
    assertEquals(new Seal(signed, new SignatureCheck.Valid(key.signer())), read(other));
    assertEquals(64, Files.size(other.resolve(Manifest.SIGNATURE_FILE)));
  }

  @Test
  void aSignatureIsOfOneManifestAndOneKey() throws Exception {
    Path folder = folder();
    SigningKey key = key("key.pem");
    Seal.write(folder, Folders.HEADER, key, NOW);
    Path signer = folder.resolve(Manifest.SIGNER_FILE);
    Path signature = folder.resolve(Manifest.SIGNATURE_FILE);
    Path file = folder.resolve(Manifest.FILE);
    byte[] manifest = Files.readAllBytes(file);
    byte[] signed = Files.readAllBytes(signature);

    Files.writeString(file, new String(manifest, UTF_8).replace("run-1", "run-2"));
    assertWrong(folder, "manifest.sig: it does not fit manifest.json and " + key.signer());
    Files.write(file, manifest);
    var random = new SplittableRandom(3);
    for (int i = 0; i < 20; i++) {
      byte[] flipped = signed.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(signature, flipped);
      assertWrong(folder, "manifest.sig: it does not fit manifest.json and " + key.signer());
    }
    for (int bytes : new int[] {0, 1, 63, 65, 1_000}) {
      Files.write(signature, Arrays.copyOf(signed, bytes));
      assertWrong(folder, "manifest.sig: it does not fit manifest.json and " + key.signer());
    }
    Files.write(signature, new byte[1 << 17]);
    assertWrong(folder, "manifest.sig: it has more than 65536 bytes");
    Files.delete(signature);
    assertWrong(folder, "manifest.sig: it does not exist");
    Files.createSymbolicLink(signature, Files.write(temp.resolve("elsewhere"), signed));
    assertWrong(folder, "manifest.sig: it is a symbolic link, not a regular file");
    Files.delete(signature);
    Files.write(signature, signed);
    assertInstanceOf(SignatureCheck.Valid.class, read(folder).signature());

    SigningKey other = key("other.pem");
    Files.writeString(signer, other.signer().pem());
    assertEquals(new SignatureCheck.OtherKey(other.signer()), read(folder).signature());
    Files.write(signature, other.sign(manifest));
    assertEquals(new SignatureCheck.OtherKey(other.signer()), read(folder).signature());
    Files.writeString(signer, "\u001b[2J");
    assertWrong(folder, "signer.pem: it holds no PEM");
    Files.delete(signer);
    assertWrong(folder, "signer.pem: it does not exist");
    Files.delete(signature);
    assertWrong(folder, "signer.pem: it does not exist");
  }

  @Test
  void aSignatureUnderAManifestWithoutSignerIsNotTheManifests() throws Exception {
    Path folder = folder();
    Seal.write(folder, Folders.HEADER, null, NOW);
    SigningKey key = key("key.pem");
    Files.writeString(folder.resolve(Manifest.SIGNER_FILE), key.signer().pem());
    assertEquals(new SignatureCheck.OtherKey(key.signer()), read(folder).signature());
  }

  private static void assertWrong(Path folder, String reason) throws ManifestException {
    assertEquals(new SignatureCheck.Wrong(reason), read(folder).signature());
  }

  @Test
  void nothingIsFollowedAndWhatIsIrregularIsReported() throws Exception {
    Path folder = folder();
    Path secret = Files.writeString(temp.resolve("secret"), "secret");
    Files.createSymbolicLink(folder.resolve("link"), secret);
    Files.createSymbolicLink(folder.resolve("samples/loop"), folder);
    Files.createSymbolicLink(folder.resolve("gone"), temp.resolve("nowhere"));
    Files.writeString(folder.resolve("a\nb\u001b"), "");
    Files.writeString(folder.resolve("back\\slash"), "");
    Path deep = folder;
    for (int i = 1; i <= 10; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    assertEquals(0, Folders.run(folder, "mkfifo", "pipe").exit());
    FolderListing listing = FolderListing.of(folder);
    assertEquals(
        List.of("run.json", "samples/a.1.csv", "samples/b.2.csv", "samples/empty.csv", "x y/-z"),
        listing.files());
    assertEquals(
        List.of(
            "a?b?: a file with a name that gpubench does not give",
            "back\\slash: a file with a name that gpubench does not give",
            "d/d/d/d/d/d/d/d: a folder in too many others",
            "gone: a symbolic link",
            "link: a symbolic link",
            "pipe: a special file",
            "samples/loop: a symbolic link"),
        listing.irregular().stream().map(found -> found.path() + ": " + found.what()).toList());
    Manifest manifest = Seal.write(folder, Folders.HEADER, null, NOW);
    assertEquals(listing.files(), manifest.files().stream().map(Manifest.Entry::path).toList());
    for (String irregular : List.of("link", "gone", "pipe", "samples")) {
      assertThrows(IOException.class, () -> Manifest.Entry.of(folder, irregular));
    }
  }

  @Test
  void aSealIsNeverReplaced() throws Exception {
    for (String name : List.of(Manifest.FILE, Manifest.SIGNATURE_FILE, Manifest.SIGNER_FILE)) {
      Path folder = Folders.filled(Files.createDirectory(temp.resolve(name)), 1);
      Files.createSymbolicLink(folder.resolve(name), temp.resolve("nowhere"));
      assertThrows(
          FileAlreadyExistsException.class,
          () -> Seal.write(folder, Folders.HEADER, key(name), NOW));
      assertTrue(Files.isSymbolicLink(folder.resolve(name)));
    }
  }

  /** At every size of the disk there is a whole seal or none. */
  @Test
  void aFullDiskLeavesNoHalfSeal() throws Exception {
    SigningKey key = key("key.pem");
    int failed = 0;
    int sealed = 0;
    for (int blocks = 3; blocks < 30; blocks++) {
      var configuration =
          Configuration.unix().toBuilder().setMaxSize(blocks * 64L).setBlockSize(64).build();
      try (FileSystem disk = Jimfs.newFileSystem(configuration)) {
        Path folder = Files.createDirectories(disk.getPath("/store/run-1"));
        Files.writeString(folder.resolve("run.json"), "{}");
        Manifest written = null;
        try {
          written = Seal.write(folder, Folders.HEADER, key, NOW);
          sealed++;
        } catch (IOException _) {
          failed++;
        }
        try (Stream<Path> left = Files.list(folder)) {
          assertEquals(written == null ? 1 : 4, left.count());
        }
        assertEquals(
            Optional.ofNullable(written)
                .map(manifest -> new Seal(manifest, new SignatureCheck.Valid(key.signer()))),
            Seal.read(folder));
      }
    }
    assertTrue(failed > 5 && sealed > 5, failed + " failed, " + sealed + " sealed");
  }

  /** Whatever else a text may hold beside the right key, it is not the file that was written. */
  @ParameterizedTest
  @ValueSource(strings = {" %s", "%s\n", "%s ", "\n%s", "# mine\n%s", "%s%s"})
  void aSignerFileInOtherWordsIsNone(String form) throws Exception {
    Path folder = folder();
    Seal.write(folder, Folders.HEADER, key("key.pem"), NOW);
    Path signer = folder.resolve(Manifest.SIGNER_FILE);
    Files.writeString(signer, form.replace("%s", Files.readString(signer)));
    var wrong = assertInstanceOf(SignatureCheck.Wrong.class, read(folder).signature());
    assertTrue(wrong.reason().contains(Manifest.SIGNER_FILE), wrong.reason());
  }
}
