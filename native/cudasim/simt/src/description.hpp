/* SPDX-License-Identifier: Apache-2.0 */
/* What an image says of its kernels. */
#ifndef GPUBENCH_CUDASIM_DESCRIPTION_HPP
#define GPUBENCH_CUDASIM_DESCRIPTION_HPP

#include "../include/simt/abi.h"
#include "../simt.hpp"

namespace cudasim {

/*
 * In JSON, UTF-8: {"kernels": [{"name" (for people), "symbol" (for cuModuleGetFunction), "file", "line", "maxThreads",
 * "bounded" (by __launch_bounds__), "dimensions" (1 to 3, of the indices that it uses), "dynamicShared" (whether it uses
 * any), "blockIndex" (whether it uses blockIdx), "parameters": [{"name" (may be empty), "type", "bytes", "kind", and of a pointer "element": {"type", "bytes"
 * (0 of void and what is incomplete), "alignment", "kind", "const"}}]}], "templates": [{"name", "file", "line"}],
 * "sharedBytes" (static, of all kernels together)}. A kind is structure, boolean, signed, unsigned, floating, pointer or void.
 */
std::string describe(const gpubench_simt::ImageRecord &image, const std::vector<Kernel> &kernels, size_t shared_bytes);

} // namespace cudasim

#endif
