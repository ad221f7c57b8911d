// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.ffi.NativeFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What goes wrong with GPUs, their driver and their kernels, each in a process of its own, since a
 * process has one driver. The simulated device plays the parts that this machine lacks.
 */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class CudaProblemsTest {
  private static final Path BUILT = CommandLineFixture.ROOT.resolve("native/build");
  private static final Path SIMULATOR = BUILT.resolve("cudasim");
  private static final Path DRIVER = SIMULATOR.resolve("libcuda.so.1");
  private static final String[] SMALL = {
    "--set",
    "consensus.validators=100",
    "--set",
    "consensus.tags=none",
    "--samples",
    "20",
    "--repetitions",
    "2"
  };

  @TempDir private Path temp;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> properties = new ArrayList<>();
  private Path home = CommandLineFixture.ROOT;

  @BeforeEach
  void requireTheSimulator() {
    boolean built = Files.exists(DRIVER);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, DRIVER + " is not built");
    assumeTrue(built, DRIVER + " is not built");
  }

  /** JUnit warns of links that lead out of the folder. */
  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  @Test
  void theSimulatedDeviceSaysThatItIsOne() throws Exception {
    Answer answer = run("--device", "sim", SMALL);
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().contains("\nSYNTHETIC: the times of cuda are not those"), answer.out());
    assertTrue(
        answer.out().contains("consensus on cuda (Simulated CUDA device), SYNTHETIC, path launch"),
        answer.out());
    var run = CommandLineFixture.validRun(CommandLineFixture.read(onlyRun().resolve("run.json")));
    assertTrue(run.at("/records/0/synthetic").asBoolean());
    assertEquals("Simulated CUDA device", run.at("/records/0/device").asString());
    assertEquals("Measured", run.at("/records/0/outcome").asString());
    Answer csv = execute("show", onlyRun().toString(), "--format", "csv");
    assertTrue(csv.out().contains(",Simulated CUDA device,true,"), csv.out());
  }

  @Test
  void noDriver() throws Exception {
    properties.add("gpubench.library.cuda=" + temp.resolve("libcuda.so.1"));
    assertRefused(
        run("--device", "0"),
        "native library 'cuda' not found; tried " + temp.resolve("libcuda.so.1"),
        "install the NVIDIA driver");
    assertRefused(run("--engine", "cuda"), "native library 'cuda' not found");
  }

  @Test
  void anOldDriver() throws Exception {
    environment.put("GPUBENCH_SIM_DRIVER_VERSION", "11020");
    assertRefused(
        run("--device", "sim"),
        "the driver knows CUDA 11.2 at most; gpubench needs ",
        "install a newer NVIDIA driver");
  }

  @Test
  void aDriverThatIsNoLibrary() throws Exception {
    Path text = Files.writeString(temp.resolve("libcuda.so.1"), "not a library\n".repeat(20));
    properties.add("gpubench.library.cuda=" + text);
    assertRefused(run("--device", "0"), text + ": invalid ELF header");
  }

  @Test
  void aToolkitsStubInPlaceOfTheDriver() throws Exception {
    Path source = temp.resolve("stub.c");
    Files.write(
        source,
        NativeFunction.of("cuda").stream()
            .map(function -> "int " + function.name() + "(void) { return 34; }")
            .toList());
    Path stub = temp.resolve("libcuda.so.1");
    var compiler =
        new ProcessBuilder("cc", "-shared", "-fPIC", "-o", stub.toString(), source.toString());
    assertEquals(0, compiler.inheritIO().start().waitFor());
    properties.add("gpubench.library.cuda=" + stub);
    assertRefused(run("--device", "0"), "cuInit() failed: ", "take its folder off LD_LIBRARY_PATH");
  }

  @Test
  void theAotCacheIsRecordedWhereThereIsADriver() throws Exception {
    environment.put("LD_LIBRARY_PATH", SIMULATOR.toString());
    Answer answer = start(AotTraining.class);
    assertEquals(0, answer.exit(), answer.err());
    assertEquals("", answer.out());
  }

  @Test
  void aDriverWithoutANewerFunctionStillWorksAndDoctorSaysWhatItCosts() throws Exception {
    properties.add("gpubench.library.cuda=" + driverWithout("cuFuncLoad"));
    Answer answer = run("--device", "sim", SMALL);
    assertEquals(0, answer.exit(), answer.err());
    Answer doctor = execute("doctor");
    assertTrue(
        doctor
            .out()
            .matches(
                "(?s).*\n  cuFuncLoad +warning  missing: a kernel may be loaded at its first.*"),
        doctor.out());
  }

  @Test
  void theDoctorSeesWhoElseUsesADevice() throws Exception {
    properties.add("gpubench.library.cuda=" + DRIVER);
    properties.add("gpubench.library.nvml=" + SIMULATOR.resolve("libnvidia-ml.so.1"));
    String alone = execute("doctor").out();
    assertTrue(alone.matches("(?s).*\n  other processes +ok  +none seen.*"), alone);
    environment.put("GPUBENCH_SIM_OCCUPANTS", "4711:python3,4712:blender");
    Answer doctor = execute("doctor");
    assertTrue(
        doctor
            .out()
            .matches(
                "(?s).*\ndevice 0 .*\n  other processes +warning  4711 \\(python3\\), 4712"
                    + " \\(blender\\): they will disturb a measurement\n.*"),
        doctor.out());
  }

  @Test
  void aDriverWithoutANecessaryFunction() throws Exception {
    properties.add("gpubench.library.cuda=" + driverWithout("cuGraphLaunch"));
    assertRefused(run("--device", "sim"), "native library 'cuda' lacks cuGraphLaunch");
  }

  @Test
  void aDeviceThatIsNotThere() throws Exception {
    properties.add("gpubench.library.cuda=" + DRIVER);
    assertRefused(
        run("--device", "7"), "no CUDA device '7'; choose one of: 0 (Simulated CUDA device, GPU-");
    assertRefused(
        run("--device", "GPU-00000000-1111-2222-3333-444444444444"),
        "no CUDA device 'GPU-00000000-1111-2222-3333-444444444444'; choose one of: 0 (");
  }

  @Test
  void aDeviceByItsUuid() throws Exception {
    properties.add("gpubench.library.cuda=" + DRIVER);
    String uuid =
        execute("list", "devices").out().replaceFirst("(?s).*(GPU-[0-9a-f-]{36}).*", "$1");
    Answer answer = run("--device", uuid, SMALL);
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.out().contains("SYNTHETIC"), answer.out());
  }

  @Test
  void kernelsOfAnotherArchitectureAreCompiledAnew() throws Exception {
    home = homeWithKernels();
    Files.write(image(), foreignElf());
    Answer answer = run("--device", "sim", SMALL);
    assertEquals(0, answer.exit(), answer.err());
    assertTrue(answer.err().contains("kernels of NVRTC "), answer.err());
  }

  @Test
  void kernelsOfAnotherArchitectureWithoutACompiler() throws Exception {
    home = homeWithKernels();
    Files.write(image(), foreignElf());
    properties.add("gpubench.library.nvrtc=" + temp.resolve("libnvrtc.so"));
    assertRefused(
        run("--device", "sim"),
        "cuModuleLoadDataEx(consensus.so, ",
        "CUDA_ERROR_NO_BINARY_FOR_GPU (209)",
        "its source cannot be compiled here: native library 'nvrtc' not found");
  }

  @Test
  void kernelsThatAreDamaged() throws Exception {
    home = homeWithKernels();
    Files.writeString(image(), "these are no kernels");
    assertRefused(
        run("--device", "sim"), "cuModuleLoadDataEx(consensus.so, ", "CUDA_ERROR_INVALID_IMAGE");
  }

  @Test
  void aSourceThatTheCompilerRefuses() throws Exception {
    home = homeWithKernels();
    Path source = home.resolve("cuda/consensus.cu");
    var broken = new StringBuilder(Files.readString(source));
    for (int i = 0; i < 20; i++) {
      broken.append("\nnonsense").append(i).append(" here").append(i).append(";\n");
    }
    Files.writeString(source, broken);
    Answer answer = run("--device", "sim");
    assertRefused(answer, "consensus.cu", "nonsense0", "; and 17 more");
    assertFalse(answer.err().contains("nonsense9"), answer.err());
  }

  @Test
  void tooLittleDeviceMemoryFailsOneRunAndReleasesEverything() throws Exception {
    environment.put("GPUBENCH_SIM_MEMORY", "4194304");
    Answer answer =
        run(
            "--device",
            "sim",
            "--set",
            "consensus.validators=100,100000,200",
            "--set",
            "consensus.tags=none",
            "--samples",
            "20",
            "--repetitions",
            "2");
    assertEquals(3, answer.exit(), answer.err());
    assertTrue(
        answer
            .out()
            .matches(
                "(?s).*Failed: consensus with validators=100000 takes [0-9,]+ bytes of the device's memory, of which [0-9,]+ are free: about validators=[0-9]+ fits.*"),
        answer.out());
    var run = CommandLineFixture.validRun(CommandLineFixture.read(onlyRun().resolve("run.json")));
    for (JsonNode record : run.at("/records")) {
      boolean large = record.at("/parameters/validators").asLong() == 100_000;
      assertEquals(large ? "Failed" : "Measured", record.at("/outcome").asString());
    }
  }

  @Test
  void aKernelThatFailsCostsOneWorkerOnly() throws Exception {
    home = homeWithKernels();
    Path source = home.resolve("cuda/consensus.cu");
    String text = Files.readString(source);
    int body = text.indexOf("{\n", text.indexOf(" consensus_round(")) + 2;
    Files.writeString(
        source,
        text.substring(0, body)
            + "    if (validators == 777 && threadIdx.x % 2) { __syncthreads(); }\n"
            + text.substring(body));
    Answer answer =
        run(
            "--device",
            "sim",
            "--set",
            "consensus.validators=100,777,200",
            "--set",
            "consensus.variant=fused", // whose kernel fails
            "--set",
            "consensus.tags=none",
            "--samples",
            "20",
            "--repetitions",
            "2");
    assertEquals(3, answer.exit(), answer.err());
    assertFalse(answer.err().contains("internal error"), answer.err());
    var run = CommandLineFixture.validRun(CommandLineFixture.read(onlyRun().resolve("run.json")));
    assertEquals("complete", run.at("/status").asString());
    assertEquals(3, run.at("/records").size());
    for (JsonNode record : run.at("/records")) {
      boolean wrong = record.at("/parameters/validators").asLong() == 777;
      assertEquals(wrong ? "Failed" : "Measured", record.at("/outcome").asString());
      assertEquals(wrong ? 1 : 2, record.at("/processes").size(), "it is not tried again");
      if (wrong) {
        String reason = record.at("/reason").asString();
        assertTrue(reason.startsWith("lost-device: cu"), reason);
        assertTrue(reason.contains("divergent barrier"), reason);
        assertEquals("lost-device", record.at("/processes/0/failure/kind").asString());
      }
    }
  }

  /** A copy of the simulated driver that does not export the function. */
  private Path driverWithout(String function) throws IOException {
    byte[] library = Files.readAllBytes(DRIVER);
    String text = new String(library, StandardCharsets.ISO_8859_1);
    String name = "\0" + function + "\0";
    assertTrue(text.contains(name), function);
    String renamed = text.replace(name, "\0" + "x".repeat(function.length()) + "\0");
    return Files.write(temp.resolve("libcuda.so.1"), renamed.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The simulated device's kernels, for a processor that is not here (e_machine 243, RISC-V). */
  private static byte[] foreignElf() throws IOException {
    byte[] elf = Files.readAllBytes(SIMULATOR.resolve("kernels/consensus.so"));
    elf[18] = (byte) 243;
    elf[19] = 0;
    return elf;
  }

  private Path image() throws IOException {
    return Files.createDirectories(home.resolve("lib/cudasim/kernels")).resolve("consensus.so");
  }

  /** A home whose kernels can be changed; all else is that of the checkout. */
  private Path homeWithKernels() throws IOException {
    Path changed = Files.createDirectory(temp.resolve("home"));
    Files.createSymbolicLink(
        changed.resolve("configs"), CommandLineFixture.ROOT.resolve("configs"));
    Path sources = Files.createDirectory(changed.resolve("cuda"));
    try (Stream<Path> files = Files.list(CommandLineFixture.ROOT.resolve("cuda"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, sources.resolve(file.getFileName()));
      }
    }
    Path simulator = Files.createDirectories(changed.resolve("lib/cudasim"));
    for (String file :
        List.of("libcuda.so.1", "libnvidia-ml.so.1", "libnvrtc.so", "simtcc", "include")) {
      Files.createSymbolicLink(simulator.resolve(file), SIMULATOR.resolve(file));
    }
    return changed;
  }

  private static void assertRefused(Answer answer, String... parts) {
    assertEquals(3, answer.exit(), answer.err());
    assertEquals("", answer.out());
    // the JVM has its own two lines for a file that is no library
    List<String> lines =
        answer
            .err()
            .lines()
            .filter(line -> !line.contains(" VM warning: ") && !line.contains("execstack"))
            .toList();
    assertEquals(1, lines.size(), answer.err());
    assertTrue(lines.getFirst().startsWith("gpubench: "), answer.err());
    for (String part : parts) {
      assertTrue(answer.err().contains(part), answer.err());
    }
  }

  private Answer run(String first, String second, String... more) {
    return execute(
        Stream.of(Stream.of("run", "consensus", first, second), Stream.of(more))
            .flatMap(arguments -> arguments)
            .toArray(String[]::new));
  }

  /** Runs gpubench as a process in the temporary folder, which also has the store. */
  private Answer execute(String... arguments) {
    return start(GpubenchMain.class, arguments);
  }

  private Answer start(Class<?> main, String... arguments) {
    try (var process = new OwnProcess(temp).home(home).main(main)) {
      environment.forEach(process::variable);
      properties.forEach(process::property);
      return process.execute(arguments);
    }
  }

  private Path onlyRun() throws IOException {
    return CommandLineFixture.onlyEntry(temp.resolve("results"));
  }
}
