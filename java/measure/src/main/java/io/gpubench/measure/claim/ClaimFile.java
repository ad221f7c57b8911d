// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.claim;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.claim.Metric.Kind;
import io.gpubench.measure.claim.Target.Direction;
import io.gpubench.measure.plan.ByteSizes;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.Reference;
import io.gpubench.measure.plan.RunConfig;
import io.gpubench.measure.plan.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A file of claims.
 *
 * @param name of the file, without the extension
 * @param description one line for a person; may be empty
 * @param claims at least one, each id once
 */
public record ClaimFile(String name, String description, List<Claim> claims) {
  private static final double USUAL_CONFIDENCE = 0.95;
  private static final String VALUE = "value";
  private static final String UNIT = "unit";
  private static final String RATIO = "ratio";
  private static final String REDUCTION = "reduction";

  public ClaimFile {
    claims = List.copyOf(claims);
  }

  /**
   * Reads a file.
   *
   * @param nameOrFile a name of {@link ConfigReader#claimFileNames}, or a file where it has a slash
   *     or ends in {@code .yaml} or {@code .yml}
   * @throws ConfigException when there is none or it has a mistake; names file, line and key
   */
  public static ClaimFile read(ConfigReader configs, String nameOrFile) {
    return configs.claims(nameOrFile, ClaimFile::of);
  }

  /** From a document that agrees with the schema of claims; checks what the schema cannot say. */
  private static ClaimFile of(String name, Yaml.Mapping document) {
    var claims = new ArrayList<Claim>();
    var lines = new HashMap<String, Integer>();
    for (Yaml item : document.sequence("claims").items()) {
      Yaml.Scalar id = ((Yaml.Mapping) item).scalar("id");
      Integer earlier = lines.put(id.text(), id.place().line());
      if (earlier != null) {
        throw id.place()
            .error("'%s' is given a second time; first in line %d".formatted(id.text(), earlier));
      }
      claims.add(claim((Yaml.Mapping) item));
    }
    return new ClaimFile(name, document.textOr("description", ""), claims);
  }

  private static Claim claim(Yaml.Mapping claim) {
    Reference workload = reference(claim.scalar("workload"));
    Yaml.Scalar metricName = claim.scalar("metric");
    Metric metric = at(metricName, Metric::parse);
    Claim.Baseline baseline =
        claim.has("baseline") ? baseline(workload.name(), claim.mapping("baseline")) : null;
    var read =
        new Claim(
            claim.scalar("id").text(),
            claim.scalar("statement").text(),
            claim.scalar("source").text(),
            claim.scalar("id").place(),
            workload,
            references(claim, "engine"),
            references(claim, "path"),
            optional(claim, "clock"),
            optional(claim, "cache"),
            RunConfig.settings(workload.name(), claim),
            metric,
            metricName.place(),
            target(claim, metric),
            claim.has("confidence") ? claim.scalar("confidence").decimalValue() : USUAL_CONFIDENCE,
            claim.has("minimumSamples") ? (Long) claim.scalar("minimumSamples").wholeValue() : null,
            claim.has("processes") ? (Integer) (int) claim.scalar("processes").wholeValue() : null,
            requirement(claim),
            baseline);
    checkSizes(claim, read);
    checkBaseline(claim, read);
    return read;
  }

  /** That what is measured can be enough at all. */
  private static void checkSizes(Yaml.Mapping claim, Claim read) {
    int reach = read.metric().kind().reach();
    if (read.fewestSamples() < reach) {
      throw claim
          .scalar("minimumSamples")
          .place()
          .error(
              "%s needs at least %,d values in each process, found %d"
                  .formatted(read.metric().word(), reach, read.fewestSamples()));
    }
    int least = Claim.fewestProcesses(read.confidence());
    Integer processes = read.processes();
    if (processes != null && processes < least) {
      throw claim
          .scalar("processes")
          .place()
          .error(
              "confidence %s needs at least %d processes, found %d"
                  .formatted(read.confidence(), least, processes));
    }
  }

  private static void checkBaseline(Yaml.Mapping claim, Claim read) {
    boolean relative = read.target().relative();
    if (relative && read.baseline() == null) {
      throw claim
          .place()
          .error("a ratio or a reduction needs something to compare with; missing key 'baseline'");
    }
    if (!relative && read.baseline() != null) {
      throw claim
          .mapping("target")
          .place()
          .error("with a baseline, expected 'ratio' or 'reduction', found 'value'");
    }
    Kind kind = read.metric().kind();
    if (relative && (kind == Kind.TIME_BUSY || kind == Kind.CEILING_SHARE)) {
      throw read.metricPlace()
          .error("a relative claim is about latency or throughput, found " + read.metric().word());
    }
  }

  private static Target target(Yaml.Mapping claim, Metric metric) {
    Yaml.Mapping target = claim.mapping("target");
    Direction direction =
        claim.scalar("direction").text().equals(Direction.AT_MOST.word())
            ? Direction.AT_MOST
            : Direction.AT_LEAST;
    List<String> forms = List.of(VALUE, RATIO, REDUCTION).stream().filter(target::has).toList();
    if (forms.size() != 1) {
      throw target
          .place()
          .error(
              forms.isEmpty()
                  ? "missing key 'value'; or 'ratio' or 'reduction', with a baseline"
                  : "'%s' and '%s' cannot be combined; leave one out"
                      .formatted(forms.get(0), forms.get(1)));
    }
    boolean value = target.has(VALUE);
    if (value != target.has(UNIT)) {
      throw value
          ? target.place().error("missing key 'unit'")
          : target
              .scalar(UNIT)
              .place()
              .error("a %s has no unit; leave it out".formatted(forms.getFirst()));
    }
    return switch (forms.getFirst()) {
      case VALUE -> absolute(target, metric, direction);
      case RATIO -> {
        Yaml.Scalar ratio = target.scalar(RATIO);
        yield new Target(
            ratio.decimalValue(),
            direction,
            true,
            "%s %s times the baseline".formatted(direction.phrase(), ratio.text()));
      }
      default -> reduction(claim, target.scalar(REDUCTION), direction);
    };
  }

  private static Target absolute(Yaml.Mapping target, Metric metric, Direction direction) {
    Yaml.Scalar value = target.scalar(VALUE);
    Yaml.Scalar unit = target.scalar(UNIT);
    double factor = at(unit, text -> metric.kind().dimension().factor(text, metric.amount()));
    double base = value.decimalValue() * factor;
    if (!(base > 0)) {
      throw value.place().error("expected more than 0, found " + value.text());
    }
    if (metric.kind().dimension() == Dimension.SHARE && base > 1) {
      throw value.place().error("expected at most 100 %, found " + value.text() + " %");
    }
    return new Target(
        base,
        direction,
        false,
        "%s %s %s".formatted(direction.phrase(), value.text(), unit.text()));
  }

  private static Target reduction(Yaml.Mapping claim, Yaml.Scalar reduction, Direction direction) {
    if (direction == Direction.AT_MOST) {
      throw claim
          .scalar("direction")
          .place()
          .error("a reduction is atLeast so much; with atMost, write a ratio");
    }
    double percent = Double.parseDouble(reduction.text().replace("%", "").strip());
    if (percent == 0) {
      throw reduction.place().error("expected more than 0 %, found " + reduction.text());
    }
    return new Target(
        1 - percent / 100,
        Direction.AT_MOST,
        true,
        "at least %s below the baseline".formatted(reduction.text()));
  }

  private static Claim.Baseline baseline(String workload, Yaml.Mapping baseline) {
    return new Claim.Baseline(
        baseline.place(),
        optional(baseline, "engine"),
        optional(baseline, "path"),
        optional(baseline, "clock"),
        optional(baseline, "cache"),
        RunConfig.settings(workload, baseline));
  }

  private static Requirement requirement(Yaml.Mapping claim) {
    if (!claim.has("requires")) {
      return Requirement.NONE;
    }
    Yaml.Mapping requires = claim.mapping("requires");
    return new Requirement(
        Requirement.Kind.valueOf(requires.textOr("hardware", "any").toUpperCase(Locale.ROOT)),
        requires.has("name") ? pattern(requires.scalar("name")) : null,
        requires.has("minimumComputeCapability")
            ? requires.scalar("minimumComputeCapability").text()
            : null,
        requires.has("minimumDeviceMemory")
            ? at(requires.scalar("minimumDeviceMemory"), ByteSizes::parse)
            : null);
  }

  private static Pattern pattern(Yaml.Scalar name) {
    try {
      return Pattern.compile(name.text());
    } catch (PatternSyntaxException e) {
      throw name.place().error("is no regular expression: " + e.getDescription(), e);
    }
  }

  private static <T> T at(Yaml.Scalar scalar, Function<String, T> parser) {
    try {
      return parser.apply(scalar.text());
    } catch (ConfigException e) {
      throw scalar.place().error(String.valueOf(e.getMessage()), e);
    }
  }

  private static List<Reference> references(Yaml.Mapping claim, String key) {
    Yaml value = claim.entries().get(key);
    return switch (value) {
      case null -> List.of();
      case Yaml.Scalar scalar -> List.of(reference(scalar));
      case Yaml.Sequence sequence ->
          sequence.items().stream().map(item -> reference((Yaml.Scalar) item)).toList();
      case Yaml.Mapping _ -> throw new IllegalStateException("the schema allows no mapping");
    };
  }

  private static @Nullable Reference optional(Yaml.Mapping mapping, String key) {
    return mapping.has(key) ? reference(mapping.scalar(key)) : null;
  }

  private static Reference reference(Yaml.Scalar scalar) {
    return new Reference(scalar.text(), scalar.place());
  }
}
