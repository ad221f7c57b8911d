// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** The arrows between the modules and the habits of naming, as the design draws them. */
@AnalyzeClasses(packages = "io.gpubench", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String JDK = "java..";
  private static final String MEASURE = "io.gpubench.measure..";
  private static final String WORKLOADS = "io.gpubench.workloads..";
  private static final String ENGINES = "io.gpubench.engines..";
  private static final String HOST_ENGINE = "io.gpubench.engines.host..";
  private static final String FILES = "io.gpubench.engines.files..";
  private static final String GPU = "io.gpubench.gpu..";
  private static final String BINDINGS = "io.gpubench.ffi..";
  private static final String COMMAND_LINE = "io.gpubench.app.cli..";
  private static final String ANNOTATIONS = "org.jspecify.annotations..";

  private static final DescribedPredicate<JavaClass> GENERATED =
      resideInAnyPackage(
          "io.gpubench.ffi.host..",
          "io.gpubench.ffi.cuda..",
          "io.gpubench.ffi.nvml..",
          "io.gpubench.ffi.nvrtc..");

  @ArchTest
  static void somethingIsChecked(JavaClasses all) {
    assertFalse(all.isEmpty());
  }

  @ArchTest
  static final ArchRule bindingsKnowTheJdkOnly = only(BINDINGS, BINDINGS, JDK, ANNOTATIONS);

  @ArchTest static final ArchRule gpuKnowsBindings = only(GPU, GPU, BINDINGS, JDK, ANNOTATIONS);

  @ArchTest
  static final ArchRule measureKnowsNoOtherModule =
      only(
          MEASURE,
          MEASURE,
          JDK,
          ANNOTATIONS,
          "tools.jackson..",
          "com.fasterxml.jackson.annotation..",
          "org.HdrHistogram..",
          "org.apache.commons.statistics..",
          "org.snakeyaml.engine..",
          "com.networknt.schema..");

  /** What each room of measure knows besides itself and the errors, as its package-info says. */
  private static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          entry("spi", Set.of()),
          entry("stats", Set.of()),
          entry("seal", Set.of()),
          entry("run", Set.of("spi", "stats")),
          entry("worker", Set.of("run", "spi")),
          entry("result", Set.of("run", "seal", "spi", "stats")),
          entry("ceiling", Set.of("result", "seal", "spi", "stats")),
          entry("plan", Set.of("result", "run", "seal", "spi", "stats")),
          entry("conditions", Set.of("plan", "run", "spi")),
          entry("suite", Set.of("conditions", "plan", "result", "run", "spi", "stats", "worker")),
          entry("compare", Set.of("ceiling", "result", "run", "spi", "stats")),
          entry("claim", Set.of("compare", "plan", "result", "run", "spi", "stats")),
          entry("calibrate", Set.of("ceiling", "compare", "result", "stats")),
          entry("duet", Set.of("compare", "plan", "result", "run", "spi", "stats", "suite")),
          entry(
              "verify",
              Set.of("ceiling", "compare", "plan", "result", "run", "seal", "spi", "stats")));

  @ArchTest
  static void roomsOfMeasureKnowWhatTheySay(JavaClasses all) {
    String measure = "io.gpubench.measure";
    ROOMS.forEach((room, known) -> {
      var others = new TreeSet<>(ROOMS.keySet());
      others.removeAll(known);
      others.remove(room);
      noClasses()
          .that()
          .resideInAPackage(measure + "." + room)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others.stream().map(it -> measure + "." + it).toArray(String[]::new))
          .check(all);
    });
    noClasses()
        .that()
        .resideInAPackage(measure)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(measure + ".(*)")
        .check(all);
  }

  @ArchTest
  static final ArchRule workloadsKnowMeasure =
      only(WORKLOADS, WORKLOADS, MEASURE, JDK, ANNOTATIONS);

  @ArchTest
  static final ArchRule enginesKnowMeasureWorkloadsAndGpu =
      only(ENGINES, ENGINES, MEASURE, WORKLOADS, GPU, BINDINGS, JDK, ANNOTATIONS);

  @ArchTest
  static final ArchRule onlyTheHostEngineAndFilesKnowBindings =
      noClasses()
          .that(resideInAPackage(ENGINES).and(not(resideInAnyPackage(HOST_ENGINE, FILES))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BINDINGS)
          .allowEmptyShould(true);

  /** Files of pages know, of the bindings, those of the library that is always there. */
  @ArchTest
  static final ArchRule filesKnowTheHostLibraryOnly =
      noClasses()
          .that()
          .resideInAPackage(FILES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              GPU,
              "io.gpubench.ffi.cuda..",
              "io.gpubench.ffi.nvml..",
              "io.gpubench.ffi.nvrtc..",
              "io.gpubench.engines.cuda..",
              HOST_ENGINE,
              "io.gpubench.engines.java..");

  /** What engines share knows none of them, nor how one reaches a device. */
  @ArchTest
  static final ArchRule sharedRoomsOfEnginesKnowNoEngine =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.gpubench.engines.arrays..",
              "io.gpubench.engines.ceiling..",
              "io.gpubench.engines.consensus..",
              "io.gpubench.engines.launch..",
              "io.gpubench.engines.migration..",
              "io.gpubench.engines.processors..",
              "io.gpubench.engines.synthesis..",
              "io.gpubench.engines.utilization..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.gpubench.engines.cuda..",
              "io.gpubench.engines.host..",
              "io.gpubench.engines.java..",
              GPU,
              BINDINGS);

  @ArchTest
  static final ArchRule synthesisKnowsFourRooms =
      only(
          "io.gpubench.workloads.synthesis..",
          "io.gpubench.workloads.synthesis..",
          "io.gpubench.workloads.arrays..",
          "io.gpubench.workloads.ceiling..",
          "io.gpubench.workloads.random..",
          "io.gpubench.workloads.words..",
          MEASURE,
          JDK,
          ANNOTATIONS);

  /** An engine that had its answers from where they are checked would prove nothing. */
  @ArchTest
  static final ArchRule enginesOfSynthesisFindTheirOwnAnswers =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.gpubench.engines.cuda..", HOST_ENGINE, "io.gpubench.engines.java..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching("io\\.gpubench\\.workloads\\.synthesis\\..*(Oracle|Reference|Solver)");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsItsLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage(COMMAND_LINE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule nobodyKnowsTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(COMMAND_LINE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(COMMAND_LINE);

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("io.gpubench.(**)")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(GENERATED, GENERATED)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule measureSpeaksOfNoGpu =
      noClasses()
          .that()
          .resideInAPackage(MEASURE)
          .should()
          .haveNameMatching(".*\\.[^.]*(Cuda|Gpu|Nvml)[^.]*")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .that(not(GENERATED))
          .should()
          .haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)(\\$.*)?");

  @ArchTest
  static final ArchRule onlyTheAppPrints =
      noClasses()
          .that()
          .resideInAnyPackage(MEASURE, WORKLOADS, ENGINES, GPU)
          .should(ACCESS_STANDARD_STREAMS)
          .allowEmptyShould(true);

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses all) {
    Set<String> unmarked =
        all.stream()
            .filter(not(GENERATED))
            .map(JavaClass::getPackage)
            .filter(not(annotatedWith(NullMarked.class)))
            .map(JavaPackage::getName)
            .collect(toCollection(TreeSet::new));
    assertEquals(Set.of(), unmarked, "packages without @NullMarked in a package-info.java");
  }

  private static ArchRule only(String from, String... allowed) {
    return classes()
        .that()
        .resideInAPackage(from)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .allowEmptyShould(true);
  }
}
