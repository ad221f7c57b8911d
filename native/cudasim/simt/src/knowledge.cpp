/* SPDX-License-Identifier: Apache-2.0 */
/* What the threads of a block know of each other and of other blocks, through meetings, fences and atomic operations. */
#include "detector.hpp"

namespace cudasim {

using namespace gpubench_simt;

bool Detector::ordered_elsewhere(const Fiber &self, Stamp old)
{
    bool is_own = slot_of(old) == slot && time_of(old) >= start;
    return (!is_own && shadow.history.precedes(old, undertaking)) || (talks && knows(self, old));
}

bool Detector::knows(const Fiber &self, Stamp old) const
{
    const ClockPointer &own = knowledge[self.number].known;
    return (own != nullptr && own->knows(old)) || (common.known != nullptr && common.known->knows(old));
}

void Detector::meet(uint32_t arrived)
{
    uint64_t before = base;
    base = shadow.history.tick();
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
    uint64_t time = shadow.history.tick();
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
    its.fence = shadow.history.tick();
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

} // namespace cudasim
