// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.BuiltIn;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Plugin;
import io.gpubench.measure.spi.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plugins that fit and plugins that do not, compiled here, each in a jar of its own. */
class InstalledTest {
  private static final Path HOME = Path.of(System.getProperty("gpubench.root", "."));

  @TempDir static Path classes;
  @TempDir private Path folder;

  private final List<String> problems = new ArrayList<>();

  /** A source file of a plugin; {@code %s} stands for what is in its body. */
  private static final String PLUGIN =
      """
      package guest;
      import io.gpubench.engines.arrays.*;
      import io.gpubench.measure.spi.*;
      import java.util.List;
      %s
      public class %s implements Plugin {
        %s
      }
      """;

  private static final String WORKLOAD =
      """
      package guest;
      import io.gpubench.measure.spi.*;
      import io.gpubench.workloads.arrays.*;
      import java.util.List;
      public class Twice extends ArrayWorkload {
        private final String id;
        private final String size;
        public Twice(String id) { this(id, "n"); }
        public Twice(String id, String size) { this.id = id; this.size = size; }
        @Override public String id() { return id; }
        @Override public String summary() { return "y = 2 y"; }
        @Override public String unitOfWork() { return "elements"; }
        @Override protected List<Parameter> ownParameters() {
          String name = size.equals("m") ? "n" : size;
          return List.of(new Parameter.Whole(name, "elements", 1, 1000, List.of(10L)));
        }
        @Override public String sizeParameter() { return size; }
        @Override public List<ArraySpec> arrays(ParameterValues values) {
          return List.of(ArraySpec.inOut("y", ElementType.INT64, values.whole("n")));
        }
        @Override public void solve(ParameterValues values, ArraySet arrays) { }
        @Override public PreparedRun.Work work(ParameterValues values) {
          return new PreparedRun.Work(1, 1, 1);
        }
      }
      """;

  private static final String ENGINE =
      """
      package guest;
      import io.gpubench.measure.spi.*;
      import java.util.List;
      public record Idle(String id) implements Engine {
        @Override public String summary() { return "does nothing"; }
        @Override public List<String> paths(String workloadId) { return List.of(); }
        @Override public Session open(Options options) { throw new IllegalStateException(); }
      }
      """;

  /** Runs consensus, tuned by one parameter. */
  private static final String TUNED_ENGINE =
      """
      package guest;
      import io.gpubench.measure.spi.*;
      import java.util.List;
      public record Tuned(String parameter, Long... defaults) implements Engine {
        @Override public String id() { return "tuned"; }
        @Override public String summary() { return "is tuned"; }
        @Override public List<String> paths(String id) {
          return id.equals("consensus") ? List.of("call") : List.of();
        }
        @Override public List<Parameter> tuning(String id, String path) {
          return List.of(new Parameter.Whole(parameter, "how", 1, 9, List.of(defaults)));
        }
        @Override public Session open(Options options) { throw new IllegalStateException(); }
      }
      """;

  @BeforeAll
  static void compile() {
    compile(
        file("Twice", WORKLOAD),
        file("Idle", ENGINE),
        file("Tuned", TUNED_ENGINE),
        plugin("Tunable", engines("new Tuned(\"block\")")),
        plugin("Clash", engines("new Tuned(\"seed\")")),
        plugin("Deaf", engines("new Tuned(\"block\", 3L)")),
        plugin(
            "Good",
            "public List<Workload> workloads() { return List.of(new Twice(\"twice\")); }"
                + "public List<Adapter> adapters() { return List.of(adapter(\"java\")); }"
                + "private static Adapter adapter(String engine) {"
                + "  return new ProcessorArrays(engine, \"twice\", (v, a) -> (f, e) -> {}); }"
                + "public List<Engine> engines() { return List.of(new Idle(\"idle\")); }"),
        plugin("Other", workloads("new Twice(\"thrice\")")),
        plugin("Again", workloads("new Twice(\"twice\")")),
        plugin("Consensus", workloads("new Twice(\"consensus\")")),
        plugin("Spelled", workloads("new Twice(\"Two times\")")),
        plugin("Sizeless", workloads("new Twice(\"four\", \"m\")")),
        plugin("Java", "public List<Engine> engines() { return List.of(new Idle(\"java\")); }"),
        plugin("Auto", "public List<Engine> engines() { return List.of(new Idle(\"auto\")); }"),
        plugin(
            "Python",
            "public List<Engine> engines() { return List.of(new Idle(\"example-python\")); }"),
        plugin("Dotted", workloads("new Twice(\"five\", \"n.m\")")),
        plugin("Astray", adapters("new ProcessorArrays(\"hots\", \"twice\", null)")),
        plugin("Lost", adapters("new ProcessorArrays(\"host\", \"nothing\", null)")),
        plugin(
            "Odd",
            "public List<Workload> workloads() { return List.of(new Twice(\"odd\")); }"
                + adapters("new ProcessorArrays(\"cuda\", \"odd\", null)")),
        plugin("Throwing", "public Throwing() { throw new IllegalStateException(\"no\\nway\"); }"),
        plugin(
            "Late",
            "public List<Workload> workloads() { throw new IllegalStateException(\"late\"); }"),
        file(
            "Newer",
            PLUGIN.formatted(
                "@Plugin.BuiltFor(7)", "Newer", "public Newer() { throw new Error(); }")),
        file("Silent", PLUGIN.formatted("", "Silent", "public Silent() { throw new Error(); }")));
  }

  private static String workloads(String workload) {
    return "public List<Workload> workloads() { return List.of(" + workload + "); }";
  }

  private static String engines(String engine) {
    return "public List<Engine> engines() { return List.of(" + engine + "); }";
  }

  private static String adapters(String adapter) {
    return "public List<Adapter> adapters() { return List.of(" + adapter + "); }";
  }

  private static JavaFileObject plugin(String name, String body) {
    return file(name, PLUGIN.formatted("@Plugin.BuiltFor(Plugin.API)", name, body));
  }

  private static JavaFileObject file(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///guest/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  private static void compile(JavaFileObject... files) {
    var options =
        List.of(
            "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    assertTrue(
        ToolProvider.getSystemJavaCompiler()
            .getTask(null, null, null, options, null, List.of(files))
            .call());
  }

  /** A jar with all classes, which names some of them as plugins. */
  private Path jar(String name, String... plugins) throws IOException {
    Path jar = folder.resolve(name + ".jar");
    try (var out = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
      if (plugins.length > 0) {
        out.putNextEntry(new ZipEntry("META-INF/services/" + Plugin.class.getName()));
        for (String plugin : plugins) {
          out.write(("guest." + plugin + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return jar;
  }

  private Installed installed(Object... places) {
    var text = new StringBuilder();
    for (Object place : places) {
      text.append(text.isEmpty() ? "" : ":").append(place);
    }
    return new Installed(HOME, Map.of("GPUBENCH_PLUGINS", text.toString()), problems::add);
  }

  private static List<String> workloads(Installed installed) {
    return installed.workloads().stream().map(Workload::id).toList();
  }

  private static List<String> builtIn() {
    return BuiltIn.workloads().stream().map(Workload::id).toList();
  }

  private static Engine engine(Installed installed, String id) {
    return installed.engines().stream()
        .filter(engine -> engine.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPluginAddsAWorkloadAnAdapterAndAnEngine() throws IOException {
    Installed installed = installed(jar("good", "Good"));
    var expected = new ArrayList<>(builtIn());
    expected.add("twice");
    assertEquals(expected, workloads(installed));
    assertEquals(List.of("call"), engine(installed, "java").paths("twice"));
    assertEquals(List.of(), engine(installed, "host").paths("twice"));
    var engines = new ArrayList<>(BuiltIn.engines().stream().map(Engine::id).toList());
    engines.add("idle");
    assertEquals(engines, installed.engines().stream().map(Engine::id).toList());
    assertEquals(List.of(), problems);
    List<PluginFile> partners = installed.takingPart("twice", "java");
    assertEquals("good.jar", partners.getFirst().name());
    assertEquals(64, partners.getFirst().sha256().length());
    assertEquals(List.of(), installed.takingPart("consensus", "java"));
  }

  @Test
  void anEngineMayBeTunedByParametersOfItsOwn() throws IOException {
    Installed installed = installed(jar("tunable", "Tunable"));
    assertEquals("block", engine(installed, "tuned").tuning("consensus", "call").getFirst().name());
    assertEquals(List.of(), problems);
  }

  @Test
  void withoutPluginsThereIsWhatIsBuiltIn() {
    Installed installed =
        new Installed(HOME, Map.of("XDG_DATA_HOME", folder.toString()), problems::add);
    assertEquals(builtIn(), workloads(installed));
    assertEquals(List.of(), installed.guests());
    assertEquals(List.of(), problems);
  }

  @Test
  void aFolderStandsForItsJarsAndTheUsersIsTheDefault() throws IOException {
    Path plugins = Files.createDirectories(folder.resolve("gpubench/plugins"));
    Files.move(jar("b", "Other"), plugins.resolve("b.jar"));
    Files.move(jar("a", "Good"), plugins.resolve("a.jar"));
    Files.writeString(plugins.resolve("notes.txt"), "no jar");
    var byDefault = new Installed(HOME, Map.of("XDG_DATA_HOME", folder.toString()), problems::add);
    assertEquals(
        List.of("a.jar", "b.jar"),
        byDefault.guests().stream().map(guest -> guest.file().name()).toList());
    assertEquals(2, installed(plugins).guests().size());
    assertEquals(0, installed("").guests().size());
    assertEquals(List.of(), problems);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Newer     | it was compiled for version 7 of the plugin API, and this gpubench has version 1
          Silent    | guest.Silent does not say for which version of the plugin API it was compiled: @BuiltFor(Plugin.API) is missing
          Consensus | there is another workload 'consensus'
          Again     | there is another workload 'twice'
          Spelled   | the workload 'Two times' has an id with other characters than a-z, 0-9, '-' and '.'
          Sizeless  | the workload 'four' has no whole parameter 'm', which its size is to be
          Java      | there is another engine 'java'
          Auto      | there is another engine 'auto'
          Python    | there is another engine 'example-python'
          Dotted    | the parameter 'n.m' of 'five' has other characters than letters, digits and '-'
          Astray    | it adapts the workload 'twice' on the engine 'hots', and none of our own engines is called that
          Lost      | it adapts the workload 'nothing' on the engine 'host', and there is no such workload
          Clash     | the workload 'consensus' has two parameters 'seed'
          Deaf      | the engine 'tuned' has a default for 'block', which it tunes 'consensus' by
          Odd       | it adapts the workload 'odd' on the engine 'cuda' by a io.gpubench.engines.arrays.ProcessorArrays, which that engine cannot use
          Throwing  | it fails while it is loaded: java.lang.IllegalStateException: no way
          Late      | it fails while it is loaded: java.lang.IllegalStateException: late
          Absent    | it fails while it is loaded: java.util.ServiceConfigurationError: io.gpubench.measure.spi.Plugin: Provider guest.Absent not found
          """)
  void onePluginThatDoesNotFitIsLeftOutWithOneLineAndTheOthersAreNot(String name, String reason)
      throws IOException {
    Path good = jar("good", "Good");
    Path bad = jar(name.toLowerCase(Locale.ROOT), name);
    Path other = jar("other", "Other");
    Installed installed = installed(good, bad, other);
    var expected = new ArrayList<>(builtIn());
    expected.addAll(List.of("twice", "thrice"));
    assertEquals(expected, workloads(installed));
    assertEquals(List.of("plugin " + bad + ": " + reason + "; it is left out"), problems);
    assertEquals(List.of("call"), engine(installed, "java").paths("twice"));
  }

  /** Also where both are in one jar. */
  @Test
  void aPluginBesideOneThatDoesNotFitIsLoaded() throws IOException {
    Installed installed = installed(jar("both", "Throwing", "Absent", "Good"));
    assertTrue(workloads(installed).contains("twice"));
    assertEquals(2, problems.size());
  }

  @Test
  void whatIsNoPluginIsTold() throws IOException {
    Path empty = jar("empty");
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    Installed installed = installed(empty, text, folder.resolve("gone.jar"));
    assertEquals(builtIn(), workloads(installed));
    String none = ": there is no plugin in it: META-INF/services/%s names none; it is left out";
    assertEquals(
        List.of(
            "GPUBENCH_PLUGINS names " + folder.resolve("gone.jar") + ", which does not exist",
            "plugin " + empty + none.formatted(Plugin.class.getName()),
            "plugin " + text + none.formatted(Plugin.class.getName())),
        problems);
  }

  /** A class that the plugin was compiled with is gone, as after an incompatible change. */
  @Test
  void aMissingClassIsTold() throws IOException {
    Path jar = jar("good", "Good");
    try (var system = java.nio.file.FileSystems.newFileSystem(jar)) {
      Files.delete(system.getPath("guest/Twice.class"));
    }
    Installed installed = installed(jar);
    assertEquals(builtIn(), workloads(installed));
    assertEquals(
        List.of(
            "plugin "
                + jar
                + ": it fails while it is loaded: java.lang.NoClassDefFoundError: guest/Twice; it is left out"),
        problems);
  }
}
