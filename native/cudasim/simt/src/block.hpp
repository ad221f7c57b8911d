/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One block at work. Its threads are fibers of one thread of the system: exactly one runs at a time, until it waits at a
 * barrier or in a collective, sleeps, or ends, and then chooses who is next.
 */
#ifndef GPUBENCH_CUDASIM_BLOCK_HPP
#define GPUBENCH_CUDASIM_BLOCK_HPP

#include "../simt.hpp"
#include "detector.hpp"
#include "fiber.hpp"

#include <string>
#include <vector>

namespace cudasim {

using gpubench_simt::Barrier;
using gpubench_simt::Collective;
using gpubench_simt::Place;

constexpr uint32_t lanes = gpubench_simt::warp_lanes;

inline uint32_t lowest(uint32_t bits)
{
    return static_cast<uint32_t>(__builtin_ctz(bits));
}

/* What a block needs to know of its grid. */
struct Grid {
    const Launch &launch;
    void *const *arguments;
    const std::atomic<bool> &stop;
    std::atomic<bool> abandoned{false}; /* a block has a report */
    Shadow *shadow = nullptr;           /* of a checked launch, with its number and its end by the monotonic clock */
    uint64_t undertaking = 0;
    uint64_t watchdog_seconds = 0; /* 0: for ever */
    int64_t deadline_nanos = 0;

    bool ending() const
    {
        return stop.load(std::memory_order_relaxed) || abandoned.load(std::memory_order_relaxed);
    }
};

/* Lanes of a warp that wait for each other in the same collective. */
struct Gathering {
    Collective kind;
    uint32_t mask;
    uint32_t arrived;
    Place place;
};

struct Warp {
    uint32_t absent;  /* lanes that have ended, and those that the block does not have */
    uint32_t ready;   /* lanes that can run */
    uint32_t asleep;  /* lanes that let the others go first */
    uint32_t barrier; /* lanes that wait at the block's barrier */
    uint32_t gatherings; /* those in use */
    Gathering gathering[lanes];
    uint64_t value[lanes]; /* what a lane brings to a collective, then what it takes away */
    uint32_t argument[lanes];
    Fiber *fiber[lanes]; /* null: not started yet */
};

class Block {
public:
    /* A checked block: the caller is through the shadow's turnstile. */
    explicit Block(Grid &grid);
    ~Block();
    Block(const Block &) = delete;
    Block &operator=(const Block &) = delete;

    bool is_ready() const { return grid.shadow == nullptr || detector != nullptr; }

    /* Runs one block on the calling thread. False: the grid is to end, with report() or because it was told to. */
    bool run(Dim3 index);

    /* Empty if there is nothing to say. */
    Report report() const;

private:
    static int barrier(gpubench_simt::Thread *, Barrier, bool predicate, Place) noexcept;
    static uint64_t collective(
        gpubench_simt::Thread *, Collective, uint32_t mask, uint64_t value, uint32_t argument, Place) noexcept;
    static void sleep(gpubench_simt::Thread *, uint32_t nanos) noexcept;
    static void fail(gpubench_simt::Thread *, const char *what, const char *detail, Place) noexcept;
    static void access(gpubench_simt::Thread *, uintptr_t address, size_t bytes, uint32_t how, const void *from) noexcept;
    static void fence(gpubench_simt::Thread *, gpubench_simt::Scope) noexcept;
    static void turn_over(gpubench_simt::Thread *, bool stack_full, const void *from) noexcept;
    static void mistake(gpubench_simt::Thread *, gpubench_simt::Mistake, uint64_t a, uint64_t b, const void *from) noexcept;
    static const gpubench_simt::Runtime runtime;

    static void work(Fiber *self);
    void start(Fiber &fiber, uint32_t number);
    void end(Fiber &self);
    Fiber *fresh_fiber(uint32_t number);
    void wait(Fiber &self);
    uint32_t choose(Fiber &self);
    void wake_sleepers();
    void idle(Fiber &self);
    uint32_t next_turn();
    bool is_late() const;
    void wake(uint32_t warp_number, uint32_t of_them);
    void release_barrier();
    Gathering &join(Fiber &self, Collective kind, uint32_t mask, Place place);
    [[noreturn]] void go_home(Fiber &self);

    /* What went wrong; the text is made of it when no fiber runs any more. */
    enum class Fault : uint32_t {
        none,
        failed,
        assertion,
        checked, /* the detector knows */
        no_stack,
        divergent_barrier,
        not_in_mask,
        absent_lane,
        lane_elsewhere,
    };
    struct Finding {
        Fault fault;
        uint32_t number; /* the accused thread */
        Place place;
        const char *what, *detail; /* failed, assertion */
        Collective kind;
        uint32_t mask;
        uint32_t other; /* the other thread, and where it waits */
        Place where;
    };
    [[noreturn]] void accuse(Fiber &self, const Finding &what);
    [[noreturn]] void accuse_checked(Fiber &self);
    [[noreturn]] void accuse_late(Fiber &self, const void *from);
    [[noreturn]] void accuse_lane(
        Fiber &self, Fault fault, uint32_t number, const Gathering &what, uint32_t other, Place where = {});
    [[noreturn]] void accuse_deadlock(Fiber &self);
    std::string report_text() const;
    std::string thread_text(uint32_t number) const;
    uint32_t waiting_at_barrier() const;

    Grid &grid;
    gpubench_simt::BlockShape shape;
    uint32_t threads;
    uint32_t warps;
    uint64_t random; /* 0: in ascending order */
    std::unique_ptr<Detector> detector; /* null: not checked */
    static constexpr uint32_t accesses_between_looks = 4096;
    uint32_t accesses = accesses_between_looks; /* until the time is looked at */

    uint32_t live;    /* threads that have not ended */
    uint32_t current; /* the warp that ran last, and its lane */
    uint32_t current_lane;
    uint32_t turns; /* until sleepers and other warps get theirs */
    uint32_t ready_warps;
    uint32_t asleep_warps;
    bool progress; /* since the sleepers were last woken */
    uint32_t idle_rounds;
    uint32_t sleep_nanos;

    Barrier barrier_kind;
    Place barrier_place;
    uint32_t barrier_arrived;
    uint32_t barrier_true;
    int barrier_result;

    Context home{};
    std::vector<Fiber *> taken; /* stacks that this block has, and those of them that are free */
    std::vector<Fiber *> stacks;
    Finding finding;

    Warp warp[max_block_threads / lanes];
};

/* Makes what each lane of the mask takes away of what all of them brought. */
void complete(Warp &warp, Collective kind, uint32_t mask);

const char *name(Collective kind);

} // namespace cudasim

#endif
