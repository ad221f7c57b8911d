/* SPDX-License-Identifier: Apache-2.0
 *
 * The part of NVRTC's C interface that gpubench calls, declared in our own words: NVRTC's header comes only with a whole
 * toolkit. Written for NVRTC 11.2 and newer, where these functions have not changed.
 */
#ifndef GPUBENCH_NVRTC_H
#define GPUBENCH_NVRTC_H

#include <stddef.h>

/* The code needs no other; nvrtcGetErrorString has words for all. */
typedef enum { NVRTC_SUCCESS = 0 } nvrtcResult;

typedef struct gpubench_nvrtc_program *nvrtcProgram;

const char *nvrtcGetErrorString(nvrtcResult result);
nvrtcResult nvrtcVersion(int *major, int *minor);

/* The architectures that it compiles for, as 10 * major + minor, rising. */
nvrtcResult nvrtcGetNumSupportedArchs(int *count);
nvrtcResult nvrtcGetSupportedArchs(int *architectures);

/* Headers are found by the names under which the source includes them. */
nvrtcResult nvrtcCreateProgram(nvrtcProgram *program, const char *source, const char *name, int header_count,
                               const char *const *header_sources, const char *const *header_names);
nvrtcResult nvrtcDestroyProgram(nvrtcProgram *program);
nvrtcResult nvrtcCompileProgram(nvrtcProgram program, int option_count, const char *const *options);

/* Sizes count the final zero of a text. */
nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram program, size_t *bytes);
nvrtcResult nvrtcGetProgramLog(nvrtcProgram program, char *log);
nvrtcResult nvrtcGetCUBINSize(nvrtcProgram program, size_t *bytes);
nvrtcResult nvrtcGetCUBIN(nvrtcProgram program, char *cubin);
nvrtcResult nvrtcGetPTXSize(nvrtcProgram program, size_t *bytes);
nvrtcResult nvrtcGetPTX(nvrtcProgram program, char *ptx);

#endif
