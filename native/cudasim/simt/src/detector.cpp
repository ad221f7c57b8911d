/* SPDX-License-Identifier: Apache-2.0 */
#include "detector.hpp"

#include <cstring>

namespace cudasim {

using namespace gpubench_simt;

Detector::Detector(Shadow &its_shadow, const Launch &its_launch, uint64_t its_undertaking, uint32_t its_slot)
    : shadow(its_shadow), launch(its_launch), image(checked_image(*launch.kernel)), undertaking(its_undertaking),
      slot(its_slot), threads(launch.block.x * launch.block.y * launch.block.z), knowledge(threads)
{
    settled = shadow.undertaking(undertaking).settled;
}

Detector::~Detector()
{
    for (uintptr_t word : shared_words) {
        shadow.clocks.erase(word);
    }
    shadow.return_slot(slot);
}

void Detector::begin(const uint32_t (&block_index)[3])
{
    for (uintptr_t word : shared_words) {
        shadow.clocks.erase(word);
    }
    shared_words.clear();
    start = base = shadow.tick();
    run = shadow.next_run();
    shadow.enter(slot, {start, undertaking, {block_index[0], block_index[1], block_index[2]}});
    shared = shared_memory(*launch.kernel);
    dynamic_end = shared.dynamic_offset + launch.dynamic_shared_bytes;
    dynamic_limit = shared.dynamic_offset + dynamic_shared_capacity;
    shared_lines = shadow.shared_lines(slot, shared.bytes);
    for (uint32_t i = 0; i * warp_lanes < threads; i++) {
        warps[i].base = start;
        warps[i].all = ~uint32_t{0} >> (warp_lanes - std::min(threads - i * warp_lanes, warp_lanes));
        warps[i].partly = false;
    }
    if (talks) {
        std::fill(knowledge.begin(), knowledge.end(), Knowledge{});
        common = {};
        talks = false;
    }
    fences = 0;
}

/* ---- order */

/* Whether it is plain to see. */
inline bool Detector::clearly_ordered(const Fiber &self, Stamp old) const
{
    uint64_t time = time_of(old);
    if (slot_of(old) != slot || time < start) {
        return time < settled;
    }
    uint32_t thread = thread_of(old);
    if (time < base || thread == self.number) {
        return true;
    }
    if (thread / warp_lanes == self.number / warp_lanes) {
        const Lanes &lanes = warps[thread / warp_lanes];
        if (time < lanes.base || (lanes.partly && time < (*lanes.seen)[self.lane][thread % warp_lanes])) {
            return true;
        }
    }
    return false;
}

bool Detector::ordered_elsewhere(const Fiber &self, Stamp old)
{
    bool is_own = slot_of(old) == slot && time_of(old) >= start;
    return (!is_own && shadow.precedes(old, undertaking)) || (talks && knows(self, old));
}

bool Detector::knows(const Fiber &self, Stamp old) const
{
    const ClockPointer &own = knowledge[self.number].known;
    return (own != nullptr && own->knows(old)) || (common.known != nullptr && common.known->knows(old));
}

void Detector::meet(uint32_t arrived)
{
    uint64_t before = base;
    base = shadow.tick();
    if (!talks) {
        return;
    }
    if (fences >= arrived) {
        common.fence = base; /* whatever was before the barrier */
    }
    auto facts = std::make_shared<Clock>();
    for (uint32_t i = 0; i < threads; i++) {
        Knowledge &its = knowledge[i];
        join(common.known, its.known);
        join(common.pending, its.pending);
        join(common.fenced, its.fenced);
        common.fence = std::max(common.fence, its.fence_base);
        if (its.fence > before && common.fence != base) {
            facts->add({Known::thread(slot, i), start, its.fence});
            facts->add({Known::warp(slot, i / warp_lanes), start, its.fence_lanes});
        }
        its = {};
    }
    if (!facts->empty()) {
        join(common.fenced, facts);
    }
    fences = 0;
}

void Detector::end(const Fiber &self)
{
    fences -= talks && knowledge[self.number].fence > base;
}

uint64_t Detector::meet_lanes(uint32_t number, uint32_t mask)
{
    Lanes &lanes = warps[number];
    uint64_t time = shadow.tick();
    if (talks) {
        Knowledge all;
        auto facts = std::make_shared<Clock>();
        auto warp = Known::warp(slot, number);
        for (uint32_t left = mask; left != 0; left &= left - 1) {
            uint32_t thread = number * warp_lanes + static_cast<uint32_t>(__builtin_ctz(left));
            const Knowledge &its = knowledge[thread];
            join(all.known, its.known);
            join(all.pending, its.pending);
            join(all.fenced, its.fenced);
            facts->add({Known::block(slot), start, its.fence_base});
            facts->add({warp, start, its.fence_lanes});
            facts->add({Known::thread(slot, thread), start, its.fence});
        }
        if (!facts->empty()) {
            join(all.fenced, facts);
        }
        for (uint32_t left = mask; left != 0; left &= left - 1) {
            Knowledge &its = knowledge[number * warp_lanes + static_cast<uint32_t>(__builtin_ctz(left))];
            its.known = all.known;
            its.pending = all.pending;
            its.fenced = all.fenced;
        }
    }
    if (mask == lanes.all) {
        lanes.base = time;
        lanes.partly = false;
        return time;
    }
    if (!lanes.partly) {
        if (lanes.seen == nullptr) {
            lanes.seen = std::make_unique<std::array<std::array<uint64_t, 32>, 32>>();
        }
        *lanes.seen = {};
        lanes.partly = true;
    }
    std::array<uint64_t, 32> seen{};
    for (uint32_t left = mask; left != 0; left &= left - 1) {
        const auto &its = (*lanes.seen)[static_cast<uint32_t>(__builtin_ctz(left))];
        for (uint32_t i = 0; i < warp_lanes; i++) {
            seen[i] = mask >> i & 1 ? time : std::max(seen[i], its[i]);
        }
    }
    for (uint32_t left = mask; left != 0; left &= left - 1) {
        (*lanes.seen)[static_cast<uint32_t>(__builtin_ctz(left))] = seen;
    }
    return time;
}

/* From here on, what the thread writes atomically lets others know all that it knows now. */
void Detector::publish(Fiber &self)
{
    Knowledge &its = knowledge[self.number];
    if (its.fence <= base) {
        fences++;
    }
    its.fence = shadow.tick();
    its.fence_base = base;
    const Lanes &lanes = warps[self.number / warp_lanes];
    its.fence_lanes = lanes.base;
    join(its.fenced, its.known);
    join(its.fenced, common.known);
    if (lanes.partly) {
        auto facts = std::make_shared<Clock>();
        for (uint32_t i = 0; i < warp_lanes; i++) {
            uint32_t thread = self.number / warp_lanes * warp_lanes + i;
            facts->add({Known::thread(slot, thread), start, (*lanes.seen)[self.lane][i]});
        }
        if (!facts->empty()) {
            join(its.fenced, facts);
        }
    }
    self.stamp = stamp_of(its.fence, slot, self.number);
    talks = true;
}

void Detector::fence(Fiber &self)
{
    Knowledge &its = knowledge[self.number];
    join(its.known, its.pending);
    join(its.known, common.pending);
    publish(self);
}

ClockPointer Detector::released(const Fiber &self) const
{
    const Knowledge &its = knowledge[self.number];
    auto clock = std::make_shared<Clock>();
    if (its.fenced != nullptr) {
        clock->add(*its.fenced);
    }
    if (common.fenced != nullptr) {
        clock->add(*common.fenced);
    }
    clock->add({Known::thread(slot, self.number), start, its.fence});
    clock->add({Known::warp(slot, self.number / warp_lanes), start, its.fence_lanes});
    clock->add({Known::block(slot), start, std::max(its.fence_base, common.fence)});
    return clock->empty() ? nullptr : clock;
}

/* An atomic access: what it hands on to those who read the word, and what it takes from those who wrote it. */
void Detector::synchronise(Fiber &self, uintptr_t address, uint32_t how)
{
    if (how & access_release) {
        publish(self);
    }
    if (how & access_write) {
        ClockPointer own = talks ? released(self) : nullptr;
        if (own == nullptr) {
            auto found = (how & access_exchange) == 0 ? shadow.clocks.find(address) : shadow.clocks.end();
            if (found != shadow.clocks.end()) {
                found->second = nullptr;
            }
        } else {
            auto word = shadow.clocks.emplace(address, nullptr);
            if (how & access_exchange) {
                join(word.first->second, own);
            } else {
                word.first->second = own;
            }
            if (word.second && address - shared.address < shared.bytes) {
                shared_words.push_back(address);
            }
        }
    }
    if ((how & access_write) == 0 || (how & access_exchange)) {
        auto found = shadow.clocks.find(address);
        if (found != shadow.clocks.end() && found->second != nullptr) {
            Knowledge &its = knowledge[self.number];
            join(its.pending, found->second);
            talks = true;
            if (how & access_acquire) {
                join(its.known, found->second);
            }
        }
    }
}

/* ---- accesses */

/* Of an access: what of it has been written is not asked for. */
constexpr uint32_t with_padding = 1u << 31;

inline Line *Detector::line_of(uintptr_t address)
{
    size_t offset = address - shared.address;
    if (offset >= shared.bytes) {
        return shadow.line(address);
    }
    Line *line = shared_lines + offset / granule_bytes;
    if (line->run != run) {
        *line = {};
        line->owned = 0xff;
        line->run = run;
    }
    return line;
}

/*
 * A write is of more use than a read, and of the least use is one of two readers of a warp: who is in no order with the one
 * is mostly in none with the other, while readers of one warp alone are all in order with a writer of that warp.
 */
int Detector::cell_to_lose(const Line &line, Stamp mine)
{
    auto same_warp = [](Stamp a, Stamp b) {
        return slot_of(a) == slot_of(b) && thread_of(a) / warp_lanes == thread_of(b) / warp_lanes;
    };
    int first = static_cast<int>((time_of(mine) + thread_of(mine)) % Line::cells);
    int reader = -1;
    for (int n = 0; n < Line::cells; n++) {
        int i = (first + n) % Line::cells;
        Stamp old = line.stamp[i];
        if (old & stamp_write) {
            continue;
        }
        bool spoken_for = same_warp(old, mine);
        for (int k = 0; k < Line::cells; k++) {
            spoken_for |= k != i && same_warp(old, line.stamp[k]);
        }
        if (spoken_for) {
            return i;
        }
        reader = reader < 0 ? i : reader;
    }
    return reader >= 0 && (mine & stamp_write) == 0 ? reader : first;
}

inline bool Detector::check_line(
    Line &line, Fiber &self, uint32_t bytes, uint32_t how, const void *from, uintptr_t address)
{
    if (__builtin_expect((bytes & ~uint32_t{line.owned}) != 0, 0)) {
        accusation = {Trouble::out_of_bounds, self.number, from, address, 0, how, 0, 0, 0, 0};
        return false;
    }
    /* Padding is copied with the structure that it is in, so some bytes that were written are enough. */
    if ((how & (access_write | access_exchange)) != access_write && (line.written & bytes) == 0 &&
        (how & with_padding) == 0) {
        accusation = {Trouble::uninitialised, self.number, from, address, 0, how, 0, 0, 0, 0};
        return false;
    }
    Stamp mine = self.stamp | Stamp{bytes} << stamp_bytes_shift | (how & (stamp_write | stamp_atomic));
    int free = -1;
    for (int i = 0; i < Line::cells; i++) {
        Stamp old = line.stamp[i];
        if (old == 0) {
            free = i;
            continue;
        }
        if ((old & mine & stamp_all_bytes) == 0) {
            continue;
        }
        if (((old ^ mine) & stamp_identity) == 0) {
            /* The thread's own, since nothing came in between: all is known already, or this one says more. */
            bool older_says_all = (mine & stamp_all_bytes & ~old) == 0 && (old & stamp_write) >= (mine & stamp_write) &&
                                  (old & stamp_atomic) <= (mine & stamp_atomic);
            if (older_says_all) {
                return true;
            }
            bool newer_says_all = (old & stamp_all_bytes & ~mine) == 0 && (mine & stamp_write) >= (old & stamp_write) &&
                                  (mine & stamp_atomic) <= (old & stamp_atomic);
            if (newer_says_all) {
                line.stamp[i] = 0;
                free = i;
            }
            continue;
        }
        if ((old & mine & stamp_atomic) != 0 && (old & stamp_all_bytes & ~mine) == 0 &&
            (mine & stamp_write) >= (old & stamp_write)) {
            /* Atomic accesses of one word come one after the other, so this one stands for the older one as well. */
            line.stamp[i] = 0;
            free = i;
            continue;
        }
        bool conflicts = ((old | mine) & stamp_write) != 0 && (old & mine & stamp_atomic) == 0;
        bool covers = (old & stamp_all_bytes & ~mine) == 0 && (mine & stamp_write) >= (old & stamp_write) &&
                      (mine & stamp_atomic) <= (old & stamp_atomic);
        if (!conflicts && !covers) {
            continue;
        }
        if (!clearly_ordered(self, old)) {
            if (!conflicts) {
                continue;
            }
            if (!ordered_elsewhere(self, old)) {
                accusation = {Trouble::race, self.number, from, address, 0, how, old, line.from[i], 0, 0};
                return false;
            }
        }
        if (covers) {
            line.stamp[i] = 0; /* whoever is in order with this access is with the older one */
            free = i;
        }
    }
    if (__builtin_expect(free < 0, 0)) {
        free = cell_to_lose(line, mine);
    }
    line.stamp[free] = mine;
    line.from[free] = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(from) - image.code);
    line.written = static_cast<uint8_t>(line.written | (how & access_write ? bytes : 0));
    return true;
}

bool Detector::has_written(uintptr_t address, size_t bytes)
{
    bool found = false;
    for_granules(address, bytes, [&](uintptr_t granule, uint32_t of_it) {
        const Line *line = line_of(granule);
        found |= line != nullptr && (line->written & line->owned & of_it) != 0;
    });
    return found;
}

bool Detector::check_range(Fiber &self, uintptr_t address, size_t bytes, uint32_t how, const void *from)
{
    size_t offset = address - shared.address;
    bool is_shared = offset < shared.bytes;
    if (is_shared && ((offset + bytes > dynamic_end && offset < dynamic_limit) || offset + bytes > shared.bytes)) {
        accusation = {Trouble::out_of_bounds, self.number, from, address, bytes, how, 0, 0, 0, 0};
        return false;
    }
    uintptr_t end = address + bytes;
    for (uintptr_t next = address; next < end;) {
        uintptr_t behind = std::min((next | (granule_bytes - 1)) + 1, end);
        uint32_t of_it = ((1u << (behind - next)) - 1) << next % granule_bytes;
        Line *line = line_of(next);
        if (line == nullptr || (!is_shared && (of_it & ~uint32_t{line->owned}) != 0)) {
            /* A literal, or a table that nobody can write. */
            if ((how & access_write) == 0 && shadow.is_constant(*launch.kernel, next, behind - next)) {
                next = behind;
                continue;
            }
            accusation = {Trouble::out_of_bounds, self.number, from, address, bytes, how, 0, 0, 0, 0};
            return false;
        }
        if (!check_line(*line, self, of_it, how, from, address)) {
            if (accusation.trouble == Trouble::uninitialised && bytes > granule_bytes && has_written(address, bytes)) {
                how |= with_padding;
                continue;
            }
            accusation.bytes = bytes;
            return false;
        }
        next = behind;
    }
    return true;
}

bool Detector::access(Fiber &self, uintptr_t address, size_t bytes, uint32_t how, const void *from)
{
    bool fine;
    Line *line;
    size_t offset = address - shared.address;
    if (bytes <= granule_bytes - address % granule_bytes && offset >= shared.bytes &&
        (line = shadow.line(address)) != nullptr && line->owned == 0xff) {
        fine = check_line(*line, self, ((1u << bytes) - 1) << address % granule_bytes, how, from, address);
        accusation.bytes = bytes;
    } else {
        fine = check_range(self, address, bytes, how, from);
    }
    if (fine && (how & access_atomic) &&
        (talks || (how & (access_acquire | access_release)) || !shadow.clocks.empty())) {
        synchronise(self, address, how);
    }
    return fine;
}

} // namespace cudasim
