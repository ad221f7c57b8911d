// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import io.gpubench.app.BuiltIn;
import io.gpubench.measure.Printable;
import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.spi.Adapter;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Plugin;
import io.gpubench.measure.spi.Workload;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All workloads and engines: those that are built in, those of plugins on the class path, and those
 * of plugins in jars, each of which has a class loader of its own. Plugins are looked for when
 * something is first asked for. One that does not fit is left out and reported, and the others are
 * as if it were not there. Open until the process ends. Any thread may use it.
 */
public final class Installed implements Contents {
  /** More of them, fit or not, are not looked for in one place. */
  private static final int MOST_PLUGINS = 1_000;

  private final Path home;
  private final Map<String, String> environment;
  private final Consumer<String> problems;
  private final Map<String, Workload> workloads = new LinkedHashMap<>();
  private final Map<String, Engine> engines = new LinkedHashMap<>();
  private final List<Adapter> adapters = new ArrayList<>();
  private final List<Guest> guests = new ArrayList<>();
  private boolean ready;

  /**
   * What a plugin brought.
   *
   * @param file where it comes from
   */
  public record Guest(
      PluginFile file, List<Workload> workloads, List<Adapter> adapters, List<Engine> engines) {
    public Guest {
      workloads = List.copyOf(workloads);
      adapters = List.copyOf(adapters);
      engines = List.copyOf(engines);
    }
  }

  /**
   * Looks for nothing yet.
   *
   * @param home has {@code configs/engines}, with names that no plugin's engine may have
   * @param environment names the plugins
   * @param problems receives a line for each plugin that is left out
   */
  public Installed(Path home, Map<String, String> environment, Consumer<String> problems) {
    this.home = home;
    this.environment = environment;
    this.problems = problems;
  }

  /** {@inheritDoc} Ours first. */
  @Override
  public synchronized List<Workload> workloads() {
    prepare();
    return List.copyOf(workloads.values());
  }

  /** {@inheritDoc} Ours first. */
  @Override
  public synchronized List<Engine> engines() {
    prepare();
    return List.copyOf(engines.values());
  }

  /** What plugins brought, in the order in which they were found. */
  public synchronized List<Guest> guests() {
    prepare();
    return Collections.unmodifiableList(guests);
  }

  @Override
  public synchronized List<PluginFile> takingPart(String workload, String engine) {
    prepare();
    return guests.stream()
        .filter(guest ->
            guest.workloads().stream().anyMatch(own -> own.id().equals(workload))
                || guest.engines().stream().anyMatch(own -> own.id().equals(engine))
                || guest.adapters().stream()
                    .anyMatch(
                        own -> own.workload().equals(workload) && own.engine().equals(engine)))
        .map(Guest::file)
        .toList();
  }

  private void prepare() {
    if (ready) {
      return;
    }
    ready = true;
    BuiltIn.workloads().forEach(workload -> workloads.put(workload.id(), workload));
    BuiltIn.engines().forEach(engine -> engines.put(engine.id(), engine));
    ClassLoader ours = Plugin.class.getClassLoader();
    load("plugins on the class path", ours, Optional.empty());
    var path = new PluginPath(environment);
    path.problems().forEach(problems);
    for (Path jar : path.jars()) {
      load("plugin " + jar, loader(jar, ours), Optional.of(jar));
    }
    if (!adapters.isEmpty()) {
      BuiltIn.engines(adapters).forEach(engine -> engines.put(engine.id(), engine));
    }
  }

  private static ClassLoader loader(Path jar, ClassLoader ours) {
    try {
      return new URLClassLoader(
          "plugin " + jar.getFileName(), new URL[] {jar.toUri().toURL()}, ours);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Loads all plugins that a class loader finds by itself, whatever becomes of each.
   *
   * @param jar empty for the class path
   */
  private void load(String what, ClassLoader loader, Optional<Path> jar) {
    Iterator<ServiceLoader.Provider<Plugin>> providers =
        ServiceLoader.load(Plugin.class, loader).stream().iterator();
    int found = 0;
    boolean more = true;
    while (more && found < MOST_PLUGINS) {
      try {
        more = providers.hasNext();
        if (more) {
          ServiceLoader.Provider<Plugin> provider = providers.next();
          if (loader.equals(provider.type().getClassLoader())) {
            found++;
            admit(provider, jar.orElseGet(() -> location(provider.type())));
          }
        }
      } catch (Unfit e) {
        problems.accept(problem(what, String.valueOf(e.getMessage())));
      } catch (Throwable failure) { // whatever a stranger's code does must not concern the others
        found++;
        problems.accept(problem(what, "it fails while it is loaded: " + Unfit.oneLine(failure)));
      }
    }
    if (found == 0 && jar.isPresent()) {
      problems.accept(problem(what, noPlugin(jar.get())));
    }
  }

  private static String problem(String what, String reason) {
    return Printable.line(what + ": " + reason) + "; it is left out";
  }

  private static String noPlugin(Path jar) {
    return Files.isReadable(jar)
        ? "there is no plugin in it: META-INF/services/%s names none"
            .formatted(Plugin.class.getName())
        : "it cannot be read";
  }

  /** Names of engines outside of Java, and what names no engine. */
  private Set<String> foreign() {
    var names = new HashSet<>(new ConfigReader(home.resolve("configs")).engineNames());
    names.add("auto");
    return names;
  }

  /** A jar or a folder of the class path. */
  private static Path location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return source == null ? Path.of("unknown") : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException _) {
      return Path.of("unknown");
    }
  }

  /** All of a plugin, or nothing. */
  private void admit(ServiceLoader.Provider<Plugin> provider, Path path) throws Unfit {
    Unfit.demandVersion(provider.type());
    Plugin plugin = provider.get();
    var guest =
        new Guest(PluginFile.of(path), plugin.workloads(), plugin.adapters(), plugin.engines());
    new Admission(workloads, engines, adapters, guest.engines().isEmpty() ? Set.of() : foreign())
        .demand(guest);
    guests.add(guest);
    guest.workloads().forEach(workload -> workloads.put(workload.id(), workload));
    guest.engines().forEach(engine -> engines.put(engine.id(), engine));
    adapters.addAll(guest.adapters());
  }
}
