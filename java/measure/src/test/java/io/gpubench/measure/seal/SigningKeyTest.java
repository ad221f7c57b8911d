// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
  private static final String EXPECTED =
      "; expected an Ed25519 private key in PKCS#8 PEM, as 'gpubench keys create' makes it";
  private static final String EXPECTED_PUBLIC =
      "; expected an Ed25519 public key in PEM, as 'gpubench keys show' prints it";

  /** PKCS#8 of an Ed25519 key, before its 32 bytes. */
  private static final String PREFIX = "302e020100300506032b657004220420";

  @TempDir private Path temp;

  private Path own(String name, String text) throws IOException {
    Path file = Files.writeString(temp.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** The examples of RFC 8032, section 7.1. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
        + "'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,"
        + "72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
  })
  void itSignsAsTheStandardSays(String secret, String known, String message, String signature)
      throws Exception {
    HexFormat hex = HexFormat.of();
    SigningKey key =
        SigningKey.load(own("key", Pem.encode(Pem.PRIVATE, hex.parseHex(PREFIX + secret))));
    SignerKey signer =
        SignerKey.parse(
            Pem.encode(Pem.PUBLIC, hex.parseHex("302a300506032b6570032100" + known))
                .getBytes(UTF_8));
    assertEquals(signer, key.signer());
    assertArrayEquals(hex.parseHex(signature), key.sign(hex.parseHex(message)));
    assertTrue(signer.fits(hex.parseHex(signature), hex.parseHex(message)));
    assertFalse(signer.fits(hex.parseHex(signature), hex.parseHex(message + "00")));
  }

  @Test
  void aKeyThatIsMadeIsReadBackAndIsForItsOwner() throws Exception {
    Path file = temp.resolve("a/b/key.pem");
    SigningKey made = SigningKey.create(file);
    assertEquals(made.signer(), SigningKey.load(file).signer());
    Path other = temp.resolve("a/b/key.pub.pem");
    assertEquals(other, SigningKey.publicFile(file));
    assertEquals(made.signer(), SignerKey.read(other));
    assertEquals(made.signer().pem(), Files.readString(other));
    assertEquals("rw-------", permissions(file));
    assertEquals("rwx------", permissions(temp.resolve("a")));
    assertEquals("rwx------", permissions(temp.resolve("a/b")));
    assertTrue(made.signer().fingerprint().matches(SignerKey.FINGERPRINT_PATTERN));
    byte[] message = {1, 2, 3};
    assertTrue(made.signer().fits(SigningKey.load(file).sign(message), message));
    SigningKey next = SigningKey.create(temp.resolve("next"));
    assertNotEquals(made.signer(), next.signer());
    assertFalse(next.signer().fits(made.sign(message), message));
    assertTrue(Files.exists(temp.resolve("next.pub.pem")));
  }

  @Test
  void aPublicKeyThatIsAnothersIsNoticedBeforeAnythingIsSigned() throws Exception {
    var generator = KeyPairGenerator.getInstance(SignerKey.ALGORITHM);
    var pair = generator.generateKeyPair();
    SignerKey own = SignerKey.of(pair.getPublic());
    assertEquals(own, new SigningKey(pair.getPrivate(), own).signer());
    SignerKey others = SignerKey.of(generator.generateKeyPair().getPublic());
    var error =
        assertThrows(
            InvalidKeySpecException.class, () -> new SigningKey(pair.getPrivate(), others));
    assertEquals("this Java makes another public key of it than its own", error.getMessage());
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void theFingerprintIsThatOfOtherTools() throws Exception {
    assumeTrue(
        Folders.has("openssl") && Folders.has("sha256sum"), "openssl and sha256sum are there");
    SigningKey made = SigningKey.create(temp.resolve("key.pem"));
    String pipe =
        "openssl pkey -in key.pem -pubout -outform DER | tail -c 32 | sha256sum | cut -c 1-32";
    assertEquals(
        new Folders.Answer(0, made.signer().fingerprint().replace("ed25519:", "") + "\n"),
        Folders.run(temp, "sh", "-c", pipe));
  }

  @Test
  void keysOfOpensslAreUsed() throws Exception {
    assumeTrue(Folders.has("openssl"), "openssl is there");
    String make =
        "umask 077; openssl genpkey -algorithm ed25519 -out k && openssl pkey -in k -text -pubout -out p";
    assertEquals(0, Folders.run(temp, "sh", "-c", make).exit());
    SigningKey key = SigningKey.load(temp.resolve("k"));
    assertEquals(SignerKey.read(temp.resolve("p")), key.signer());
    Files.write(temp.resolve("message"), new byte[] {1, 2, 3});
    Files.write(temp.resolve("signature"), key.sign(new byte[] {1, 2, 3}));
    String verify = "openssl pkeyutl -verify -pubin -inkey p -rawin -in message -sigfile signature";
    assertEquals(0, Folders.run(temp, verify.split(" ")).exit());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw----rwx", "r----x---"})
  void aKeyThatOthersMayUseIsRefused(String open) throws Exception {
    Path file = temp.resolve("key.pem");
    SigningKey.create(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
    var error = assertThrows(ConfigException.class, () -> SigningKey.load(file));
    assertEquals(
        file
            + ": others than its owner may use this private key; take that away: chmod 600 "
            + file,
        error.getMessage());
    for (String closed : new String[] {"rw-------", "r--------"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(closed));
      assertTrue(SigningKey.load(file).signer().fingerprint().startsWith("ed25519:"));
    }
  }

  private void assertRefused(Path file, String reason) {
    var error = assertThrows(ConfigException.class, () -> SigningKey.load(file));
    assertEquals(file + ": " + reason + EXPECTED, error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"RSA,2048", "EC,256", "Ed448,448", "X25519,255"})
  void anotherAlgorithmIsRefused(String algorithm, int size) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    var pair = generator.generateKeyPair();
    Path file = own("key", Pem.encode(Pem.PRIVATE, pair.getPrivate().getEncoded()));
    assertRefused(file, "it holds a private key that is not Ed25519");
    Path other = own("public", Pem.encode(Pem.PUBLIC, pair.getPublic().getEncoded()));
    var error = assertThrows(ConfigException.class, () -> SignerKey.read(other));
    assertEquals(
        other + ": it holds a public key that is not Ed25519" + EXPECTED_PUBLIC,
        error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                                                  | it is empty
          hello                                                                               | it holds no PEM
          -----BEGIN PRIVATE KEY-----                                                         | it holds no PEM
          -----BEGIN PRIVATE KEY-----@-----END PRIVATE KEY-----                               | its PEM is damaged
          -----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----                            | it holds a private key that is not Ed25519
          -----BEGIN PRIVATE KEY----------END PRIVATE KEY-----                                | it holds a private key that is not Ed25519
          -----BEGIN ENCRYPTED PRIVATE KEY-----AAAA-----END ENCRYPTED PRIVATE KEY-----        | it holds a private key that needs a passphrase
          -----BEGIN OPENSSH PRIVATE KEY-----AAAA-----END OPENSSH PRIVATE KEY-----            | it holds a PEM block OPENSSH PRIVATE KEY
          -----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----                              | it holds a public key
          """)
  void whatIsNoKeyIsRefusedInOneLine(String text, String reason) throws Exception {
    assertRefused(own("key", text), reason);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void garbageAndDamagedKeysAreRefusedInOneLine(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 20; i++) {
      byte[] bytes = new byte[random.nextInt(2_000)];
      random.nextBytes(bytes);
      Path file = own("key", "");
      Files.write(file, bytes);
      assertThrows(ConfigException.class, () -> SigningKey.load(file));
      Path pem = own("pem", Pem.encode(Pem.PRIVATE, bytes));
      assertThrows(ConfigException.class, () -> SigningKey.load(pem));
    }
    byte[] der = HexFormat.of().parseHex(PREFIX + "9d".repeat(32));
    for (int length = 0; length < der.length; length++) {
      Path cut = own("cut", Pem.encode(Pem.PRIVATE, Arrays.copyOf(der, length)));
      assertRefused(cut, "it holds a private key that is not Ed25519");
    }
  }

  @Test
  void whatIsNoFileIsRefused() throws Exception {
    assertRefused(temp.resolve("none"), "it does not exist");
    assertRefused(temp, "it is a folder, not a regular file");
    assertRefused(Path.of("/dev/zero"), "it is a special file, not a regular file");
    assertRefused(own("large", "x".repeat(100_000)), "it has more than 65536 bytes");
    assertThrows(ConfigException.class, () -> SignerKey.read(temp));
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Path file = own("key.pem", "mine");
    assertKept(file, file);
    assertEquals("mine", Files.readString(file));
    assertFalse(Files.exists(temp.resolve("key.pub.pem")));
    Path other = own("second.pub.pem", "mine too");
    assertKept(temp.resolve("second.pem"), other);
    assertFalse(Files.exists(temp.resolve("second.pem")), "no key without its public key");
    Path link = Files.createSymbolicLink(temp.resolve("link.pem"), temp.resolve("nowhere"));
    assertKept(link, link);
    assertFalse(Files.exists(temp.resolve("nowhere")));
    assertThrows(ConfigException.class, () -> SigningKey.create(file.resolve("key.pem")));
  }

  private static void assertKept(Path asked, Path taken) {
    var error = assertThrows(ConfigException.class, () -> SigningKey.create(asked));
    assertEquals(
        taken + " exists and is kept; name another file with --key, or move it away",
        error.getMessage());
  }

  @Test
  void textAroundAKeyIsPassedOver() throws Exception {
    SigningKey made = SigningKey.create(temp.resolve("key.pem"));
    String text =
        "# Alice's\n# " + made.signer().fingerprint() + "\n" + made.signer().pem() + "x\n";
    assertEquals(made.signer(), SignerKey.parse(text.getBytes(UTF_8)));
    assertEquals(made.signer(), SignerKey.parse(text.replace("\n", "\r\n").getBytes(UTF_8)));
    String both = Files.readString(temp.resolve("key.pem")) + made.signer().pem();
    assertEquals(made.signer(), SignerKey.parse(both.getBytes(UTF_8)));
    var error = assertThrows(ConfigException.class, () -> SignerKey.read(temp.resolve("key.pem")));
    assertEquals(
        temp.resolve("key.pem") + ": it holds a PEM block PRIVATE KEY" + EXPECTED_PUBLIC,
        error.getMessage());
  }
}
