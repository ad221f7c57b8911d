// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;

/** What became of checking the signature of a manifest. Whom to trust is the reader's to say. */
public sealed interface SignatureCheck {
  /** The manifest names no signer, and there is no signature. */
  record None() implements SignatureCheck {}

  /** Signed by the manifest's signer. */
  record Valid(SignerKey signer) implements SignatureCheck {}

  /**
   * {@code signer.pem} holds another key than the manifest names.
   *
   * @param found in {@code signer.pem}; whether the signature fits it does not matter
   */
  record OtherKey(SignerKey found) implements SignatureCheck {}

  /**
   * The signature does not fit, or a part of it is missing or is not what gpubench writes.
   *
   * @param reason one printable line
   */
  record Wrong(String reason) implements SignatureCheck {}

  /**
   * Checks what lies beside a manifest.
   *
   * @param bytes those of {@code manifest.json}
   */
  static SignatureCheck of(Path directory, Manifest manifest, byte[] bytes) {
    if (manifest.signer() == null
        && isMissing(directory, Manifest.SIGNATURE_FILE)
        && isMissing(directory, Manifest.SIGNER_FILE)) {
      return new None();
    }
    SignerKey key;
    byte[] pem;
    try {
      pem = contents(directory, Manifest.SIGNER_FILE);
      key = SignerKey.parse(pem);
    } catch (InvalidKeySpecException e) {
      return wrong(Manifest.SIGNER_FILE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return wrong(Manifest.SIGNER_FILE, StoreErrors.text(e));
    }
    if (!key.fingerprint().equals(manifest.signer())) {
      return new OtherKey(key);
    }
    if (!Arrays.equals(pem, key.pem().getBytes(StandardCharsets.US_ASCII))) {
      return wrong(Manifest.SIGNER_FILE, "it is not as gpubench writes it");
    }
    try {
      return key.fits(contents(directory, Manifest.SIGNATURE_FILE), bytes)
          ? new Valid(key)
          : wrong(Manifest.SIGNATURE_FILE, "it does not fit manifest.json and " + key);
    } catch (IOException e) {
      return wrong(Manifest.SIGNATURE_FILE, StoreErrors.text(e));
    }
  }

  private static byte[] contents(Path directory, String name) throws IOException {
    return FileHash.contents(directory.resolve(name), Pem.MOST_BYTES, LinkOption.NOFOLLOW_LINKS);
  }

  private static Wrong wrong(String file, String reason) {
    return new Wrong(FolderListing.printable(file + ": " + reason));
  }

  private static boolean isMissing(Path directory, String name) {
    return Files.notExists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }
}
