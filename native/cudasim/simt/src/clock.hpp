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

    static constexpr uint32_t slot_shift = 12;
    static uint32_t block(uint32_t slot) { return slot << slot_shift; }
    static uint32_t warp(uint32_t slot, uint32_t number) { return slot << slot_shift | (1025 + number); }
    static uint32_t thread(uint32_t slot, uint32_t number) { return slot << slot_shift | (1 + number); }
};

/* What is known of one block while it has a slot: facts by who did it, each only if no broader one says as much. */
class Piece {
public:
    /* False: that is known already. */
    bool add(uint32_t who, uint64_t until)
    {
        if (knows(who, until)) {
            return false;
        }
        uint32_t number = who & members_mask;
        if (number == 0 || number >= first_warp) {
            /* It may say all that others do. */
            all.erase(std::remove_if(all.begin(), all.end(),
                          [&](const Fact &it) {
                              return it.until <= until && (number == 0 || it.number == number || is_in(it.number, number));
                          }),
                all.end());
        }
        auto place = std::lower_bound(all.begin(), all.end(), number, before);
        if (place != all.end() && place->number == number) {
            place->until = until;
        } else {
            all.insert(place, {until, number});
        }
        return true;
    }

    bool add(const Piece &other)
    {
        bool changed = false;
        for (const Fact &it : other.all) {
            changed |= add(it.number, it.until);
        }
        return changed;
    }

    bool covers(const Piece &other) const
    {
        return std::all_of(
            other.all.begin(), other.all.end(), [&](const Fact &it) { return knows(it.number, it.until); });
    }

    /* All that this one did before that time. */
    bool knows(uint32_t who, uint64_t until) const
    {
        uint32_t number = who & members_mask;
        return until <= until_of(0) || until <= until_of(number) ||
               (number != 0 && number < first_warp && until <= until_of(warp_of(number)));
    }

private:
    struct Fact {
        uint64_t until;
        uint32_t number;
    };
    static constexpr uint32_t members_mask = (1u << Known::slot_shift) - 1;
    static constexpr uint32_t first_warp = 1025;
    static uint32_t warp_of(uint32_t thread) { return first_warp + (thread - 1) / 32; }
    static bool is_in(uint32_t number, uint32_t warp)
    {
        return number != 0 && number < first_warp && warp_of(number) == warp;
    }
    static bool before(const Fact &fact, uint32_t number) { return fact.number < number; }

    uint64_t until_of(uint32_t number) const
    {
        auto place = std::lower_bound(all.begin(), all.end(), number, before);
        return place != all.end() && place->number == number ? place->until : 0;
    }

    std::vector<Fact> all;
};

/*
 * Clocks of words that all threads of a grid write come to name every block, and each reader keeps the one that it has
 * seen: so they share the pieces, and nothing is copied that does not change.
 */
class Clock {
public:
    bool empty() const { return all.empty(); }

    void add(const Known &fact)
    {
        if (fact.until <= fact.from) {
            return;
        }
        Part key{fact.who >> Known::slot_shift, fact.from, nullptr};
        auto place = std::lower_bound(all.begin(), all.end(), key, before);
        if (place == all.end() || before(key, *place)) {
            key.piece = std::make_shared<Piece>();
            key.piece->add(fact.who, fact.until);
            all.insert(place, std::move(key));
        } else if (!place->piece->knows(fact.who, fact.until)) {
            own(*place).add(fact.who, fact.until);
        }
    }

    void add(const Clock &other)
    {
        if (all.empty()) {
            all = other.all;
            return;
        }
        auto place = all.begin();
        for (const Part &part : other.all) {
            place = std::lower_bound(place, all.end(), part, before);
            if (place == all.end() || before(part, *place)) {
                place = all.insert(place, part);
            } else if (place->piece != part.piece && !place->piece->covers(*part.piece)) {
                if (part.piece->covers(*place->piece)) {
                    place->piece = part.piece;
                } else {
                    own(*place).add(*part.piece);
                }
            }
        }
    }

    bool covers(const Clock &other) const
    {
        if (other.all.size() > all.size()) {
            return false;
        }
        auto place = all.begin();
        for (const Part &part : other.all) {
            place = std::lower_bound(place, all.end(), part, before);
            if (place == all.end() || before(part, *place) ||
                (place->piece != part.piece && !place->piece->covers(*part.piece))) {
                return false;
            }
        }
        return true;
    }

    bool knows(Stamp stamp) const
    {
        uint64_t time = time_of(stamp);
        uint32_t slot = slot_of(stamp);
        auto behind = std::upper_bound(all.begin(), all.end(), Part{slot, time, nullptr}, before);
        return behind != all.begin() && behind[-1].slot == slot &&
               behind[-1].piece->knows(Known::thread(slot, thread_of(stamp)), time + 1);
    }

private:
    struct Part {
        uint32_t slot;
        uint64_t from;
        std::shared_ptr<Piece> piece; /* shared and never changed, except by its only owner */
    };
    static bool before(const Part &a, const Part &b) { return a.slot != b.slot ? a.slot < b.slot : a.from < b.from; }

    static Piece &own(Part &part)
    {
        if (part.piece.use_count() != 1) {
            part.piece = std::make_shared<Piece>(*part.piece);
        }
        return *part.piece;
    }

    std::vector<Part> all;
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
    if (into->covers(*other)) {
        return;
    }
    if (other->covers(*into)) {
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
