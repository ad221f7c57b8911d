// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.seal;

import java.nio.charset.StandardCharsets;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keys as text. */
final class Pem {
  static final String PRIVATE = "PRIVATE KEY";
  static final String PUBLIC = "PUBLIC KEY";

  /** A key file with more bytes is none. */
  static final int MOST_BYTES = 1 << 16;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private Pem() {}

  /**
   * The first block with that label; text around it is passed over.
   *
   * @throws InvalidKeySpecException with what is there instead, such as {@code it is empty}
   */
  static byte[] decode(String label, byte[] text) throws InvalidKeySpecException {
    Matcher block = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
    String other = null;
    while (block.find()) {
      if (block.group(1).equals(label)) {
        try {
          return Base64.getDecoder().decode(block.group(2).replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
          throw new InvalidKeySpecException("its PEM is damaged", e);
        }
      }
      other = other == null ? block.group(1) : other;
    }
    throw new InvalidKeySpecException(instead(other, text));
  }

  private static String instead(@Nullable String label, byte[] text) {
    if (label == null) {
      return text.length == 0 ? "it is empty" : "it holds no PEM";
    }
    return switch (label) {
      case PUBLIC -> "it holds a public key";
      case "ENCRYPTED PRIVATE KEY" -> "it holds a private key that needs a passphrase";
      default -> "it holds a PEM block " + label;
    };
  }

  static String encode(String label, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }
}
