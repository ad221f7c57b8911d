/* SPDX-License-Identifier: Apache-2.0 */
/* Checked mode: which operations come before which, whatever order they happen to run in. */
#ifndef GPUBENCH_CUDASIM_CUDA_ORDER_HPP
#define GPUBENCH_CUDASIM_CUDA_ORDER_HPP

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "simt/check.hpp"

namespace cudasim::driver {

class Operation;

/*
 * All that has ended before a moment in the life of a stream, an event, or the host. Operations lie in lanes, chains in
 * which each comes before the next; a position knows for each lane how many of its operations are behind it.
 */
class Position {
public:
    void join(const Position &other);
    uint64_t behind(size_t lane) const; /* operations of that lane; 0 for one that it knows nothing of */

private:
    friend class Order;
    using Clock = std::vector<uint64_t>;

    static constexpr size_t none = SIZE_MAX;

    size_t lane_ = none; /* that of the last operation, with its number, so that a chain shares one clock */
    uint64_t count_ = 0;
    std::shared_ptr<const Clock> others_;

    void raise(Clock &clock) const;
};

/*
 * The operations of one context. Two are in an order because of their stream, an event that was waited for, the rules of
 * the legacy stream, the dependencies of a graph's nodes, or because the host waited for one before it submitted the
 * other; all threads of the host count as one. The last 65,536 operations are known, and older ones come before all
 * others. Any thread.
 */
class Order final : public Operations {
public:
    /* After all that the position knows and the host has seen. The position moves behind it; the number of its first leaf. */
    uint64_t add(Position &position, const Operation &operation);

    void host_saw(const Position &position);

    bool precedes(uint64_t earlier, uint64_t later) const override;
    std::string describe(uint64_t operation) const override;

private:
    struct Entry {
        size_t lane;
        uint64_t number; /* in its lane, from 1 */
        std::shared_ptr<const Position::Clock> before;
        std::string what;
    };

    mutable std::mutex mutex_;
    std::deque<Entry> entries_;
    uint64_t first_ = 1; /* the number of the first entry */
    std::vector<uint64_t> lanes_; /* operations of each lane */
    Position host_;

    void add(Position &position, const Operation &operation, const std::string &graph);
    void choose_lane(Position &position);
};

} // namespace cudasim::driver

#endif
