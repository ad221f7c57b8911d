/* SPDX-License-Identifier: Apache-2.0 */
/* Names and texts of the driver's result codes. All strings live as long as the process. */
#ifndef GPUBENCH_CUDASIM_CUDA_ERRORS_HPP
#define GPUBENCH_CUDASIM_CUDA_ERRORS_HPP

#include <string>

#include "abi/cuda.hpp"
#include "simt/simt.hpp"

namespace cudasim::driver {

using abi::Result;

/* Null if there is no such code. */
const char *error_name(Result error);
const char *error_text(Result error);

/* From now on the text of the report's code: what the SIMT layer has found. */
void set_launch_report(const Report &report);

} // namespace cudasim::driver

#endif
