/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of one block at work: each access against what the shadow remembers of the memory.
 *
 * Two accesses are in order if they are the same thread's, or a barrier, a __syncwarp or a chain of fences and atomic
 * operations lies between them. A barrier starts a new time for the block, a __syncwarp for its lanes, so that a
 * comparison of two numbers decides nearly all cases; what goes through fences and atomics is in clocks.
 */
#ifndef GPUBENCH_CUDASIM_DETECTOR_HPP
#define GPUBENCH_CUDASIM_DETECTOR_HPP

#include "fiber.hpp"
#include "shadow.hpp"

namespace cudasim {

enum class Trouble : uint32_t {
    race,
    uninitialised,
    out_of_bounds,
    misaligned,
    null,
    index,
    shift,
    division,
    unreachable,
    stack,
    spinning,
};

/* What was found, as plain numbers: the text is made when no fiber runs any more. */
struct Accusation {
    Trouble trouble;
    uint32_t thread;
    const void *from;
    uintptr_t address;
    size_t bytes;
    uint32_t how;
    Stamp other;
    uint32_t other_from;
    uint64_t a, b;
};

class Detector {
public:
    Detector(Shadow &shadow, const Launch &launch, uint64_t undertaking, uint32_t slot);
    ~Detector();
    Detector(const Detector &) = delete;
    Detector &operator=(const Detector &) = delete;

    /* A block begins; its shared memory is that of the calling thread. */
    void begin(const uint32_t (&block_index)[3]);

    /* False: with an accusation. */
    bool access(Fiber &self, uintptr_t address, size_t bytes, uint32_t how, const void *from);
    void accuse(const Accusation &what) { accusation = what; }

    /* All threads of the block have met, and each takes its new stamp before it goes on. */
    void meet(uint32_t arrived);
    void end(const Fiber &self); /* a thread does not come any more */
    Stamp stamp_now(uint32_t thread) const { return stamp_of(base, slot, thread); }

    /* These lanes have met: the time that each of them goes on with. */
    uint64_t meet_lanes(uint32_t warp, uint32_t mask);
    Stamp stamp_at(uint64_t time, uint32_t thread) const { return stamp_of(time, slot, thread); }

    void fence(Fiber &self);

    Report report(const uint32_t (&block_index)[3], const std::string &thread) const;

private:
    struct Lanes {
        uint64_t base = 0; /* all of the warp have met at this time */
        uint32_t all = 0;
        bool partly = false; /* some have since: seen[of][whom], up to which time */
        std::unique_ptr<std::array<std::array<uint64_t, 32>, 32>> seen;
    };

    /* What a thread has from others, what it will have behind its next fence, what others may have from it. */
    struct Knowledge {
        ClockPointer known, pending, fenced;
        uint64_t fence = 0, fence_base = 0, fence_lanes = 0;
    };

    bool check_line(Line &line, Fiber &self, uint32_t bytes, uint32_t how, const void *from, uintptr_t address);
    static int cell_to_lose(const Line &line, Stamp mine);
    bool has_written(uintptr_t address, size_t bytes);
    bool check_range(Fiber &self, uintptr_t address, size_t bytes, uint32_t how, const void *from);
    bool clearly_ordered(const Fiber &self, Stamp old) const;
    bool ordered_elsewhere(const Fiber &self, Stamp old);
    bool knows(const Fiber &self, Stamp old) const;
    void synchronise(Fiber &self, uintptr_t address, uint32_t how);
    void publish(Fiber &self);
    ClockPointer released(const Fiber &self) const;
    Line *line_of(uintptr_t address);
    std::string place(const void *from) const;
    std::string detail() const;
    std::string shared_text(uintptr_t address) const;

    Shadow &shadow;
    const Launch &launch;
    const CheckedImage &image;
    const uint64_t undertaking;
    const uint32_t slot;
    const uint32_t threads;

    uint64_t start = 0; /* of the block */
    uint64_t base = 0;  /* since the last barrier */
    uint64_t settled = 0;
    uint32_t run = 0;
    SharedMemory shared{};
    size_t dynamic_end = 0;
    size_t dynamic_limit = 0;
    Line *shared_lines = nullptr;
    std::vector<uintptr_t> shared_words; /* those that have clocks */
    std::array<Lanes, 32> warps;

    bool talks = false; /* there were fences, or something was learnt */
    std::vector<Knowledge> knowledge;
    Knowledge common; /* of all threads since the last barrier; fence: all before it is fenced */
    uint32_t fences = 0; /* threads that have made one since the last barrier, and not ended */

    Accusation accusation{};
};

} // namespace cudasim

#endif
