/* SPDX-License-Identifier: Apache-2.0 */
#include "scheduler.hpp"

#include <algorithm>

namespace cudasim::driver {

using abi::Result;

abi::StreamHandle Scheduler::create(Stream::Kind kind)
{
    std::lock_guard lock(mutex_);
    reap();
    return streams_.add(std::make_shared<Stream>(kind, health_));
}

Result Scheduler::destroy(abi::StreamHandle handle)
{
    std::lock_guard lock(mutex_);
    std::shared_ptr<Stream> stream = streams_.remove(handle);
    if (stream == nullptr) {
        return Result::invalid_handle;
    }
    if (stream->capture != nullptr) {
        stream->capture->invalidate();
        if (stream->capture->began_in(*stream)) {
            leave_capture(*stream->capture);
        }
        stream->capture = nullptr;
    }
    stream->destroyed = true;
    stream->finish();
    retired_.push_back(std::move(stream));
    reap();
    return health_.status();
}

std::shared_ptr<Stream> Scheduler::find(abi::StreamHandle handle)
{
    auto number = reinterpret_cast<uintptr_t>(handle);
    return number == 0 || number == abi::legacy_stream ? legacy_ : streams_.find(handle);
}

std::vector<std::shared_ptr<Stream>> Scheduler::live_streams() const
{
    std::vector<std::shared_ptr<Stream>> streams = streams_.all();
    streams.insert(streams.end(), retired_.begin(), retired_.end());
    streams.push_back(legacy_);
    return streams;
}

/* Threads of destroyed streams end by themselves; this one only collects them. */
void Scheduler::reap()
{
    auto busy = std::partition(retired_.begin(), retired_.end(), [](const auto &stream) { return !stream->is_idle(); });
    std::for_each(busy, retired_.end(), [](const auto &stream) { stream->join(); });
    retired_.erase(busy, retired_.end());
}

std::vector<Point> Scheduler::points_before(const Stream &stream) const
{
    std::vector<Point> points;
    if (stream.kind() == Stream::Kind::blocking && !legacy_->is_idle()) {
        points.push_back(legacy_->last());
    }
    if (stream.kind() == Stream::Kind::legacy) {
        for (const auto &other : live_streams()) {
            if (other->kind() == Stream::Kind::blocking && !other->is_idle()) {
                points.push_back(other->last());
            }
        }
    }
    return points;
}

Point Scheduler::push(Stream &stream, OperationPointer operation, std::vector<Point> after)
{
    std::vector<Point> before = points_before(stream);
    after.insert(after.end(), before.begin(), before.end());
    return stream.push({std::move(after), std::move(operation)});
}

Result Scheduler::usable(const Stream &stream) const
{
    if (stream.destroyed) {
        return Result::invalid_handle; /* by another thread, since the handle was looked up */
    }
    if (stream.capture != nullptr && !stream.capture->is_valid()) {
        return Result::stream_capture_invalidated;
    }
    return health_.status();
}

Result Scheduler::add_to(Stream &stream, OperationPointer operation, Point *serial)
{
    Result result = usable(stream);
    if (result == Result::success) {
        result = refuse_implicit_dependency(stream);
    }
    if (result == Result::success) {
        result = operation->usable(memory_);
    }
    if (result != Result::success) {
        return result;
    }
    if (stream.capture != nullptr) {
        stream.capture->add(std::move(operation), stream.frontier);
        return Result::success;
    }
    std::vector<Point> after;
    if (serial != nullptr && serial->timeline != nullptr && !serial->reached()) {
        after.push_back(*serial);
    }
    Point point = push(stream, std::move(operation), std::move(after));
    if (serial != nullptr) {
        *serial = point;
    }
    return Result::success;
}

Result Scheduler::submit(Stream &stream, OperationPointer operation)
{
    std::lock_guard lock(mutex_);
    return add_to(stream, std::move(operation), nullptr);
}

Result Scheduler::launch(Stream &stream, Executable &executable)
{
    std::lock_guard lock(mutex_);
    return add_to(stream, executable.body, &executable.last);
}

Result Scheduler::record(Stream &stream, Event &event)
{
    std::lock_guard lock(mutex_);
    if (stream.capture != nullptr) {
        Result result = usable(stream);
        if (result == Result::success) {
            event.recording = nullptr;
            event.capture = stream.capture;
            event.frontier = stream.frontier;
        }
        return result;
    }
    auto recording = std::make_shared<Recording>();
    Result result = add_to(stream, std::make_shared<Record>(recording), &recording->point);
    if (result == Result::success) {
        event.recording = std::move(recording);
        event.capture = nullptr;
        event.frontier.clear();
    }
    return result;
}

Result Scheduler::wait(Stream &stream, Event &event)
{
    std::lock_guard lock(mutex_);
    Result result = usable(stream);
    if (result != Result::success) {
        return result;
    }
    if (event.capture != nullptr) {
        return join_capture(stream, event);
    }
    if (event.recording == nullptr) {
        return Result::success;
    }
    if (stream.capture != nullptr) {
        stream.capture->invalidate();
        return Result::stream_capture_isolation;
    }
    result = refuse_implicit_dependency(stream);
    if (result == Result::success && !event.recording->point.reached()) {
        push(stream, nullptr, {event.recording->point});
    }
    return result;
}

Result Scheduler::synchronize(Stream &stream)
{
    std::vector<Point> points;
    {
        std::lock_guard lock(mutex_);
        if (stream.capture != nullptr) {
            stream.capture->invalidate();
            return Result::stream_capture_unsupported;
        }
        Result refused = refuse_implicit_dependency(stream);
        if (refused != Result::success) {
            return refused;
        }
        if (stream.kind() == Stream::Kind::legacy) {
            points = points_before(stream);
        }
        points.push_back(stream.last());
    }
    for (const Point &point : points) {
        point.wait(spin_.load());
    }
    return health_.status();
}

Result Scheduler::query(Stream &stream)
{
    std::lock_guard lock(mutex_);
    if (stream.capture != nullptr) {
        stream.capture->invalidate();
        return Result::stream_capture_unsupported;
    }
    Result result = refuse_implicit_dependency(stream);
    if (result == Result::success) {
        result = health_.status();
    }
    if (result == Result::success) {
        bool others_idle = stream.kind() != Stream::Kind::legacy || points_before(stream).empty();
        result = stream.is_idle() && others_idle ? Result::success : Result::not_ready;
    }
    return result == Result::success ? health_.status() : result; /* what has just ended may have failed */
}

Result Scheduler::synchronize_all()
{
    {
        std::lock_guard lock(mutex_);
        if (!captures_.empty()) {
            for (const auto &capture : captures_) {
                capture->invalidate();
            }
            return Result::stream_capture_unsupported;
        }
    }
    drain();
    return health_.status();
}

void Scheduler::drain()
{
    std::vector<Point> points;
    {
        std::lock_guard lock(mutex_);
        for (const auto &stream : live_streams()) {
            points.push_back(stream->last());
        }
    }
    for (const Point &point : points) {
        point.wait(spin_.load());
    }
}

Result Scheduler::recording(Event &event, std::shared_ptr<Recording> &recording)
{
    std::lock_guard lock(mutex_);
    if (event.capture != nullptr) {
        event.capture->invalidate();
        return Result::captured_event;
    }
    recording = event.recording;
    return health_.status();
}

void Scheduler::close()
{
    std::vector<std::shared_ptr<Stream>> streams;
    {
        std::lock_guard lock(mutex_);
        health_.close();
        streams = live_streams();
        for (const auto &stream : streams) {
            stream->capture = nullptr;
        }
        captures_.clear();
        streams_.clear();
        retired_.clear();
    }
    for (const auto &stream : streams) {
        stream->finish();
    }
    for (const auto &stream : streams) {
        stream->join();
    }
}

} // namespace cudasim::driver
