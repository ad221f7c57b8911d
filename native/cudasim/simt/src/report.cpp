/* SPDX-License-Identifier: Apache-2.0 */
/* How a block says what went wrong. */
#include "block.hpp"

namespace cudasim {
namespace {

std::string text(uint32_t x, uint32_t y, uint32_t z)
{
    return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}

std::string text(Place place)
{
    return std::string(place.file) + ":" + std::to_string(place.line);
}

std::string hexadecimal(uint32_t mask)
{
    char digits[16];
    snprintf(digits, sizeof digits, "0x%08x", mask);
    return digits;
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
        uint32_t first = i * gpubench_simt::warp_lanes;
        const Gathering &gathering = warp[i].gathering[__builtin_ctz(warp[i].gatherings)];
        auto waiting = static_cast<uint32_t>(__builtin_ctz(gathering.arrived));
        auto missing = static_cast<uint32_t>(__builtin_ctz(gathering.mask & ~gathering.arrived));
        Place where = barrier_place;
        for (uint32_t left = warp[i].gatherings; left != 0; left &= left - 1) {
            const Gathering &other = warp[i].gathering[__builtin_ctz(left)];
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
    return i * gpubench_simt::warp_lanes + static_cast<uint32_t>(__builtin_ctz(warp[i].barrier));
}

std::string Block::thread_text(uint32_t number) const
{
    const uint32_t *size = shape.block_dim;
    return text(number % size[0], number / size[0] % size[1], number / size[0] / size[1]);
}

Report Block::report() const
{
    switch (finding.fault) {
    case Fault::none:
        return {};
    case Fault::assertion:
        return {Code::assertion, report_text()};
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
    start += ", block " + text(shape.block_index[0], shape.block_index[1], shape.block_index[2]) + ", thread " +
             thread_text(it.number) + ": ";

    std::string named = name(it.kind);
    std::string lane = " names lane " + std::to_string(it.other % gpubench_simt::warp_lanes) + ", ";
    switch (it.fault) {
    case Fault::none:
        break;
    case Fault::failed:
    case Fault::assertion:
        return start + it.what + (it.detail == nullptr ? "" : std::string(": ") + it.detail);
    case Fault::no_stack:
        return start + "out of memory for its stack";
    case Fault::divergent_barrier:
        return start + "divergent barrier: thread " + thread_text(it.other) + " waits at the one in " + text(it.where);
    case Fault::not_in_mask:
        return start + named + ": the mask " + hexadecimal(it.mask) + " does not name the calling lane " +
               std::to_string(it.number % gpubench_simt::warp_lanes);
    case Fault::absent_lane:
        return start + named + ": absent lane: the mask " + hexadecimal(it.mask) + lane +
               (it.other < threads ? "thread " + thread_text(it.other) + ", which has ended"
                                   : "which the block does not have");
    case Fault::lane_elsewhere:
        return start + named + ": absent lane: the mask " + hexadecimal(it.mask) + lane + "thread " +
               thread_text(it.other) + ", which waits in " + text(it.where);
    }
    return {};
}

} // namespace cudasim
