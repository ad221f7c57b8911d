// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.Description.Kernel;
import io.gpubench.app.check.KernelResult.Verdict;
import io.gpubench.app.check.Launcher.Outcome;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import io.gpubench.measure.plan.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks one file: compiles it and launches its kernels. Used once, by one thread. */
public final class FileCheck {
  private static final long MOST_THREADS = 1L << 28;
  private static final long MOST_STATIC_SHARED = 48 << 10;
  private static final long THREADS_PER_SECOND = 2_000_000;

  private final Request request;
  private final Source source;
  private final Path folder;
  private final Consumer<KernelResult> listener;
  private final Set<String> unknown = new LinkedHashSet<>();
  private @Nullable Launcher launcher;

  /**
   * What is asked for.
   *
   * @param home of gpubench
   * @param kernels the names of those to check; empty for all
   * @param settings what the command line says of launches
   * @param alone whether there is no other file in which the names may occur
   * @param seeds how many orders of threads are tried
   * @param firstSeed the seed of the first; the others follow
   * @param patience how long a launch may take
   * @param memoryBytes that the device has
   * @param hostMemoryBytes that the process of a kernel may take
   * @param includes folders in which headers are looked for
   */
  public record Request(
      Path home,
      Toolchain toolchain,
      List<String> kernels,
      Settings settings,
      boolean alone,
      int seeds,
      long firstSeed,
      Duration patience,
      long memoryBytes,
      long hostMemoryBytes,
      List<Path> includes) {
    public Request {
      kernels = List.copyOf(kernels);
      includes = List.copyOf(includes);
    }
  }

  /**
   * A check that has not begun.
   *
   * @param folder for what is compiled
   * @param listener is told of each kernel when it is done
   */
  public FileCheck(Request request, Source source, Path folder, Consumer<KernelResult> listener) {
    this.request = request;
    this.source = source;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Checks the file.
   *
   * @throws ConfigException one line: it does not compile, has no kernels, or what was said of
   *     launches does not fit
   * @throws EngineException when the simulated device or a compiler is missing
   */
  public List<KernelResult> run() throws InterruptedException {
    Path image = request.toolchain().compile(source.path(), folder);
    try {
      Description description = launcher(image).describe();
      List<KernelResult> results = new ArrayList<>();
      requireShared(description);
      for (Kernel kernel : selected(description)) {
        report(check(kernel, image), results);
      }
      for (Description.Template template : description.templates()) {
        if (request.kernels().isEmpty() || request.kernels().contains(template.name())) {
          report(
              skipped(
                  template.name(),
                  template.file(),
                  template.line(),
                  "a template without an instance: add one, such as 'template __global__ void %s<float>(..);'"
                      .formatted(template.name())),
              results);
        }
      }
      return results;
    } finally {
      close();
    }
  }

  /** What the command line names and this file does not have, such as {@code --arg n}. */
  public Set<String> unknown() {
    return unknown;
  }

  /** What is known is the sum of all kernels, so some may be beyond the limit unnoticed. */
  private void requireShared(Description description) {
    int kernels = description.kernels().size();
    if (kernels > 0
        && description.templates().isEmpty()
        && description.sharedBytes() > MOST_STATIC_SHARED * kernels) {
      throw ConfigException.at(
          source.path(),
          description.kernels().getFirst().line(),
          "",
          "the __shared__ variables take %d bytes; a kernel may have %d, and more as dynamic shared memory only"
              .formatted(description.sharedBytes(), MOST_STATIC_SHARED));
    }
  }

  private void report(KernelResult result, List<KernelResult> results) {
    results.add(result);
    listener.accept(result);
  }

  private Launcher launcher(Path image) {
    if (launcher == null) {
      launcher = Launcher.start(request.home(), folder, image, request.hostMemoryBytes());
    }
    return launcher;
  }

  private void close() {
    if (launcher != null) {
      launcher.close();
      launcher = null;
    }
  }

  private List<Kernel> selected(Description description) {
    List<Kernel> all = description.kernels();
    if (all.isEmpty() && description.templates().isEmpty()) {
      throw ConfigException.at(
          source.path(), 0, "", "it has no kernel, which is a function with __global__");
    }
    var names = new ArrayList<>(all.stream().map(Kernel::name).toList());
    description.templates().forEach(template -> names.add(template.name()));
    for (String name : request.kernels()) {
      if (!names.contains(name) && all.stream().noneMatch(kernel -> answers(kernel, name))) {
        unknown.add("--kernel " + name);
        if (request.alone()) {
          throw ConfigException.at(source.path(), 0, "", Names.unknown("kernel", name, names));
        }
      }
    }
    List<Kernel> selected =
        all.stream()
            .filter(kernel ->
                request.kernels().isEmpty()
                    || request.kernels().stream().anyMatch(name -> answers(kernel, name)))
            .toList();
    for (String name : request.settings().arguments().keySet()) {
      try {
        LaunchPlanner.requireName(name, selected);
      } catch (ConfigException e) {
        unknown.add("--arg " + name);
        if (request.alone() && !selected.isEmpty()) {
          throw ConfigException.at(source.path(), 0, "--arg", String.valueOf(e.getMessage()));
        }
      }
    }
    for (Source.Directive directive : source.directives()) {
      requireFit(directive, description, names);
    }
    return selected;
  }

  private void requireFit(Source.Directive directive, Description description, List<String> names) {
    String kernel = directive.kernel();
    List<Kernel> meant =
        description.kernels().stream()
            .filter(each -> kernel == null || answers(each, kernel))
            .toList();
    try {
      if (kernel != null && meant.isEmpty()) {
        if (description.templates().stream().noneMatch(each -> each.name().equals(kernel))) {
          throw new ConfigException(Names.unknown("kernel", kernel, names));
        }
        if (directive.settings().skip()) {
          return;
        }
        throw new ConfigException(
            "kernel '%s' is a template without an instance; add one, and say it of that"
                .formatted(kernel));
      }
      directive
          .settings()
          .arguments()
          .keySet()
          .forEach(name -> LaunchPlanner.requireName(name, meant));
    } catch (ConfigException e) {
      throw ConfigException.at(
          source.path(), directive.line(), "gpubench-check", String.valueOf(e.getMessage()));
    }
  }

  private static boolean answers(Kernel kernel, String name) {
    return kernel.name().equals(name)
        || kernel.symbol().equals(name)
        || kernel.name().endsWith("::" + name);
  }

  /** The command line's, then the comments' of this kernel, then those of all. */
  private Settings settings(Kernel kernel) {
    Settings own = Settings.NONE;
    Settings common = Settings.NONE;
    for (Source.Directive directive : source.directives()) {
      if (directive.kernel() == null) {
        common = directive.settings().or(common);
      } else if (answers(kernel, directive.kernel())) {
        own = directive.settings().or(own);
      }
    }
    return request.settings().or(own).or(common);
  }

  private static KernelResult skipped(String name, String file, int line, String reason) {
    return new KernelResult(name, file, line, Verdict.skipped, null, 0, null, reason);
  }

  private KernelResult check(Kernel kernel, Path image) {
    Settings settings = settings(kernel);
    if (settings.skip()) {
      return skipped(kernel.name(), kernel.file(), kernel.line(), "as its comment says");
    }
    LaunchPlan plan;
    try {
      plan = LaunchPlanner.plan(kernel, text(kernel), settings, request.memoryBytes());
    } catch (LaunchPlanner.Impossible e) {
      return skipped(kernel.name(), kernel.file(), kernel.line(), String.valueOf(e.getMessage()));
    } catch (ConfigException e) {
      throw ConfigException.at(
          source.path(), kernel.line(), kernel.name(), String.valueOf(e.getMessage()));
    }
    requireBearable(kernel, plan);
    for (int i = 0; i < request.seeds(); i++) {
      long seed = request.firstSeed() + i;
      Finding finding = launch(kernel, plan, seed, image);
      if (finding != null) {
        return new KernelResult(
            kernel.name(),
            kernel.file(),
            kernel.line(),
            Verdict.accused,
            plan,
            i + 1,
            finding,
            null);
      }
    }
    return new KernelResult(
        kernel.name(), kernel.file(), kernel.line(), Verdict.ok, plan, request.seeds(), null, null);
  }

  /** A kernel of a header that is included has its text there, and not here. */
  private KernelText text(Kernel kernel) {
    if (!source.path().toString().endsWith(kernel.file())) {
      return KernelText.UNKNOWN;
    }
    return KernelText.of(
        source.lines(),
        kernel.line(),
        kernel.name().substring(kernel.name().lastIndexOf(':') + 1),
        request.toolchain().options().stream()
            .filter(option -> option.startsWith("-D"))
            .map(option -> option.substring(2))
            .toList());
  }

  private void requireBearable(Kernel kernel, LaunchPlan plan) {
    long threads = plan.threads();
    long most = MOST_THREADS / request.seeds();
    if (threads > most) {
      throw ConfigException.at(
          source.path(),
          kernel.line(),
          kernel.name(),
          "grid %s of blocks %s: %d threads, %d times, would take %s or much longer; choose a smaller grid or fewer --seeds"
              .formatted(
                  plan.grid(),
                  plan.block(),
                  threads,
                  request.seeds(),
                  threads / THREADS_PER_SECOND > 1_000_000 / request.seeds()
                      ? "weeks"
                      : Durations.format(
                          Duration.ofSeconds(threads / THREADS_PER_SECOND * request.seeds()))));
    }
  }

  private @Nullable Finding launch(Kernel kernel, LaunchPlan plan, long seed, Path image) {
    Launcher started = launcher;
    if (started == null) {
      started = launcher(image);
      started.describe();
    }
    var order =
        new LaunchOrder(
            kernel.symbol(),
            plan.grid(),
            plan.block(),
            plan.sharedBytes(),
            plan.cooperative(),
            seed,
            plan.arguments().stream().map(LaunchPlan.Argument::name).toList(),
            plan.arguments().stream().map(LaunchPlan.Argument::value).toList());
    return switch (started.launch(order, request.patience())) {
      case Outcome.Passed _ -> null;
      case Outcome.Accused accused ->
          Finding.of(
              accused.report(), new Finding.Sources(source.path(), request.includes()), seed);
      case Outcome.Refused refused ->
          throw ConfigException.at(source.path(), kernel.line(), kernel.name(), refused.reason());
      case Outcome.Lost lost -> {
        close();
        yield Finding.lost(
            lost.what(),
            lost.what().equals("no end")
                ? "it has not ended after %s; --timeout gives a long kernel more time"
                    .formatted(Durations.format(request.patience()))
                : lost.detail(),
            seed);
      }
    };
  }
}
