// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.report.TextTable;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.engines.cuda.CudaEngine;
import io.gpubench.ffi.NativeFunction;
import io.gpubench.ffi.NativeLibraries;
import io.gpubench.gpu.ComputeProcess;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.GpuLibrary;
import io.gpubench.gpu.NativeException;
import io.gpubench.gpu.NativeUnavailableException;
import io.gpubench.gpu.Nvml;
import io.gpubench.gpu.NvmlDevice;
import io.gpubench.gpu.NvrtcCompiler;
import io.gpubench.measure.plan.ByteSizes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this machine has for CUDA: libraries, devices, compiled kernels. Opens no device. */
final class GpuReport {
  private static final String OK = "ok";
  private static final String MISSING = "missing";
  private static final String WARNING = "warning";

  private final App app;

  GpuReport(App app) {
    this.app = app;
  }

  /** One line of what {@code doctor} shows. */
  record Line(String what, String state, String detail) {}

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
    Line simulated = simulated();
    if (simulated.state().equals(OK)) {
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

  /** All lines of the GPU side. */
  List<Line> lines() {
    var lines = new ArrayList<Line>();
    lines.add(library("CUDA driver", () -> "CUDA " + CudaDriver.open().version()));
    lines.addAll(missing(GpuLibrary.CUDA));
    lines.add(library("NVML", GpuReport::driverVersion));
    lines.addAll(missing(GpuLibrary.NVML));
    lines.add(library("NVRTC", () -> "CUDA " + NvrtcCompiler.open().version()));
    lines.addAll(missing(GpuLibrary.NVRTC));
    lines.add(kernels());
    lines.addAll(gpus());
    lines.add(simulated());
    return lines;
  }

  private static Line library(String name, Supplier<String> version) {
    try {
      return new Line(name, OK, version.get());
    } catch (NativeException e) {
      return new Line(name, MISSING, advice(e));
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

  /** A line for each function that the library lacks, with what that costs. */
  private static List<Line> missing(GpuLibrary library) {
    return NativeLibraries.missing(library.id()).stream().map(GpuReport::missing).toList();
  }

  private static Line missing(NativeFunction function) {
    return function
        .costWhenMissing()
        .map(cost -> new Line("  " + function.name(), WARNING, "missing: " + cost))
        .orElseGet(
            () -> new Line("  " + function.name(), MISSING, "the library is useless without it"));
  }

  private Line kernels() {
    Optional<Path> compiled = installed("cuda/consensus.fatbin");
    return compiled.isPresent()
        ? new Line("GPU kernels", OK, "compiled in advance by nvcc")
        : new Line(
            "GPU kernels",
            WARNING,
            "not compiled in advance, so NVRTC is needed at run time; install nvcc and build again");
  }

  private static List<Line> gpus() {
    List<CudaDevice> devices;
    try {
      devices = CudaDriver.open().devices();
    } catch (NativeException e) {
      return List.of();
    }
    return devices.stream().flatMap(GpuReport::gpu).toList();
  }

  /** A device, and who uses it. */
  private static Stream<Line> gpu(CudaDevice device) {
    var itself =
        new Line(
            "device " + device.index(),
            OK,
            "%s, %s, compute capability %s, %d multiprocessors, %s%s"
                .formatted(
                    device.name(),
                    device.uuid(),
                    device.computeCapability(),
                    device.multiprocessors(),
                    ByteSizes.format(device.memoryBytes()),
                    settings(device)));
    return Stream.concat(Stream.of(itself), occupants(device).stream());
  }

  private static Optional<Line> occupants(CudaDevice device) {
    List<ComputeProcess> processes;
    try (var nvml = Nvml.open()) {
      processes =
          nvml.device(device.uuid()).flatMap(NvmlDevice::computeProcesses).orElse(List.of());
    } catch (NativeException e) {
      return Optional.empty();
    }
    return processes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Line(
                "  other processes",
                WARNING,
                processes.stream().map(ComputeProcess::toString).collect(Collectors.joining(", "))
                    + ": they will disturb a measurement"));
  }

  /** What NVML tells about a device and a measurement depends on. */
  private static String settings(CudaDevice device) {
    try (var nvml = Nvml.open()) {
      return nvml.device(device.uuid()).map(GpuReport::settings).orElse("");
    } catch (NativeException e) {
      return "";
    }
  }

  private static String settings(NvmlDevice device) {
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

  private Line simulated() {
    return installed("cudasim/libcuda.so.1").isPresent()
        ? new Line(
            "device " + CudaEngine.SIMULATOR, OK, "simulated: runs the kernels, times say nothing")
        : new Line(
            "device " + CudaEngine.SIMULATOR,
            MISSING,
            "not built; install a C++ compiler, make and CMake, then './mvnw -DskipTests package'");
  }

  private Optional<Path> installed(String file) {
    return Stream.of("lib", "native/build")
        .map(folder -> app.home().resolve(folder).resolve(file))
        .filter(Files::exists)
        .findFirst();
  }
}
