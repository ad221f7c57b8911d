/* SPDX-License-Identifier: Apache-2.0 */
/* Where the threads of a block wait for each other: at its barrier, and lanes of a warp in a collective. */
#include "block.hpp"

#include <cstring>

namespace cudasim {
namespace {

bool same(Place a, Place b)
{
    return a.line == b.line && (a.file == b.file || strcmp(a.file, b.file) == 0);
}

} // namespace

int Block::barrier(gpubench_simt::Thread *thread, Barrier kind, bool predicate, Place place) noexcept
{
    Fiber &self = *static_cast<Fiber *>(thread);
    Block &block = *self.block;
    Warp &its = block.warp[self.number / lanes];
    uint32_t bit = 1u << self.lane;
    for (uint32_t left = its.gatherings; left != 0; left &= left - 1) {
        const Gathering &gathering = its.gathering[lowest(left)];
        if (gathering.mask & bit) {
            uint32_t waiting = (self.number & ~(lanes - 1)) + lowest(gathering.arrived);
            block.accuse_lane(self, Fault::lane_elsewhere, waiting, gathering, self.number, place);
        }
    }
    if (block.barrier_arrived == 0) {
        block.barrier_kind = kind;
        block.barrier_place = place;
        block.barrier_true = 0;
    } else if (kind != block.barrier_kind || !same(place, block.barrier_place)) {
        block.accuse(self, {Fault::divergent_barrier, self.number, place, nullptr, nullptr, {}, 0,
                               block.waiting_at_barrier(), block.barrier_place});
    }
    its.barrier |= bit;
    block.barrier_true += predicate;
    block.progress = true;
    if (++block.barrier_arrived == block.live) {
        block.release_barrier();
    }
    block.wait(self);
    if (block.detector != nullptr) {
        self.stamp = block.detector->stamp_now(self.number);
    }
    return block.barrier_result;
}

void Block::release_barrier()
{
    switch (barrier_kind) {
    case Barrier::sync:
        break;
    case Barrier::count:
        barrier_result = static_cast<int>(barrier_true);
        break;
    case Barrier::all:
        barrier_result = barrier_true == barrier_arrived;
        break;
    case Barrier::any:
        barrier_result = barrier_true != 0;
        break;
    }
    if (detector != nullptr) {
        detector->meet(barrier_arrived);
    }
    barrier_arrived = 0;
    for (uint32_t i = 0; i < warps; i++) {
        if (warp[i].barrier != 0) {
            wake(i, warp[i].barrier);
            warp[i].barrier = 0;
        }
    }
}

uint64_t Block::collective(gpubench_simt::Thread *thread, Collective kind, uint32_t mask, uint64_t value,
    uint32_t argument, Place place) noexcept
{
    Fiber &self = *static_cast<Fiber *>(thread);
    Block &block = *self.block;
    uint32_t number = self.number / lanes;
    Warp &its = block.warp[number];
    its.value[self.lane] = value;
    its.argument[self.lane] = argument & (lanes - 1);
    Gathering &gathering = block.join(self, kind, mask, place);
    block.progress = true;
    if (gathering.arrived == mask) {
        its.gatherings &= ~(1u << (&gathering - its.gathering));
        complete(its, kind, mask);
        if (block.detector != nullptr && kind == Collective::sync) {
            uint64_t time = block.detector->meet_lanes(number, mask);
            for (uint32_t left = mask; left != 0; left &= left - 1) {
                its.value[lowest(left)] = time;
            }
        }
        block.wake(number, mask);
    }
    block.wait(self);
    if (block.detector != nullptr && kind == Collective::sync) {
        self.stamp = block.detector->stamp_at(its.value[self.lane], self.number);
    }
    return its.value[self.lane];
}

/*
 * The gathering of the lanes that call the same collective with the same mask. For __syncwarp alone it does not matter
 * where: CUDA lets lanes meet from different branches.
 */
Gathering &Block::join(Fiber &self, Collective kind, uint32_t mask, Place place)
{
    Warp &its = warp[self.number / lanes];
    uint32_t first = self.number & ~(lanes - 1);
    uint32_t bit = 1u << self.lane;
    for (uint32_t left = its.gatherings; left != 0; left &= left - 1) {
        Gathering &gathering = its.gathering[lowest(left)];
        if (gathering.mask == mask && gathering.kind == kind &&
            (kind == Collective::sync || same(gathering.place, place)) && (mask & bit)) {
            gathering.arrived |= bit;
            return gathering;
        }
    }

    const Gathering own = {kind, mask, bit, place};
    if ((mask & bit) == 0) {
        accuse_lane(self, Fault::not_in_mask, self.number, own, self.number);
    }
    if (mask & its.absent) {
        accuse_lane(self, Fault::absent_lane, self.number, own, first + lowest(mask & its.absent));
    }
    /* Who waits for this thread elsewhere will not come here. */
    if (mask & its.barrier) {
        accuse_lane(self, Fault::lane_elsewhere, self.number, own, first + lowest(mask & its.barrier), barrier_place);
    }
    for (uint32_t left = its.gatherings; left != 0; left &= left - 1) {
        const Gathering &other = its.gathering[lowest(left)];
        if ((other.mask & bit) && (other.arrived & mask)) {
            uint32_t waiting = first + lowest(other.arrived & mask);
            accuse_lane(self, Fault::lane_elsewhere, self.number, own, waiting, other.place);
        }
    }

    uint32_t slot = lowest(~its.gatherings);
    its.gatherings |= 1u << slot;
    its.gathering[slot] = own;
    return its.gathering[slot];
}

} // namespace cudasim
