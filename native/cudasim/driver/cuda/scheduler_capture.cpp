/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the scheduler that has to do with captures. */
#include <algorithm>

#include "scheduler.hpp"

namespace cudasim::driver {

using abi::Result;

Result Scheduler::begin_capture(Stream &stream, abi::CaptureMode mode)
{
    std::lock_guard lock(mutex_);
    if (stream.kind() == Stream::Kind::legacy) {
        return Result::stream_capture_unsupported;
    }
    if (stream.capture != nullptr) {
        return Result::illegal_state;
    }
    Result result = usable(stream);
    if (result != Result::success) {
        return result;
    }
    stream.capture = std::make_shared<Capture>(stream, mode);
    stream.frontier.clear();
    captures_.push_back(stream.capture);
    return Result::success;
}

Result Scheduler::end_capture(Stream &stream, std::shared_ptr<Graph> &graph)
{
    std::lock_guard lock(mutex_);
    std::shared_ptr<Capture> capture = stream.capture;
    if (capture == nullptr) {
        return Result::illegal_state;
    }
    if (!capture->began_in(stream)) {
        capture->invalidate();
        return Result::stream_capture_unmatched;
    }
    if (!capture->may_end_here()) {
        return Result::stream_capture_wrong_thread;
    }
    leave_capture(*capture);
    if (!capture->is_valid()) {
        return Result::stream_capture_invalidated;
    }
    if (!capture->all_lead_to(stream.frontier)) {
        return Result::stream_capture_unjoined;
    }
    graph = std::make_shared<Graph>(capture->sequence());
    return Result::success;
}

/* The frontiers stay as they are until the next capture. */
void Scheduler::leave_capture(Capture &capture)
{
    capture.end();
    captures_.erase(std::remove_if(captures_.begin(), captures_.end(),
                        [&](const auto &other) { return other.get() == &capture; }),
        captures_.end());
    for (const auto &stream : live_streams()) {
        if (stream->capture.get() == &capture) {
            stream->capture = nullptr;
        }
    }
}

/* The stream waits for an event that was recorded in a capture. */
Result Scheduler::join_capture(Stream &stream, const Event &event)
{
    Capture &capture = *event.capture;
    if (!capture.is_active()) {
        return Result::captured_event;
    }
    if (!capture.is_valid()) {
        return Result::stream_capture_invalidated;
    }
    if (stream.kind() == Stream::Kind::legacy) {
        capture.invalidate();
        return Result::stream_capture_implicit;
    }
    if (stream.capture == nullptr) {
        stream.capture = event.capture;
        stream.frontier.clear();
    }
    if (stream.capture != event.capture) {
        stream.capture->invalidate();
        capture.invalidate();
        return Result::stream_capture_merge;
    }
    stream.frontier.insert(event.frontier.begin(), event.frontier.end());
    return Result::success;
}

/* The legacy stream depends on all blocking ones, and so it cannot be used while one of those is being captured. */
Result Scheduler::refuse_implicit_dependency(const Stream &stream)
{
    if (captures_.empty() || stream.kind() != Stream::Kind::legacy) {
        return Result::success;
    }
    Result result = Result::success;
    for (const auto &other : live_streams()) {
        if (other->kind() == Stream::Kind::blocking && other->capture != nullptr) {
            other->capture->invalidate();
            result = Result::stream_capture_implicit;
        }
    }
    return result;
}

bool Scheduler::is_capturing(const Stream &stream) const
{
    std::lock_guard lock(mutex_);
    return stream.capture != nullptr;
}

Result Scheduler::capture_status(const Stream &stream, abi::CaptureStatus &status) const
{
    std::lock_guard lock(mutex_);
    if (stream.kind() == Stream::Kind::legacy) {
        for (const auto &other : live_streams()) {
            if (other->kind() == Stream::Kind::blocking && other->capture != nullptr) {
                return Result::stream_capture_implicit;
            }
        }
    }
    status = stream.capture == nullptr ? abi::CaptureStatus::none
        : stream.capture->is_valid()   ? abi::CaptureStatus::active
                                       : abi::CaptureStatus::invalidated;
    return Result::success;
}

abi::GraphUpdateInfo Scheduler::update(Executable &executable, const Graph &graph)
{
    std::lock_guard lock(mutex_);
    return executable.update(graph);
}

Result Scheduler::refuse_during_capture(Stream &stream)
{
    std::lock_guard lock(mutex_);
    if (stream.capture == nullptr) {
        return Result::success;
    }
    stream.capture->invalidate();
    return Result::stream_capture_unsupported;
}

Result Scheduler::refuse_unsafe_call()
{
    std::lock_guard lock(mutex_);
    Result result = Result::success;
    for (const auto &capture : captures_) {
        if (capture->forbids_unsafe_calls()) {
            capture->invalidate();
            result = Result::stream_capture_unsupported;
        }
    }
    return result;
}

} // namespace cudasim::driver
