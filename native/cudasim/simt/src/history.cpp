/* SPDX-License-Identifier: Apache-2.0 */
#include "history.hpp"

namespace cudasim {
namespace {

constexpr size_t undertakings_kept = 4096;
constexpr size_t runs_kept = 1 << 16;

} // namespace

History::History(const Operations &its_operations) : operations(its_operations), slots(1) {}

const Undertaking *History::known(uint64_t number) const
{
    if (sought.first != number) {
        auto found = undertakings.find(number);
        if (found == undertakings.end()) {
            return nullptr;
        }
        sought = {number, &found->second};
    }
    return sought.second;
}

const Undertaking &History::undertaking(uint64_t number) const
{
    static const Undertaking forgotten{0, 0, 0, nullptr, "something earlier", nullptr, {}, false};
    const Undertaking *it = known(number);
    return it == nullptr ? forgotten : *it;
}

/* Makes room for one more. What runs is not forgotten, however many others have come and gone beside it. */
void History::forget_undertakings()
{
    auto oldest = undertakings.begin();
    while (undertakings.size() >= undertakings_kept && oldest != undertakings.end()) {
        oldest = oldest->second.live ? std::next(oldest) : undertakings.erase(oldest);
    }
    sought = {0, nullptr};
    first_undertaking = undertakings.empty() ? last_undertaking + 1 : undertakings.begin()->first;
}

uint64_t History::undertake(uint64_t operation, const Launch *launch)
{
    if (launch == nullptr) {
        int newest = 8;
        for (auto it = undertakings.rbegin(); it != undertakings.rend() && newest-- > 0; ++it) {
            if (it->second.operation == operation && it->second.kernel == nullptr) {
                return it->first;
            }
        }
    }
    /*
     * Whoever comes after an undertaking comes after all that is settled for that one. So the newest ones tell: those
     * before this one in order, and the start of the oldest that is not.
     */
    uint64_t settled = 1;
    uint64_t unordered = time + 1;
    for (auto it = undertakings.rbegin(); it != undertakings.rend() && it->second.start >= settled; ++it) {
        const Undertaking &older = it->second;
        if (older.operation == operation || operations.precedes(older.operation, operation)) {
            settled = std::max(settled, older.settled);
        } else {
            unordered = older.start;
        }
    }
    forget_undertakings();
    Undertaking it{};
    it.operation = operation;
    it.start = tick();
    it.settled = unordered;
    if (launch != nullptr) {
        const CheckedImage &image = checked_image(*launch->kernel);
        it.kernel = launch->kernel;
        it.lines = image.lines;
        it.block_dim[0] = launch->block.x;
        it.block_dim[1] = launch->block.y;
        it.block_dim[2] = launch->block.z;
        it.name = launch->kernel->name;
        it.live = true;
    } else {
        it.name = operations.describe(operation);
    }
    uint64_t number = ++last_undertaking;
    undertakings.emplace(number, it);
    if (launch == nullptr) {
        enter(0, {it.start, number, {}});
    }
    return number;
}

void History::end(uint64_t number)
{
    auto ended = undertakings.find(number);
    if (ended != undertakings.end()) {
        ended->second.live = false;
    }
}

void History::forget_lines(const std::shared_ptr<const Lines> &lines)
{
    static const auto no_lines = std::make_shared<const Lines>(-1);
    for (auto &it : undertakings) {
        if (it.second.lines == lines) {
            it.second.lines = no_lines;
        }
    }
}

bool History::precedes(Stamp stamp, uint64_t number)
{
    const Undertaking &later = undertaking(number);
    if (time_of(stamp) < later.settled) {
        return true;
    }
    Stamp party = stamp & stamp_identity;
    Remembered &memory = remembered[(stamp >> stamp_time_shift ^ number) % remembered.size()];
    if (memory.party == party && memory.number == number) {
        return memory.ordered;
    }
    const Run *run = run_of(stamp);
    const Undertaking *earlier = run == nullptr ? nullptr : known(run->undertaking);
    bool ordered = earlier == nullptr || (run->undertaking == number
                                              ? later.kernel == nullptr
                                              : operations.precedes(earlier->operation, later.operation));
    memory = {party, number, ordered};
    return ordered;
}

const Run *History::run_of(Stamp stamp) const
{
    const std::deque<Run> &runs = slots[slot_of(stamp)].runs;
    auto behind = std::upper_bound(
        runs.begin(), runs.end(), time_of(stamp), [](uint64_t its_time, const Run &run) { return its_time < run.start; });
    return behind == runs.begin() ? nullptr : &behind[-1];
}

uint32_t History::take_slot()
{
    for (uint32_t i = 1; i < slots.size(); i++) {
        if (!slots[i].taken) {
            slots[i].taken = true;
            return i;
        }
    }
    if (slots.size() == stamp_slots) {
        return 0;
    }
    slots.emplace_back();
    slots.back().taken = true;
    return static_cast<uint32_t>(slots.size() - 1);
}

void History::return_slot(uint32_t slot)
{
    slots[slot].taken = false;
}

void History::enter(uint32_t slot, const Run &run)
{
    std::deque<Run> &runs = slots[slot].runs;
    runs.push_back(run);
    if (runs.size() > runs_kept) {
        runs.pop_front();
    }
}

} // namespace cudasim
