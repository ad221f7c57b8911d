// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small setting of a workload, of a size that is apt to show mistakes at edges.
 *
 * @param name what makes it special, such as {@code validators=65 tags=none}
 */
record Case(String name, ParameterValues values) {
  /** The smallest; one beyond a word of bits; neither a multiple of 64 nor of 128; a usual one. */
  private static final long[] SIZES = {4, 65, 200, 1_000};

  /**
   * For measuring: rounds that are short, and yet not too short for a clock. The first that the
   * workload allows.
   */
  private static final long[] USUAL_SIZES = {200, 256};

  /** So small a cache that few inputs rotate, which is soon checked, and often begun again. */
  private static final long CACHE_BYTES = 64 << 10;

  /**
   * The inputs of a case.
   *
   * @param file where they lie
   * @param right digests of the right answers, by slot
   */
  record Made(Case made, Path file, List<String> right, double operations) {
    /** The right digest of a sample. */
    String right(long sample) {
      return right.get((int) (sample % right.size()));
    }
  }

  /** The facts under which inputs are made. */
  static MachineFacts facts(MachineFacts machine) {
    return new MachineFacts(machine.processors(), machine.availableBytes(), CACHE_BYTES);
  }

  /** The case that is measured: defaults, of the usual size. */
  static Case usual(Workload workload) {
    return Arrays.stream(USUAL_SIZES)
        .mapToObj(size -> of(workload, size, null, "", 1))
        .filter(made -> made.allowed(workload))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(workload.id() + " has no usual size"));
  }

  /** Whether the workload has no objection. */
  private boolean allowed(Workload workload) {
    try {
      workload.check(values);
      return true;
    } catch (ConfigException _) {
      return false;
    }
  }

  /**
   * Every size with every word that a parameter may be, where the workload allows it; each with a
   * seed of its own.
   */
  static List<Case> all(Workload workload) {
    var cases = new ArrayList<Case>();
    for (long size : SIZES) {
      int before = cases.size();
      for (Parameter parameter : workload.parameters()) {
        if (parameter instanceof Parameter.Choice choice) {
          for (String word : choice.choices()) {
            cases.add(of(workload, size, choice, word, cases.size() + 2));
          }
        }
      }
      if (cases.size() == before) {
        cases.add(of(workload, size, null, "", cases.size() + 2));
      }
    }
    cases.removeIf(made -> !made.allowed(workload));
    return cases;
  }

  private static Case of(
      Workload workload, long size, Parameter.@Nullable Choice choice, String word, long seed) {
    var values = new LinkedHashMap<String, Object>();
    var name = new StringBuilder();
    for (Parameter parameter : workload.parameters()) {
      Object value = parameter.defaults().getFirst();
      if (parameter instanceof Parameter.Whole whole
          && parameter.name().equals(workload.sizeParameter())) {
        value = Math.clamp(size, whole.min(), whole.max());
        name.append(parameter.name()).append('=').append(value);
      } else if (parameter.equals(choice)) {
        value = word;
        name.append(' ').append(parameter.name()).append('=').append(value);
      } else if (parameter.name().equals("seed")) {
        value = seed;
      }
      values.put(parameter.name(), value);
    }
    return new Case(name.toString(), new ParameterValues(values));
  }

  /** Writes the inputs and computes the right answers. */
  Made make(Workload workload, MachineFacts facts, Path file) throws IOException {
    Workload.Inputs inputs = workload.writeInputs(values, facts, file);
    return new Made(
        this,
        file,
        Arrays.stream(inputs.digests()).mapToObj(AnswerDigest::text).toList(),
        inputs.work().operations());
  }
}
