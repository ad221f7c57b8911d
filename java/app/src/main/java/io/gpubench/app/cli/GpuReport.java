// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.fitness.DeviceFacts;
import io.gpubench.app.fitness.DeviceFitness;
import io.gpubench.app.fitness.Finding;
import io.gpubench.app.fitness.Finding.State;
import io.gpubench.app.fitness.LockedClocks;
import io.gpubench.app.fitness.ProcessorFacts;
import io.gpubench.app.report.TextTable;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.ffi.NativeFunction;
import io.gpubench.ffi.NativeLibraries;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.GpuLibrary;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlDevice;
import io.gpubench.gpu.NvmlException;
import io.gpubench.gpu.NvrtcCompiler;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.plan.ByteSizes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What this machine has for CUDA: libraries, devices, compiled kernels. Opens no device. */
final class GpuReport {
  private static final String DRIVER = "CUDA driver";

  /** How the UUID of a part of a divided device begins. */
  private static final String PART = "MIG-";

  private final App app;

  GpuReport(App app) {
    this.app = app;
  }

  /** The devices that {@code --device} takes, the simulated one last; then why others are not. */
  String devices() {
    var table =
        new TextTable()
            .column("device", Align.LEFT)
            .column("name", Align.LEFT)
            .column("uuid", Align.LEFT)
            .column("compute", Align.LEFT)
            .column("memory", Align.RIGHT)
            .column("PCI", Align.LEFT);
    String notes = "";
    try {
      for (CudaDevice device : CudaDriver.open().devices()) {
        table.row(
            List.of(
                Integer.toString(device.index()),
                device.name(),
                device.uuid(),
                device.computeCapability().toString(),
                ByteSizes.format(device.memoryBytes()),
                device.pciBusId()));
      }
    } catch (NativeException e) {
      notes = "no GPU: %s%n".formatted(advice(e));
    }
    Finding simulated = simulated();
    if (simulated.state() == State.OK) {
      table.row(List.of(CudaEngine.SIMULATOR, "Simulated CUDA device (synthetic)", "", "", "", ""));
    } else {
      notes += "no simulated device: %s%n".formatted(simulated.detail());
    }
    return table + notes;
  }

  /** The ids that runs on the devices lock. */
  static List<String> deviceIds() {
    try {
      return CudaDriver.open().devices().stream().map(CudaEngine::deviceId).toList();
    } catch (NativeException e) {
      return List.of();
    }
  }

  /** All findings of the GPU side. */
  List<Finding> findings(ProcessorFacts processors) {
    var findings = new ArrayList<Finding>();
    findings.add(library(DRIVER, () -> "CUDA " + CudaDriver.open().version()));
    findings.addAll(missing(DRIVER, GpuLibrary.CUDA));
    findings.add(library("NVML", GpuReport::driverVersion));
    findings.addAll(missing("NVML", GpuLibrary.NVML));
    findings.add(library("NVRTC", () -> "CUDA " + NvrtcCompiler.open().version()));
    findings.addAll(missing("NVRTC", GpuLibrary.NVRTC));
    findings.add(kernels());
    gpus().stream().flatMap(device -> gpu(device, processors)).forEach(findings::add);
    findings.add(simulated());
    return findings;
  }

  /**
   * The commands that lock the clocks of all devices, and those that undo it, for a shell.
   *
   * @throws EngineException when there is no device that could be asked
   */
  String lockingClocks() {
    var text =
        new StringBuilder("# gpubench changes no setting of a device. Run these yourself.\n");
    var undo = new StringBuilder("# To undo it:\n");
    try (var nvml = Nvml.open()) {
      for (CudaDevice device : CudaDriver.open().devices()) {
        text.append("# device %d, %s%n".formatted(device.index(), device.name()));
        try {
          Optional<DeviceFacts> facts = known(nvml, device).map(known -> facts(device, known));
          if (facts.isPresent()) {
            LockedClocks.lock(facts.get()).forEach(line -> text.append(line).append('\n'));
            LockedClocks.undo(facts.get()).forEach(line -> undo.append(line).append('\n'));
          } else {
            text.append("# NVML does not know it\n");
          }
        } catch (NativeException e) {
          text.append("# it does not answer: ").append(e.getMessage()).append('\n');
        }
      }
    } catch (NativeUnavailableException e) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE, "no GPU: " + e.getMessage(), e.remedy(), e);
    } catch (NativeException e) {
      throw new EngineException("no GPU: " + e.getMessage(), e);
    }
    return text.append(undo).toString();
  }

  private static Finding library(String name, Supplier<String> version) {
    try {
      return Finding.of(name, State.OK, version.get());
    } catch (NativeException e) {
      return Finding.of(name, State.MISSING, advice(e));
    }
  }

  private static String driverVersion() {
    try (var nvml = Nvml.open()) {
      return "driver " + nvml.driverVersion();
    }
  }

  private static String advice(NativeException failure) {
    return failure instanceof NativeUnavailableException unavailable
        ? unavailable.getMessage() + "; " + unavailable.remedy()
        : String.valueOf(failure.getMessage());
  }

  /** A finding for each function that the library lacks, with what that costs. */
  private static List<Finding> missing(String about, GpuLibrary library) {
    return NativeLibraries.missing(library.id()).stream()
        .map(function -> missing(function).of(about))
        .toList();
  }

  private static Finding missing(NativeFunction function) {
    return function
        .costWhenMissing()
        .map(cost -> Finding.of(function.name(), State.WARNING, "missing: " + cost))
        .orElseGet(
            () -> Finding.of(function.name(), State.MISSING, "the library is useless without it"));
  }

  private Finding kernels() {
    Optional<Path> compiled = installed("cuda/consensus.fatbin");
    return compiled.isPresent()
        ? Finding.of("GPU kernels", State.OK, "compiled in advance by nvcc")
        : Finding.of(
            "GPU kernels",
            State.WARNING,
            "not compiled in advance, so NVRTC is needed at run time; install nvcc and build again");
  }

  private static List<CudaDevice> gpus() {
    try {
      return CudaDriver.open().devices();
    } catch (NativeException e) {
      return List.of();
    }
  }

  /** A device, and whether it is fit for measuring. */
  private static Stream<Finding> gpu(CudaDevice device, ProcessorFacts processors) {
    String name = "device " + device.index();
    Told told = told(device, processors);
    var itself =
        Finding.of(
            name,
            told.state(),
            "%s, %s, compute capability %s, %d multiprocessors, %s%s"
                .formatted(
                    device.name(),
                    device.uuid(),
                    device.computeCapability(),
                    device.multiprocessors(),
                    ByteSizes.format(device.memoryBytes()),
                    told.settings()));
    return Stream.concat(
        Stream.of(itself), told.fitness().stream().map(finding -> finding.of(name)));
  }

  /**
   * What NVML tells of a device.
   *
   * @param state of the device as a whole
   * @param settings that a measurement depends on, for the end of a line
   */
  private record Told(State state, String settings, List<Finding> fitness) {
    /** Nothing but why. */
    static Told nothing(Finding why) {
      return new Told(why.state(), "", List.of(why));
    }
  }

  private static Told told(CudaDevice device, ProcessorFacts processors) {
    try (var nvml = Nvml.open()) {
      return known(nvml, device)
          .map(known ->
              new Told(
                  State.OK,
                  settings(known),
                  DeviceFitness.judge(
                      facts(device, known), processors.allowed(), processors.nodes())))
          .orElseGet(() -> Told.nothing(DeviceFitness.unheardOf()));
    } catch (NativeException e) {
      return Told.nothing(DeviceFitness.unaskable(e.getMessage()));
    }
  }

  /** The device; where it is a part of a divided one, the whole, since that is what is set. */
  private static Optional<NvmlDevice> known(Nvml nvml, CudaDevice device) {
    Optional<NvmlDevice> itself =
        device.uuid().startsWith(PART) ? Optional.empty() : nvml.device(device.uuid());
    return itself.or(() -> nvml.deviceAt(device.pciBusId()));
  }

  private static DeviceFacts facts(CudaDevice device, NvmlDevice known) {
    return DeviceFacts.of(
        known.uuid().orElse(device.uuid()), device.pciBusId(), known, Path.of("/"));
  }

  /** What NVML tells about a device and a measurement depends on; a lost one fails later. */
  private static String settings(NvmlDevice device) {
    try {
      return settingsOf(device);
    } catch (NvmlException _) {
      return "";
    }
  }

  private static String settingsOf(NvmlDevice device) {
    var text = new StringBuilder();
    device.vbiosVersion().ifPresent(version -> text.append(", VBIOS ").append(version));
    device.eccEnabled().ifPresent(on -> text.append(on ? ", ECC on" : ", ECC off"));
    device.divided().ifPresent(on -> text.append(on ? ", divided (MIG)" : ""));
    device
        .persistent()
        .ifPresent(on ->
            text.append(
                on ? ", persistent" : ", not persistent ('nvidia-smi -pm 1' saves seconds)"));
    device
        .powerLimitMilliwatts()
        .ifPresent(limit -> text.append(", at most ").append(limit / 1000).append(" W"));
    device
        .maxPcieLink()
        .ifPresent(link ->
            text.append(", PCIe ").append(link.generation()).append(" x").append(link.lanes()));
    return text.toString();
  }

  private Finding simulated() {
    return installed("cudasim/libcuda.so.1").isPresent()
        ? Finding.of(
            "device " + CudaEngine.SIMULATOR,
            State.OK,
            "simulated: runs the kernels, times say nothing")
        : Finding.of(
            "device " + CudaEngine.SIMULATOR,
            State.MISSING,
            "not built; install a C++ compiler, make and CMake, then './mvnw -DskipTests package'");
  }

  private Optional<Path> installed(String file) {
    return Stream.of("lib", "native/build")
        .map(folder -> app.home().resolve(folder).resolve(file))
        .filter(Files::exists)
        .findFirst();
  }
}
