// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.report.JudgedCase.State;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * What was judged as JUnit XML, in the form that CI servers read: a suite with a test case for each
 * thing. What failed is a {@code failure}, what nobody can tell is {@code skipped}. No text of
 * anybody's can make the document ill-formed. Pure.
 */
public final class JUnitXml {
  private final XMLStreamWriter xml;

  private JUnitXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /**
   * A whole document, ended by a line feed.
   *
   * @param suite name of the suite
   * @param elapsedSeconds of all of it, 0 or more
   */
  public static String of(String suite, List<JudgedCase> cases, double elapsedSeconds) {
    var text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new JUnitXml(xml).document(suite, cases, elapsedSeconds);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e); // nothing is written but to memory
    }
    return text.toString();
  }

  private void document(String suite, List<JudgedCase> cases, double elapsedSeconds)
      throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuites");
    counts(suite, cases, elapsedSeconds);
    line(1);
    xml.writeStartElement("testsuite");
    counts(suite, cases, elapsedSeconds);
    for (JudgedCase one : cases) {
      line(2);
      element(one);
    }
    line(1);
    xml.writeEndElement();
    line(0);
    xml.writeEndElement();
    xml.writeCharacters("\n");
    xml.writeEndDocument();
  }

  private void counts(String suite, List<JudgedCase> cases, double elapsedSeconds)
      throws XMLStreamException {
    attribute("name", suite);
    attribute("tests", String.valueOf(cases.size()));
    attribute("failures", String.valueOf(count(cases, State.FAILED)));
    attribute("errors", "0");
    attribute("skipped", String.valueOf(count(cases, State.OPEN)));
    attribute("time", String.format(Locale.ROOT, "%.3f", elapsedSeconds));
  }

  private static long count(List<JudgedCase> cases, State state) {
    return cases.stream().filter(one -> one.state() == state).count();
  }

  private void element(JudgedCase one) throws XMLStreamException {
    xml.writeStartElement("testcase");
    attribute("classname", one.group());
    attribute("name", one.name());
    switch (one.state()) {
      case FAILED -> {
        outcome("failure", one);
        xml.writeCharacters(legal(said(one)));
        xml.writeEndElement();
        line(2);
      }
      case OPEN -> {
        outcome("skipped", one);
        xml.writeEndElement();
        line(2);
      }
      case PASSED -> {
        line(3);
        xml.writeStartElement("system-out");
        xml.writeCharacters(legal(said(one)));
        xml.writeEndElement();
        line(2);
      }
    }
    xml.writeEndElement();
  }

  private void outcome(String element, JudgedCase one) throws XMLStreamException {
    line(3);
    xml.writeStartElement(element);
    attribute("message", said(one));
    if (one.state() == State.FAILED) {
      attribute("type", one.verdict());
    }
  }

  private static String said(JudgedCase one) {
    return one.detail().isEmpty() ? one.verdict() : one.verdict() + ": " + one.detail();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, legal(value));
  }

  private void line(int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }

  /** Without what XML 1.0 has no place for, section 2.2. */
  private static String legal(String text) {
    var legal = new StringBuilder(text.length());
    text.codePoints().forEach(point -> legal.appendCodePoint(isLegal(point) ? point : 0xFFFD));
    return legal.toString();
  }

  private static boolean isLegal(int point) {
    return point == '\t'
        || point == '\n'
        || (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= 0xFFFD)
        || point >= 0x10000;
  }
}
