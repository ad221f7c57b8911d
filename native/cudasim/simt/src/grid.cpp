/* SPDX-License-Identifier: Apache-2.0 */
#include "block.hpp"
#include "crew.hpp"
#include "image.hpp"

#include <memory>
#include <mutex>

namespace cudasim {
namespace {

Report run_in_turn(Grid &grid)
{
    const Launch &launch = grid.launch;
    auto block = std::make_unique<Block>(grid);
    for (uint32_t z = 0; z < launch.grid.z; z++) {
        for (uint32_t y = 0; y < launch.grid.y; y++) {
            for (uint32_t x = 0; x < launch.grid.x; x++) {
                if (grid.ending()) {
                    return {};
                }
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
        auto block = std::make_unique<Block>(grid);
        poison_shared_memory(*launch.kernel, launch.dynamic_shared_bytes);
        uint32_t x = launch.grid.x;
        uint32_t y = launch.grid.y;
        if (!block->run({number % x, number / x % y, number / x / y})) {
            std::lock_guard<std::mutex> lock(mutex);
            if (report.empty()) {
                report = block->report();
            }
            grid.abandoned.store(true, std::memory_order_relaxed);
        }
    });
    if (!started) {
        return {Code::failed, "no thread for each of the " + std::to_string(blocks) + " blocks of a cooperative grid"};
    }
    return report;
}

} // namespace

Report run_grid(const Launch &launch, void *const *arguments, const std::atomic<bool> &stop)
{
    Grid grid{launch, arguments, stop};
    return launch.cooperative ? run_at_once(grid) : run_in_turn(grid);
}

} // namespace cudasim
