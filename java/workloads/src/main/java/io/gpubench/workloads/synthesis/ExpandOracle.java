// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Expands a match, in plain Java. */
public final class ExpandOracle {
  private ExpandOracle() {}

  /** The bytes of an expansion. */
  public static byte[] expand(Forest forest, long node, Pattern pattern, Template template) {
    List<Long> bound = MatchOracle.bindings(forest, node, pattern);
    var text = new ByteArrayOutputStream();
    for (Template.Piece piece : template.pieces()) {
      switch (piece) {
        case Template.Literal(byte[] bytes) -> text.writeBytes(bytes);
        case Template.Hole(int wildcard) ->
            text.writeBytes(
                HexFormat.of()
                    .toHexDigits(forest.symbolAt(bound.get(wildcard)))
                    .getBytes(StandardCharsets.US_ASCII));
      }
    }
    return text.toByteArray();
  }
}
