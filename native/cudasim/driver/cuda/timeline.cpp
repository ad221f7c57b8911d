/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline.hpp"

#include <sched.h>
#include <time.h>

namespace cudasim::driver {

namespace {

constexpr int64_t wait_spin_nanos = 50000;
constexpr int64_t exclusive_spin_nanos = 10000;
constexpr unsigned turns_per_clock_read = 64;

void relax()
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

} // namespace

int64_t now_nanos()
{
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<int64_t>(time.tv_sec) * 1000000000 + time.tv_nsec;
}

bool Spin::again()
{
    relax();
    if (turns_++ % turns_per_clock_read != 0) {
        return true;
    }
    int64_t now = now_nanos();
    if (start_ == 0) {
        start_ = now;
    }
    int64_t spun = now - start_;
    if (spun > exclusive_spin_nanos) {
        sched_yield(); /* who is waited for may want this very processor */
    }
    return spun < nanos_;
}

void Timeline::advance(uint64_t ticket)
{
    /* Sequentially consistent, as are the accesses in wait: either the sleeper is seen here or the ticket there. */
    ended_.store(ticket);
    if (sleepers_.load() != 0) {
        std::lock_guard lock(mutex_);
        changed_.notify_all();
    }
}

void Timeline::wait(uint64_t ticket, bool spin)
{
    if (spin) {
        for (Spin spinning(wait_spin_nanos); !reached(ticket) && spinning.again();) {
        }
    }
    if (reached(ticket)) {
        return;
    }
    std::unique_lock lock(mutex_);
    ++sleepers_;
    changed_.wait(lock, [&] { return reached(ticket); });
    --sleepers_;
}

} // namespace cudasim::driver
