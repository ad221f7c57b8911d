/* SPDX-License-Identifier: Apache-2.0 */
#include "scheduler.hpp"

#include <algorithm>

namespace cudasim::driver {

using abi::Result;

abi::StreamHandle Scheduler::create(Stream::Kind kind)
{
    std::lock_guard lock(mutex_);
    reap();
    return streams_.add(std::make_shared<Stream>(kind, health_, checking_));
}

Result Scheduler::destroy(abi::StreamHandle handle)
{
    std::lock_guard lock(mutex_);
    std::shared_ptr<Stream> stream = streams_.remove(handle);
    if (stream == nullptr) {
        bool built_in = handle == nullptr || reinterpret_cast<uintptr_t>(handle) == abi::legacy_stream;
        return built_in ? refuse(Result::invalid_handle, "the default stream cannot be destroyed")
                        : refuse_handle(handle);
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
    std::for_each(busy, retired_.end(), [this](const auto &stream) {
        stream->join();
        gone_.join(stream->position);
        if (stream->kind() == Stream::Kind::blocking) {
            gone_blocking_.join(stream->position);
        }
    });
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

/* Checked mode: what a legacy stream comes behind, also of streams that are idle now. */
void Scheduler::join_blocking_streams(Stream &stream)
{
    if (stream.kind() != Stream::Kind::legacy) {
        return;
    }
    stream.position.join(gone_blocking_);
    for (const auto &other : live_streams()) {
        if (other->kind() == Stream::Kind::blocking) {
            stream.position.join(other->position);
        }
    }
}

/* Checked mode: gives the operation its place among the others. */
void Scheduler::advance(Stream &stream, const Operation &operation, Command &command)
{
    command.first_leaf = checking_->order.add(stream.position, operation);
    command.due = Patience::due();
    checking_->host.submitted(command.first_leaf, operation);
}

Point Scheduler::push(Stream &stream, OperationPointer operation, std::vector<Point> after)
{
    std::vector<Point> before = points_before(stream);
    after.insert(after.end(), before.begin(), before.end());
    Command command{std::move(after), std::move(operation)};
    if (checking_ != nullptr) {
        join_blocking_streams(stream);
        if (stream.kind() == Stream::Kind::blocking) {
            stream.position.join(legacy_->position);
        }
        if (command.operation != nullptr) {
            advance(stream, *command.operation, command);
        }
    }
    return stream.push(std::move(command));
}

Result Scheduler::usable(const Stream &stream) const
{
    if (stream.destroyed) {
        return refuse(Result::invalid_handle, "another thread is destroying the stream");
    }
    if (stream.capture != nullptr && !stream.capture->is_valid()) {
        return Result::stream_capture_invalidated;
    }
    return health_.status();
}

Result Scheduler::add_to(Stream &stream, OperationPointer operation, Point *serial, Position *position)
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
    if (position != nullptr) {
        stream.position.join(*position);
    }
    Point point = push(stream, std::move(operation), std::move(after));
    if (serial != nullptr) {
        *serial = point;
    }
    if (position != nullptr) {
        *position = stream.position;
    }
    return Result::success;
}

Result Scheduler::submit(Stream &stream, OperationPointer operation)
{
    std::lock_guard lock(mutex_);
    return add_to(stream, std::move(operation), nullptr, nullptr);
}

Result Scheduler::launch(Stream &stream, Executable &executable)
{
    std::lock_guard lock(mutex_);
    return add_to(stream, executable.body, &executable.last, &executable.position);
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
    Result result = add_to(
        stream, std::make_shared<Record>(recording), &recording->point, &recording->position);
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
    if (result == Result::success) {
        stream.position.join(event.recording->position);
        if (!event.recording->point.reached()) {
            push(stream, nullptr, {event.recording->point});
        }
    }
    return result;
}

void Scheduler::await(const std::vector<Point> &points, const Position &position, bool spin)
{
    Patience::Waiting waiting(checking_ == nullptr ? nullptr : &checking_->patience);
    for (const Point &point : points) {
        point.wait(spin);
    }
    if (checking_ != nullptr) {
        checking_->order.host_saw(position);
    }
}

Result Scheduler::run_now(const Operation &operation)
{
    Result result = synchronize(*legacy_);
    if (result == Result::success) {
        result = refuse_unsafe_call();
    }
    if (result == Result::success) {
        result = operation.usable(memory_);
    }
    if (result != Result::success) {
        return result;
    }
    Position position;
    Turn turn{health_.halted(), checking_, 0};
    if (checking_ != nullptr) {
        turn.operation = checking_->order.add(position, operation);
        checking_->host.submitted(turn.operation, operation);
    }
    Report report = operation.run(turn);
    if (checking_ != nullptr) {
        checking_->host.ended(turn.operation, operation.leaves());
    }
    if (!report.empty()) {
        health_.fail(report);
        return health_.status();
    }
    if (checking_ != nullptr) {
        checking_->order.host_saw(position);
    }
    return Result::success;
}

Result Scheduler::synchronize(Stream &stream)
{
    std::vector<Point> points;
    Position position;
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
        join_blocking_streams(stream);
        position = stream.position;
    }
    await(points, position, spin_.load());
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
    if (result == Result::success && checking_ != nullptr) {
        join_blocking_streams(stream);
        checking_->order.host_saw(stream.position);
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
    Position position;
    {
        std::lock_guard lock(mutex_);
        position = gone_;
        for (const auto &stream : live_streams()) {
            points.push_back(stream->last());
            position.join(stream->position);
        }
    }
    await(points, position, spin_.load());
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

bool Scheduler::has_reached(const Recording &recording)
{
    bool reached = recording.point.reached();
    if (reached && checking_ != nullptr) {
        checking_->order.host_saw(recording.position);
    }
    return reached;
}

void Scheduler::await(const Recording &recording, bool spin)
{
    await({recording.point}, recording.position, spin);
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
    Patience::Waiting waiting(checking_ == nullptr ? nullptr : &checking_->patience);
    for (const auto &stream : streams) {
        stream->finish();
    }
    for (const auto &stream : streams) {
        stream->join();
    }
}

} // namespace cudasim::driver
