// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Set;

/**
 * A private Ed25519 key, which signs evidence. In a file it is PKCS#8 in PEM, for its owner's eyes
 * only. Thread-safe.
 */
public final class SigningKey {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /** Signed once, to see that both keys belong together. */
  private static final byte[] PROBE = "gpubench".getBytes(StandardCharsets.US_ASCII);

  private final PrivateKey key;
  private final SignerKey signer;

  private SigningKey(PrivateKey key) throws InvalidKeySpecException {
    this(key, publicKey(key));
  }

  /**
   * A key and what is said to be its public key.
   *
   * @throws InvalidKeySpecException when it is another's: evidence would be signed in vain
   */
  SigningKey(PrivateKey key, SignerKey signer) throws InvalidKeySpecException {
    this.key = key;
    this.signer = signer;
    if (!signer.fits(sign(PROBE), PROBE)) {
      throw new InvalidKeySpecException("this Java makes another public key of it than its own");
    }
  }

  /**
   * Reads a key.
   *
   * @throws ConfigException when there is no such key in the file, or when others may read it
   */
  public static SigningKey load(Path file) {
    try {
      byte[] pem = FileHash.contents(file, Pem.MOST_BYTES);
      demandPrivate(file);
      return new SigningKey(privateKey(Pem.decode(Pem.PRIVATE, pem)));
    } catch (IOException e) {
      throw unusable(file, StoreErrors.text(e), e);
    } catch (InvalidKeySpecException e) {
      throw unusable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static void demandPrivate(Path file) throws IOException {
    if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
      throw new ConfigException(
          file
              + ": others than its owner may use this private key; take that away: chmod 600 "
              + file);
    }
  }

  private static PrivateKey privateKey(byte[] der) throws InvalidKeySpecException {
    try {
      return SignerKey.factory().generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (InvalidKeySpecException e) {
      throw new InvalidKeySpecException("it holds a private key that is not Ed25519", e);
    }
  }

  private static ConfigException unusable(Path file, String reason, Exception cause) {
    return new ConfigException(
        file
            + ": "
            + reason
            + "; expected an Ed25519 private key in PKCS#8 PEM, as 'gpubench keys create' makes it",
        cause);
  }

  /**
   * Makes a key and writes it to a file that only its owner may read, and its public key beside it.
   * Folders that are missing are made for the owner alone. Nothing is overwritten.
   *
   * @throws ConfigException when one of the files exists or cannot be written; none is left then
   */
  public static SigningKey create(Path file) {
    Path other = publicFile(file);
    try {
      SigningKey made =
          new SigningKey(
              KeyPairGenerator.getInstance(SignerKey.ALGORITHM).generateKeyPair().getPrivate());
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder, only("rwx------"));
      }
      for (Path taken : new Path[] {file, other}) {
        if (!Files.notExists(taken, LinkOption.NOFOLLOW_LINKS)) {
          throw new FileAlreadyExistsException(taken.toString());
        }
      }
      write(file, Pem.encode(Pem.PRIVATE, made.key.getEncoded()), "rw-------");
      try {
        write(other, made.signer.pem(), "rw-r--r--");
      } catch (IOException e) {
        Files.deleteIfExists(file);
        throw e;
      }
      return made;
    } catch (FileAlreadyExistsException e) {
      throw new ConfigException(
          e.getFile() + " exists and is kept; name another file with --key, or move it away", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be written: " + StoreErrors.text(e), e);
    } catch (InvalidKeySpecException e) {
      throw unusable(file, String.valueOf(e.getMessage()), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /** Writes a new file; none is left when that fails. */
  private static void write(Path file, String text, String permissions) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            only(permissions))) {
      var buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      throw e; // not ours to delete
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static FileAttribute<?> only(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /** Where the public key of a private one lies: {@code key.pub.pem} for {@code key.pem}. */
  public static Path publicFile(Path file) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.pem$", "");
    return file.resolveSibling(name + ".pub.pem");
  }

  public SignerKey signer() {
    return signer;
  }

  /** The signature over these bytes, 64 bytes. */
  byte[] sign(byte[] message) {
    try {
      var signature = Signature.getInstance(SignerKey.ALGORITHM);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was read signs", e);
    }
  }

  /**
   * The JDK has no direct way from a private key to its public one. Its generator makes a pair from
   * 32 random bytes, which are the private key; here they are the key's own.
   */
  private static SignerKey publicKey(PrivateKey key) throws InvalidKeySpecException {
    if (!(key instanceof EdECPrivateKey edwards)) {
      throw new InvalidKeySpecException("not an Ed25519 key");
    }
    byte[] secret =
        edwards.getBytes().orElseThrow(() -> new InvalidKeySpecException("it has no key"));
    try {
      var generator = KeyPairGenerator.getInstance(SignerKey.ALGORITHM);
      generator.initialize(255, new FixedRandom(secret));
      return SignerKey.of(generator.generateKeyPair().getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /** The same bytes whenever it is asked. */
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    FixedRandom(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void nextBytes(byte[] target) {
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }
}
