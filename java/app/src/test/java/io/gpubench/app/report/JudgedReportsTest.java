// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.report.JudgedCase.State;
import java.io.StringReader;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What was judged, as JUnit XML and as Markdown. */
class JudgedReportsTest {
  private static final List<JudgedCase> CASES =
      List.of(
          new JudgedCase("consensus", "validators=4 median", State.PASSED, "Same", "12 duets"),
          new JudgedCase("consensus", "p95", State.FAILED, "Changed, 8.2 % slower", "p < .001"),
          new JudgedCase("launch.ffm", "median", State.OPEN, "Inconclusive", ""));

  @Test
  void junitHasACaseForEachVerdict() throws Exception {
    Document xml = parsed(JUnitXml.of("gate", CASES, 1.5));
    Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
    assertEquals("gate", suite.getAttribute("name"));
    assertEquals("3", suite.getAttribute("tests"));
    assertEquals("1", suite.getAttribute("failures"));
    assertEquals("1", suite.getAttribute("skipped"));
    assertEquals("1.500", suite.getAttribute("time"));
    assertEquals(3, suite.getElementsByTagName("testcase").getLength());
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertEquals("Changed, 8.2 % slower: p < .001", failure.getAttribute("message"));
    assertEquals("p95", ((Element) failure.getParentNode()).getAttribute("name"));
    Element skipped = (Element) suite.getElementsByTagName("skipped").item(0);
    assertEquals("Inconclusive", skipped.getAttribute("message"));
    assertEquals("launch.ffm", ((Element) skipped.getParentNode()).getAttribute("classname"));
  }

  @Test
  void noTextBreaksTheXml() throws Exception {
    var random = new Random(7);
    for (int round = 0; round < 200; round++) {
      var text = new StringBuilder("<![CDATA[]]>&\"'\u0000\uD800\uFFFF");
      for (int i = 0; i < 40; i++) {
        text.append((char) random.nextInt(round % 2 == 0 ? 0x10000 : 0x30));
      }
      String odd = text.toString();
      for (State state : State.values()) {
        String xml = JUnitXml.of(odd, List.of(new JudgedCase(odd, odd, state, odd, odd)), 0);
        assertEquals(1, parsed(xml).getElementsByTagName("testcase").getLength());
      }
    }
  }

  @Test
  void nothingJudgedIsAnEmptySuite() throws Exception {
    assertEquals(
        0, parsed(JUnitXml.of("gate", List.of(), 0)).getElementsByTagName("testcase").getLength());
    assertEquals("### gate\n\n0 passed, 0 failed, 0 open\n", Markdown.table("gate", List.of()));
  }

  @Test
  void markdownIsATable() {
    assertEquals(
        """
        ### gate

        1 passed, 1 failed, 1 open

        | | what | | verdict | why |
        |---|---|---|---|---|
        | passed | consensus | validators=4 median | Same | 12 duets |
        | failed | consensus | p95 | Changed, 8.2 % slower | p \\< .001 |
        | open | launch.ffm | median | Inconclusive |  |
        """,
        Markdown.table("gate", CASES));
  }

  @Test
  void noTextIsTakenForMarkup() {
    var odd = "a|b\nc <b> `d` *e* \\|\r\n[f](g)";
    String text = Markdown.table(odd, List.of(new JudgedCase(odd, odd, State.OPEN, odd, odd)));
    assertEquals(7, text.lines().count(), text);
    assertTrue(text.contains("a\\|b c \\<b\\> \\`d\\` \\*e\\* \\\\\\|"), text);
    assertFalse(text.contains("<b>"), text);
  }

  @Test
  void whatIsOpenMayHaveToFail() {
    assertEquals(
        List.of(State.PASSED, State.FAILED, State.FAILED),
        CASES.stream().map(JudgedCase::decided).map(JudgedCase::state).toList());
  }

  private static Document parsed(String xml) throws Exception {
    var factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(null);
    return builder.parse(new InputSource(new StringReader(xml)));
  }
}
