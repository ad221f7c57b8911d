/* SPDX-License-Identifier: Apache-2.0 */
/* The binary interface of NVRTC as far as gpubench binds it, in our own names. */
#ifndef GPUBENCH_CUDASIM_ABI_NVRTC_HPP
#define GPUBENCH_CUDASIM_ABI_NVRTC_HPP

#include <cstddef>
#include <cstdint>

namespace cudasim::abi {

enum class NvrtcResult : int32_t {
    success = 0,
    out_of_memory = 1,
    program_creation_failure = 2,
    invalid_input = 3,
    invalid_program = 4,
    invalid_option = 5,
    compilation = 6,
    builtin_operation_failure = 7,
    internal_error = 11,
};

using ProgramHandle = struct ProgramHandleTarget *;

} // namespace cudasim::abi

#endif
