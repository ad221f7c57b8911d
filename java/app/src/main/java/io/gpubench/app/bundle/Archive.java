// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Packs a folder into a compressed archive that depends on the files' names, contents and
 * permission to execute, and on nothing else: the order is that of the names, the owner is 0.
 */
final class Archive {
  // More than one thread splits the input in the same way however many there are; one does not
  // split it.
  private static final List<String> COMPRESS = List.of("xz", "--threads=2", "--stdout");

  private static final Map<String, String> PACKAGES = Map.of("xz", "xz-utils", "tar", "tar");

  private Archive() {}

  /** Fails if a tool is missing, so that this is known before the work and not after it. */
  static void requireTools() throws IOException, InterruptedException {
    for (String tool : List.of("tar", "xz")) {
      try {
        new ProcessBuilder(tool, "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      } catch (IOException missing) {
        throw new BundleException(
            tool + " not found; to install it: apt-get install " + PACKAGES.get(tool), missing);
      }
    }
  }

  /**
   * Writes the archive.
   *
   * @param folder what to pack; its own name is the archive's only entry at the top
   * @param time of every entry
   * @param messages a folder for what the tools have to say
   */
  static void pack(Path folder, Instant time, Path archive, Path messages)
      throws IOException, InterruptedException {
    var tar =
        new ProcessBuilder(
            "tar",
            "--create",
            "--format=gnu",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--mode=u=rwX,go=rX",
            "--mtime=@" + time.getEpochSecond(),
            "--directory=" + folder.getParent(),
            "--file=-",
            folder.getFileName().toString());
    var xz = new ProcessBuilder(COMPRESS).redirectOutput(archive.toFile());
    Path ofTar = messages.resolve("tar.log");
    Path ofXz = messages.resolve("xz.log");
    List<Process> both =
        ProcessBuilder.startPipeline(
            List.of(tar.redirectError(ofTar.toFile()), xz.redirectError(ofXz.toFile())));
    // if xz cannot go on, tar has nobody to write to: the last in the line knows the cause
    check("xz", both.get(1), ofXz, archive);
    check("tar", both.get(0), ofTar, archive);
  }

  private static void check(String tool, Process process, Path messages, Path archive)
      throws IOException, InterruptedException {
    int code = process.waitFor();
    if (code != 0) {
      String ended = tool + " ended with " + code;
      throw new BundleException(
          "cannot write "
              + archive
              + ": "
              + Files.readString(messages).lines().findFirst().orElse(ended));
    }
  }
}
