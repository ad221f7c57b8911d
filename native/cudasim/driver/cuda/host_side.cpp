/* SPDX-License-Identifier: Apache-2.0 */
#include "host_side.hpp"

#include <algorithm>
#include <cstring>

#include "memory.hpp"
#include "operation.hpp"

namespace cudasim::driver {

namespace {

constexpr size_t piece_bytes = 64;
constexpr unsigned char poison_byte = 0xCC;

uint64_t digest(const unsigned char *bytes, size_t count)
{
    uint64_t digest = 0x9e3779b97f4a7c15;
    for (size_t i = 0; i < count; i += sizeof digest) {
        uint64_t word = 0;
        std::memcpy(&word, bytes + i, std::min(sizeof word, count - i));
        digest = (digest ^ word) * 0xff51afd7ed558ccd; /* odd, so no difference gets lost */
        digest ^= digest >> 32;
    }
    return digest;
}

std::vector<uint64_t> digests_of(const HostUse &use)
{
    const auto *bytes = reinterpret_cast<const unsigned char *>(use.address);
    std::vector<uint64_t> digests;
    for (size_t offset = 0; offset < use.bytes; offset += piece_bytes) {
        digests.push_back(digest(bytes + offset, std::min(piece_bytes, use.bytes - offset)));
    }
    return digests;
}

bool writes(const HostUse &use)
{
    return use.kind != HostUse::Kind::copied_from && use.kind != HostUse::Kind::read;
}

std::string bytes_from_to(size_t first, size_t last)
{
    return first == last ? "byte " + std::to_string(first)
                         : "bytes " + std::to_string(first) + " to " + std::to_string(last);
}

} // namespace

/* Whether both may use the same bytes. */
bool HostSide::meet(const Pending &one, const Pending &other)
{
    return one.use.kind == HostUse::Kind::anything || other.use.kind == HostUse::Kind::anything
        || (one.use.address < other.use.address + other.use.bytes
            && other.use.address < one.use.address + one.use.bytes);
}

void HostSide::add(uint64_t operation, const std::string &what, HostUse use)
{
    Pending added{operation, what, use, false, {}};
    bool used = false;
    bool written = false;
    for (Pending &other : pending_) {
        if (!meet(added, other)) {
            continue;
        }
        used = true;
        written = written || (writes(other.use) && other.use.kind != HostUse::Kind::anything);
        if (writes(use)) {
            other.poisoned = false;
        }
        if (writes(use) && use.kind != HostUse::Kind::anything) {
            other.digests.clear();
        }
    }
    if (use.kind == HostUse::Kind::copied_from && !written) {
        added.digests = digests_of(use);
    }
    if (use.kind == HostUse::Kind::copied_to && !used) {
        std::memset(reinterpret_cast<void *>(use.address), poison_byte, use.bytes);
        added.poisoned = true;
    }
    pending_.push_back(std::move(added));
}

void HostSide::submitted(uint64_t first, const Operation &operation)
{
    std::lock_guard lock(mutex_);
    uint64_t number = first;
    operation.each_leaf([&](const Operation &leaf) {
        for (const HostUse &use : leaf.host_uses(memory_)) {
            add(number, leaf.describe(), use);
        }
        number++;
    });
}

Report HostSide::begins(uint64_t operation) const
{
    std::lock_guard lock(mutex_);
    for (const Pending &pending : pending_) {
        if (pending.operation != operation) {
            continue;
        }
        const HostUse &use = pending.use;
        if (pending.poisoned) {
            const auto *bytes = reinterpret_cast<const unsigned char *>(use.address);
            const unsigned char *changed =
                std::find_if(bytes, bytes + use.bytes, [](unsigned char byte) { return byte != poison_byte; });
            if (changed != bytes + use.bytes) {
                return {Code::failed,
                    pending.what + ": target changed: the host has written byte " + std::to_string(changed - bytes)
                        + " of the " + bytes_text(use.bytes) + " between the call and the copy"};
            }
        }
        if (!pending.digests.empty()) {
            std::vector<uint64_t> now = digests_of(use);
            for (size_t piece = 0; piece < now.size(); piece++) {
                size_t offset = piece * piece_bytes;
                size_t end = std::min(offset + piece_bytes, use.bytes);
                if (now[piece] != pending.digests[piece]
                    && !checker_.written_by_kernel(use.address + offset, end - offset)) {
                    return {Code::failed,
                        pending.what + ": source changed: the host has written to " + bytes_from_to(offset, end - 1)
                            + " of the " + bytes_text(use.bytes) + " between the call and the copy"};
                }
            }
        }
    }
    return {};
}

void HostSide::ended(uint64_t first, uint64_t leaves)
{
    std::lock_guard lock(mutex_);
    pending_.remove_if(
        [&](const Pending &pending) { return pending.operation >= first && pending.operation - first < leaves; });
}

} // namespace cudasim::driver
