// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.fitness.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What {@code doctor} found, for a program: {@code configs/schemas/doctor.schema.json}. */
public final class DoctorJson {
  private static final String SCHEMA = "gpubench.doctor/1";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private DoctorJson() {}

  private record Document(String schema, boolean usable, List<Entry> findings) {}

  private record Entry(
      @Nullable String about,
      String what,
      String state,
      String detail,
      @Nullable String effect,
      @Nullable String command) {}

  /**
   * The document, ended by a line feed.
   *
   * @param usable whether at least one engine passes its self-check
   */
  public static String of(List<Finding> findings, boolean usable) {
    return JSON.writeValueAsString(
            new Document(SCHEMA, usable, findings.stream().map(DoctorJson::entry).toList()))
        + "\n";
  }

  private static Entry entry(Finding finding) {
    return new Entry(
        finding.about(),
        finding.what(),
        finding.state().word(),
        finding.detail(),
        finding.effect(),
        finding.command());
  }
}
