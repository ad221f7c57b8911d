/* SPDX-License-Identifier: Apache-2.0 */
/* The functions that the simulator's libnvrtc.so exports. */
#ifndef CUDASIM_EXPORT
#define CUDASIM_EXPORT extern "C" __attribute__((visibility("default")))
#endif

CUDASIM_EXPORT const char *nvrtcGetErrorString(cudasim::abi::NvrtcResult result);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcVersion(int32_t *major, int32_t *minor);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetNumSupportedArchs(int32_t *count);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetSupportedArchs(int32_t *architectures);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcCreateProgram(cudasim::abi::ProgramHandle *program,
    const char *source, const char *name, int32_t header_count, const char *const *headers,
    const char *const *header_names);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcDestroyProgram(cudasim::abi::ProgramHandle *program);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcCompileProgram(
    cudasim::abi::ProgramHandle program, int32_t option_count, const char *const *options);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetProgramLogSize(cudasim::abi::ProgramHandle program, size_t *bytes);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetProgramLog(cudasim::abi::ProgramHandle program, char *log);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetCUBINSize(cudasim::abi::ProgramHandle program, size_t *bytes);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetCUBIN(cudasim::abi::ProgramHandle program, char *image);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetPTXSize(cudasim::abi::ProgramHandle program, size_t *bytes);
CUDASIM_EXPORT cudasim::abi::NvrtcResult nvrtcGetPTX(cudasim::abi::ProgramHandle program, char *ptx);
