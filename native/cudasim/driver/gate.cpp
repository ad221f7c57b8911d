/* SPDX-License-Identifier: Apache-2.0 */
#include "gate.hpp"

#include "faults/engine.hpp"
#include "trace.hpp"

namespace cudasim::gate {

std::atomic<uint64_t> calls{0};
thread_local Call current;
std::atomic<Watch> watch{Watch::undecided};

namespace {

struct Failure {
    int32_t code = 0;
    const char *why = nullptr;
};
thread_local Failure last_failure;

} // namespace

const char *why_failed(int32_t code)
{
    return code != 0 && last_failure.code == code ? last_failure.why : nullptr;
}

void explain(int32_t code, const char *why)
{
    last_failure = {code, why};
}

bool decide_watch()
{
    bool wanted = Trace::get().is_on() || faults::Engine::get().is_on();
    watch.store(wanted ? Watch::some : Watch::none, std::memory_order_relaxed);
    return wanted;
}

Verdict begin(const Call &call, OnLoss on_loss)
{
    last_failure.code = 0;
    faults::Engine &engine = faults::Engine::get();
    if (!engine.is_on()) {
        return {0, true};
    }
    const char *why = nullptr;
    int32_t code = engine.judge(call, why);
    bool works = code == 0;
    if (works && library.strike != nullptr && engine.is_lost()) {
        code = faults::device_unavailable;
        works = on_loss == OnLoss::work;
        why = engine.rules().lost.why.c_str();
    }
    if (code != 0) {
        explain(code, why);
    }
    return {code, works};
}

void end(const Call &call, int32_t result)
{
    if (Trace::get().is_on()) {
        Trace::get().write(library.api, call.number, call.function, result);
    }
}

} // namespace cudasim::gate
