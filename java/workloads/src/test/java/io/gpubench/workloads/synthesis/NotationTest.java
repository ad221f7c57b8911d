// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees, patterns and templates as text, and what is said of text that is none. */
class NotationTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "?",
        "variable",
        "add#7(?, mul#4095/2)",
        "call/10(?, call#0(?, neg), ?)",
        "if/3(literal#1/0)"
      })
  void patterns(String text) {
    assertEquals(text, Pattern.parse(text).toString());
  }

  @Test
  void blanksDoNotCount() {
    assertEquals("add#7/2(?, mul)", Pattern.parse(" add # 7 / 2 ( ? ,mul ) ").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                     | pattern '', character 1: expected a kind
          ad(?)                  | pattern 'ad(?)', character 1: unknown kind 'ad'; did you mean 'add'?
          add(?, ?               | pattern 'add(?, ?', character 9: expected ',' or ')'
          add(?, ?) x            | pattern 'add(?, ?) x', character 11: expected nothing more
          add#4096               | pattern 'add#4096', character 5: expected 0 .. 4095
          add#-1                 | pattern 'add#-1', character 5: expected 0 .. 4095
          call/11                | pattern 'call/11', character 6: expected 0 .. 10
          neg/1(?, ?)            | pattern 'neg/1(?, ?)', character 12: neg with 1 children, of which 2 are looked at
          neg(neg(neg(?)))       | pattern 'neg(neg(neg(?)))', character 13: expected at most 3 levels
          call(?,?,?,?,?,?,?,?,?,?,?) | pattern 'call(?,?,?,?,?,?,?,?,?,?,?)', character 28: 11 children of a node, expected at most 10
          """)
  void noPatterns(String text, String message) {
    assertEquals(
        message, assertThrows(ConfigException.class, () -> Pattern.parse(text)).getMessage());
  }

  @Test
  void aPatternThatIsTooDeep() {
    Pattern.Node node = new Pattern.Wildcard();
    for (int i = 0; i < 3; i++) {
      node = new Pattern.Asked(Kind.NEG, Pattern.ANY, Pattern.ANY, List.of(node));
    }
    Pattern.Node deep = node;
    assertEquals(
        "pattern 'neg(neg(neg(?)))' has 4 levels, expected at most 3",
        assertThrows(ConfigException.class, () -> new Pattern(deep)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          add(variable)  | tree 'add(variable)', character 14: add with 1 children
          variable#4096  | tree 'variable#4096', character 10: expected 0 .. 4095
          literal=x      | tree 'literal=x', character 9: expected -2147483648 .. 2147483647
          """)
  void noTrees(String text, String message) {
    assertEquals(
        message, assertThrows(ConfigException.class, () -> SyntaxTree.parse(text)).getMessage());
  }

  @Test
  void aTreeThatIsTooDeep() {
    String text = "neg(".repeat(2000);
    assertEquals(
        "tree '%s', character 4097: expected at most 1,024 levels".formatted(text.strip()),
        assertThrows(ConfigException.class, () -> SyntaxTree.parse(text)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"literal#0=-2147483648", "add#7(literal#4095=3, call#12(variable#1))", "call#0"})
  void trees(String text) {
    assertEquals(text, SyntaxTree.parse(text).toString());
  }

  @Test
  void aTreeIsStoredBreadthFirst() {
    Forest forest =
        SyntaxTree.forest(
            SyntaxTree.parse("variable#9"),
            SyntaxTree.parse("add#1(neg#2(literal#3=-4), call#5(variable#6, literal#7=8))"));
    assertEquals(7, forest.nodes());
    assertEquals(2, forest.trees());
    assertEquals(
        List.of(0L, 1L, 7L),
        List.of(forest.treeStartAt(0), forest.treeStartAt(1), forest.treeStartAt(2)));
    int[] symbols = {9, 1, 2, 5, 3, 6, 7};
    int[] firstChild = {0, 2, 4, 5, 0, 0, 0};
    int[] values = {0, 0, 0, 0, -4, 0, 8};
    for (int node = 0; node < symbols.length; node++) {
      assertEquals(symbols[node], forest.symbolAt(node));
      assertEquals(firstChild[node], forest.firstChildAt(node));
      assertEquals(values[node], forest.valueAt(node));
    }
    assertEquals(9 | 2 << 4 | 5 << 8, forest.header(3));
    assertEquals(
        "add#1(neg#2(literal#3=-4), call#5(variable#6, literal#7=8))", forest.tree(1).toString());
  }

  /** Reading order: the first child of the first child comes before the second child. */
  @Test
  void patternsAsKernelsReadThem() {
    PatternSet set = PatternSet.parse("?", "add#7(neg/1(?), ?)");
    assertArrayEquals(new int[] {0, 1, 5}, set.starts());
    int kind = 0x0000F;
    int arity = 0x000F0;
    int symbol = 0xFFF00;
    assertArrayEquals(
        new int[] {
          0,
          1 << 26,
          kind | symbol,
          3 | 7 << 8 | 2 << 27,
          kind | arity,
          2 | 1 << 4 | 1 << 24 | 1 << 27,
          0,
          2 << 24 | 1 << 26,
          0,
          1 << 20 | 1 << 24 | 1 << 26
        },
        set.entries());
    assertEquals(List.of(List.of(0, 0), List.of(1)), set.pattern(1).wildcards());
  }

  @Test
  void tooManyPatterns() {
    assertEquals(
        "4,097 patterns, expected 1 .. 4,096",
        assertThrows(
                ConfigException.class,
                () -> PatternSet.of(Collections.nCopies(4097, Pattern.parse("?"))))
            .getMessage());
    assertEquals(
        "0 patterns, expected 1 .. 4,096",
        assertThrows(ConfigException.class, () -> PatternSet.of(List.of())).getMessage());
  }

  @Test
  void templatesAsKernelsReadThem() {
    PatternSet patterns = PatternSet.parse("add(neg(?), ?)", "variable", "?");
    TemplateSet set =
        TemplateSet.of(
            patterns,
            List.of(Template.parse("{1}+{0}{{x}}"), Template.parse(""), Template.parse("é{0}")));
    assertArrayEquals(new int[] {0, 32, 32, 48}, set.imageStarts());
    assertArrayEquals(new int[] {20, 0, 10}, set.lengths());
    assertArrayEquals(new int[] {0, 2, 2, 3}, set.holeStarts());
    assertArrayEquals(new int[] {0, 1 | 1 << 4, 9, 2, 2, 0}, set.holes());
    byte[] image = new byte[48];
    image[8] = '+';
    image[17] = '{';
    image[18] = 'x';
    image[19] = '}';
    byte[] e = "é".getBytes(StandardCharsets.UTF_8);
    image[32] = e[0];
    image[33] = e[1];
    assertArrayEquals(image, set.images());
    assertArrayEquals(new int[] {1}, set.path(0, 0));
    assertArrayEquals(new int[] {0, 0}, set.path(0, 1));
    assertArrayEquals(new int[0], set.path(2, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          f({0)    | template 'f({0)', character 3: a brace without its other one; double it where it is meant
          f}       | template 'f}', character 2: a brace without its other one; double it where it is meant
          {x}      | template '{x}', character 1: expected the number of a wildcard in braces
          {-1}     | template '{-1}', character 1: expected the number of a wildcard in braces
          """)
  void noTemplates(String text, String message) {
    assertEquals(
        message, assertThrows(ConfigException.class, () -> Template.parse(text)).getMessage());
  }

  @Test
  void aHoleThatNoWildcardBinds() {
    PatternSet patterns = PatternSet.parse("add(?, ?)", "variable");
    assertEquals(
        "template 0 has the hole {2}, but its pattern 'add(?, ?)' binds 0 .. 1",
        assertThrows(
                ConfigException.class,
                () ->
                    TemplateSet.of(patterns, List.of(Template.parse("{0}{2}"), Template.parse(""))))
            .getMessage());
    assertEquals(
        "template 1 has the hole {0}, but its pattern 'variable' binds nothing",
        assertThrows(
                ConfigException.class,
                () -> TemplateSet.of(patterns, List.of(Template.parse(""), Template.parse("{0}"))))
            .getMessage());
    assertEquals(
        "1 templates for 2 patterns",
        assertThrows(
                ConfigException.class, () -> TemplateSet.of(patterns, List.of(Template.parse(""))))
            .getMessage());
  }

  @Test
  void templatesThatAreTooLongTogether() {
    int count = 1025;
    PatternSet patterns = PatternSet.of(Collections.nCopies(count, Pattern.parse("?")));
    Template template = Template.parse("x".repeat(1 << 20));
    assertEquals(
        "templates of 1,074,790,400 bytes together, expected at most 1,073,741,824",
        assertThrows(
                ConfigException.class,
                () -> TemplateSet.of(patterns, Collections.nCopies(count, template)))
            .getMessage());
  }

  @Test
  void aTemplateThatIsTooLong() {
    assertEquals(
        "a template of 1,048,577 bytes, expected at most 1,048,576",
        assertThrows(ConfigException.class, () -> Template.parse("x".repeat((1 << 20) + 1)))
            .getMessage());
  }
}
