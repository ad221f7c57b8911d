// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import io.gpubench.measure.seal.Manifest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a manifest says about a run, derived from {@code run.json} alone. */
public final class SealHeader {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final String KEY = "sha256";
  private static final String SUFFIX = "Sha256";

  private SealHeader() {}

  /** The same for the same run, whether it was just measured or read. */
  public static Manifest.Header of(RunDocument run) {
    RunDocument.Tool tool = run.tool();
    return new Manifest.Header(
        run.id(),
        new Manifest.Tool(tool.name(), tool.version(), tool.commit(), tool.modified()),
        kernels(run.engines()),
        new Manifest.Seeds(run.conditions().orderSeed(), inputSeeds(run.planned())));
  }

  /**
   * Every hash in the description of an engine: under {@code sha256}, where the keys above name the
   * image, or under the image's name and {@code Sha256}.
   */
  private static List<Manifest.Kernel> kernels(List<RunDocument.EngineChoice> engines) {
    var found =
        new TreeSet<>(
            Comparator.comparing(Manifest.Kernel::engine)
                .thenComparing(Manifest.Kernel::image)
                .thenComparing(Manifest.Kernel::sha256));
    for (RunDocument.EngineChoice engine : engines) {
      collect(engine.id(), "", engine.description(), found);
    }
    return List.copyOf(found);
  }

  private static void collect(
      String engine, String above, Map<?, ?> values, Set<Manifest.Kernel> found) {
    values.forEach((name, value) -> {
      String key = String.valueOf(name);
      if (value instanceof Map<?, ?> below) {
        collect(engine, above + key + ".", below, found);
      } else if (value instanceof String hash && SHA256.matcher(hash).matches()) {
        if (key.equals(KEY)) {
          found.add(new Manifest.Kernel(engine, above.replaceFirst("\\.$", ""), hash));
        } else if (key.endsWith(SUFFIX)) {
          String image = key.substring(0, key.length() - SUFFIX.length());
          found.add(new Manifest.Kernel(engine, above + image, hash));
        }
      }
    });
  }

  private static List<Long> inputSeeds(List<RunDocument.Planned> planned) {
    return planned.stream()
        .map(run -> run.parameters().get("seed"))
        .filter(Number.class::isInstance)
        .map(seed -> ((Number) Objects.requireNonNull(seed)).longValue())
        .distinct()
        .sorted()
        .toList();
  }
}
