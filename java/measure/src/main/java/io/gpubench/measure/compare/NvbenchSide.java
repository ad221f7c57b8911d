// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.compare;

import io.gpubench.measure.ResultFormatException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what nvbench writes with {@code --json} or {@code --jsonbin}: benchmarks with states, each
 * of which has axis values and summaries. One nvbench process is one file: one draw, whatever the
 * number of its samples. Where {@code --jsonbin} has left the sample times beside the file, as
 * float32 in seconds, there is a median, and otherwise a mean only.
 */
final class NvbenchSide {
  private static final String FORMAT = "nvbench";
  private static final double SECOND = 1e9;

  /** How a state can have been timed, in the order of preference. */
  private enum Timing {
    COLD("nv/cold", "nv/cold/time/gpu/mean", "device", "cold"),
    CPU("nv/cpu_only", "nv/cpu_only/time/cpu/mean", "host", "hot");

    final String family;
    final String mean;
    final String clock;
    final String cache;

    Timing(String family, String mean, String clock, String cache) {
      this.family = family;
      this.mean = mean;
      this.clock = clock;
      this.cache = cache;
    }
  }

  private final ForeignJson document;
  private final Map<Long, Map<String, String>> devices = new TreeMap<>();
  private final List<RecordedCase> cases = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private NvbenchSide(ForeignJson document) {
    this.document = document;
  }

  static RecordedSide read(ForeignJson document) {
    return new NvbenchSide(document).side();
  }

  private RecordedSide side() {
    document.find("devices").ifPresent(list -> list.elements().forEach(this::device));
    var seen = new HashSet<String>();
    for (ForeignJson benchmark : document.get("benchmarks").elements()) {
      for (ForeignJson state : benchmark.get("states").elements()) {
        RecordedCase one = state(benchmark.get("name").text(), state);
        if (!seen.add(one.label() + '\n' + one.settingsText())) {
          throw state.error(one.label() + " is there a second time; a file is one process");
        }
        cases.add(one);
      }
    }
    if (cases.isEmpty()) {
      throw document.error("no state of a benchmark in it");
    }
    notes.add("nvbench does not write down the driver, the clocks nor whether answers were right");
    return new RecordedSide(document.file().toString(), FORMAT, tool(), Map.of(), cases, notes);
  }

  private Map<String, String> tool() {
    var tool = new LinkedHashMap<String, String>();
    tool.put("tool", FORMAT);
    ForeignJson version = document.get("meta").get("version").get("nvbench");
    version.find("string").ifPresent(text -> tool.put("version", text.scalar()));
    version.find("git_sha").ifPresent(text -> tool.put("commit", text.scalar()));
    return tool;
  }

  /** What does not change from run to run; memory that is free does. */
  private void device(ForeignJson device) {
    var facts = new LinkedHashMap<String, String>();
    device
        .members()
        .forEach((name, value) -> {
          if (value.node().isValueNode() && value.isThere() && !name.equals("id")) {
            facts.put("device " + name, value.scalar());
          }
        });
    devices.put(device.get("id").whole(0, Integer.MAX_VALUE), facts);
  }

  private RecordedCase state(String benchmark, ForeignJson state) {
    var parameters = new TreeMap<String, String>();
    state
        .find("axis_values")
        .ifPresent(axes ->
            axes.elements()
                .forEach(
                    axis -> parameters.put(axis.get("name").text(), axis.get("value").scalar())));
    Long device = state.find("device").map(id -> id.whole(0, Integer.MAX_VALUE)).orElse(null);
    Map<String, String> machine =
        device == null ? Map.of() : devices.getOrDefault(device, Map.of());
    var settings = new LinkedHashMap<String, String>();
    if (device != null && devices.size() > 1) {
      settings.put("device", device.toString());
    }
    if (state.get("is_skipped").node().asBoolean(false)) {
      String why = state.find("skip_reason").map(ForeignJson::scalar).orElse("it does not say why");
      return new RecordedCase(
          benchmark, parameters, settings, machine, null, List.of(), "skipped: " + why, List.of());
    }
    if (!state.get("summaries").node().isArray()) {
      throw state
          .get("summaries")
          .error("expected a list of summaries with tags, as nvbench writes it since 2022");
    }
    Map<String, ForeignJson> summaries = new LinkedHashMap<>();
    for (ForeignJson summary : state.get("summaries").elements()) {
      summaries.put(summary.get("tag").text(), summary);
    }
    Timing timing = timing(state, summaries);
    settings.put("clock", timing.clock);
    settings.put("cache", timing.cache);
    var remarks = new ArrayList<String>();
    return new RecordedCase(
        benchmark,
        parameters,
        settings,
        machine,
        null,
        List.of(process(timing, summaries, remarks)),
        null,
        remarks);
  }

  private static Timing timing(ForeignJson state, Map<String, ForeignJson> summaries) {
    for (Timing timing : Timing.values()) {
      if (summaries.containsKey(timing.mean)) {
        return timing;
      }
    }
    throw state
        .get("summaries")
        .error("none of them is %s or %s".formatted(Timing.COLD.mean, Timing.CPU.mean));
  }

  private RecordedProcess process(
      Timing timing, Map<String, ForeignJson> summaries, List<String> remarks) {
    double mean = data(known(summaries, timing.mean), "value").nanos(SECOND);
    ForeignJson count = summaries.get(timing.family + "/sample_size");
    long samples = count == null ? 1 : data(count, "value").whole(1, Integer.MAX_VALUE);
    double[] times = times(summaries.get("nv/json/bin:" + timing.family + "/sample_times"));
    if (times == null) {
      remarks.add(
          "a mean only, as there are no sample times beside it; nvbench leaves them with --jsonbin");
      return new RecordedProcess(Map.of(RecordedProcess.MEAN, mean), samples, null, null);
    }
    return RecordedProcess.of(times, true);
  }

  private static ForeignJson known(Map<String, ForeignJson> summaries, String tag) {
    return Objects.requireNonNull(summaries.get(tag));
  }

  /** The value of that name in a summary. */
  private static ForeignJson data(ForeignJson summary, String name) {
    Optional<ForeignJson> found =
        summary.get("data").elements().stream()
            .filter(item -> item.get("name").node().asString("").equals(name))
            .findFirst();
    return found.orElseThrow(() -> summary.get("data").error("no " + name + " in it")).get("value");
  }

  /** In nanoseconds, in the order of time; null where there are none. */
  private double @Nullable [] times(@Nullable ForeignJson summary) {
    if (summary == null) {
      return null;
    }
    ForeignJson name = data(summary, "filename");
    Path file = beside(name);
    if (file == null) {
      return null;
    }
    long size = data(summary, "size").whole(1, Integer.MAX_VALUE / Float.BYTES);
    byte[] bytes;
    try {
      if (Files.size(file) != size * Float.BYTES) {
        throw name.error(
            "%s has %d bytes; expected %d for %d samples"
                .formatted(file, Files.size(file), size * Float.BYTES, size));
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ResultFormatException(file + ": cannot be read: " + StoreErrors.text(e), e);
    }
    var floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    double[] times = new double[floats.remaining()];
    for (int i = 0; i < times.length; i++) {
      times[i] = floats.get(i) * SECOND;
      if (!RecordedProcess.isTime(times[i])) {
        throw name.error(
            "sample %d of %s is %s s, which is no time".formatted(i, file, floats.get(i)));
      }
    }
    return times;
  }

  /**
   * The file of that name next to the document: nothing outside of its folder is read, whatever it
   * says. Null where there is none.
   */
  private @Nullable Path beside(ForeignJson name) {
    Path folder = document.file().toAbsolutePath().normalize().getParent();
    Path named;
    try {
      named = Path.of(name.text());
    } catch (InvalidPathException _) {
      throw name.error("no name of a file");
    }
    if (folder == null) {
      return null;
    }
    // it may be named from where nvbench was started; the last two parts are its own
    int parts = named.getNameCount();
    for (Path tail : List.of(named, named.subpath(Math.max(0, parts - 2), parts))) {
      Path file = folder.resolve(tail).normalize();
      if (file.startsWith(folder) && Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }
}
