/* SPDX-License-Identifier: Apache-2.0 */
#include "detector.hpp"

#include <cstring>

namespace cudasim {

using namespace gpubench_simt;

Detector::Detector(Shadow &its_shadow, const Launch &its_launch, uint64_t its_undertaking, uint32_t its_slot)
    : shadow(its_shadow), launch(its_launch), image(checked_image(*launch.kernel)), undertaking(its_undertaking),
      slot(its_slot), threads(launch.block.x * launch.block.y * launch.block.z), knowledge(threads)
{
    settled = shadow.history.undertaking(undertaking).settled;
}

Detector::~Detector()
{
    for (uintptr_t word : shared_words) {
        shadow.clocks.erase(word);
    }
    shadow.history.return_slot(slot);
}

void Detector::begin(const uint32_t (&block_index)[3])
{
    for (uintptr_t word : shared_words) {
        shadow.clocks.erase(word);
    }
    shared_words.clear();
    start = base = shadow.history.tick();
    run = shadow.next_run();
    shadow.history.enter(slot, {start, undertaking, {block_index[0], block_index[1], block_index[2]}});
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
