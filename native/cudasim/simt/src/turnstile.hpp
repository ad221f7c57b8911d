/* SPDX-License-Identifier: Apache-2.0 */
/* One after the other, in the order of their coming, so that whoever comes back at once does not keep the others out. */
#ifndef GPUBENCH_CUDASIM_TURNSTILE_HPP
#define GPUBENCH_CUDASIM_TURNSTILE_HPP

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace cudasim {

class Turnstile {
public:
    void lock()
    {
        std::unique_lock<std::mutex> guard(mutex);
        uint64_t mine = next++;
        wanted.store(next - served, std::memory_order_relaxed);
        changed.wait(guard, [&] { return served == mine; });
    }

    void unlock()
    {
        {
            std::lock_guard<std::mutex> guard(mutex);
            served++;
            wanted.store(next - served, std::memory_order_relaxed);
        }
        changed.notify_all();
    }

    /* Whether others wait, besides who is through. */
    bool is_wanted() const { return wanted.load(std::memory_order_relaxed) > 1; }

private:
    std::mutex mutex;
    std::condition_variable changed;
    uint64_t next = 0;
    uint64_t served = 0;
    std::atomic<uint64_t> wanted{0};
};

} // namespace cudasim

#endif
