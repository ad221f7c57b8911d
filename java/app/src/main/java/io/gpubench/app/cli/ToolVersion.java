// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.measure.result.RunDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Version and source commit, as the build wrote them down. */
final class ToolVersion implements IVersionProvider {
  static RunDocument.Tool tool() {
    Properties build = build();
    return new RunDocument.Tool(
        "gpubench",
        build.getProperty("version", "unknown"),
        build.getProperty("commit", "unknown"),
        Boolean.parseBoolean(build.getProperty("modified", "false")));
  }

  /** What files that the build makes have as their time; the same for every build of a version. */
  static Instant buildTime() {
    return Instant.parse(build().getProperty("timestamp", "1970-01-01T00:00:00Z"));
  }

  private static Properties build() {
    var build = new Properties();
    try (var in = ToolVersion.class.getResourceAsStream("/gpubench-build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build;
  }

  @Override
  public String[] getVersion() {
    RunDocument.Tool tool = tool();
    String commit = tool.commit().equals("unknown") ? "" : " (" + tool.commit() + ")";
    return new String[] {"gpubench " + tool.version() + commit};
  }
}
