/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who did what when, as the checker numbers it. Time is a number of the context that grows with each event that can order
 * others. A stamp says when an access was made, and by whom; a clock says what is known of others.
 */
#ifndef GPUBENCH_CUDASIM_CLOCK_HPP
#define GPUBENCH_CUDASIM_CLOCK_HPP

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace cudasim {

/* From the top: time, the slot of the block (0: a copy or fill), thread, bytes of the granule, how. */
using Stamp = uint64_t;
constexpr uint32_t stamp_bytes_shift = 2;
constexpr uint32_t stamp_thread_shift = 10;
constexpr uint32_t stamp_slot_shift = 20;
constexpr uint32_t stamp_time_shift = 29;
constexpr uint32_t stamp_slots = 1u << (stamp_time_shift - stamp_slot_shift);
constexpr Stamp stamp_write = 1;
constexpr Stamp stamp_atomic = 2;
constexpr Stamp stamp_all_bytes = Stamp{0xff} << stamp_bytes_shift;
constexpr Stamp stamp_identity = ~Stamp{0} << stamp_thread_shift; /* time, slot, thread */
constexpr Stamp stamp_party = stamp_identity & ((Stamp{1} << stamp_time_shift) - 1);

constexpr Stamp stamp_of(uint64_t time, uint32_t slot, uint32_t thread)
{
    return time << stamp_time_shift | Stamp{slot} << stamp_slot_shift | Stamp{thread} << stamp_thread_shift;
}
constexpr uint64_t time_of(Stamp stamp) { return stamp >> stamp_time_shift; }
constexpr uint32_t slot_of(Stamp stamp) { return stamp >> stamp_slot_shift & (stamp_slots - 1); }
constexpr uint32_t thread_of(Stamp stamp) { return stamp >> stamp_thread_shift & 1023; }

/* All that a block, a warp or a thread did from one time up to another. */
struct Known {
    uint32_t who;
    uint64_t from; /* the start of the block that had the slot */
    uint64_t until;

    static uint32_t block(uint32_t slot) { return slot << 12; }
    static uint32_t warp(uint32_t slot, uint32_t number) { return slot << 12 | (1025 + number); }
    static uint32_t thread(uint32_t slot, uint32_t number) { return slot << 12 | (1 + number); }
};

class Clock {
public:
    bool empty() const { return all.empty(); }

    void add(const Known &fact)
    {
        if (fact.until <= fact.from) {
            return;
        }
        auto place = std::lower_bound(all.begin(), all.end(), fact, before);
        if (place != all.end() && place->who == fact.who && place->from == fact.from) {
            place->until = std::max(place->until, fact.until);
        } else {
            all.insert(place, fact);
        }
    }

    void add(const Clock &other)
    {
        if (all.empty()) {
            all = other.all;
            return;
        }
        for (const Known &fact : other.all) {
            add(fact);
        }
    }

    bool knows(Stamp stamp) const
    {
        uint32_t slot = slot_of(stamp);
        uint32_t thread = thread_of(stamp);
        uint64_t time = time_of(stamp);
        return knows(Known::block(slot), time) || knows(Known::warp(slot, thread / 32), time) ||
               knows(Known::thread(slot, thread), time);
    }

private:
    static bool before(const Known &a, const Known &b) { return a.who != b.who ? a.who < b.who : a.from < b.from; }

    bool knows(uint32_t who, uint64_t time) const
    {
        auto behind = std::upper_bound(all.begin(), all.end(), Known{who, time, 0}, before);
        return behind != all.begin() && behind[-1].who == who && time < behind[-1].until;
    }

    std::vector<Known> all;
};

/* Shared and never changed, except by its only owner. Null: nothing is known. */
using ClockPointer = std::shared_ptr<Clock>;

inline void join(ClockPointer &into, const ClockPointer &other)
{
    if (other == nullptr || other == into) {
        return;
    }
    if (into == nullptr) {
        into = other;
        return;
    }
    if (into.use_count() != 1) {
        into = std::make_shared<Clock>(*into);
    }
    into->add(*other);
}

} // namespace cudasim

#endif
