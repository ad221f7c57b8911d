/* SPDX-License-Identifier: Apache-2.0 */
/* What streams do: the same objects serve as commands of a stream and as nodes of a graph. */
#ifndef GPUBENCH_CUDASIM_CUDA_OPERATION_HPP
#define GPUBENCH_CUDASIM_CUDA_OPERATION_HPP

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "memory.hpp"
#include "module.hpp"
#include "simt/simt.hpp"
#include "timeline.hpp"

namespace cudasim::driver {

/* Immutable, and owns copies of whatever the caller may change after the call. */
class Operation {
public:
    virtual ~Operation() = default;

    /* Whether it can run now: asked when it is submitted, for a graph at each launch. */
    virtual abi::Result usable(const Memory &) const { return abi::Result::success; }

    /* On the stream's worker. Empty, or what has gone wrong. */
    virtual Report run(const std::atomic<bool> &stop) const = 0;
};

using OperationPointer = std::shared_ptr<const Operation>;

class Copy : public Operation {
public:
    enum class Kind { host_to_device, device_to_host, device_to_device };

    Copy(Kind kind, uintptr_t target, uintptr_t source, size_t bytes);

    void stage(); /* takes a copy of the source now */

    abi::Result usable(const Memory &memory) const override;
    Report run(const std::atomic<bool> &stop) const override;

private:
    Kind kind_;
    uintptr_t target_;
    uintptr_t source_;
    size_t bytes_;
    std::vector<std::byte> staged_;
};

class Fill : public Operation {
public:
    /* count elements of 1 or 4 bytes */
    Fill(uintptr_t target, uint32_t value, uint32_t element_bytes, size_t count);

    abi::Result usable(const Memory &memory) const override;
    Report run(const std::atomic<bool> &stop) const override;

private:
    uintptr_t target_;
    uint32_t value_;
    uint32_t element_bytes_;
    size_t count_;
};

class KernelLaunch : public Operation {
public:
    /* parameters: as many pointers as the kernel has parameters, none of them null */
    KernelLaunch(std::shared_ptr<const Module> module, const Launch &launch, void *const *parameters);

    abi::Result usable(const Memory &memory) const override;
    Report run(const std::atomic<bool> &stop) const override;

private:
    struct alignas(64) Slot {
        std::byte bytes[64];
    };

    std::shared_ptr<const Module> module_;
    Launch launch_;
    std::vector<Slot> slots_;
    std::vector<void *> arguments_;

    static bool fails_by_script(const std::atomic<bool> &stop, Report &report);
};

/* The moment at which a stream reaches an event. */
struct Recording {
    Point point;
    std::atomic<int64_t> nanos{0};
};

class Record : public Operation {
public:
    explicit Record(std::shared_ptr<Recording> recording) : recording_(std::move(recording)) {}
    Report run(const std::atomic<bool> &stop) const override;

private:
    std::shared_ptr<Recording> recording_;
};

/* The nodes of a graph one after the other, in an order that their dependencies allow. */
class Sequence : public Operation {
public:
    explicit Sequence(std::vector<OperationPointer> nodes) : nodes_(std::move(nodes)) {}

    abi::Result usable(const Memory &memory) const override;
    Report run(const std::atomic<bool> &stop) const override;

private:
    std::vector<OperationPointer> nodes_;
};

} // namespace cudasim::driver

#endif
