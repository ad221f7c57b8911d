/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where every call of an exported function of libcuda and libnvidia-ml comes in: knows the function's name, numbers the
 * call and traces it. Functions that only explain errors do not come here. Each library has a gate of its own.
 */
#ifndef GPUBENCH_CUDASIM_GATE_HPP
#define GPUBENCH_CUDASIM_GATE_HPP

#include <atomic>
#include <cstdint>
#include <string>

namespace cudasim::gate {

/* What the library calls its calls, such as "cuda"; each library defines it. */
extern const char *const api;

/* One call of a thread. Numbers begin with 1 and count the calls of the process through this library. */
struct Call {
    const char *function = nullptr; /* null: the thread has made no call */
    uint64_t number = 0;
};

extern std::atomic<uint64_t> calls;
extern thread_local Call current;

/* The calling thread's last call, "cuMemFree_v2, call 17"; "no call" if it has made none. */
std::string current_call();

/* Whether anyone wants to know of calls: decided by the environment at the first one. */
enum class Watch : int { undecided, none, some };
extern std::atomic<Watch> watch;
bool decide_watch();

inline bool is_watched()
{
    Watch decided = watch.load(std::memory_order_relaxed);
    return decided == Watch::undecided ? decide_watch() : decided == Watch::some;
}

void trace_end(Call call, int32_t result);

/*
 * Runs the body of an exported function, whose results are of the enumeration `Result`. Functions do not name
 * themselves: __builtin_FUNCTION(), as default argument of a function, is the name of the one that calls it, and every
 * helper between hands it on. The exports test finds those that have been forgotten.
 */
template <typename Result, typename Body> Result pass(Body &&body, const char *function)
{
    const Call call{function, calls.fetch_add(1, std::memory_order_relaxed) + 1};
    current = call;
    if (!is_watched()) {
        return body();
    }
    Result result = body();
    trace_end(call, static_cast<int32_t>(result));
    return result;
}

} // namespace cudasim::gate

#endif
