/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace cudasim::faults {

namespace {

constexpr int64_t last_nanos_spun = 50000;      /* sleeping is not more precise than that */
constexpr int64_t longest_sleep_nanos = 1000000; /* between looks at whether to stop */
constexpr double longest_copy_nanos = 1e18;

int64_t now()
{
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<int64_t>(time.tv_sec) * 1000000000 + time.tv_nsec;
}

void sleep(int64_t nanos)
{
    timespec time = {nanos / 1000000000, nanos % 1000000000};
    nanosleep(&time, nullptr);
}

bool matches(const Failure &failure, const gate::Call &call)
{
    switch (failure.of) {
    case Failure::Of::cuda:
    case Failure::Of::nvml:
        return failure.function == gate::library.api && (failure.number == 0 || failure.number == call.number);
    case Failure::Of::function:
        return failure.function == call.function;
    case Failure::Of::kernel:
        break;
    }
    return false;
}

} // namespace

Engine &Engine::get()
{
    static Engine &engine = *new Engine;
    return engine;
}

Engine::Engine()
{
    const char *text = std::getenv("GPUBENCH_SIM_FAULTS");
    on_ = text != nullptr && *text != '\0';
    if (on_) {
        read(text, rules_, refused_);
        matches_ = std::make_unique<std::atomic<uint64_t>[]>(rules_.failures.size());
    }
}

int32_t Engine::judge(const gate::Call &call, const char *&why)
{
    if (!refused_.empty() && std::strcmp(call.function, gate::library.initializer) == 0) {
        why = refused_.c_str();
        return gate::library.invalid_value;
    }
    int32_t code = 0;
    for (size_t i = 0; i < rules_.failures.size(); i++) {
        const Failure &failure = rules_.failures[i];
        if (!matches(failure, call)) {
            continue;
        }
        bool counts = failure.of == Failure::Of::function && failure.number != 0;
        bool meant = !counts || matches_[i].fetch_add(1) + 1 == failure.number;
        if (meant && code == 0) {
            code = failure.code;
            why = failure.why.c_str();
        }
    }
    strike_at(call);
    return code;
}

void Engine::start()
{
    int64_t never = -1;
    if (!started_.compare_exchange_strong(never, now()) || gate::library.strike == nullptr) {
        return;
    }
    watch_clock(rules_.lost, device_unavailable);
    watch_clock(rules_.ecc, ecc_uncorrectable);
}

int64_t Engine::elapsed() const
{
    int64_t started = started_.load();
    return started < 0 ? -1 : now() - started;
}

/* A thread, since whoever waits for the device has to learn of its loss; none keeps the process from ending. */
void Engine::watch_clock(const Strike &strike_later, int32_t code)
{
    if (!strike_later.wanted || strike_later.call != 0 || strike_later.nvml_alone) {
        return;
    }
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        std::thread([this, &strike_later, code] {
            pthread_setname_np(pthread_self(), "cudasim-fault");
            int64_t end = started_.load() + strike_later.nanos;
            for (int64_t rest = end - now(); rest > 0; rest = end - now()) {
                sleep(rest);
            }
            strike(strike_later, code);
        }).detach();
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Engine::strike_at(const gate::Call &call)
{
    if (gate::library.strike == nullptr) {
        return;
    }
    if (rules_.lost.call != 0 && call.number >= rules_.lost.call && !lost_.load()) {
        strike(rules_.lost, device_unavailable);
    }
    if (rules_.ecc.call != 0 && call.number >= rules_.ecc.call) {
        strike(rules_.ecc, ecc_uncorrectable);
    }
}

void Engine::strike(const Strike &rule, int32_t code)
{
    bool loss = code == device_unavailable;
    std::lock_guard lock(mutex_);
    if (loss ? lost_.load() : struck_by_ecc_) {
        return;
    }
    /* The context first, so that nothing works any more that began before the loss was known. */
    gate::library.strike(code, rule.why);
    if (loss) {
        lost_.store(true);
    } else {
        struck_by_ecc_ = true;
    }
}

KernelFault Engine::next_kernel()
{
    uint64_t number = kernels_.fetch_add(1) + 1;
    KernelFault fault;
    fault.hangs = number == rules_.hanging_kernel;
    for (const Failure &failure : rules_.failures) {
        if (failure.of == Failure::Of::kernel && (failure.number == 0 || failure.number == number)) {
            fault.code = failure.code;
            fault.why = failure.why.c_str();
            break;
        }
    }
    return fault;
}

void Engine::pass_link(size_t bytes, int64_t began, const std::atomic<bool> &stop) const
{
    if (rules_.link.bytes_per_second == 0) {
        return;
    }
    double seconds = static_cast<double>(bytes) / static_cast<double>(rules_.link.bytes_per_second);
    auto nanos = static_cast<int64_t>(std::min(seconds * 1e9, longest_copy_nanos));
    int64_t end = began + rules_.link.latency_nanos + nanos;
    for (int64_t rest = end - now(); rest > 0 && !stop.load(std::memory_order_relaxed); rest = end - now()) {
        if (rest > last_nanos_spun) {
            sleep(std::min(rest - last_nanos_spun, longest_sleep_nanos));
        }
    }
}

} // namespace cudasim::faults
