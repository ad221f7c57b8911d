/* SPDX-License-Identifier: Apache-2.0 */
/* What a kernel or a copy may touch: device memory, page-locked host memory, and variables of modules. */
#ifndef GPUBENCH_CUDASIM_CUDA_MEMORY_HPP
#define GPUBENCH_CUDASIM_CUDA_MEMORY_HPP

#include <map>
#include <mutex>

#include "arena.hpp"

namespace cudasim::driver {

/*
 * All memory of one context. Device addresses are host addresses: a kernel on the host simply uses them, and
 * page-locked memory is mapped at its own address. Any thread.
 */
class Memory {
public:
    explicit Memory(size_t device_bytes) : device(device_bytes) {} /* throws std::bad_alloc */
    ~Memory();
    Memory(const Memory &) = delete;
    Memory &operator=(const Memory &) = delete;

    Arena device;

    void *allocate_host(size_t bytes, uint32_t flags); /* page-aligned, filled with 0xCC; throws std::bad_alloc */
    abi::Result free_host(void *address);
    abi::Result device_address(const void *host, uintptr_t &address) const;

    void add_variable(uintptr_t address, size_t bytes);
    void remove_variable(uintptr_t address);

    /* Whether the device may use the range: it lies inside one allocation or one variable. */
    bool is_device_range(uintptr_t address, size_t bytes) const;
    /* Whether the host may: it is not null, and not memory of the device. */
    bool is_host_range(const void *address, size_t bytes) const;
    bool is_page_locked(const void *address, size_t bytes) const;
    size_t page_locked_bytes() const; /* in all */

private:
    struct Range {
        size_t bytes;
        uint32_t flags;
    };
    using Ranges = std::map<uintptr_t, Range>;

    mutable std::mutex mutex_;
    Ranges host_;
    Ranges variables_;

    static const Range *find(const Ranges &ranges, uintptr_t address, size_t bytes);
};

} // namespace cudasim::driver

#endif
