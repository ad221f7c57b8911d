// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.result.Faults;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates a fault script to the rules that the simulated device reads; what the schema cannot
 * say is checked here. Used once, for one document that agrees with the schema.
 */
final class FaultScript {
  private static final String DEFAULT_LIBRARY = "cuda";
  private static final String EVERY = "every";
  private static final Pattern VERSION = Pattern.compile("([1-9][0-9]?)\\.([0-9])");
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_MICRO = 1_000;

  /** What there can be more than one of. */
  private static final List<String> REPEATABLE = List.of("fail", "throttle", "sensor");

  /** What NVML has 32 bits for. */
  private static final Set<String> NARROW_SENSORS =
      Set.of(
          "powerUsage",
          "temperature",
          "clock",
          "memoryClock",
          "timeBusy",
          "memoryTimeBusy",
          "performanceState");

  private static final BigInteger MOST_NARROW = BigInteger.valueOf(0xFFFF_FFFFL);
  private static final BigInteger MOST = BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);

  private static final List<String> SENSORS_THAT_TELL = List.of("sensors live", "sensors frozen");

  private final FaultVocabulary words;
  private final Map<String, Yaml> seen = new HashMap<>();
  private final List<String> rules = new ArrayList<>();

  private FaultScript(FaultVocabulary words) {
    this.words = words;
  }

  /**
   * From a document that agrees with the schema.
   *
   * @param name of its file, without the extension
   * @throws ConfigException for the first mistake; names file, line and key
   */
  static Faults of(String name, Yaml.Mapping document, FaultVocabulary words) {
    var script = new FaultScript(words);
    for (Yaml fault : document.sequence("faults").items()) {
      ((Yaml.Mapping) fault).entries().forEach(script::add);
    }
    script.checkTogether();
    Integer process =
        document.entries().containsKey("process")
            ? (Integer) Math.toIntExact(document.scalar("process").wholeValue())
            : null;
    Yaml old = script.seen.get("oldDriver");
    if (process != null && old != null) {
      throw old.place()
          .error("a driver is that of every process; leave out 'process' or 'oldDriver'");
    }
    var file = new Place.InFile(document.place().file(), 0, "");
    return new Faults(name, EngineConfig.sha256(file), process, script.rules);
  }

  private void add(String kind, Yaml value) {
    Yaml before = seen.put(kind, value);
    if (before != null && !REPEATABLE.contains(kind)) {
      throw value.place().error("a second one, after line " + before.place().line());
    }
    switch (kind) {
      case "fail" -> rules.add(fail((Yaml.Mapping) value));
      case "outOfMemory" -> rules.add("memory " + bytes(((Yaml.Mapping) value).scalar("from")));
      case "lostDevice" -> rules.add(lost((Yaml.Mapping) value));
      case "eccError" -> rules.add("ecc " + moment((Yaml.Mapping) value));
      case "hungKernel" ->
          rules.add("hang " + ((Yaml.Mapping) value).scalar("launch").wholeValue());
      case "sensors" -> rules.add("sensors " + ((Yaml.Scalar) value).text());
      case "sensor" -> sensor((Yaml.Mapping) value);
      case "throttle" -> rules.add(throttle((Yaml.Mapping) value));
      case "slowLink" -> rules.add(slowLink((Yaml.Mapping) value));
      case "shortQueue" ->
          rules.add("queue " + ((Yaml.Mapping) value).scalar("commands").wholeValue());
      case "deviceClock" ->
          rules.add("clock " + ((Yaml.Mapping) value).scalar("percent").wholeValue());
      case "oldDriver" -> oldDriver((Yaml.Mapping) value);
      default -> throw new IllegalStateException("the schema knows the fault '" + kind + "'");
    }
  }

  /** Throttling shows in clocks and reasons only, and one sensor differs from others. */
  private void checkTogether() {
    for (String kind : List.of("throttle", "sensor")) {
      Yaml fault = seen.get(kind);
      if (fault != null && rules.stream().noneMatch(SENSORS_THAT_TELL::contains)) {
        throw fault.place().error("only working sensors tell of it; add '- sensors: live'");
      }
    }
  }

  /** All that a script says of one sensor stands in one place. */
  private void sensor(Yaml.Mapping fault) {
    Yaml.Scalar name = fault.scalar("name");
    Yaml before = seen.put("sensor " + name.text(), fault);
    if (before != null) {
      throw fault
          .place()
          .error("a second one of %s, after line %d".formatted(name.text(), before.place().line()));
    }
    Map<String, Yaml> said = fault.entries();
    if (said.size() == 1) {
      throw fault.place().error("missing key 'is', 'reads', 'takes' or 'updates'");
    }
    if (said.containsKey("is") && said.containsKey("reads")) {
      throw fault.scalar("reads").place().error("'is' says what it answers; leave one out");
    }
    String rule = "sensor " + name.text().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    if (said.containsKey("is")) {
      rules.add(rule + " " + fault.scalar("is").text().replace('-', '_'));
    }
    if (said.containsKey("reads")) {
      rules.add(rule + " reads " + reading(name.text(), fault.scalar("reads")));
    }
    for (String key : List.of("takes", "updates")) {
      if (said.containsKey(key)) {
        rules.add(rule + " " + key + " " + time(fault.scalar(key), Durations::positive));
      }
    }
  }

  /** The schema's numbers are not exact where this one ends. */
  private static BigInteger reading(String sensor, Yaml.Scalar written) {
    if (!(written.value() instanceof BigInteger number)) {
      throw written.place().error("expected a number without exponent, found " + written.text());
    }
    BigInteger most = NARROW_SENSORS.contains(sensor) ? MOST_NARROW : MOST;
    if (number.compareTo(most) > 0) {
      throw written.place().error("expected at most %d for this sensor".formatted(most));
    }
    return number;
  }

  private String fail(Yaml.Mapping fail) {
    boolean launch = fail.entries().containsKey("launch");
    for (String key : List.of("function", "library")) {
      if (launch && fail.entries().containsKey(key)) {
        throw fail.scalar(key).place().error("it is about calls, not launches; leave it out");
      }
    }
    if (launch == fail.entries().containsKey("call")) {
      throw fail.place()
          .error(
              launch
                  ? "'call' and 'launch' cannot be combined; leave one out"
                  : "missing key 'call' or 'launch'");
    }
    Yaml.Scalar nth = fail.scalar(launch ? "launch" : "call");
    boolean every = nth.text().equals(EVERY);
    String which = launch ? "launch" : calls(fail, every);
    String library = words.library(which).isEmpty() ? which : words.library(which);
    return "fail %s %s code %d"
        .formatted(
            which,
            every ? "*" : String.valueOf(nth.wholeValue()),
            code(fail.scalar("code"), launch ? DEFAULT_LIBRARY : library));
  }

  /** Whose calls count: a function's or a library's. */
  private String calls(Yaml.Mapping fail, boolean every) {
    if (fail.entries().containsKey("function")) {
      if (fail.entries().containsKey("library")) {
        throw fail.scalar("library").place().error("the function says that; leave it out");
      }
      return function(fail.scalar("function"));
    }
    if (every) {
      throw fail.scalar("call")
          .place()
          .error("'every' is for a function; add 'function', or give a number");
    }
    return fail.textOr("library", DEFAULT_LIBRARY);
  }

  private String function(Yaml.Scalar written) {
    String name = written.text();
    if (words.failing().contains(name)) {
      return name;
    }
    if (words.all().contains(name)) {
      throw written.place().error("'" + name + "' cannot be made to fail");
    }
    throw unknown(written, "function", words.failing(), "a function that gpubench calls");
  }

  private int code(Yaml.Scalar written, String library) {
    Map<String, Integer> codes = words.codes().getOrDefault(library, Map.of());
    if (written.value() instanceof BigInteger number) {
      if (codes.values().stream().noneMatch(known -> BigInteger.valueOf(known).equals(number))) {
        String example = example(codes.keySet());
        throw written
            .place()
            .error(
                "no error of %s has the number %s; expected one such as %d (%s)"
                    .formatted(library, number, codes.get(example), example));
      }
      return number.intValueExact();
    }
    Integer code = codes.get(written.text());
    if (code == null) {
      throw unknown(written, "code", codes.keySet(), "an error of " + library + " by its name");
    }
    return code;
  }

  /** An unknown name: the nearest, or what would have been one; not hundreds of names. */
  private static ConfigException unknown(
      Yaml.Scalar written, String kind, Collection<String> known, String expected) {
    return written
        .place()
        .error(
            "unknown %s '%s'; %s"
                .formatted(
                    kind,
                    written.text(),
                    Names.nearest(written.text(), known)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("expected " + expected + ", such as " + example(known))));
  }

  /** The one that everybody knows. */
  private static String example(Collection<String> known) {
    return known.stream()
        .filter(name -> name.contains("MemAlloc") || name.contains("MEMORY"))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static String lost(Yaml.Mapping fault) {
    boolean after = fault.entries().containsKey("after");
    if (after == fault.entries().containsKey("call")) {
      throw fault
          .place()
          .error(
              after
                  ? "'after' and 'call' cannot be combined; leave one out"
                  : "missing key 'after' or 'call'");
    }
    boolean noticed = fault.entries().containsKey("noticedBy");
    if (noticed && !after) {
      throw fault.scalar("noticedBy").place().error("NVML counts no calls of CUDA; give 'after'");
    }
    return "lost " + moment(fault) + (noticed ? " " + fault.scalar("noticedBy").text() : "");
  }

  private static String moment(Yaml.Mapping fault) {
    return fault.entries().containsKey("call")
        ? String.valueOf(fault.scalar("call").wholeValue())
        : time(fault.scalar("after"), Durations::positive);
  }

  private static String throttle(Yaml.Mapping fault) {
    String length =
        fault.entries().containsKey("for")
            ? " " + time(fault.scalar("for"), Durations::positive)
            : "";
    return "throttle %s %s%s"
        .formatted(
            time(fault.scalar("after"), Durations::parse),
            fault.scalar("reason").text().replace('-', '_'),
            length);
  }

  private static String slowLink(Yaml.Mapping fault) {
    Yaml.Scalar rate = fault.scalar("bytesPerSecond");
    if (rate.decimalValue() != rate.wholeValue()) {
      throw rate.place().error("expected a whole number, found " + rate.text());
    }
    return "link %d %s"
        .formatted(
            rate.wholeValue(),
            fault.entries().containsKey("latency")
                ? time(fault.scalar("latency"), Durations::parse)
                : "0us");
  }

  private void oldDriver(Yaml.Mapping fault) {
    if (fault.entries().containsKey("cuda")) {
      Yaml.Scalar written = fault.scalar("cuda");
      Matcher version = VERSION.matcher(written.text());
      if (!version.matches()) {
        throw written.place().error("expected a version such as 12.2, found " + written.text());
      }
      rules.add(
          "driver "
              + (1000 * Integer.parseInt(version.group(1))
                  + 10 * Integer.parseInt(version.group(2))));
    }
    if (fault.entries().containsKey("lacks")) {
      for (Yaml item : fault.sequence("lacks").items()) {
        var function = (Yaml.Scalar) item;
        if (!words.all().contains(function.text())
            && !words.functions().containsKey(function.text())) {
          throw unknown(function, "function", words.all(), "a function that gpubench calls");
        }
        rules.add("lacks " + function.text());
      }
    }
  }

  private static long bytes(Yaml.Scalar written) {
    return at(written, ByteSizes::parse);
  }

  /** A whole number with the largest unit that leaves one. */
  private static String time(Yaml.Scalar written, Function<String, Duration> parser) {
    long nanos = at(written, parser).toNanos();
    if (nanos % NANOS_PER_MILLI == 0) {
      return nanos / NANOS_PER_MILLI + "ms";
    }
    return nanos % NANOS_PER_MICRO == 0 ? nanos / NANOS_PER_MICRO + "us" : nanos + "ns";
  }

  private static <T> T at(Yaml.Scalar written, Function<String, T> parser) {
    try {
      return parser.apply(written.text());
    } catch (ConfigException e) {
      throw written.place().error(String.valueOf(e.getMessage()), e);
    }
  }
}
