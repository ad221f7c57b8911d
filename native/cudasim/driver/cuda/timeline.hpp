/* SPDX-License-Identifier: Apache-2.0 */
/* How far a stream has come, and waiting for it. */
#ifndef GPUBENCH_CUDASIM_CUDA_TIMELINE_HPP
#define GPUBENCH_CUDASIM_CUDA_TIMELINE_HPP

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

namespace cudasim::driver {

/* Spins for a few microseconds, so that quick work is seen quickly; false once the caller had better sleep. */
class Spin {
public:
    explicit Spin(int64_t nanos) : nanos_(nanos) {}
    bool again();

private:
    int64_t nanos_;
    int64_t start_ = 0;
    unsigned turns_ = 0;
};

int64_t now_nanos(); /* monotonic */

/* Counts the commands of one stream that have ended. Outlives the stream for those who wait for it. Any thread. */
class Timeline {
public:
    bool reached(uint64_t ticket) const { return ended_.load() >= ticket; }
    void advance(uint64_t ticket); /* by the stream's worker */
    void wait(uint64_t ticket, bool spin = true);

private:
    std::atomic<uint64_t> ended_{0};
    std::atomic<unsigned> sleepers_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
};

/* The end of one command of a stream. */
struct Point {
    std::shared_ptr<Timeline> timeline;
    uint64_t ticket = 0;

    bool reached() const { return timeline->reached(ticket); }
    void wait(bool spin = true) const { timeline->wait(ticket, spin); }
};

} // namespace cudasim::driver

#endif
