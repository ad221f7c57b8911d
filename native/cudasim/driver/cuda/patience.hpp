/* SPDX-License-Identifier: Apache-2.0 */
/* Checked mode: asynchronous work begins late, unless somebody waits, so that who does not wait is found. */
#ifndef GPUBENCH_CUDASIM_CUDA_PATIENCE_HPP
#define GPUBENCH_CUDASIM_CUDA_PATIENCE_HPP

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace cudasim::driver {

/* Of one context. Any thread. */
class Patience {
public:
    using Moment = std::chrono::steady_clock::time_point;

    static Moment due() { return std::chrono::steady_clock::now() + std::chrono::milliseconds(1); }

    /* Returns at the moment, or when somebody waits or the context ends. */
    void await(Moment due)
    {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, due, [this] { return waiting_ != 0; });
    }

    /* While it lives, nothing begins late. Null: nothing does anyway. */
    class Waiting {
    public:
        explicit Waiting(Patience *patience) : patience_(patience)
        {
            if (patience_ != nullptr) {
                patience_->change(1);
            }
        }
        ~Waiting()
        {
            if (patience_ != nullptr) {
                patience_->change(-1);
            }
        }
        Waiting(const Waiting &) = delete;
        Waiting &operator=(const Waiting &) = delete;

    private:
        Patience *const patience_;
    };

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0;

    void change(int by)
    {
        std::lock_guard lock(mutex_);
        waiting_ += by;
        changed_.notify_all();
    }
};

} // namespace cudasim::driver

#endif
