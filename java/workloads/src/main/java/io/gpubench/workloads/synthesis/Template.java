// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import io.gpubench.measure.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a match is expanded to: bytes, and holes for what wildcards bind. It is written as text with
 * holes in braces, {@code f({0}, {1})}; braces that are meant are doubled.
 */
public record Template(List<Piece> pieces) {
  /** Bytes of a hole: a symbol in hexadecimal digits. */
  public static final int HOLE_BYTES = 8;

  /** The longest expansion, in bytes. */
  public static final int MOST_BYTES = 1 << 20;

  /** A run of bytes or a hole. */
  public sealed interface Piece {
    int length();
  }

  /** Bytes as they are. */
  @SuppressWarnings("ArrayRecordComponent") // never handed on to anybody who writes
  public record Literal(byte[] bytes) implements Piece {
    @Override
    public int length() {
      return bytes.length;
    }
  }

  /**
   * The symbol of a node as {@value #HOLE_BYTES} lower-case hexadecimal digits.
   *
   * @param wildcard that binds it, from 0, in reading order of the pattern
   */
  public record Hole(int wildcard) implements Piece {
    @Override
    public int length() {
      return HOLE_BYTES;
    }
  }

  public Template {
    pieces = List.copyOf(pieces);
    long length = pieces.stream().mapToLong(Piece::length).sum();
    if (length > MOST_BYTES) {
      throw new ConfigException(
          "a template of %,d bytes, expected at most %,d".formatted(length, MOST_BYTES));
    }
  }

  /**
   * The template that a text denotes, in UTF-8.
   *
   * @throws ConfigException in one line, when it denotes none
   */
  public static Template parse(String text) {
    var pieces = new ArrayList<Piece>();
    var literal = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
      if (c != '{' && c != '}') {
        literal.append(c);
      } else if (doubled) {
        literal.append(c);
        at++;
      } else {
        int end = text.indexOf('}', at);
        if (c == '}' || end < 0) {
          throw wrong(text, at, "a brace without its other one; double it where it is meant");
        }
        add(literal, pieces);
        pieces.add(hole(text, at, end));
        at = end;
      }
    }
    add(literal, pieces);
    return new Template(pieces);
  }

  private static void add(StringBuilder literal, List<Piece> pieces) {
    if (!literal.isEmpty()) {
      pieces.add(new Literal(literal.toString().getBytes(StandardCharsets.UTF_8)));
      literal.setLength(0);
    }
  }

  private static Hole hole(String text, int at, int end) {
    try {
      int wildcard = Integer.parseInt(text.substring(at + 1, end));
      if (wildcard >= 0) {
        return new Hole(wildcard);
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw wrong(text, at, "expected the number of a wildcard in braces");
  }

  private static ConfigException wrong(String text, int at, String why) {
    return new ConfigException("template '%s', character %d: %s".formatted(text, at + 1, why));
  }

  /** Bytes of an expansion, 0 .. {@value #MOST_BYTES}. */
  public int length() {
    return pieces.stream().mapToInt(Piece::length).sum();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Literal(byte[] bytes) ->
            text.append(
                new String(bytes, StandardCharsets.UTF_8).replace("{", "{{").replace("}", "}}"));
        case Hole(int wildcard) -> text.append('{').append(wildcard).append('}');
      }
    }
    return text.toString();
  }
}
