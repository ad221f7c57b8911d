/* SPDX-License-Identifier: Apache-2.0 */
/* Checked mode: what the host does to page-locked memory that an unfinished copy uses. */
#ifndef GPUBENCH_CUDASIM_CUDA_HOST_SIDE_HPP
#define GPUBENCH_CUDASIM_CUDA_HOST_SIDE_HPP

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <vector>

#include "simt/check.hpp"

namespace cudasim::driver {

class Memory;
class Operation;

/* How an operation uses page-locked memory. A kernel may use all of it, since addresses are unified: that has no address. */
struct HostUse {
    enum class Kind { copied_from, copied_to, read, written, anything };

    Kind kind;
    uintptr_t address = 0;
    size_t bytes = 0;
};

/*
 * The source of a copy must be at the copy what it was at the call. The target of one is filled with 0xCC at the call,
 * so that nobody reads in vain what was there before, and must still be that when the copy arrives. Neither is looked at
 * if another unfinished operation may have a hand in it; with kernels, that is any target, and the parts of a source
 * that kernels have ever written. Any thread.
 */
class HostSide {
public:
    HostSide(const Memory &memory, Checker &checker) : memory_(memory), checker_(checker) {}

    /* In the order of submission; `first` is the number of the operation's first leaf. */
    void submitted(uint64_t first, const Operation &operation);
    Report begins(uint64_t operation) const; /* a leaf, on the stream's worker */
    void ended(uint64_t first, uint64_t leaves);

private:
    struct Pending {
        uint64_t operation;
        std::string what;
        HostUse use;
        bool poisoned;
        std::vector<uint64_t> digests; /* of the source, one for each piece; empty: not looked at */
    };

    const Memory &memory_;
    Checker &checker_;
    mutable std::mutex mutex_;
    std::list<Pending> pending_;

    static bool meet(const Pending &one, const Pending &other);
    void add(uint64_t operation, const std::string &what, HostUse use);
};

} // namespace cudasim::driver

#endif
