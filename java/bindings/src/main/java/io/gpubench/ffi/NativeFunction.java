// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A function of a native library that gpubench calls.
 *
 * @param name as the library exports it
 * @param costWhenMissing what is lost without it; empty if the library is useless without it
 */
public record NativeFunction(String name, Optional<String> costWhenMissing) {
  private static final Map<String, List<NativeFunction>> ALL =
      Map.of(
          "host",
          required(
              """
              gpubench_consensus_create gpubench_consensus_destroy gpubench_consensus_round
              gpubench_consensus_rounds gpubench_consensus_rounds_threads
              gpubench_consensus_threads
              gpubench_ceiling_atomic gpubench_ceiling_copy gpubench_ceiling_fp32
              gpubench_ceiling_int32 gpubench_ceiling_passes gpubench_ceiling_read
              gpubench_ceiling_triad
              gpubench_expand_create gpubench_expand_destroy gpubench_expand_run
              gpubench_file_create gpubench_file_destroy gpubench_file_forget gpubench_file_sync
              gpubench_files_move
              gpubench_host_abi gpubench_host_simd_best
              gpubench_launch_copy gpubench_launch_empty gpubench_launch_shape gpubench_launch_touch
              gpubench_mailbox_create gpubench_mailbox_destroy gpubench_mailbox_exchange
              gpubench_match_count gpubench_match_create gpubench_match_destroy gpubench_match_list
              gpubench_memory_create gpubench_memory_destroy gpubench_memory_touch
              gpubench_pages_copy
              gpubench_pool_create gpubench_pool_destroy gpubench_pool_threads gpubench_pool_wake
              gpubench_rewrite_create gpubench_rewrite_destroy gpubench_rewrite_run
              gpubench_ring_add_file gpubench_ring_add_memory gpubench_ring_add_staging
              gpubench_ring_create gpubench_ring_destroy gpubench_ring_move
              gpubench_submit_loop gpubench_synchronize_shape
              gpubench_utilization
              """),
          "cuda",
          required(
              """
              cuInit cuDriverGetVersion cuGetErrorName cuGetErrorString
              cuDeviceGetCount cuDeviceGet cuDeviceGetName cuDeviceGetUuid_v2 cuDeviceGetAttribute
              cuDeviceTotalMem_v2 cuDeviceGetPCIBusId
              cuDevicePrimaryCtxRetain cuDevicePrimaryCtxRelease_v2 cuDevicePrimaryCtxSetFlags_v2
              cuCtxSetCurrent cuCtxGetCurrent cuCtxSynchronize
              cuCtxPushCurrent_v2 cuCtxPopCurrent_v2
              cuDeviceCanAccessPeer cuCtxEnablePeerAccess cuCtxDisablePeerAccess cuMemcpyPeerAsync
              cuStreamCreate cuStreamDestroy_v2 cuStreamSynchronize cuStreamQuery cuStreamWaitEvent
              cuStreamBeginCapture_v2 cuStreamEndCapture
              cuEventCreate cuEventDestroy_v2 cuEventRecord cuEventSynchronize cuEventQuery
              cuEventElapsedTime
              cuModuleLoadDataEx cuModuleUnload cuModuleGetFunction cuModuleGetGlobal_v2
              cuFuncGetAttribute cuFuncSetAttribute
              cuOccupancyMaxActiveBlocksPerMultiprocessor cuOccupancyMaxPotentialBlockSize
              cuMemGetInfo_v2 cuMemAlloc_v2 cuMemFree_v2
              cuMemHostAlloc cuMemFreeHost cuMemHostGetDevicePointer_v2
              cuMemcpyHtoD_v2 cuMemcpyDtoH_v2
              cuMemcpyHtoDAsync_v2 cuMemcpyDtoHAsync_v2 cuMemcpyDtoDAsync_v2
              cuMemsetD8Async cuMemsetD32Async
              cuLaunchKernel
              cuGraphDestroy cuGraphInstantiateWithFlags cuGraphLaunch cuGraphUpload
              cuGraphExecDestroy cuGraphGetNodes
              """,
              optional(
                  "cuLaunchKernelEx", "no cooperative and no programmatically serialized launches"),
              optional(
                  "cuCtxResetPersistingL2Cache",
                  "lines that a kernel made persist in the L2 cache may stay in a cold run"),
              optional("cuFuncLoad", "a kernel may be loaded at its first launch only"),
              optional("cuMemcpyBatchAsync_v2", "no batched copies")),
          "nvml",
          required(
              """
              nvmlInit_v2 nvmlShutdown nvmlErrorString nvmlSystemGetDriverVersion
              nvmlDeviceGetHandleByUUID nvmlDeviceGetName nvmlDeviceGetVbiosVersion
              nvmlDeviceGetEccMode nvmlDeviceGetPersistenceMode nvmlDeviceGetMigMode
              nvmlDeviceGetEnforcedPowerLimit nvmlDeviceGetPowerUsage nvmlDeviceGetTemperature
              nvmlDeviceGetClockInfo nvmlDeviceGetMaxClockInfo nvmlDeviceGetUtilizationRates
              nvmlDeviceGetCurrPcieLinkGeneration nvmlDeviceGetCurrPcieLinkWidth
              nvmlDeviceGetMaxPcieLinkGeneration nvmlDeviceGetMaxPcieLinkWidth
              """,
              optional(
                  "nvmlDeviceGetCurrentClocksEventReasons",
                  "throttling goes unseen, unless nvmlDeviceGetCurrentClocksThrottleReasons is there"),
              optional(
                  "nvmlDeviceGetCurrentClocksThrottleReasons",
                  "throttling goes unseen, unless nvmlDeviceGetCurrentClocksEventReasons is there"),
              optional(
                  "nvmlDeviceGetComputeRunningProcesses_v3",
                  "other processes on the device go unseen"),
              optional("nvmlSystemGetProcessName", "other processes on the device have no names"),
              optional(
                  "nvmlDeviceGetFieldValues",
                  "power of the moment, energy, errors of memory and PCIe traffic are not measured"),
              optional("nvmlDeviceGetPerformanceState", "the performance state is not known"),
              optional(
                  "nvmlDeviceGetPowerManagementDefaultLimit", "a lowered power limit goes unseen"),
              optional(
                  "nvmlDeviceGetTemperatureThreshold", "thermal head-room is not judged by it"),
              optional("nvmlDeviceGetApplicationsClock", "clocks that somebody set go unseen"),
              optional(
                  "nvmlDeviceGetDefaultApplicationsClock", "clocks that somebody set go unseen"),
              optional("nvmlDeviceGetVirtualizationMode", "a virtual GPU goes unseen"),
              optional(
                  "nvmlDeviceGetGpuMaxPcieLinkGeneration",
                  "a slot slower than its card goes unseen"),
              optional("nvmlDeviceGetComputeMode", "the compute mode is not known"),
              optional("nvmlDeviceGetMemoryInfo", "memory in use is not known"),
              optional("nvmlDeviceGetCount_v2", "'gpubench monitor' finds no devices"),
              optional("nvmlDeviceGetHandleByIndex_v2", "'gpubench monitor' finds no devices"),
              optional("nvmlDeviceGetUUID", "'gpubench monitor' finds no devices"),
              optional("nvmlDeviceGetPciInfo_v3", "where a device is on the bus is not known")),
          "nvrtc",
          required(
              """
              nvrtcGetErrorString nvrtcVersion nvrtcGetNumSupportedArchs nvrtcGetSupportedArchs
              nvrtcCreateProgram nvrtcDestroyProgram nvrtcCompileProgram
              nvrtcGetProgramLogSize nvrtcGetProgramLog
              nvrtcGetCUBINSize nvrtcGetCUBIN nvrtcGetPTXSize nvrtcGetPTX
              """));

  /**
   * All that are called of a library: exactly the functions in its filter {@code NAME.includes}.
   */
  public static List<NativeFunction> of(String library) {
    List<NativeFunction> functions = ALL.get(library);
    if (functions == null) {
      throw new IllegalArgumentException("no native library is named " + library);
    }
    return functions;
  }

  private static List<NativeFunction> required(String names, NativeFunction... others) {
    return Stream.concat(
            names
                .lines()
                .flatMap(line -> Stream.of(line.split(" ")))
                .map(name -> new NativeFunction(name, Optional.empty())),
            Stream.of(others))
        .toList();
  }

  private static NativeFunction optional(String name, String costWhenMissing) {
    return new NativeFunction(name, Optional.of(costWhenMissing));
  }
}
