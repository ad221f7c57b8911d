/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the faults of GPUBENCH_SIM_FAULTS happen. Each library has an engine of its own, fed with the same text. */
#ifndef GPUBENCH_CUDASIM_FAULTS_ENGINE_HPP
#define GPUBENCH_CUDASIM_FAULTS_ENGINE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "gate.hpp"
#include "rules.hpp"

namespace cudasim::faults {

constexpr int32_t device_unavailable = 46;
constexpr int32_t ecc_uncorrectable = 214;

/* What a kernel does instead of running. */
struct KernelFault {
    bool hangs = false;
    int32_t code = 0; /* 0: nothing */
    const char *why = "";
};

/*
 * The rules are read at the first call and never change. Nothing in here is asked while the environment asks for no
 * faults. Any thread; never destroyed.
 */
class Engine {
public:
    static Engine &get();

    /* Whether there is a text, be it nonsense. */
    bool is_on() const { return on_; }
    const Rules &rules() const { return rules_; }

    /* At the beginning of a call: what it has to return instead of its own result, 0 for nothing; `why` stays. */
    int32_t judge(const gate::Call &call, const char *&why);

    /* The clock of all times begins; again and again, if need be. */
    void start();
    int64_t elapsed() const; /* nanoseconds since then; negative before */

    bool is_lost() const { return lost_.load(); }
    bool is_out_of_memory(size_t bytes) const { return bytes >= rules_.least_refused_bytes; }
    KernelFault next_kernel();

    /* What the device's clock shows at a moment of the monotonic clock. */
    int64_t device_nanos(int64_t now) const
    {
        auto percent = static_cast<int64_t>(rules_.clock_percent);
        return now / 100 * percent + now % 100 * percent / 100;
    }

    /* Returns as a copy between host and device may end that began at a moment of the monotonic clock; or on stop. */
    void pass_link(size_t bytes, int64_t began, const std::atomic<bool> &stop) const;

private:
    Engine();

    bool on_ = false;
    Rules rules_;
    std::string refused_; /* why there are no rules */
    std::unique_ptr<std::atomic<uint64_t>[]> matches_; /* of each failure */
    std::atomic<uint64_t> kernels_{0};
    std::atomic<int64_t> started_{-1};
    std::mutex mutex_; /* one strike after the other */
    bool struck_by_ecc_ = false;
    std::atomic<bool> lost_{false};

    void strike_at(const gate::Call &call);
    void strike(const Strike &strike, int32_t code);
    void watch_clock(const Strike &strike, int32_t code);
};

} // namespace cudasim::faults

#endif
