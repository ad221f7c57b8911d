/* SPDX-License-Identifier: Apache-2.0 */
#include "block.hpp"

#include <algorithm>
#include <cstring>

#include <sched.h>
#include <time.h>

namespace cudasim {
namespace {

constexpr uint32_t patience = 4096;
constexpr uint32_t yields_before_sleep = 1000;
constexpr uint32_t longest_sleep_nanos = 1000000;

/* A set bit: the lowest of those from `from` on, or else of the others. */
uint32_t next_set(uint32_t bits, uint32_t from)
{
    uint32_t rotated = bits >> from | bits << (-from & 31);
    return (lowest(rotated) + from) & 31;
}

/* One of the set bits, as a random number has it. */
uint32_t drawn(uint32_t bits, uint32_t number)
{
    auto count = static_cast<uint32_t>(__builtin_popcount(bits));
    for (auto left = static_cast<uint32_t>(uint64_t{number} * count >> 32); left != 0; left--) {
        bits &= bits - 1;
    }
    return lowest(bits);
}

uint64_t mixed(uint64_t value)
{
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

void set(uint32_t (&triple)[3], Dim3 value)
{
    triple[0] = value.x;
    triple[1] = value.y;
    triple[2] = value.z;
}

} // namespace

const gpubench_simt::Runtime Block::runtime = {
    barrier, collective, sleep, fail, access, fence, turn_over, mistake};

Block::Block(Grid &its_grid) : grid(its_grid)
{
    const Launch &launch = grid.launch;
    set(shape.block_dim, launch.block);
    set(shape.grid_dim, launch.grid);
    threads = launch.block.x * launch.block.y * launch.block.z;
    warps = (threads + lanes - 1) / lanes;
    if (grid.shadow != nullptr) {
        uint32_t slot = grid.shadow->history.take_slot();
        if (slot != 0) {
            detector = std::make_unique<Detector>(*grid.shadow, launch, grid.undertaking, slot);
        }
    }
}

Block::~Block()
{
    return_stacks(taken);
}

bool Block::run(Dim3 index)
{
    set(shape.block_index, index);
    random = 0;
    if (grid.launch.seed != 0) {
        random = mixed(grid.launch.seed + mixed(index.x + mixed(index.y + mixed(index.z)))) | 1;
    }
    live = threads;
    current = 0;
    current_lane = lanes - 1;
    turns = patience;
    ready_warps = 0;
    asleep_warps = 0;
    progress = true;
    idle_rounds = 0;
    barrier_arrived = 0;
    finding.fault = Fault::none;
    if (detector != nullptr) {
        detector->begin(shape.block_index);
        if (is_late()) {
            finding = {Fault::checked, 0, {}, nullptr, nullptr, {}, 0, 0, {}};
            detector->accuse({Trouble::spinning, 0, nullptr, 0, 0, 0, 0, 0, grid.watchdog_seconds, 0});
            return false;
        }
    }
    for (uint32_t i = 0; i < warps; i++) {
        uint32_t in_warp = std::min(threads - i * lanes, lanes);
        uint32_t all = ~uint32_t{0} >> (lanes - in_warp);
        warp[i].absent = ~all;
        warp[i].ready = 0;
        warp[i].asleep = 0;
        warp[i].barrier = 0;
        warp[i].gatherings = 0;
        memset(warp[i].fiber, 0, sizeof warp[i].fiber);
        wake(i, all);
    }

    Fiber nobody{};
    Fiber *fiber = fresh_fiber(choose(nobody));
    if (fiber == nullptr) {
        return false;
    }
    switch_context(home, fiber->context, false);
    return live == 0;
}

/* ---- on the stacks of the fibers ---- */

void Block::start(Fiber &fiber, uint32_t number)
{
    uint32_t x = shape.block_dim[0];
    if (threads == x) {
        fiber.index[0] = number;
        fiber.index[1] = fiber.index[2] = 0;
    } else {
        fiber.index[0] = number % x;
        fiber.index[1] = number / x % shape.block_dim[1];
        fiber.index[2] = number / x / shape.block_dim[1];
    }
    fiber.lane = number % lanes;
    fiber.shape = shape;
    fiber.turn = next_turn();
    fiber.stamp = detector == nullptr ? 0 : detector->stamp_now(number);
    fiber.runtime = &runtime;
    fiber.number = number;
    fiber.block = this;
    warp[number / lanes].fiber[number % lanes] = &fiber;
}

/* For a thread to start on; null, with a finding, if there is no memory. */
Fiber *Block::fresh_fiber(uint32_t number)
{
    if (stacks.empty() && !take_stacks(stacks, taken)) {
        finding = {Fault::no_stack, number, {}, nullptr, nullptr, {}, 0, 0, {}};
        return nullptr;
    }
    Fiber *fiber = stacks.back();
    stacks.pop_back();
    start(*fiber, number);
    prepare(*fiber, work);
    return fiber;
}

/* A stack serves thread after thread as long as they end without having waited, or their turn comes when it is free. */
void Block::work(Fiber *self)
{
    Block &block = *self->block;
    first_on_stack(block.home.lowest == nullptr ? &block.home : nullptr);
    for (;;) {
        block.grid.launch.kernel->invoke(block.grid.arguments);
        block.end(*self);
        if (block.live == 0) {
            block.stacks.push_back(self);
            block.go_home(*self);
        }
        if (block.grid.ending()) {
            block.go_home(*self);
        }
        uint32_t next = block.choose(*self);
        Fiber *fiber = block.warp[next / lanes].fiber[next % lanes];
        if (fiber == nullptr) {
            block.start(*self, next);
        } else {
            block.stacks.push_back(self);
            switch_context(self->context, fiber->context, true);
        }
    }
}

void Block::wait(Fiber &self)
{
    if (grid.ending()) {
        go_home(self);
    }
    uint32_t next = choose(self);
    if (next == self.number) {
        return;
    }
    Fiber *fiber = warp[next / lanes].fiber[next % lanes];
    if (fiber == nullptr) {
        fiber = fresh_fiber(next);
        if (fiber == nullptr) {
            go_home(self);
        }
    }
    switch_context(self.context, fiber->context, false);
}

/* Whose turn it is. */
uint32_t Block::choose(Fiber &self)
{
    if (turns == 0) {
        turns = patience;
        current = (current + 1) % warps;
        wake_sleepers();
    } else if (ready_warps == 0) {
        if (asleep_warps == 0) {
            accuse_deadlock(self);
        }
        idle(self);
        wake_sleepers();
    }
    turns--;

    if (random != 0) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        current = drawn(ready_warps, static_cast<uint32_t>(random >> 32));
        current_lane = drawn(warp[current].ready, static_cast<uint32_t>(random));
    } else {
        current = next_set(ready_warps, current);
        current_lane = next_set(warp[current].ready, (current_lane + 1) & 31);
    }
    Warp &its = warp[current];
    its.ready &= ~(1u << current_lane);
    if (its.ready == 0) {
        ready_warps &= ~(1u << current);
    }
    return current * lanes + current_lane;
}

void Block::wake(uint32_t number, uint32_t of_them)
{
    warp[number].ready |= of_them;
    ready_warps |= 1u << number;
}

void Block::wake_sleepers()
{
    for (uint32_t left = asleep_warps; left != 0; left &= left - 1) {
        uint32_t number = lowest(left);
        wake(number, warp[number].asleep);
        warp[number].asleep = 0;
    }
    asleep_warps = 0;
    progress = false;
}

/* All threads that could run have gone to sleep: what they wait for comes from elsewhere. */
void Block::idle(Fiber &self)
{
    if (detector != nullptr) {
        if (is_late()) {
            accuse_late(self, nullptr);
        }
        grid.shadow->turnstile.unlock();
    }
    if (progress) {
        idle_rounds = 0;
    } else if (++idle_rounds <= yields_before_sleep) {
        sched_yield();
    } else {
        timespec time = {0, static_cast<long>(std::min(sleep_nanos, longest_sleep_nanos))};
        nanosleep(&time, nullptr);
    }
    if (detector != nullptr) {
        grid.shadow->turnstile.lock();
    }
}

void Block::go_home(Fiber &self)
{
    switch_context(self.context, home, true);
    __builtin_unreachable();
}

/* A thread has ended: it does not count for barriers any more, and must not be missed in a collective. */
void Block::end(Fiber &self)
{
    Warp &its = warp[self.number / lanes];
    uint32_t bit = 1u << self.lane;
    its.absent |= bit;
    live--;
    progress = true;
    if (detector != nullptr) {
        detector->end(self);
    }
    for (uint32_t left = its.gatherings; left != 0; left &= left - 1) {
        const Gathering &gathering = its.gathering[lowest(left)];
        if (gathering.mask & bit) {
            uint32_t waiting = (self.number & ~(lanes - 1)) + lowest(gathering.arrived);
            accuse_lane(self, Fault::absent_lane, waiting, gathering, self.number);
        }
    }
    if (barrier_arrived != 0 && barrier_arrived == live) {
        release_barrier();
    }
}

/* ---- what kernels call ---- */

void Block::sleep(gpubench_simt::Thread *thread, uint32_t nanos) noexcept
{
    Fiber &self = *static_cast<Fiber *>(thread);
    Block &block = *self.block;
    block.warp[self.number / lanes].asleep |= 1u << self.lane;
    block.asleep_warps |= 1u << self.number / lanes;
    block.sleep_nanos = nanos;
    block.wait(self);
}

void Block::fail(gpubench_simt::Thread *thread, const char *what, const char *detail, Place place) noexcept
{
    Fiber &self = *static_cast<Fiber *>(thread);
    Fault fault = strcmp(what, "assertion failed") == 0 ? Fault::assertion : Fault::failed;
    self.block->accuse(self, {fault, self.number, place, what, detail, {}, 0, 0, {}});
}

} // namespace cudasim
