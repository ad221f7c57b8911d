/* SPDX-License-Identifier: Apache-2.0 */
/* What a kernel or a copy may touch: device memory, page-locked host memory, and variables of modules. */
#ifndef GPUBENCH_CUDASIM_CUDA_MEMORY_HPP
#define GPUBENCH_CUDASIM_CUDA_MEMORY_HPP

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "arena.hpp"
#include "simt/check.hpp"

namespace cudasim::driver {

/*
 * All memory of one context. Device addresses are host addresses: a kernel on the host simply uses them, and
 * page-locked memory is mapped at its own address. In checked mode page-locked memory that is freed stays unused for a
 * while, so that whoever still uses it is found. Functions that return a result have said why it is a refusal. Any
 * thread.
 */
class Memory {
public:
    Memory(size_t device_bytes, Checker *checker); /* null in plain mode; throws std::bad_alloc */
    ~Memory();
    Memory(const Memory &) = delete;
    Memory &operator=(const Memory &) = delete;

    abi::Result allocate(size_t bytes, uintptr_t &address);
    abi::Result free(uintptr_t address);
    bool is_checked() const { return checker_ != nullptr; }

    size_t free_bytes() const { return device_.free_bytes(); }
    size_t total_bytes() const { return device_.total_bytes(); }

    abi::Result allocate_host(size_t bytes, void *&address); /* page-aligned, filled with 0xCC */
    abi::Result free_host(void *address);
    /* Memory of the host that the program has: it stays the program's. */
    abi::Result register_host(void *address, size_t bytes);
    abi::Result unregister_host(void *address);
    abi::Result device_address(const void *host, uintptr_t &address) const;

    /*
     * Peer access: kernels of this context may use all memory of another device's context, what is allocated later too. What
     * the peer writes there by itself is not seen, so all of it counts as written.
     */
    abi::Result enable_peer(const std::shared_ptr<Memory> &peer, const std::shared_ptr<Memory> &itself);
    abi::Result disable_peer(const std::shared_ptr<Memory> &peer);
    /* Whether copies find it: under unified addressing an address tells whose memory it is, with or without peer access. */
    abi::Result require_copy_range(const char *what, uintptr_t address, size_t bytes) const;
    bool is_peer_range(uintptr_t address, size_t bytes) const;
    bool counts_as_written(uintptr_t address, size_t bytes) const; /* page-locked, or a peer's */

    void add_variable(uintptr_t address, size_t bytes);
    void remove_variable(uintptr_t address);
    void unloaded(const Image &image); /* no kernel of it runs any more */

    /* Whether the device may use the range: it lies inside one allocation or one variable. `what` is "the target". */
    abi::Result require_device_range(const char *what, uintptr_t address, size_t bytes) const;
    /* Whether the host may: it is not null, not memory of the device, and does not leave page-locked memory. */
    abi::Result require_host_range(const char *what, uintptr_t address, size_t bytes) const;
    bool is_device_range(uintptr_t address, size_t bytes) const;
    bool is_page_locked(uintptr_t address, size_t bytes) const;
    size_t page_locked_bytes() const; /* in all */

    /* Whether the driver gives such addresses to the device's memory, or has given this one. */
    bool was_device_address(uintptr_t address) const;
    bool was_given(uintptr_t address) const; /* this very address, and what was there has been freed */
    /* Less than 128 bytes before something alive, and not in what was freed. */
    bool is_shortly_before(uintptr_t address) const;
    /* Also the end of a range, of which no byte is used. */
    bool is_live_pointer(uintptr_t address) const;
    /* What is wrong with a range that is none of the device's. */
    std::string mistake(const char *what, uintptr_t address, size_t bytes, const char *verb = "begins") const;

    std::vector<Allocation> device_allocations() const { return device_.allocations(); }
    std::vector<Allocation> host_allocations() const;

    void close(); /* all that is left is freed with the context, though its memory stays until this object goes */

private:
    using Ranges = std::map<uintptr_t, Allocation>;

    Checker *const checker_;
    const gate::Call created_ = gate::current;
    Arena device_;
    mutable std::mutex mutex_;
    Ranges host_;
    Ranges variables_;
    std::vector<std::weak_ptr<Memory>> peers_;    /* whose memory kernels here may use */
    std::vector<std::weak_ptr<Memory>> watchers_; /* whose kernels may use memory here */
    std::deque<Allocation> quarantine_; /* page-locked, freed, and not yet given back */
    size_t quarantined_bytes_ = 0;

    void tell_watchers(const std::function<void(Memory &)> &action) const;
    static bool begins_between(const Ranges &ranges, uintptr_t address, uintptr_t end);
    static const Allocation *find(const Ranges &ranges, uintptr_t address);
    static const Allocation *find(const Ranges &ranges, uintptr_t address, size_t bytes);
    const Allocation *quarantined(uintptr_t address, size_t bytes) const;
    void release_host(const Allocation &allocation);
    void add_host(const Allocation &allocation);
    std::string free_mistake(uintptr_t address, bool of_host) const;
    std::string host_mistake(const char *what, uintptr_t address, size_t bytes) const;
};

} // namespace cudasim::driver

#endif
