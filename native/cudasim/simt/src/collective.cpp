/* SPDX-License-Identifier: Apache-2.0 */
#include "block.hpp"

#include <cstring>

namespace cudasim {
namespace {

constexpr uint32_t full = 0xffffffffu;
/* What a lane reads from one that does not take part. */
constexpr uint64_t undefined = 0xccccccccccccccccu;

template <typename Action> void for_each(uint32_t mask, Action action)
{
    for (; mask != 0; mask &= mask - 1) {
        action(lowest(mask));
    }
}

template <typename Operation> uint32_t reduced(const Warp &warp, uint32_t mask, Operation operation)
{
    uint32_t first = lowest(mask);
    auto result = static_cast<uint32_t>(warp.value[first]);
    for_each(mask & (mask - 1), [&](uint32_t lane) { result = operation(result, static_cast<uint32_t>(warp.value[lane])); });
    return result;
}

int32_t integer(uint32_t bits)
{
    return static_cast<int32_t>(bits);
}

void exchange(Warp &warp, uint32_t mask)
{
    uint64_t brought[lanes];
    memcpy(brought, warp.value, sizeof brought);
    if (mask == full) {
        for (uint32_t lane = 0; lane < lanes; lane++) {
            warp.value[lane] = brought[warp.argument[lane]];
        }
        return;
    }
    for_each(mask, [&](uint32_t lane) {
        uint32_t source = warp.argument[lane];
        warp.value[lane] = mask >> source & 1 ? brought[source] : undefined;
    });
}

void match_any(Warp &warp, uint32_t mask)
{
    while (mask != 0) {
        uint64_t value = warp.value[__builtin_ctz(mask)];
        uint32_t same = 0;
        for_each(mask, [&](uint32_t lane) { same |= static_cast<uint32_t>(warp.value[lane] == value) << lane; });
        for_each(same, [&](uint32_t lane) { warp.value[lane] = same; });
        mask &= ~same;
    }
}

/* What all lanes take away alike. */
uint64_t common(const Warp &warp, Collective kind, uint32_t mask)
{
    uint32_t votes = 0;
    switch (kind) {
    case Collective::ballot:
    case Collective::all:
    case Collective::any:
        for_each(mask, [&](uint32_t lane) { votes |= static_cast<uint32_t>(warp.value[lane]) << lane; });
        return kind == Collective::ballot ? votes : kind == Collective::all ? votes == mask : votes != 0;
    case Collective::match_all: {
        uint64_t value = warp.value[__builtin_ctz(mask)];
        for_each(mask, [&](uint32_t lane) { votes |= static_cast<uint32_t>(warp.value[lane] == value) << lane; });
        return votes == mask ? mask : 0;
    }
    case Collective::reduce_add:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return a + b; });
    case Collective::reduce_min_signed:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return integer(a) < integer(b) ? a : b; });
    case Collective::reduce_max_signed:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return integer(a) > integer(b) ? a : b; });
    case Collective::reduce_min_unsigned:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return a < b ? a : b; });
    case Collective::reduce_max_unsigned:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return a > b ? a : b; });
    case Collective::reduce_and:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return a & b; });
    case Collective::reduce_or:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return a | b; });
    case Collective::reduce_xor:
        return reduced(warp, mask, [](uint32_t a, uint32_t b) { return a ^ b; });
    default:
        return 0;
    }
}

} // namespace

void complete(Warp &warp, Collective kind, uint32_t mask)
{
    switch (kind) {
    case Collective::sync:
        break;
    case Collective::shuffle:
    case Collective::shuffle_up:
    case Collective::shuffle_down:
    case Collective::shuffle_xor:
        exchange(warp, mask);
        break;
    case Collective::match_any:
        match_any(warp, mask);
        break;
    default: {
        uint64_t result = common(warp, kind, mask);
        for_each(mask, [&](uint32_t lane) { warp.value[lane] = result; });
    }
    }
}

const char *name(Collective kind)
{
    switch (kind) {
    case Collective::sync:
        return "__syncwarp";
    case Collective::shuffle:
        return "__shfl_sync";
    case Collective::shuffle_up:
        return "__shfl_up_sync";
    case Collective::shuffle_down:
        return "__shfl_down_sync";
    case Collective::shuffle_xor:
        return "__shfl_xor_sync";
    case Collective::ballot:
        return "__ballot_sync";
    case Collective::all:
        return "__all_sync";
    case Collective::any:
        return "__any_sync";
    case Collective::match_any:
        return "__match_any_sync";
    case Collective::match_all:
        return "__match_all_sync";
    case Collective::reduce_add:
        return "__reduce_add_sync";
    case Collective::reduce_min_signed:
    case Collective::reduce_min_unsigned:
        return "__reduce_min_sync";
    case Collective::reduce_max_signed:
    case Collective::reduce_max_unsigned:
        return "__reduce_max_sync";
    case Collective::reduce_and:
        return "__reduce_and_sync";
    case Collective::reduce_or:
        return "__reduce_or_sync";
    case Collective::reduce_xor:
        return "__reduce_xor_sync";
    }
    return "?";
}

} // namespace cudasim
