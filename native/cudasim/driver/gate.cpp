/* SPDX-License-Identifier: Apache-2.0 */
#include "gate.hpp"

#include "trace.hpp"

namespace cudasim::gate {

std::atomic<uint64_t> calls{0};
thread_local Call current;
std::atomic<Watch> watch{Watch::undecided};

std::string current_call()
{
    const Call call = current;
    return call.function == nullptr ? "no call" : call.function + (", call " + std::to_string(call.number));
}

bool decide_watch()
{
    bool wanted = Trace::get().is_on();
    watch.store(wanted ? Watch::some : Watch::none, std::memory_order_relaxed);
    return wanted;
}

void trace_end(Call call, int32_t result)
{
    Trace::get().write(api, call.number, call.function, result);
}

} // namespace cudasim::gate
