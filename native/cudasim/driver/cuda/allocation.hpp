/* SPDX-License-Identifier: Apache-2.0 */
/* Where memory came from, and where it went. */
#ifndef GPUBENCH_CUDASIM_CUDA_ALLOCATION_HPP
#define GPUBENCH_CUDASIM_CUDA_ALLOCATION_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "gate.hpp"

namespace cudasim::driver {

/* One range of memory that the driver has given, or of the host that it was told to lock, alive or freed. */
struct Allocation {
    uintptr_t address = 0;
    size_t bytes = 0;
    gate::Call made = {};
    gate::Call freed = {};
    bool with_context = false;
    bool registered = false; /* the host's own */

    size_t offset_of(uintptr_t other) const { return other - address; }
    bool begins_in(uintptr_t other) const { return other >= address && other - address < bytes; }
    bool holds(uintptr_t other, size_t other_bytes) const
    {
        return other >= address && other - address <= bytes && other_bytes <= bytes - (other - address);
    }
    std::string text() const;   /* "4096 bytes of cuMemAlloc_v2, call 5" */
    std::string ending() const; /* "freed by cuMemFree_v2, call 17" */
};

/* The last few thousand freed ranges of the process, of all contexts. Any thread. */
namespace freed_memory {

void add(Allocation allocation); /* by the thread's present call */
std::optional<Allocation> find(uintptr_t address); /* the last one that the address lay in */

} // namespace freed_memory

} // namespace cudasim::driver

#endif
