/* SPDX-License-Identifier: Apache-2.0 */
/* Stream capture and the graphs that it yields. */
#ifndef GPUBENCH_CUDASIM_CUDA_CAPTURE_HPP
#define GPUBENCH_CUDASIM_CUDA_CAPTURE_HPP

#include <memory>
#include <thread>
#include <vector>

#include "abi/cuda.hpp"
#include "operation.hpp"
#include "registry.hpp"

namespace cudasim::driver {

class Stream;

/*
 * One capture sequence, from cuStreamBeginCapture to cuStreamEndCapture. Nodes only depend on older ones, so the order
 * in which they were captured is one in which they can run. Guarded by the scheduler's lock.
 */
class Capture {
public:
    Capture(const Stream &origin, abi::CaptureMode mode)
        : origin_(&origin), mode_(mode), thread_(std::this_thread::get_id())
    {
    }

    bool began_in(const Stream &stream) const { return origin_ == &stream; }
    bool may_end_here() const { return mode_ == abi::CaptureMode::relaxed || is_of_this_thread(); }
    /* Whether the calling thread may not make calls that could disturb it. */
    bool forbids_unsafe_calls() const
    {
        return mode_ == abi::CaptureMode::global || (mode_ != abi::CaptureMode::relaxed && is_of_this_thread());
    }

    bool is_valid() const { return valid_; }
    void invalidate() { valid_ = false; }
    bool is_active() const { return active_; }
    void end() { active_ = false; }

    void add(OperationPointer operation, Frontier &frontier); /* the node becomes the frontier */
    bool all_lead_to(const Frontier &frontier) const;
    /* Of all that was captured. */
    std::shared_ptr<const Sequence> sequence() const
    {
        return std::make_shared<Sequence>(operations_, dependencies_);
    }

private:
    const Stream *origin_;
    const abi::CaptureMode mode_;
    const std::thread::id thread_;
    bool valid_ = true;
    bool active_ = true;
    std::vector<OperationPointer> operations_;
    std::vector<Frontier> dependencies_;

    bool is_of_this_thread() const { return thread_ == std::this_thread::get_id(); }
};

/* Independent of everything that may happen to what it was made of. */
struct Graph {
    explicit Graph(std::shared_ptr<const Sequence> its_body);

    const std::shared_ptr<const Sequence> body;
    std::vector<abi::NodeHandle> nodes;
};

struct Executable {
    explicit Executable(const Graph &graph) : body(graph.body) {}

    /* Both guarded by the scheduler's lock. What is launched is the body of that moment. */
    abi::GraphUpdateInfo update(const Graph &graph);
    std::shared_ptr<const Sequence> body;
    /* Of its last launch, guarded by the scheduler's lock: launches of one executable do not overlap. */
    Point last;
    Position position; /* in checked mode */
};

} // namespace cudasim::driver

#endif
