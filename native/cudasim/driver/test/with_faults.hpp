/* SPDX-License-Identifier: Apache-2.0 */
/* A case under a fault script is a process of its own, since a script is read once. */
#ifndef GPUBENCH_CUDASIM_WITH_FAULTS_HPP
#define GPUBENCH_CUDASIM_WITH_FAULTS_HPP

#include <functional>

#include "child.hpp"
#include "cuda_test.hpp"

namespace cudasim::test {

/* Then checks that the process has left nothing behind. */
inline void with_faults(const char *faults, const std::function<void()> &body)
{
    TraceFile trace;
    setenv("GPUBENCH_SIM_FAULTS", faults, 1);
    in_a_child(body);
    std::vector<std::string> lines = trace.lines();
    CHECK(!lines.empty() && lines.back() == nothing_left, "%s: %s", faults, lines.back().c_str());
}

} // namespace cudasim::test

#endif
