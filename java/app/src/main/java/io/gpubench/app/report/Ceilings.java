// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.measure.Printable;
import io.gpubench.measure.result.CeilingShare;
import io.gpubench.measure.result.MeasuredCeiling;
import io.gpubench.measure.result.ResultRecord;
import io.gpubench.measure.result.RunCeilings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a table for people says of ceilings. */
final class Ceilings {
  private Ceilings() {}

  /** A line for each ceiling that was used, and for each note; empty where there is none. */
  static String heading(@Nullable RunCeilings ceilings) {
    if (ceilings == null) {
      return "";
    }
    var text = new StringBuilder();
    for (RunCeilings.Used used : ceilings.used()) {
      MeasuredCeiling ceiling = used.ceiling();
      text.append(
          "%s: %s %s, measured %s by %s%n"
              .formatted(
                  Printable.line(ceiling.id()),
                  Figures.rate(ceiling.rate()),
                  Printable.line(ceiling.unit()),
                  Printable.line(ceiling.measuredAt().replaceFirst("T.*$", "")),
                  Printable.line(ceiling.engine())));
    }
    ceilings.notes().forEach(note -> text.append("NOTE: %s%n".formatted(Printable.line(note))));
    return text.toString();
  }

  /** The title of the column of a block of records; null where none has a share. */
  static @Nullable String title(List<ResultRecord> block) {
    return block.stream()
        .map(ResultRecord::ceiling)
        .filter(Objects::nonNull)
        .map(share -> "of " + share.of())
        .findFirst()
        .orElse(null);
  }

  /** {@code 41 % read} of a ceiling, {@code 41 %} of a bound. */
  static String cell(@Nullable CeilingShare share) {
    if (share == null) {
      return "-";
    }
    String percent = Figures.percent(share.share());
    return share.of().equals(CeilingShare.BOUND)
        ? percent
        : percent + " " + Printable.line(share.shortName());
  }

  /** {@code , 41 % of ceiling.read}; empty where it is not known. */
  static String clause(@Nullable CeilingShare share) {
    return share == null
        ? ""
        : ", %s of %s%s"
            .formatted(
                Figures.percent(share.share()),
                share.of().equals(CeilingShare.BOUND) ? "the bound of " : "",
                Printable.line(share.ceiling()));
  }

  /** Why the share of a record cannot be all of the truth; null when nothing speaks against it. */
  static @Nullable String doubt(ResultRecord record) {
    CeilingShare share = record.ceiling();
    return share == null ? null : share.doubt();
  }
}
