/* SPDX-License-Identifier: Apache-2.0 */
/* What streams do: the same objects serve as commands of a stream and as nodes of a graph. */
#ifndef GPUBENCH_CUDASIM_CUDA_OPERATION_HPP
#define GPUBENCH_CUDASIM_CUDA_OPERATION_HPP

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host_side.hpp"
#include "memory.hpp"
#include "module.hpp"
#include "order.hpp"
#include "refusal.hpp"
#include "simt/simt.hpp"
#include "timeline.hpp"

namespace cudasim::driver {

struct Checking;

/* The captured nodes that the next one of a stream depends on. */
using Frontier = std::set<size_t>;

/* What an operation is given when it runs. */
struct Turn {
    const std::atomic<bool> &stop;
    Checking *checking = nullptr; /* in checked mode */
    uint64_t operation = 0;       /* and then the number of its first leaf */
};

/* Immutable, and owns copies of whatever the caller may change after the call that makes it. */
class Operation {
public:
    virtual ~Operation() = default;

    /* Whether it can run now: asked when it is submitted, for a graph at each launch. Otherwise the refusal is said. */
    virtual abi::Result usable(const Memory &) const { return abi::Result::success; }

    /* On the stream's worker, or on the thread of a synchronous copy. Empty, or what has gone wrong. */
    Report run(const Turn &turn) const;

    /* For checked mode. Leaves are what is numbered: the operation itself, or the nodes of a graph. */
    virtual std::string describe() const { return text_of(call_); }
    virtual std::vector<HostUse> host_uses(const Memory &) const { return {}; }
    virtual uint64_t leaves() const { return 1; }
    virtual void each_leaf(const std::function<void(const Operation &)> &action) const { action(*this); }
    virtual const class Sequence *sequence() const { return nullptr; }

    /* Whether it may take this one's place in an executable graph. */
    abi::GraphUpdate check_update(const Operation &other) const;

    const gate::Call &call() const { return call_; }

protected:
    virtual Report carry_out(const Turn &turn) const = 0;
    /* The same for one of the same class. */
    virtual abi::GraphUpdate check_same(const Operation &) const { return abi::GraphUpdate::success; }

private:
    const gate::Call call_ = gate::current;
};

using OperationPointer = std::shared_ptr<const Operation>;

class Copy : public Operation {
public:
    enum class Kind { host_to_device, device_to_host, device_to_device };

    Copy(Kind kind, uintptr_t target, uintptr_t source, size_t bytes);

    void stage(); /* takes a copy of the source now */

    abi::Result usable(const Memory &memory) const override;
    std::vector<HostUse> host_uses(const Memory &memory) const override;

protected:
    Report carry_out(const Turn &turn) const override;
    abi::GraphUpdate check_same(const Operation &other) const override;

private:
    friend class CopyBatch;

    Kind kind_;
    uintptr_t target_;
    uintptr_t source_;
    size_t bytes_;
    std::vector<std::byte> staged_;
};

/* Copies of one call, in no order among themselves; for order they are one operation. */
class CopyBatch : public Operation {
public:
    void add(Copy::Kind kind, uintptr_t target, uintptr_t source, size_t bytes);

    abi::Result usable(const Memory &memory) const override;
    std::vector<HostUse> host_uses(const Memory &memory) const override;

protected:
    Report carry_out(const Turn &turn) const override;

private:
    struct Range {
        uintptr_t begin;
        uintptr_t end;
        size_t copy;
    };

    std::vector<Copy> copies_;
    std::vector<Range> targets_;
    std::vector<Range> sources_;

    Report race() const; /* empty, or which copies depend on each other */
};

class Fill : public Operation {
public:
    /* count elements of 1 or 4 bytes */
    Fill(uintptr_t target, uint32_t value, uint32_t element_bytes, size_t count);

    abi::Result usable(const Memory &memory) const override;
    std::vector<HostUse> host_uses(const Memory &memory) const override;

protected:
    Report carry_out(const Turn &turn) const override;

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
    std::string describe() const override;
    std::vector<HostUse> host_uses(const Memory &memory) const override;

protected:
    Report carry_out(const Turn &turn) const override;
    abi::GraphUpdate check_same(const Operation &other) const override;

private:
    struct alignas(64) Slot {
        std::byte bytes[64];
    };

    std::shared_ptr<const Module> module_;
    Launch launch_;
    std::vector<Slot> slots_;
    std::vector<void *> arguments_;

    abi::Result check_pointers(const Memory &memory) const;
    static bool fails_by_script(const std::atomic<bool> &stop, Report &report);
};

/* The moment at which a stream reaches an event. */
struct Recording {
    Point point;
    Position position; /* in checked mode */
    std::atomic<int64_t> nanos{0};
};

class Record : public Operation {
public:
    explicit Record(std::shared_ptr<Recording> recording) : recording_(std::move(recording)) {}
    uint64_t leaves() const override { return 0; }

protected:
    Report carry_out(const Turn &turn) const override;

private:
    std::shared_ptr<Recording> recording_;
};

/* The nodes of a graph one after the other, in an order that their dependencies allow. */
class Sequence : public Operation {
public:
    Sequence(std::vector<OperationPointer> nodes, std::vector<Frontier> dependencies);

    size_t size() const { return nodes_.size(); }
    const Operation &node(size_t number) const { return *nodes_[number]; }
    const Frontier &dependencies(size_t node) const { return dependencies_[node]; } /* all of them older nodes */

    struct Difference {
        abi::GraphUpdate kind = abi::GraphUpdate::success;
        std::optional<size_t> node; /* of the other one */
        std::optional<size_t> from;
    };
    /* The first that keeps the other one from taking this one's place. Nodes are paired in the order of their capture. */
    Difference difference(const Sequence &other) const;

    abi::Result usable(const Memory &memory) const override;
    uint64_t leaves() const override { return leaves_; }
    void each_leaf(const std::function<void(const Operation &)> &action) const override;
    const Sequence *sequence() const override { return this; }

protected:
    Report carry_out(const Turn &turn) const override;
    abi::GraphUpdate check_same(const Operation &other) const override;

private:
    std::vector<OperationPointer> nodes_;
    std::vector<Frontier> dependencies_;
    uint64_t leaves_ = 0;
};

} // namespace cudasim::driver

#endif
