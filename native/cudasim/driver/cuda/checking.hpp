/* SPDX-License-Identifier: Apache-2.0 */
/* What checked mode adds to a context. */
#ifndef GPUBENCH_CUDASIM_CUDA_CHECKING_HPP
#define GPUBENCH_CUDASIM_CUDA_CHECKING_HPP

#include "host_side.hpp"
#include "order.hpp"
#include "patience.hpp"

namespace cudasim::driver {

/* Owned by the context, which has none in plain mode. Outlives all operations. Any thread. */
struct Checking {
    explicit Checking(const Memory &its_memory) : memory(its_memory), host(its_memory, checker) {}

    const Memory &memory;
    Order order;
    Checker checker{order};
    HostSide host;
    Patience patience;
};

} // namespace cudasim::driver

#endif
