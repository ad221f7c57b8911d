/* SPDX-License-Identifier: Apache-2.0 */
/* How the checker says what went wrong. */
#include "detector.hpp"
#include "words.hpp"

namespace cudasim {
namespace {

std::string count(size_t bytes)
{
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

/* "a read of 4 bytes at 0x7f..." */
std::string access_text(const Accusation &it)
{
    bool writes = it.how & gpubench_simt::access_write;
    std::string what = it.how & gpubench_simt::access_exchange ? "an atomic operation on "
                       : it.how & gpubench_simt::access_atomic ? (writes ? "a volatile or atomic write of "
                                                                          : "a volatile or atomic read of ")
                                                                : (writes ? "a write of " : "a read of ");
    return what + count(it.bytes) + " at " + hexadecimal(it.address);
}

const char *verb_of(Stamp stamp)
{
    if (stamp & stamp_atomic) {
        return stamp & stamp_write ? "changed it atomically" : "read it atomically";
    }
    return stamp & stamp_write ? "wrote it" : "read it";
}

struct Words {
    Trouble trouble;
    Code code;
    const char *word;
};

/* The fixed word of each kind, which the documentation has as well. */
constexpr Words words[] = {
    {Trouble::race, Code::failed, "race"},
    {Trouble::uninitialised, Code::failed, "uninitialised read"},
    {Trouble::out_of_bounds, Code::illegal_address, "out of bounds"},
    {Trouble::misaligned, Code::misaligned, "misaligned"},
    {Trouble::null, Code::illegal_address, "null pointer"},
    {Trouble::index, Code::illegal_address, "out of bounds"},
    {Trouble::shift, Code::failed, "undefined"},
    {Trouble::division, Code::failed, "undefined"},
    {Trouble::unreachable, Code::failed, "undefined"},
    {Trouble::stack, Code::failed, "stack overflow"},
    {Trouble::spinning, Code::failed, "spinning"},
};

} // namespace

/* ---- what is known of others, and of the memory */

std::string History::describe(Stamp stamp, uint32_t from, const char *verb) const
{
    const Run *run = run_of(stamp);
    if (run == nullptr || run->undertaking < first_undertaking) {
        return std::string("something earlier ") + verb;
    }
    const Undertaking &it = undertaking(run->undertaking);
    if (it.kernel == nullptr) {
        return it.name + " " + verb;
    }
    std::string place = it.lines->at(from - 1);
    return "thread " + triple_text(thread_of(stamp), it.block_dim) + " of block " +
           triple_text(run->block_index[0], run->block_index[1], run->block_index[2]) + " " + verb +
           (place.empty() ? std::string() : " in " + place);
}

/* The nearest allocation: the one that holds the address, or the one before it, or behind it. */
std::string Shadow::describe_address(uintptr_t address, size_t bytes) const
{
    auto text = [](uintptr_t start, const Allocation &it) {
        return "the " + count(it.bytes) + " at " + hexadecimal(start) + " of " + it.by;
    };
    auto behind = allocations.upper_bound(address);
    if (behind != allocations.begin()) {
        auto before = std::prev(behind);
        uintptr_t end = before->first + before->second.bytes;
        if (address < end) {
            std::string offset = std::to_string(address - before->first);
            return address + bytes > end ? count(address + bytes - end) + " beyond " + text(before->first, before->second)
                                         : "offset " + offset + " of " + text(before->first, before->second);
        }
        if (behind == allocations.end() || address - end <= behind->first - address) {
            return address + bytes - end <= uint64_t{1} << 30
                       ? count(address + bytes - end) + " beyond " + text(before->first, before->second)
                       : "an address that nobody has allocated";
        }
    }
    if (behind != allocations.end() && behind->first - address <= uint64_t{1} << 30) {
        return count(behind->first - address) + " before " + text(behind->first, behind->second);
    }
    return "an address that nobody has allocated";
}

const Allocation *Shadow::freed_at(uintptr_t address, size_t bytes) const
{
    auto behind = allocations.lower_bound(address + bytes);
    if (behind == allocations.begin()) {
        return nullptr;
    }
    auto it = std::prev(behind);
    bool inside = it->first + it->second.bytes > address;
    return inside && !it->second.freed_by.empty() ? &it->second : nullptr;
}

/* ---- the report */

std::string Detector::place(const void *from) const
{
    return from == nullptr ? std::string() : image.lines->at(reinterpret_cast<uintptr_t>(from) - image.code - 1);
}

std::string Detector::shared_text(uintptr_t address) const
{
    size_t offset = address - shared.address;
    if (offset >= shared.dynamic_offset && offset < dynamic_limit) {
        return "offset " + std::to_string(offset - shared.dynamic_offset) + " of dynamic shared memory";
    }
    for (const ImageVariable &variable : image.shared) {
        if (offset >= variable.address && offset < variable.address + variable.bytes) {
            return "offset " + std::to_string(offset - variable.address) + " of the shared variable " + variable.name;
        }
    }
    return "shared memory";
}

std::string Detector::detail() const
{
    const Accusation &it = accusation;
    bool is_shared = it.address - shared.address < shared.bytes;
    std::string where = is_shared ? shared_text(it.address) : shadow.describe_address(it.address, it.bytes);
    switch (it.trouble) {
    case Trouble::race:
        return access_text(it) + " (" + where + "): " + shadow.history.describe(it.other, it.other_from, verb_of(it.other)) +
               ", in no order with it";
    case Trouble::uninitialised:
        return access_text(it) + " (" + where + "): nothing has been written there" + (is_shared ? " by this block" : "");
    case Trouble::out_of_bounds: {
        if (is_shared) {
            size_t offset = it.address - shared.address;
            if (offset >= shared.dynamic_offset && offset < dynamic_limit) {
                return access_text(it) + ": " + count(offset + it.bytes - dynamic_end) + " beyond the " +
                       count(launch.dynamic_shared_bytes) + " of dynamic shared memory";
            }
            return access_text(it) + ": beyond the shared memory";
        }
        const Allocation *freed = shadow.freed_at(it.address, it.bytes);
        if (freed != nullptr) {
            return access_text(it) + ": " + where + ", which " + freed->freed_by + " has freed";
        }
        return access_text(it) + ": " + where;
    }
    case Trouble::misaligned:
        return hexadecimal(it.a) + " is not a multiple of " + std::to_string(it.b);
    case Trouble::null:
        return "an access through a null pointer";
    case Trouble::index:
        return "index " + std::to_string(static_cast<int64_t>(it.a)) + " of " + reinterpret_cast<const char *>(it.b);
    case Trouble::shift:
        return "a shift of " + std::to_string(it.b) + " bits by " + std::to_string(static_cast<int64_t>(it.a));
    case Trouble::division:
        return "a division by zero";
    case Trouble::unreachable:
        return "the end of a function that returns a value, or what was said to be unreachable";
    case Trouble::stack:
        return "local variables and calls need more than the 56 KiB that a thread has";
    case Trouble::spinning:
        return "the launch has not ended within " + std::to_string(it.a) + " s; this is where it was";
    }
    return {};
}

Report Detector::report(const uint32_t (&block_index)[3], const std::string &thread) const
{
    const Accusation &it = accusation;
    const Words &kind = words[static_cast<uint32_t>(it.trouble)];
    bool was_freed = it.trouble == Trouble::out_of_bounds && it.address - shared.address >= shared.bytes &&
                     shadow.freed_at(it.address, it.bytes) != nullptr;
    std::string where = place(it.from);
    return {kind.code, "kernel " + launch.kernel->name + (where.empty() ? "" : ", " + where) + ", block " +
                           triple_text(block_index[0], block_index[1], block_index[2]) + ", thread " + thread + ": " +
                           (was_freed ? "use after free" : kind.word) + ": " + detail()};
}

} // namespace cudasim
