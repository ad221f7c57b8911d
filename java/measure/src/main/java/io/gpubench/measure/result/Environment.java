// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.result;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a reader needs to know of the machine and the process to doubt a result: kernel, processor,
 * caches, clocks, memory, load, Java and its flags. What cannot be read is left out, never guessed.
 * No names of people or hosts.
 */
public final class Environment {
  private static final List<String> VECTOR_FLAGS =
      List.of(
          "sse4_2", "avx", "avx2", "avx512f", "avx512dq", "avx512bw", "avx512vl", "asimd", "sve");

  private final Path root;

  private Environment(Path root) {
    this.root = root;
  }

  /** Reads it now; takes a few milliseconds. */
  public static Map<String, Object> capture() {
    return capture(Path.of("/"));
  }

  /**
   * Reads it below another root folder.
   *
   * @param root holds {@code proc} and {@code sys}
   */
  static Map<String, Object> capture(Path root) {
    var environment = new Environment(root);
    var all = new LinkedHashMap<String, Object>();
    all.put("os", environment.os());
    all.put("cpu", environment.cpu());
    all.put("memory", environment.memory());
    environment.text("proc/loadavg").ifPresent(line -> all.put("loadAverage", line));
    all.put("java", java());
    return all;
  }

  private Map<String, Object> os() {
    var os = new LinkedHashMap<String, Object>();
    os.put("name", System.getProperty("os.name"));
    os.put("kernel", System.getProperty("os.version"));
    os.put("architecture", System.getProperty("os.arch"));
    value("etc/os-release", "PRETTY_NAME", '=')
        .ifPresent(name -> os.put("distribution", name.replace("\"", "")));
    return os;
  }

  private Map<String, Object> cpu() {
    var cpu = new LinkedHashMap<String, Object>();
    value("proc/cpuinfo", "model name", ':').ifPresent(model -> cpu.put("model", model));
    value("proc/cpuinfo", "microcode", ':').ifPresent(code -> cpu.put("microcode", code));
    cpu.put("availableProcessors", Runtime.getRuntime().availableProcessors());
    value("proc/cpuinfo", "flags", ':')
        .or(() -> value("proc/cpuinfo", "Features", ':'))
        .ifPresent(flags -> {
          var present = List.of(flags.split(" "));
          cpu.put("vectorFlags", VECTOR_FLAGS.stream().filter(present::contains).toList());
          cpu.put("virtualMachine", present.contains("hypervisor"));
        });
    String frequency = "sys/devices/system/cpu/cpu0/cpufreq/";
    text(frequency + "scaling_governor").ifPresent(governor -> cpu.put("governor", governor));
    text(frequency + "cpuinfo_max_freq").ifPresent(kilohertz -> cpu.put("maxKilohertz", kilohertz));
    text("sys/devices/system/cpu/smt/active").ifPresent(smt -> cpu.put("smt", smt.equals("1")));
    cpu.put("caches", caches());
    return cpu;
  }

  private List<String> caches() {
    Path folder = root.resolve("sys/devices/system/cpu/cpu0/cache");
    var caches = new TreeSet<String>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry :
          entries.filter(path -> path.getFileName().toString().startsWith("index")).toList()) {
        String name = "sys/devices/system/cpu/cpu0/cache/" + entry.getFileName() + "/";
        caches.add(
            "L"
                + text(name + "level").orElse("?")
                + " "
                + text(name + "type").orElse("?").toLowerCase(java.util.Locale.ROOT)
                + " "
                + text(name + "size").orElse("?"));
      }
    } catch (IOException _) {
      // not every system tells; an empty list says so
    }
    return List.copyOf(caches);
  }

  private Map<String, Object> memory() {
    var memory = new LinkedHashMap<String, Object>();
    value("proc/meminfo", "MemTotal", ':').ifPresent(total -> memory.put("total", total));
    value("proc/meminfo", "MemAvailable", ':').ifPresent(free -> memory.put("available", free));
    text("sys/kernel/mm/transparent_hugepage/enabled")
        .ifPresent(pages -> memory.put("transparentHugePages", pages));
    return memory;
  }

  private static Map<String, Object> java() {
    var runtime = ManagementFactory.getRuntimeMXBean();
    var java = new LinkedHashMap<String, Object>();
    java.put("vm", runtime.getVmName());
    java.put("version", System.getProperty("java.vm.version"));
    java.put("vendor", runtime.getVmVendor());
    java.put("flags", runtime.getInputArguments().stream().map(Environment::placeless).toList());
    java.put(
        "collectors",
        ManagementFactory.getGarbageCollectorMXBeans().stream().map(gc -> gc.getName()).toList());
    java.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
    return java;
  }

  /** Where somebody keeps gpubench, or who that is, is nobody's business. */
  private static String placeless(String flag) {
    String without = flag;
    for (String place : List.of("gpubench.home", "user.home")) {
      String folder = System.getProperty(place, "");
      if (folder.length() > 1) {
        without = without.replace(folder, "{" + place + "}");
      }
    }
    return without;
  }

  private Optional<String> text(String file) {
    try {
      return Optional.of(Files.readString(root.resolve(file), StandardCharsets.UTF_8).strip());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** The first value of a key in a file of lines "key separator value". */
  private Optional<String> value(String file, String key, char separator) {
    return text(file).stream()
        .flatMap(String::lines)
        .filter(line -> line.indexOf(separator) > 0)
        .filter(line -> line.substring(0, line.indexOf(separator)).strip().equals(key))
        .map(line -> line.substring(line.indexOf(separator) + 1).strip())
        .findFirst();
  }
}
