/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GPUBENCH_CUDASIM_IMAGE_HPP
#define GPUBENCH_CUDASIM_IMAGE_HPP

#include "../simt.hpp"
#include "lines.hpp"

#include <utility>

namespace cudasim {

/* Fills the shared memory that the kernel's image has for the calling thread, so that nothing is left of another block. */
void poison_shared_memory(const Kernel &kernel, uint32_t dynamic_bytes);

/* The shared memory that the kernel's image has for the calling thread. */
struct SharedMemory {
    uintptr_t address;
    size_t bytes;
    size_t dynamic_offset; /* of the dynamic part, which has room for as much as any launch may ask for */
};
SharedMemory shared_memory(const Kernel &kernel);

struct ImageVariable {
    std::string name;
    uintptr_t address; /* in shared memory: from its start */
    size_t bytes;
};

/* What the checker needs to know of a kernel's image. */
struct CheckedImage {
    uint64_t id; /* never used twice */
    uintptr_t code; /* where it was loaded: what lines and stamps count from */
    std::shared_ptr<const Lines> lines;
    std::vector<ImageVariable> variables;
    std::vector<ImageVariable> shared;
    std::vector<std::pair<uintptr_t, uintptr_t>> constants; /* what nobody can write: literals, tables */
};
const CheckedImage &checked_image(const Kernel &kernel);

} // namespace cudasim

#endif
