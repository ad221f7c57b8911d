/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GPUBENCH_CUDASIM_IMAGE_HPP
#define GPUBENCH_CUDASIM_IMAGE_HPP

#include "../simt.hpp"

namespace cudasim {

/* Fills the shared memory that the kernel's image has for the calling thread, so that nothing is left of another block. */
void poison_shared_memory(const Kernel &kernel, uint32_t dynamic_bytes);

} // namespace cudasim

#endif
