/* SPDX-License-Identifier: Apache-2.0 */
#include "order.hpp"

#include <algorithm>

#include "operation.hpp"

namespace cudasim::driver {

namespace {

constexpr size_t most_entries = 65536;

} // namespace

uint64_t Position::behind(size_t lane) const
{
    if (lane == lane_) {
        return count_;
    }
    return others_ != nullptr && lane < others_->size() ? (*others_)[lane] : 0;
}

void Position::raise(Clock &clock) const
{
    size_t lanes = std::max(others_ == nullptr ? 0 : others_->size(), lane_ == none ? 0 : lane_ + 1);
    if (clock.size() < lanes) {
        clock.resize(lanes);
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        clock[lane] = std::max(clock[lane], behind(lane));
    }
}

void Position::join(const Position &other)
{
    size_t lanes = std::max(other.others_ == nullptr ? 0 : other.others_->size(),
        other.lane_ == none ? 0 : other.lane_ + 1);
    bool news = false;
    for (size_t lane = 0; lane < lanes && !news; lane++) {
        news = other.behind(lane) > behind(lane);
    }
    if (!news) {
        return;
    }
    Clock clock = others_ == nullptr ? Clock() : *others_;
    other.raise(clock);
    if (lane_ != none && lane_ < clock.size() && clock[lane_] > count_) {
        count_ = clock[lane_];
    }
    others_ = std::make_shared<const Clock>(std::move(clock));
}

/* One that ends behind the position, if there is one: the operation then follows all that is in it. */
void Order::choose_lane(Position &position)
{
    auto ends_behind = [&](size_t lane) { return position.behind(lane) == lanes_[lane]; };
    if (position.lane_ != Position::none && ends_behind(position.lane_)) {
        return;
    }
    size_t lane = 0;
    while (lane < lanes_.size() && !ends_behind(lane)) {
        lane++;
    }
    if (lane == lanes_.size()) {
        lanes_.push_back(0);
    }
    Position::Clock clock;
    position.raise(clock);
    position.lane_ = lane;
    position.count_ = lanes_[lane];
    position.others_ = std::make_shared<const Position::Clock>(std::move(clock));
}

void Order::add(Position &position, const Operation &operation, const std::string &graph)
{
    const Sequence *sequence = operation.sequence();
    if (sequence == nullptr) {
        if (operation.leaves() != 0) {
            choose_lane(position);
            position.count_ = ++lanes_[position.lane_];
            entries_.push_back({position.lane_, position.count_, position.others_, operation.describe() + graph});
        }
        return;
    }
    std::vector<Position> after;
    Position end = position;
    for (size_t node = 0; node < sequence->size(); node++) {
        const Frontier &dependencies = sequence->dependencies(node);
        Position start = dependencies.empty() ? position : after[*dependencies.begin()];
        for (size_t dependency : dependencies) {
            start.join(after[dependency]);
        }
        add(start, sequence->node(node), graph);
        end.join(start);
        after.push_back(std::move(start));
    }
    position = end;
}

uint64_t Order::add(Position &position, const Operation &operation)
{
    std::lock_guard lock(mutex_);
    position.join(host_);
    uint64_t number = first_ + entries_.size();
    add(position, operation,
        operation.sequence() == nullptr ? "" : ", in the graph of " + text_of(gate::current));
    while (entries_.size() > most_entries) {
        entries_.pop_front();
        first_++;
    }
    return number;
}

void Order::host_saw(const Position &position)
{
    std::lock_guard lock(mutex_);
    host_.join(position);
}

bool Order::precedes(uint64_t earlier, uint64_t later) const
{
    std::lock_guard lock(mutex_);
    if (earlier < first_ || later < first_) {
        return true;
    }
    const Entry &one = entries_.at(earlier - first_);
    const Entry &other = entries_.at(later - first_);
    if (one.lane == other.lane) {
        return one.number < other.number;
    }
    return other.before != nullptr && one.lane < other.before->size() && (*other.before)[one.lane] >= one.number;
}

std::string Order::describe(uint64_t operation) const
{
    std::lock_guard lock(mutex_);
    return operation < first_ ? "an operation long ago" : entries_.at(operation - first_).what;
}

} // namespace cudasim::driver
