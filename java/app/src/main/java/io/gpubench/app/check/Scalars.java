// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.Description.Kind;
import io.gpubench.app.check.Description.Parameter;
import io.gpubench.measure.ConfigException;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of arguments that are no pointers, in the order of this machine's memory, which is
 * little-endian.
 */
final class Scalars {
  private Scalars() {}

  /** What a parameter of some type gets when nobody says anything. */
  static String usual(Parameter parameter) {
    return switch (parameter.kind()) {
      case floating, structure -> "0.5";
      case bool -> "true";
      default -> "1";
    };
  }

  /** For the process that launches. */
  static LaunchPlan.Value value(byte[] bytes) {
    return new LaunchPlan.Value(HexFormat.of().formatHex(bytes), null);
  }

  /** An integer's value; one of 64 bits without a sign may become negative. */
  static long integer(byte[] bytes, boolean signed) {
    long value = signed && bytes[bytes.length - 1] < 0 ? -1 : 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = (value << Byte.SIZE) | (bytes[i] & 0xFF);
    }
    return value;
  }

  /**
   * The bytes of an argument.
   *
   * @param spec null where nobody said anything
   * @param text a number, true or false
   * @throws ConfigException one line: the parameter does not take that
   */
  static byte[] bytes(String name, Parameter parameter, @Nullable ArgumentSpec spec, String text) {
    if (spec instanceof ArgumentSpec.Bytes given) {
      byte[] bytes = HexFormat.of().parseHex(given.hex());
      if (bytes.length > parameter.bytes()) {
        throw new ConfigException(
            "%s=%s: %d bytes; %s has %d"
                .formatted(name, text, bytes.length, parameter.type(), parameter.bytes()));
      }
      return Arrays.copyOf(bytes, parameter.bytes());
    }
    if (spec != null && !(spec instanceof ArgumentSpec.Scalar)) {
      throw new ConfigException(
          "%s=%s: the parameter is no pointer (%s); expected %s"
              .formatted(
                  name,
                  text,
                  parameter.type(),
                  parameter.kind() == Kind.structure ? "its bytes, such as hex:00ff" : "a number"));
    }
    if (parameter.kind() == Kind.floating || parameter.kind() == Kind.structure) {
      return floating(name, parameter, text);
    }
    return whole(name, parameter, text);
  }

  private static byte[] floating(String name, Parameter parameter, String text) {
    ElementType type = ElementType.in(parameter.kind(), parameter.bytes(), parameter.type());
    if (type == null || text.equals("true") || text.equals("false")) {
      throw new ConfigException(
          "%s=%s: %s takes no number%s"
              .formatted(
                  name,
                  text,
                  parameter.type(),
                  parameter.kind() == Kind.structure
                      ? "; expected its bytes, such as hex:00ff"
                      : ""));
    }
    var bytes = new byte[parameter.bytes()];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int at = 0; at + type.bytes() <= bytes.length; at += type.bytes()) {
      type.write(segment, at, ArgumentSpec.value(text));
    }
    return bytes;
  }

  private static byte[] whole(String name, Parameter parameter, String text) {
    BigInteger value;
    try {
      value =
          switch (text) {
            case "true" -> BigInteger.ONE;
            case "false" -> BigInteger.ZERO;
            default ->
                text.matches("(?i)[+-]?0x.*")
                    ? new BigInteger(text.replaceFirst("(?i)0x", ""), 16)
                    : new BigDecimal(text).toBigIntegerExact();
          };
    } catch (ArithmeticException | NumberFormatException _) {
      throw new ConfigException(
          "%s=%s: %s takes whole numbers only".formatted(name, text, parameter.type()));
    }
    int bits = parameter.kind() == Kind.bool ? 1 : parameter.bytes() * Byte.SIZE;
    boolean signed = parameter.kind() == Kind.signed;
    BigInteger end = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits);
    BigInteger lowest = signed ? end.negate() : BigInteger.ZERO;
    if (value.compareTo(lowest) < 0 || value.compareTo(end) >= 0) {
      throw new ConfigException(
          "%s=%s: %s holds %s .. %s"
              .formatted(name, text, parameter.type(), lowest, end.subtract(BigInteger.ONE)));
    }
    var bytes = new byte[parameter.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.shiftRight(i * Byte.SIZE).byteValue();
    }
    return bytes;
  }
}
