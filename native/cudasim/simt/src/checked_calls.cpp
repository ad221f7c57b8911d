/* SPDX-License-Identifier: Apache-2.0 */
/* What checked kernels call besides what all kernels call. */
#include "block.hpp"

#include <time.h>

namespace cudasim {
namespace {

constexpr uint32_t turn_steps = 1024;

int64_t now_nanos()
{
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * int64_t{1000000000} + now.tv_nsec;
}

} // namespace

bool Block::is_late() const
{
    return grid.deadline_nanos != 0 && now_nanos() > grid.deadline_nanos;
}

/* A thread that goes on and on is stopped for a while, somewhere: with a seed, anywhere. */
uint32_t Block::next_turn()
{
    return random == 0 ? turn_steps : 1 + (static_cast<uint32_t>(random >> 20) & (turn_steps - 1));
}

void Block::accuse_late(Fiber &self, const void *from)
{
    detector->accuse({Trouble::spinning, self.number, from, 0, 0, 0, 0, 0, grid.watchdog_seconds, 0});
    accuse_checked(self);
}

void Block::accuse_checked(Fiber &self)
{
    accuse(self, {Fault::checked, self.number, {}, nullptr, nullptr, {}, 0, 0, {}});
}

void Block::access(
    gpubench_simt::Thread *thread, uintptr_t address, size_t bytes, uint32_t how, const void *from) noexcept
{
    Fiber &self = *static_cast<Fiber *>(thread);
    Block &block = *self.block;
    if (__builtin_expect(--block.accesses == 0, 0)) {
        block.accesses = accesses_between_looks;
        if (block.is_late()) {
            block.accuse_late(self, from);
        }
    }
    if (__builtin_expect(!block.detector->access(self, address, bytes, how, from), 0)) {
        block.accuse_checked(self);
    }
}

void Block::fence(gpubench_simt::Thread *thread, gpubench_simt::Scope) noexcept
{
    Fiber &self = *static_cast<Fiber *>(thread);
    self.block->detector->fence(self);
}

void Block::turn_over(gpubench_simt::Thread *thread, bool stack_full, const void *from) noexcept
{
    Fiber &self = *static_cast<Fiber *>(thread);
    Block &block = *self.block;
    if (stack_full) {
        block.detector->accuse({Trouble::stack, self.number, from, 0, 0, 0, 0, 0, 0, 0});
        block.accuse_checked(self);
    }
    if (block.is_late()) {
        block.accuse_late(self, from);
    }
    Turnstile &turnstile = block.grid.shadow->turnstile;
    if (turnstile.is_wanted()) {
        turnstile.unlock();
        turnstile.lock();
    }
    block.wake(self.number / lanes, 1u << self.lane);
    block.wait(self);
    self.turn = block.next_turn();
}

void Block::mistake(
    gpubench_simt::Thread *thread, gpubench_simt::Mistake what, uint64_t a, uint64_t b, const void *from) noexcept
{
    constexpr Trouble troubles[] = {
        Trouble::misaligned, Trouble::null, Trouble::index, Trouble::shift, Trouble::division, Trouble::unreachable};
    Fiber &self = *static_cast<Fiber *>(thread);
    self.block->detector->accuse(
        {troubles[static_cast<uint32_t>(what)], self.number, from, 0, 0, 0, 0, 0, a, b});
    self.block->accuse_checked(self);
}

} // namespace cudasim
