// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.measure.result.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** When and on what figures were measured, in one line below the table. */
final class Sitting {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Sitting() {}

  /** Of here and now. */
  static String now(Path root) {
    return line(Instant.now(), Environment.capture(), commit(root));
  }

  /** The line; what the system does not tell is called unknown. */
  static String line(Instant time, Map<String, Object> environment, String commit) {
    Map<?, ?> cpu = (Map<?, ?>) environment.get("cpu");
    Map<?, ?> os = (Map<?, ?>) environment.get("os");
    Map<?, ?> java = (Map<?, ?>) environment.get("java");
    String load = String.valueOf(environment.getOrDefault("loadAverage", "unknown")).split(" ")[0];
    return "%s, %s%s, %s processors, Linux %s, Java %s, load at the beginning %s, commit %s"
        .formatted(
            MINUTE.format(time),
            told(cpu, "model"),
            Boolean.TRUE.equals(cpu.get("virtualMachine")) ? " (virtual machine)" : "",
            told(cpu, "availableProcessors"),
            told(os, "kernel"),
            told(java, "version"),
            load,
            commit)
        .replace("|", "/");
  }

  private static String told(Map<?, ?> part, String key) {
    Object value = part.get(key);
    return value == null ? "unknown" : value.toString();
  }

  /** The commit of the checkout, and whether something else was built than it has. */
  private static String commit(Path root) {
    String commit = git(root, "rev-parse", "--short=12", "HEAD");
    String changes =
        git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!*.md");
    return commit.isEmpty() ? "unknown" : changes.isEmpty() ? commit : commit + " with changes";
  }

  private static String git(Path root, String... arguments) {
    try {
      var command = new java.util.ArrayList<>(java.util.List.of("git", "-C", root.toString()));
      command.addAll(java.util.List.of(arguments));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? text : "";
    } catch (IOException _) {
      return ""; // no git
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
