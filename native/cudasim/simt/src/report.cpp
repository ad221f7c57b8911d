/* SPDX-License-Identifier: Apache-2.0 */
/* How a block says what went wrong. */
#include "block.hpp"
#include "words.hpp"

namespace cudasim {
namespace {

std::string text(Place place)
{
    return std::string(place.file) + ":" + std::to_string(place.line);
}

} // namespace

void Block::accuse(Fiber &self, const Finding &what)
{
    finding = what;
    go_home(self);
}

void Block::accuse_lane(
    Fiber &self, Fault fault, uint32_t number, const Gathering &what, uint32_t other, Place where)
{
    accuse(self, {fault, number, what.place, nullptr, nullptr, what.kind, what.mask, other, where});
}

/* Nobody can run and nobody sleeps, so somebody waits in a collective for a lane that waits elsewhere. */
void Block::accuse_deadlock(Fiber &self)
{
    for (uint32_t i = 0; i < warps; i++) {
        if (warp[i].gatherings == 0) {
            continue;
        }
        uint32_t first = i * lanes;
        const Gathering &gathering = warp[i].gathering[lowest(warp[i].gatherings)];
        auto waiting = lowest(gathering.arrived);
        auto missing = lowest(gathering.mask & ~gathering.arrived);
        Place where = barrier_place;
        for (uint32_t left = warp[i].gatherings; left != 0; left &= left - 1) {
            const Gathering &other = warp[i].gathering[lowest(left)];
            if (other.arrived >> missing & 1) {
                where = other.place;
            }
        }
        accuse_lane(self, Fault::lane_elsewhere, first + waiting, gathering, first + missing, where);
    }
    accuse(self, {Fault::failed, self.number, {}, "deadlock", nullptr, {}, 0, 0, {}});
}

uint32_t Block::waiting_at_barrier() const
{
    uint32_t i = 0;
    while (warp[i].barrier == 0) {
        i++;
    }
    return i * lanes + lowest(warp[i].barrier);
}

std::string Block::thread_text(uint32_t number) const
{
    return triple_text(number, shape.block_dim);
}

Report Block::report() const
{
    switch (finding.fault) {
    case Fault::none:
        return {};
    case Fault::assertion:
        return {Code::assertion, report_text()};
    case Fault::checked:
        return detector->report(shape.block_index, thread_text(finding.number));
    default:
        return {Code::failed, report_text()};
    }
}

std::string Block::report_text() const
{
    const Finding &it = finding;
    std::string start = "kernel " + grid.launch.kernel->name;
    if (it.place.file != nullptr) {
        start += ", " + text(it.place);
    }
    start += ", block " + triple_text(shape.block_index[0], shape.block_index[1], shape.block_index[2]) + ", thread " +
             thread_text(it.number) + ": ";

    std::string named = name(it.kind);
    std::string lane = " names lane " + std::to_string(it.other % lanes) + ", ";
    switch (it.fault) {
    case Fault::none:
    case Fault::checked:
        break;
    case Fault::failed:
    case Fault::assertion:
        return start + it.what + (it.detail == nullptr ? "" : std::string(": ") + it.detail);
    case Fault::no_stack:
        return start + "out of memory for its stack";
    case Fault::divergent_barrier:
        return start + "divergent barrier: thread " + thread_text(it.other) + " waits at the one in " + text(it.where);
    case Fault::not_in_mask:
        return start + named + ": the mask " + hexadecimal(it.mask, 8) + " does not name the calling lane " +
               std::to_string(it.number % lanes);
    case Fault::absent_lane:
        return start + named + ": absent lane: the mask " + hexadecimal(it.mask, 8) + lane +
               (it.other < threads ? "thread " + thread_text(it.other) + ", which has ended"
                                   : "which the block does not have");
    case Fault::lane_elsewhere:
        return start + named + ": absent lane: the mask " + hexadecimal(it.mask, 8) + lane + "thread " +
               thread_text(it.other) + ", which waits in " + text(it.where);
    }
    return {};
}

} // namespace cudasim
