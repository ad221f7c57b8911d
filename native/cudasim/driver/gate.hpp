/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where every call of an exported function of libcuda and libnvidia-ml comes in: knows the function's name, numbers the
 * call, traces it, and makes it fail where a fault script says so. Functions that only explain errors do not come here.
 * Each library has a gate of its own.
 */
#ifndef GPUBENCH_CUDASIM_GATE_HPP
#define GPUBENCH_CUDASIM_GATE_HPP

#include <atomic>
#include <cstdint>
#include <string>

namespace cudasim::gate {

/* What distinguishes the two libraries; each defines its own. */
struct Library {
    const char *api;         /* "cuda" */
    const char *initializer; /* the function that refuses a fault script which is not understood */
    int32_t invalid_value;   /* with this */
    /* Breaks the context, or the next one, with a code and its text. Null: this library has none. */
    void (*strike)(int32_t code, const std::string &text);
};
extern const Library library;

/* One call of a thread. Numbers begin with 1 and count the calls of the process through this library. */
struct Call {
    const char *function = nullptr; /* null: the thread has made no call */
    uint64_t number = 0;
};

extern std::atomic<uint64_t> calls;
extern thread_local Call current; /* the calling thread's last one */

/* Why the calling thread's last call had to fail with that code; null if it did so by itself, or not at all. */
const char *why_failed(int32_t code);
/* Says why its present call is about to fail with that code, in words that stay. */
void explain(int32_t code, const char *why);

/* Whether anyone wants to know of calls: decided by the environment at the first one. */
enum class Watch : int { undecided, none, some };
extern std::atomic<Watch> watch;
bool decide_watch();

inline bool is_watched()
{
    Watch decided = watch.load(std::memory_order_relaxed);
    return decided == Watch::undecided ? decide_watch() : decided == Watch::some;
}

/* What a call does on a device that has been lost: nothing, or its work, as releasing things must. Either way it fails. */
enum class OnLoss { refuse, work };

/* What a call has to return; 0 for its own result. */
struct Verdict {
    int32_t code;
    bool works;
};
Verdict begin(const Call &call, OnLoss on_loss);
void end(const Call &call, int32_t result);

/*
 * Runs the body of an exported function, whose results are of the enumeration `Result`. Functions do not name
 * themselves: __builtin_FUNCTION(), as default argument of a function, is the name of the one that calls it, and every
 * helper between hands it on. The exports test finds those that have been forgotten.
 */
template <typename Result, typename Body>
Result pass(Body &&body, const char *function, OnLoss on_loss = OnLoss::refuse)
{
    const Call call{function, calls.fetch_add(1, std::memory_order_relaxed) + 1};
    current = call;
    if (!is_watched()) {
        return body();
    }
    Verdict verdict = begin(call, on_loss);
    Result result = verdict.works ? body() : static_cast<Result>(verdict.code);
    if (verdict.code != 0) {
        result = static_cast<Result>(verdict.code);
    }
    end(call, static_cast<int32_t>(result));
    return result;
}

} // namespace cudasim::gate

#endif
