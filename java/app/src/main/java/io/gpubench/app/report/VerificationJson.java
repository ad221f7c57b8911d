// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.verify.Finding;
import io.gpubench.measure.verify.Verification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** For a program: {@code configs/schemas/verification.schema.json}, written run by run. */
public final class VerificationJson implements VerificationReport {
  private static final String SCHEMA = "gpubench.verification/1";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private final PrintWriter out;
  private final JsonGenerator json;
  private int verified;
  private int refuted;
  private int unreadable;

  public VerificationJson(PrintWriter out) {
    this.out = out;
    this.json = MAPPER.createGenerator(out);
    json.writeStartObject();
    json.writeStringProperty("schema", SCHEMA);
    json.writeArrayPropertyStart("runs");
  }

  @Override
  public void add(Verification run) {
    if (run.verified()) {
      verified++;
    } else {
      refuted++;
    }
    json.writeStartObject();
    json.writeStringProperty("directory", run.directory().toString());
    json.writeStringProperty("verdict", run.verified() ? "verified" : "refuted");
    text("run", run.run());
    text("sealedAt", run.sealedAt());
    text("signer", run.signer());
    json.writeNumberProperty("files", run.files());
    json.writeNumberProperty("records", run.records());
    json.writeNumberProperty("processes", run.processes());
    json.writeNumberProperty("samples", run.samples());
    json.writeArrayPropertyStart("findings");
    for (Finding finding : run.findings()) {
      json.writeStartObject();
      json.writeStringProperty("flaw", finding.flaw().word());
      json.writeStringProperty("subject", finding.subject());
      json.writeStringProperty("message", finding.message());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  @Override
  public void unreadable(Path directory, String reason) {
    unreadable++;
    json.writeStartObject();
    json.writeStringProperty("directory", directory.toString());
    json.writeStringProperty("verdict", "unreadable");
    json.writeStringProperty("reason", reason);
    json.writeEndObject();
  }

  @Override
  public void close() {
    json.writeEndArray();
    json.writeNumberProperty("verified", verified);
    json.writeNumberProperty("refuted", refuted);
    json.writeNumberProperty("unreadable", unreadable);
    texts("proves", verified > 0 ? PROVES : List.of());
    texts("cannotProve", CANNOT_PROVE);
    json.writeEndObject();
    json.close();
    out.println();
    out.flush();
  }

  private void text(String name, @Nullable String value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, value);
    }
  }

  private void texts(String name, List<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }
}
