// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A public Ed25519 key: whose signature it is. Two are equal when they are the same key.
 * Thread-safe.
 */
public final class SignerKey {
  static final String ALGORITHM = "Ed25519";

  /** What a fingerprint looks like. */
  public static final String FINGERPRINT_PATTERN = "ed25519:[0-9a-f]{32}";

  private static final int SIGNATURE_BYTES = 64;
  private static final int RAW_BYTES = 32;

  /** What comes before the key's own bytes in its DER form. */
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PublicKey key;
  private final byte[] der;

  private SignerKey(byte[] der) throws InvalidKeySpecException {
    if (der.length != PREFIX.length + RAW_BYTES
        || !Arrays.equals(PREFIX, 0, PREFIX.length, der, 0, PREFIX.length)) {
      throw new InvalidKeySpecException("it holds a public key that is not Ed25519");
    }
    this.der = der.clone();
    this.key = factory().generatePublic(new X509EncodedKeySpec(der));
  }

  /**
   * From PEM; text around it is passed over.
   *
   * @throws InvalidKeySpecException with what is there instead: {@code it holds no PEM}
   */
  static SignerKey parse(byte[] pem) throws InvalidKeySpecException {
    return new SignerKey(Pem.decode(Pem.PUBLIC, pem));
  }

  /**
   * From a file that a user names.
   *
   * @throws ConfigException when there is no such key in it
   */
  public static SignerKey read(Path file) {
    try {
      return parse(FileHash.contents(file, Pem.MOST_BYTES));
    } catch (IOException e) {
      throw unusable(file, StoreErrors.text(e), e);
    } catch (InvalidKeySpecException e) {
      throw unusable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static ConfigException unusable(Path file, String reason, Exception cause) {
    return new ConfigException(
        file
            + ": "
            + reason
            + "; expected an Ed25519 public key in PEM, as 'gpubench keys show' prints it",
        cause);
  }

  static SignerKey of(PublicKey key) throws InvalidKeySpecException {
    return new SignerKey(key.getEncoded());
  }

  static KeyFactory factory() {
    try {
      return KeyFactory.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /** {@code ed25519:} and the first 16 bytes of the SHA-256 of the key's 32 bytes. */
  public String fingerprint() {
    byte[] raw = Arrays.copyOfRange(der, PREFIX.length, der.length);
    return "ed25519:" + HexFormat.of().formatHex(Sha256.digest().digest(raw), 0, 16);
  }

  /** As SubjectPublicKeyInfo in PEM, with a line feed at the end. */
  public String pem() {
    return Pem.encode(Pem.PUBLIC, der);
  }

  /** Whether a signature over these bytes was made with the private key that belongs to this. */
  boolean fits(byte[] signature, byte[] message) {
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      var check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException _) {
      return false; // bytes that are no signature at all, or a key that is no point of the curve
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SignerKey that && Arrays.equals(der, that.der);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(der);
  }

  @Override
  public String toString() {
    return fingerprint();
  }
}
