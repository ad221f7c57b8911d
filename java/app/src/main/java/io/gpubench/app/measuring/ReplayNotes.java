// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import io.gpubench.app.BuiltIn;
import io.gpubench.measure.result.Environment;
import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.result.RunDocument.EngineChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is not as it was when a run was measured first, a line for each thing that changed. */
final class ReplayNotes {
  private static final int SHORT_HASH = 12;
  private static final List<String> OF_PLACES =
      List.of("-Dgpubench.", "-Djava.io.tmpdir=", "-XX:AOTCache=", "-Xlog");

  private ReplayNotes() {}

  /**
   * Compares with this gpubench and this machine, as they are now.
   *
   * @param engines of the original, each with what takes its place
   */
  static List<String> of(RunDocument original, Map<EngineChoice, EngineChoice> engines) {
    var notes = new ArrayList<String>();
    RunDocument.Tool then = original.tool();
    RunDocument.Tool now = BuiltIn.tool();
    add(notes, "gpubench", tool(then), tool(now));
    if (then.commit().equals(now.commit()) && (then.modified() || now.modified())) {
      notes.add("gpubench was built from changed sources; whether they were the same is not known");
    }
    engines.forEach(
        (before, after) -> add(notes, "engine " + before.id(), engine(before), engine(after)));
    add(notes, "machine", machine(original.environment()), machine(Environment.capture()));
    return notes;
  }

  private static void add(
      List<String> notes, String subject, Map<String, String> then, Map<String, String> now) {
    var keys = new TreeSet<>(then.keySet());
    keys.addAll(now.keySet());
    var changes = new ArrayList<String>();
    for (String key : keys) {
      String before = then.get(key);
      String after = now.get(key);
      if (before == null || !before.equals(after)) {
        changes.add("%s %s, now %s".formatted(key, shown(key, before), shown(key, after)));
      }
    }
    if (!changes.isEmpty()) {
      notes.add(subject + " is not as it was: " + String.join("; ", changes));
    }
  }

  /** The beginning of a hash says enough; run.json has it all. */
  private static String shown(String key, @Nullable String value) {
    if (value == null) {
      return "unknown";
    }
    boolean hash = key.toLowerCase(Locale.ROOT).endsWith("sha256") && value.length() > SHORT_HASH;
    return hash ? value.substring(0, SHORT_HASH) : value;
  }

  private static Map<String, String> tool(RunDocument.Tool tool) {
    return Map.of("version", tool.version(), "commit", tool.commit());
  }

  private static Map<String, String> engine(EngineChoice choice) {
    var facts = new LinkedHashMap<String, String>();
    flatten("", choice.description(), facts);
    // what a card happened to do when the run began
    facts.keySet().removeIf(key -> key.contains("AtStart"));
    facts.put("synthetic", String.valueOf(choice.synthetic()));
    if (choice.device() != null) {
      facts.put("device", choice.device());
    }
    if (choice.command() != null) {
      facts.put("command", String.join(" ", choice.command()));
    }
    return facts;
  }

  private static Map<String, String> machine(Map<String, Object> environment) {
    var facts = new LinkedHashMap<String, String>();
    flatten("", environment, facts);
    if (environment.get("java") instanceof Map<?, ?> java
        && java.get("flags") instanceof List<?> flags) {
      facts.put("java.flags", flags(flags));
    }
    facts
        .keySet()
        .retainAll(
            List.of(
                "cpu.model",
                "cpu.microcode",
                "cpu.availableProcessors",
                "cpu.governor",
                "cpu.caches", // inputs in rotation are larger than these
                "cpu.smt",
                "cpu.vectorFlags",
                "memory.total",
                "memory.transparentHugePages",
                "os.kernel",
                "java.vm",
                "java.vendor",
                "java.version",
                "java.flags"));
    return facts;
  }

  /** Those that may change a time: not where files lie, and not what is logged. */
  private static String flags(List<?> all) {
    String kept =
        all.stream()
            .map(String::valueOf)
            .filter(flag -> OF_PLACES.stream().noneMatch(flag::startsWith))
            .collect(Collectors.joining(" "));
    return kept.isEmpty() ? "none" : kept;
  }

  private static void flatten(String prefix, Map<?, ?> map, Map<String, String> into) {
    map.forEach((key, value) -> {
      if (value instanceof Map<?, ?> inner) {
        flatten(prefix + key + ".", inner, into);
      } else {
        into.put(prefix + key, String.valueOf(value));
      }
    });
  }
}
