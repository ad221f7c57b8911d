/* SPDX-License-Identifier: Apache-2.0 */
#include "block.hpp"
#include "crew.hpp"
#include "image.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>

#include <time.h>

namespace cudasim {
namespace {

const char no_slot[] = "too many blocks at once for checked mode";

/* The calling thread's turn at the shadow, if the launch is checked. */
class Turn {
public:
    explicit Turn(const Grid &grid) : shadow(grid.shadow)
    {
        if (shadow != nullptr) {
            shadow->turnstile.lock();
        }
    }
    ~Turn()
    {
        if (shadow != nullptr) {
            shadow->turnstile.unlock();
        }
    }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;

    void offer() const
    {
        if (shadow != nullptr && shadow->turnstile.is_wanted()) {
            shadow->turnstile.unlock();
            shadow->turnstile.lock();
        }
    }

private:
    Shadow *const shadow;
};

Report run_in_turn(Grid &grid)
{
    const Launch &launch = grid.launch;
    Turn turn(grid);
    auto block = std::make_unique<Block>(grid);
    if (!block->is_ready()) {
        return {Code::failed, no_slot};
    }
    for (uint32_t z = 0; z < launch.grid.z; z++) {
        for (uint32_t y = 0; y < launch.grid.y; y++) {
            for (uint32_t x = 0; x < launch.grid.x; x++) {
                if (grid.ending()) {
                    return {};
                }
                turn.offer();
                poison_shared_memory(*launch.kernel, launch.dynamic_shared_bytes);
                if (!block->run({x, y, z})) {
                    return block->report();
                }
            }
        }
    }
    return {};
}

Report run_at_once(Grid &grid)
{
    const Launch &launch = grid.launch;
    uint32_t blocks = launch.grid.x * launch.grid.y * launch.grid.z;
    std::mutex mutex;
    Report report;
    bool started = run_together(blocks, [&](uint32_t number) {
        Turn turn(grid);
        auto block = std::make_unique<Block>(grid);
        poison_shared_memory(*launch.kernel, launch.dynamic_shared_bytes);
        uint32_t x = launch.grid.x;
        uint32_t y = launch.grid.y;
        if (!block->is_ready() || !block->run({number % x, number / x % y, number / x / y})) {
            std::lock_guard<std::mutex> lock(mutex);
            if (report.empty()) {
                report = block->is_ready() ? block->report() : Report{Code::failed, no_slot};
            }
            grid.abandoned.store(true, std::memory_order_relaxed);
        }
    });
    if (!started) {
        return {Code::failed, "no thread for each of the " + std::to_string(blocks) + " blocks of a cooperative grid"};
    }
    return report;
}

constexpr uint64_t default_watchdog_seconds = 60;
constexpr uint64_t longest_watchdog_seconds = 1000000;

/* What is no such number counts as none. */
uint64_t watchdog_seconds()
{
    const char *text = std::getenv("GPUBENCH_SIM_WATCHDOG");
    if (text == nullptr || *text < '0' || *text > '9') {
        return default_watchdog_seconds;
    }
    return std::min<uint64_t>(std::strtoull(text, nullptr, 10), longest_watchdog_seconds);
}

} // namespace

Report run_grid(const Launch &launch, void *const *arguments, const std::atomic<bool> &stop)
{
    Grid grid{launch, arguments, stop};
    if ((launch.checker != nullptr) != (checked_image(*launch.kernel).lines != nullptr)) {
        return {Code::failed, "kernel " + launch.kernel->name + ": a checked image needs a checker, and a plain one none"};
    }
    if (launch.checker == nullptr) {
        return launch.cooperative ? run_at_once(grid) : run_in_turn(grid);
    }
    grid.shadow = &launch.checker->shadow();
    grid.watchdog_seconds = watchdog_seconds();
    if (grid.watchdog_seconds != 0) {
        timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        grid.deadline_nanos = (now.tv_sec + static_cast<int64_t>(grid.watchdog_seconds)) * 1000000000 + now.tv_nsec;
    }
    {
        Turn turn(grid);
        grid.undertaking = grid.shadow->begin(launch);
    }
    Report report = launch.cooperative ? run_at_once(grid) : run_in_turn(grid);
    Turn turn(grid);
    grid.shadow->end(grid.undertaking);
    return report;
}

} // namespace cudasim
