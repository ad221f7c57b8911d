/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of the simulated device. */
#ifndef GPUBENCH_CUDASIM_CUDA_ARENA_HPP
#define GPUBENCH_CUDASIM_CUDA_ARENA_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "abi/cuda.hpp"
#include "allocation.hpp"

namespace cudasim::driver {

/*
 * One reserved range of addresses. Allocations begin at multiples of 256 and have at least 256 unused bytes behind
 * them. The place of a freed one is used again as late as possible.
 *
 * Fresh memory reads as 0xCC. Only the edges of a large allocation are filled for that: the whole range is a private
 * mapping of a small file of such bytes, so that pages which nobody has written to need no memory and no time.
 *
 * Owned by the context; any thread. The caller sees to it that nothing uses what is freed.
 */
class Arena {
public:
    explicit Arena(size_t bytes); /* throws std::bad_alloc */
    ~Arena();
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;

    abi::Result allocate(size_t bytes, uintptr_t &address);
    bool free(uintptr_t address); /* false if no allocation begins there */

    std::vector<Allocation> allocations() const;
    /* The last one that begins at the address or before. */
    std::optional<Allocation> before(uintptr_t address) const;

    /* Whether the range lies inside one allocation. */
    bool holds(uintptr_t address, size_t bytes) const;
    /* Whether any of it belongs to the device at all. */
    bool touches(uintptr_t address, size_t bytes) const;

    size_t total_bytes() const { return bytes_; }
    size_t free_bytes() const;

private:
    uintptr_t begin_;
    size_t bytes_;
    mutable std::mutex mutex_;
    std::map<uintptr_t, Allocation> allocations_;
    uintptr_t next_; /* where the search for room begins */
    size_t used_ = 0;

    bool find_room(size_t room, uintptr_t from, uintptr_t to, uintptr_t &address) const;
};

} // namespace cudasim::driver

#endif
