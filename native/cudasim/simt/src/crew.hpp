/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads of the system for the blocks of cooperative grids, which all run at once. They belong to the process, sleep
 * between grids and never end, since starting one costs more than a small grid.
 */
#ifndef GPUBENCH_CUDASIM_CREW_HPP
#define GPUBENCH_CUDASIM_CREW_HPP

#include <cstdint>
#include <functional>

namespace cudasim {

/* task(0) on the calling thread, the others up to task(parts - 1) each on one of its own, all at once. False: too few threads. */
bool run_together(uint32_t parts, const std::function<void(uint32_t)> &task);

} // namespace cudasim

#endif
