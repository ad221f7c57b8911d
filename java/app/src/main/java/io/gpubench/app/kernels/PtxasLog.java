// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ptxas -v} said of several compilations, one after the other. The lines of a kernel
 * must follow each other as ptxas writes them, so that mixed reports of two processes are refused
 * rather than told of the wrong kernel. Not safe for use by several threads.
 */
final class PtxasLog {
  private static final Pattern ENTRY =
      Pattern.compile("ptxas info +: Compiling entry function '([^']+)' for '(sm_\\w+)'");
  private static final Pattern PROPERTIES =
      Pattern.compile("ptxas info +: Function properties for (\\S+)");
  private static final Pattern FRAME =
      Pattern.compile(
          " +(\\d{1,9}) bytes stack frame, (\\d{1,9}) bytes spill stores, (\\d{1,9}) bytes spill"
              + " loads");
  private static final Pattern USED =
      Pattern.compile("ptxas info +: Used (\\d{1,9}) registers(,.*)?");
  private static final Pattern BARRIERS = Pattern.compile("used (\\d{1,9}) barriers");
  private static final Pattern STACK = Pattern.compile("(\\d{1,9}) bytes cumulative stack size");
  private static final Pattern SHARED = Pattern.compile("(\\d{1,9})(?:\\+\\d+)? bytes smem");

  /** What comes next; other functions and remarks may come between two kernels. */
  private enum Expected {
    ENTRY,
    PROPERTIES,
    FRAME,
    USED,
    FRAME_OF_FUNCTION
  }

  private final Map<String, Integer> launchBounds;
  private final List<CompiledKernel> kernels = new ArrayList<>();
  private Expected expected = Expected.ENTRY;
  private String name = "";
  private String architecture = "";
  private int stackBytes;
  private int spillStoreBytes;
  private int spillLoadBytes;

  private PtxasLog(Map<String, Integer> launchBounds) {
    this.launchBounds = launchBounds;
  }

  /**
   * The kernels in the order of their reports.
   *
   * @param launchBounds of {@code sm_90 NAME}, as PTX has them
   */
  static List<CompiledKernel> kernels(List<String> lines, Map<String, Integer> launchBounds)
      throws ResourcesException {
    var log = new PtxasLog(launchBounds);
    for (String line : lines) {
      log.read(line);
    }
    if (log.expected != Expected.ENTRY) {
      throw new ResourcesException("the report of " + log.name + " is not whole");
    }
    return log.kernels;
  }

  private void read(String line) throws ResourcesException {
    Matcher entry = ENTRY.matcher(line);
    Matcher properties = PROPERTIES.matcher(line);
    Matcher frame = FRAME.matcher(line);
    Matcher used = USED.matcher(line);
    if (entry.matches()) {
      expect(Expected.ENTRY, line);
      name = entry.group(1);
      architecture = entry.group(2);
      expected = Expected.PROPERTIES;
    } else if (properties.matches()) {
      properties(properties.group(1), line);
    } else if (frame.matches()) {
      frame(frame, line);
    } else if (used.matches()) {
      expect(Expected.USED, line);
      kernels.add(kernel(Integer.parseInt(used.group(1)), line));
      expected = Expected.ENTRY;
    }
  }

  private void properties(String function, String line) throws ResourcesException {
    if (expected == Expected.ENTRY) {
      expected = Expected.FRAME_OF_FUNCTION; // of one that kernels call
      return;
    }
    expect(Expected.PROPERTIES, line);
    if (!function.equals(name)) {
      throw mixed(line);
    }
    expected = Expected.FRAME;
  }

  private void frame(Matcher frame, String line) throws ResourcesException {
    if (expected == Expected.FRAME_OF_FUNCTION) {
      expected = Expected.ENTRY;
      return;
    }
    expect(Expected.FRAME, line);
    stackBytes = Integer.parseInt(frame.group(1));
    spillStoreBytes = Integer.parseInt(frame.group(2));
    spillLoadBytes = Integer.parseInt(frame.group(3));
    expected = Expected.USED;
  }

  private CompiledKernel kernel(int registers, String line) {
    Integer shared = number(SHARED, line);
    Integer stack = number(STACK, line); // with the frames of what the kernel calls
    return new CompiledKernel(
        name,
        architecture,
        registers,
        number(BARRIERS, line),
        shared == null ? 0 : shared,
        stack == null ? stackBytes : Math.max(stack, stackBytes),
        spillStoreBytes,
        spillLoadBytes,
        launchBounds.get(architecture + " " + name));
  }

  private static @Nullable Integer number(Pattern pattern, String line) {
    Matcher found = pattern.matcher(line);
    return found.find() ? Integer.valueOf(found.group(1)) : null;
  }

  private void expect(Expected one, String line) throws ResourcesException {
    if (expected != one) {
      throw mixed(line);
    }
  }

  private static ResourcesException mixed(String line) {
    return new ResourcesException("the reports of ptxas are mixed at '" + line.strip() + "'");
  }
}
