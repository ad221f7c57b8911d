// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.compare.TrialRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which difference does not matter: the option of every command that judges differences. */
final class ToleranceOption {
  private static final Pattern FORM =
      Pattern.compile("(?:([A-Za-z0-9]+)=)?(\\d{1,3}(?:\\.\\d{1,6})?) ?(%?)");

  @Option(
      names = "--tolerance",
      paramLabel = "[METRIC=]SHARE",
      split = ",",
      description =
          "The difference that does not matter, of the median or by metric, such as 5%% or median=3%%,p95=10%%; a"
              + " metric without one is only reported (default: median=5%%).")
  private List<String> texts = new ArrayList<>();

  /**
   * From a metric, of {@link TrialRule#METRICS}, to its tolerance in (0, 1).
   *
   * @throws ConfigException when one is out of range, or of no known metric
   */
  Map<String, Double> tolerances() {
    var tolerances = new TreeMap<String, Double>();
    for (String text : texts) {
      Matcher form = FORM.matcher(text.strip());
      if (!form.matches()) {
        throw new ConfigException(
            "--tolerance: '%s'; expected a share such as 5%% or 0.05, or p95=10%%".formatted(text));
      }
      String metric = form.group(1) == null ? TrialRule.MEDIAN : form.group(1);
      if (!TrialRule.METRICS.contains(metric)) {
        throw new ConfigException(
            "--tolerance: " + Names.unknown("metric", metric, TrialRule.METRICS));
      }
      double value = Double.parseDouble(form.group(2)) / (form.group(3).isEmpty() ? 1 : 100);
      if (tolerances.put(metric, value) != null) {
        throw new ConfigException("--tolerance: " + metric + " is set a second time");
      }
    }
    return tolerances.isEmpty()
        ? TrialRule.DEFAULT.tolerances()
        : TrialRule.DEFAULT.withTolerances(tolerances).tolerances();
  }
}
