/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes before whom: streams, events and captures of one context. */
#ifndef GPUBENCH_CUDASIM_CUDA_SCHEDULER_HPP
#define GPUBENCH_CUDASIM_CUDA_SCHEDULER_HPP

#include <memory>
#include <mutex>
#include <vector>

#include "capture.hpp"
#include "checking.hpp"
#include "handles.hpp"
#include "stream.hpp"

namespace cudasim::driver {

/* Empty until it is recorded; guarded by the scheduler's lock. */
struct Event {
    explicit Event(uint32_t its_flags) : flags(its_flags) {}

    bool is_timed() const { return (flags & abi::event_disable_timing) == 0; }
    bool spins() const { return (flags & abi::event_blocking_sync) == 0; }

    const uint32_t flags;
    std::shared_ptr<Recording> recording; /* the last one, if it was outside of a capture */
    std::shared_ptr<Capture> capture;     /* if it was inside */
    Frontier frontier;
};

/*
 * Owns the streams. Every submission happens under its one lock; the legacy stream is ordered against the blocking ones
 * by making a command wait for what was submitted to the others before. A command waits only for older ones, so there
 * is no circle. Waiting happens outside of the lock. Any thread.
 */
class Scheduler {
public:
    /* checking: null in plain mode */
    Scheduler(const Memory &memory, Health &health, Checking *checking)
        : memory_(memory), health_(health), checking_(checking)
    {
    }

    abi::StreamHandle create(Stream::Kind kind);
    abi::Result destroy(abi::StreamHandle handle);
    /* Null for an unknown handle. */
    std::shared_ptr<Stream> find(abi::StreamHandle handle);
    size_t stream_count() const { return streams_.all().size(); } /* those that are not destroyed */

    abi::Result submit(Stream &stream, OperationPointer operation);
    /* After all that the legacy stream would wait for, on the calling thread. */
    abi::Result run_now(const Operation &operation);
    abi::Result launch(Stream &stream, Executable &executable);
    abi::GraphUpdateInfo update(Executable &executable, const Graph &graph); /* for its launches from now on */
    abi::Result record(Stream &stream, Event &event);
    abi::Result wait(Stream &stream, Event &event);

    abi::Result synchronize(Stream &stream);
    abi::Result query(Stream &stream);
    abi::Result synchronize_all(); /* not permitted during a capture */
    void drain();                  /* the same, where a capture does not matter */

    /* The recording of an event for a call that may not be made on a captured one; null if there is none. */
    abi::Result recording(Event &event, std::shared_ptr<Recording> &recording);
    bool has_reached(const Recording &recording); /* and so the host knows */
    void await(const Recording &recording, bool spin);

    std::string streams_text() const { return streams_.count_text("stream"); } /* empty if there are none */

    abi::Result begin_capture(Stream &stream, abi::CaptureMode mode);
    abi::Result end_capture(Stream &stream, std::shared_ptr<Graph> &graph);
    bool is_capturing(const Stream &stream) const;
    abi::Result capture_status(const Stream &stream, abi::CaptureStatus &status) const;
    abi::Result refuse_during_capture(Stream &stream);
    abi::Result refuse_unsafe_call();

    void set_spin(bool spin) { spin_.store(spin); }
    void close(); /* stops kernels and joins all threads; nothing may be submitted afterwards */

private:
    const Memory &memory_;
    Health &health_;
    Checking *const checking_;
    std::atomic<bool> spin_{true};
    mutable std::mutex mutex_;
    const std::shared_ptr<Stream> legacy_ = std::make_shared<Stream>(Stream::Kind::legacy, health_, checking_);
    Handles<abi::StreamHandle, Stream> streams_;
    std::vector<std::shared_ptr<Stream>> retired_; /* destroyed with work to do */
    Position gone_; /* checked mode: of all streams that are no more, */
    Position gone_blocking_; /* and of the blocking ones among them */
    std::vector<std::shared_ptr<Capture>> captures_;

    /* All of these with the lock held. */
    std::vector<std::shared_ptr<Stream>> live_streams() const;
    Point push(Stream &stream, OperationPointer operation, std::vector<Point> after);
    /* serial, position: of what it comes behind as well, and then its own; null: nothing */
    abi::Result add_to(Stream &stream, OperationPointer operation, Point *serial, Position *position);
    void advance(Stream &stream, const Operation &operation, Command &command);
    void join_blocking_streams(Stream &stream);
    abi::Result usable(const Stream &stream) const;
    std::vector<Point> points_before(const Stream &stream) const;
    abi::Result refuse_implicit_dependency(const Stream &stream);
    abi::Result join_capture(Stream &stream, const Event &event);
    void leave_capture(Capture &capture);
    void reap();

    /* Without the lock: waits, and then the host knows of what has ended. */
    void await(const std::vector<Point> &points, const Position &position, bool spin);
};

} // namespace cudasim::driver

#endif
