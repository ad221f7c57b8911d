// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the definitions say, worked out by hand. */
class SynthesisOraclesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?                     | true
          add                   | true
          sub                   | false
          add#7                 | true
          add#8                 | false
          add/2                 | true
          call/2                | false
          add(?, ?)             | true
          add(?)                | true
          add(neg, ?)           | true
          add(?, neg)           | false
          add(neg(?), ?)        | true
          add(neg(literal), ?)  | true
          add(neg(literal#3/0)) | true
          add(neg(?, ?))        | false
          add(neg, call/0)      | false
          add(neg, call/10)     | true
          add(neg, call(?,?,?,?,?,?,?,?,?,variable#19)) | true
          add(neg, call(?,?,?,?,?,?,?,?,?,variable#18)) | false
          """)
  void whatMatches(String pattern, boolean matches) {
    Forest forest =
        SyntaxTree.forest(
            SyntaxTree.parse(
                "add#7(neg(literal#3=5), call(%s, variable#19))"
                    .formatted("literal, ".repeat(9).replaceAll(", $", ""))));
    assertEquals(matches, MatchOracle.matches(forest, 0, Pattern.parse(pattern)));
  }

  @Test
  void whatIsBoundInReadingOrder() {
    Forest forest =
        SyntaxTree.forest(
            SyntaxTree.parse("variable"),
            SyntaxTree.parse("add(neg(literal#3=5), call(variable#8, variable#9))"));
    // nodes: 1 add, 2 neg, 3 call, 4 literal, 5 and 6 variables
    assertEquals(
        List.of(4L, 6L),
        MatchOracle.bindings(forest, 1, Pattern.parse("add(neg(?), call(variable, ?))")));
    assertEquals(List.of(2L, 3L), MatchOracle.bindings(forest, 1, Pattern.parse("add(?, ?)")));
    assertEquals(List.of(3L), MatchOracle.bindings(forest, 3, Pattern.parse("?")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          add(neg(?), ?) | {1}-{0}; | 0000001f-00000fff;
          add(?, ?)      | {0}{0}   | 0000000200000002
          ?              | x{0}     | x00000001
          add            | {{}}     | {}
          """)
  void whatATemplateBecomes(String pattern, String template, String text) {
    Forest forest =
        SyntaxTree.forest(SyntaxTree.parse("add#1(neg#2(literal#4095=1), variable#31)"));
    assertEquals(
        text,
        new String(
            ExpandOracle.expand(forest, 0, Pattern.parse(pattern), Template.parse(template)),
            StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          literal#1=5                                        | literal#1=5
          neg#2(literal=5)                                   | literal#2=-5
          neg#2(literal=-2147483648)                         | literal#2=-2147483648
          add#2(literal=2147483647, literal=1)               | literal#2=-2147483648
          sub#2(literal=3, literal=5)                        | literal#2=-2
          mul#2(literal=65536, literal=65537)                | literal#2=65536
          min#2(literal=-3, literal=5)                       | literal#2=-3
          max#2(literal=-3, literal=5)                       | literal#2=5
          add#2(literal=1, variable#3)                       | add#2(literal#0=1, variable#3)
          add#2(neg#4(literal=1), mul#5(literal=2, literal=3)) | literal#2=5
          call#2(neg#4(literal=1))                           | call#2(literal#4=-1)
          call#2                                             | call#2
          if#2(literal=1, variable#3, variable#4)            | variable#3
          if#2(literal=-1, variable#3, variable#4)           | variable#3
          if#2(literal=0, variable#3, variable#4)            | variable#4
          if#2(variable#1, neg#3(literal=1), variable#4)     | if#2(variable#1, literal#3=-1, variable#4)
          if#2(sub(literal=2, literal=2), variable#3, literal#4=9) | literal#4=9
          neg#1(if#2(literal=0, variable#3, literal#4=9))    | literal#1=-9
          if(if(literal=1, literal=0, literal=1), variable#3, if(literal=5, variable#4, variable#5)) | variable#4
          """)
  void whatFolds(String tree, String folded) {
    assertEquals(folded, RewriteOracle.rewrite(SyntaxTree.parse(tree)).toString());
  }

  /** Nothing is left to be folded. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rewritingIsDoneAtOnce(long seed) {
    var generator = new ForestGenerator(ForestShape.of(20_000, seed), seed, 0.9);
    for (int tree = 0; tree < generator.shape().trees(); tree++) {
      SyntaxTree once = RewriteOracle.rewrite(generator.tree(0, tree).tree(0));
      assertEquals(once, RewriteOracle.rewrite(once));
    }
  }

  /** The deepest tree there can be, on a thread with a usual stack. */
  @Test
  void chains() {
    SyntaxTree chain = SyntaxTree.literal(7, 5);
    for (int i = 1; i < Forest.MOST_NODES_OF_TREE; i++) {
      chain = SyntaxTree.of(Kind.NEG, i, chain);
    }
    List<SyntaxTree> chains = Collections.nCopies(100, chain);
    Forest forest = SyntaxTree.forest(chains);
    assertEquals(chain.toString(), forest.tree(99).toString());
    try (var arena = Arena.ofShared()) {
      SynthesisSolution solution = SynthesisSolver.rewrite().solve(forest, arena);
      assertNull(
          solution.mismatch(
              SyntaxTree.forest(Collections.nCopies(100, SyntaxTree.literal(1023, -5))).arrays()));
    }
  }
}
