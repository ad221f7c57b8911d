/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who came before whom: the launches, copies and fills of a context, and the blocks that had its slots. The last ones are
 * known; of what is older, nothing is said but that it came earlier.
 */
#ifndef GPUBENCH_CUDASIM_HISTORY_HPP
#define GPUBENCH_CUDASIM_HISTORY_HPP

#include "../check.hpp"
#include "clock.hpp"
#include "image.hpp"

#include <array>
#include <deque>
#include <map>

namespace cudasim {

/* A launch, copy or fill. */
struct Undertaking {
    uint64_t operation;
    uint64_t start;   /* when it began */
    uint64_t settled; /* all that happened before this time is in order with it */
    const Kernel *kernel; /* null: none; its name and lines outlive it */
    std::string name;
    std::shared_ptr<const Lines> lines; /* know nothing once the image is gone */
    uint32_t block_dim[3];
    bool live; /* a launch that has not ended */
};

/* A block that had a slot from some time on. */
struct Run {
    uint64_t start;
    uint64_t undertaking; /* its number in the order of their beginnings */
    uint32_t block_index[3];
};

class History {
public:
    explicit History(const Operations &operations);
    History(const History &) = delete;
    History &operator=(const History &) = delete;

    uint64_t tick() { return ++time; }

    /* An undertaking begins: a launch, or the copy or fill of an operation. Its number, by which it is known from then on. */
    uint64_t undertake(uint64_t operation, const Launch *launch);
    void end(uint64_t number); /* of a launch */
    const Undertaking &undertaking(uint64_t number) const; /* one without a kernel for those that are forgotten */
    bool precedes(Stamp stamp, uint64_t number);
    void forget_lines(const std::shared_ptr<const Lines> &lines); /* their image is gone */

    uint32_t take_slot(); /* 0: none is free */
    void return_slot(uint32_t slot);
    void enter(uint32_t slot, const Run &run);

    std::string describe(Stamp stamp, uint32_t from, const char *verb) const; /* for reports */

private:
    void forget_undertakings();
    const Undertaking *known(uint64_t number) const; /* null: forgotten */
    const Run *run_of(Stamp stamp) const;

    const Operations &operations;
    uint64_t time = 1;
    std::map<uint64_t, Undertaking> undertakings; /* the last ones, and all that are live */
    uint64_t first_undertaking = 1;               /* that is known */
    uint64_t last_undertaking = 0;
    mutable std::pair<uint64_t, const Undertaking *> sought{0, nullptr}; /* the last one that was looked for */
    struct Slot {
        bool taken = false;
        std::deque<Run> runs;
    };
    std::vector<Slot> slots;
    struct Remembered {
        Stamp party;
        uint64_t number;
        bool ordered;
    };
    std::array<Remembered, 64> remembered{};
};

} // namespace cudasim

#endif
