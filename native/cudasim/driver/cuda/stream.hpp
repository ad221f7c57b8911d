/* SPDX-License-Identifier: Apache-2.0 */
/* A stream: a queue of commands and the thread that carries them out. */
#ifndef GPUBENCH_CUDASIM_CUDA_STREAM_HPP
#define GPUBENCH_CUDASIM_CUDA_STREAM_HPP

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "capture.hpp"
#include "checking.hpp"
#include "operation.hpp"
#include "timeline.hpp"

namespace cudasim::driver {

/*
 * Whether a context still works: the code of a failed kernel is remembered, and the end of the context. Either halts the
 * kernels that run, as it does on a GPU. Any thread.
 */
class Health {
public:
    abi::Result status() const;
    void fail(const Report &report); /* the first report stays */
    void close();
    bool is_closed() const { return closed_.load(); }
    const std::atomic<bool> &halted() const { return halted_; }

private:
    std::mutex mutex_; /* of changes; halted comes last, so that whoever has been halted finds the reason */
    std::atomic<Code> failed_{Code::none};
    std::atomic<bool> closed_{false};
    std::atomic<bool> halted_{false};
};

struct Command {
    std::vector<Point> after;   /* in other streams */
    OperationPointer operation; /* null: nothing but waiting */
    uint64_t first_leaf = 0;    /* in checked mode */
    Patience::Moment due = {};  /* in checked mode: when to begin if nobody waits */
};

/*
 * Commands are pushed by one thread at a time (the scheduler's lock) and carried out by the stream's own thread, which
 * is made for the first one. After a failure, or when the context ends, the rest of them are only ticked off, so that
 * nobody waits for ever. Whoever made the stream calls finish and join before it goes.
 */
class Stream {
public:
    enum class Kind { legacy, blocking, non_blocking };

    /* checking: null in plain mode */
    Stream(Kind kind, Health &health, Checking *checking) : kind_(kind), health_(health), checking_(checking) {}
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    Kind kind() const { return kind_; }
    Point push(Command command); /* throws std::system_error without a thread */
    Point last() const { return {timeline_, pushed_}; }
    bool is_idle() const { return timeline_->reached(pushed_); }

    void finish(); /* no more commands: the thread ends after those it has */
    void join();

    /* Guarded by the scheduler's lock; frontier: its newest nodes in the capture that it takes part in. */
    bool destroyed = false;
    std::shared_ptr<Capture> capture;
    Frontier frontier;
    Position position; /* in checked mode */

private:
    const Kind kind_;
    Health &health_;
    Checking *const checking_;
    const std::shared_ptr<Timeline> timeline_ = std::make_shared<Timeline>();
    uint64_t pushed_ = 0;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable room_; /* where a fault script limits the queue */
    std::deque<Command> commands_;
    bool finishing_ = false;
    std::atomic<bool> ready_{false}; /* there is a command, or it is finishing: what the idle worker spins on */
    std::thread worker_;
    Command current_; /* the worker's; not on its stack, where a leak detector does not find it as the process ends */

    void start();
    bool pop();
    void carry_out(const Command &command);
    Report run(const Command &command);
    void work();
};

} // namespace cudasim::driver

#endif
