/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who did what when, as the checker numbers it. Time is a number of the context that grows with each event that can order
 * others. A stamp says when an access was made, and by whom; a clock says what is known of others.
 */
#ifndef GPUBENCH_CUDASIM_CLOCK_HPP
#define GPUBENCH_CUDASIM_CLOCK_HPP

#include <algorithm>
#include <cstdint>
#include <iterator>
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
 * seen. So clocks share their pieces, and the long list of those that have not changed lately; what is in the short one
 * stands for what the long one has of the same block.
 */
class Clock {
public:
    bool empty() const { return recent.empty() && older == nullptr; }

    void add(const Known &fact)
    {
        if (fact.until <= fact.from) {
            return;
        }
        Part key{fact.who >> Known::slot_shift, fact.from, nullptr};
        const Part *found = find(key);
        if (found == nullptr || !found->piece->knows(fact.who, fact.until)) {
            own(key, found).add(fact.who, fact.until);
        }
    }

    void add(const Clock &other)
    {
        if (empty()) {
            *this = other;
            return;
        }
        if (other.older != older && other.older != nullptr) {
            add(*other.older);
        }
        add(other.recent);
    }

    bool covers(const Clock &other) const
    {
        auto has = [&](const Part &part) {
            const Part *found = find(part);
            return found != nullptr && covers(*found, part);
        };
        return std::all_of(other.recent.begin(), other.recent.end(), has) &&
               (other.older == nullptr || other.older == older ||
                   std::all_of(other.older->begin(), other.older->end(), has));
    }

    bool knows(Stamp stamp) const { return knows(recent, stamp) || (older != nullptr && knows(*older, stamp)); }

private:
    struct Part {
        uint32_t slot;
        uint64_t from;
        std::shared_ptr<Piece> piece; /* shared and never changed, except by its only owner */
    };
    using Parts = std::vector<Part>; /* in order */
    static constexpr size_t many = 64;

    static bool before(const Part &a, const Part &b) { return a.slot != b.slot ? a.slot < b.slot : a.from < b.from; }

    static bool covers(const Part &a, const Part &b) { return a.piece == b.piece || a.piece->covers(*b.piece); }

    static bool knows(const Parts &parts, Stamp stamp)
    {
        uint64_t time = time_of(stamp);
        uint32_t slot = slot_of(stamp);
        auto behind = std::upper_bound(parts.begin(), parts.end(), Part{slot, time, nullptr}, before);
        return behind != parts.begin() && behind[-1].slot == slot &&
               behind[-1].piece->knows(Known::thread(slot, thread_of(stamp)), time + 1);
    }

    static const Part *find(const Parts &parts, const Part &key)
    {
        auto place = std::lower_bound(parts.begin(), parts.end(), key, before);
        return place != parts.end() && !before(key, *place) ? &*place : nullptr;
    }

    const Part *find(const Part &key) const
    {
        const Part *found = find(recent, key);
        return found != nullptr || older == nullptr ? found : find(*older, key);
    }

    void add(const Parts &parts)
    {
        for (const Part &part : parts) {
            const Part *found = find(part);
            if (found != nullptr && covers(*found, part)) {
                continue;
            }
            if (found == nullptr || covers(part, *found)) {
                set(part);
            } else {
                own(part, found).add(*part.piece);
            }
        }
    }

    void set(const Part &part)
    {
        auto place = std::lower_bound(recent.begin(), recent.end(), part, before);
        if (place != recent.end() && !before(part, *place)) {
            place->piece = part.piece;
            return;
        }
        if (recent.size() == many) {
            settle();
            place = recent.begin();
        }
        recent.insert(place, part);
    }

    /* A piece to change: that of the short list, if nobody else has it. */
    Piece &own(const Part &key, const Part *found)
    {
        if (found != nullptr && found->piece.use_count() == 1 && found >= recent.data() &&
            found < recent.data() + recent.size()) {
            return *found->piece;
        }
        Part part{key.slot, key.from, found == nullptr ? std::make_shared<Piece>() : std::make_shared<Piece>(*found->piece)};
        set(part);
        return *part.piece;
    }

    /* The short list goes into a new long one. */
    void settle()
    {
        auto all = std::make_shared<Parts>();
        if (older == nullptr) {
            all->swap(recent);
        } else {
            all->reserve(older->size() + recent.size());
            std::set_union(recent.begin(), recent.end(), older->begin(), older->end(), std::back_inserter(*all), before);
            recent.clear();
        }
        older = std::move(all);
    }

    std::shared_ptr<const Parts> older;
    Parts recent;
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
