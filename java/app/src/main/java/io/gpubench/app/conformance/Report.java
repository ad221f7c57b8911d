// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import io.gpubench.measure.Printable;
import io.gpubench.measure.worker.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What came out of a conformance test, for people and for programs. */
public final class Report {
  private static final String PAGE = "configs/engines/README.md";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Report() {}

  /** The JSON form. */
  private record Document(
      int schema,
      List<String> command,
      int protocol,
      boolean conforms,
      boolean wrongAnswer,
      List<Check> checks) {}

  /** A check in a line, ended by a line feed; several when it failed. */
  public static String text(Check check) {
    String word =
        switch (check.result()) {
          case ok -> "ok  ";
          case warning -> "warn";
          case failed -> "FAIL";
          case skipped -> "skip";
        };
    var text = new StringBuilder();
    text.append(word)
        .append(' ')
        .append(check.name())
        .append(": ")
        .append(Printable.line(check.detail()));
    text.append('\n');
    more(text, "sent", check.sent());
    more(text, "received", check.received());
    more(text, "expected", check.expected());
    more(text, "see", check.see() == null ? null : PAGE + ", '" + check.see() + "'");
    return text.toString();
  }

  private static void more(StringBuilder text, String what, @Nullable String value) {
    if (value != null) {
      text.append("       ").append(what).append(": ").append(Printable.line(value)).append('\n');
    }
  }

  /** The last line. */
  public static String text(Verdict verdict) {
    long failed = verdict.count(Check.Result.failed);
    long skipped = verdict.count(Check.Result.skipped);
    return verdict.conforms()
        ? "conforms to worker protocol " + Request.PROTOCOL + "\n"
        : "%d of %d checks failed%s%n"
            .formatted(
                failed,
                verdict.checks().size(),
                skipped == 0 ? "" : ", " + skipped + " could not be made");
  }

  /** All of it as JSON, ended by a line feed. */
  public static String json(List<String> command, Verdict verdict) {
    var document =
        new Document(
            1,
            command,
            Request.PROTOCOL,
            verdict.conforms(),
            verdict.wrongAnswer(),
            verdict.checks());
    return JSON.writeValueAsString(document) + "\n";
  }
}
