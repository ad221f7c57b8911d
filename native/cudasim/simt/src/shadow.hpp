/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the checker remembers of the memory of a context. Each granule of 8 bytes has a line: the last accesses that are of
 * interest, which bytes belong to an allocation, which have been written. Lines are used for sections of 512 bytes in
 * which something differs; whole sections that a copy or fill wrote have one entry, so that large buffers cost little.
 */
#ifndef GPUBENCH_CUDASIM_SHADOW_HPP
#define GPUBENCH_CUDASIM_SHADOW_HPP

#include "../check.hpp"
#include "clock.hpp"
#include "history.hpp"
#include "image.hpp"
#include "turnstile.hpp"

#include <deque>
#include <map>
#include <unordered_map>

namespace cudasim {

constexpr size_t granule_bytes = 8;
constexpr size_t section_bytes = 512;
constexpr size_t zone_bytes = size_t{1} << 26;
constexpr size_t zone_count = size_t{1} << 21; /* addresses have 47 bits */

/* Null in fresh memory, so that it needs no initialisation. */
struct alignas(64) Line {
    static constexpr int cells = 4;
    Stamp stamp[cells];   /* 0: none */
    uint32_t from[cells]; /* where in the image's code */
    uint8_t owned;        /* bytes that belong to an allocation */
    uint8_t written;
    uint32_t run; /* in shared memory: the block that it was last used by */
};
static_assert(sizeof(Line) == 64, "one line of the cache");

struct Section {
    enum State : uint8_t { unknown, uniform, detailed };
    static constexpr int reader_count = 2;
    Stamp writer; /* uniform: of all bytes; 0: none */
    Stamp readers[reader_count]; /* no order among them */
    State state; /* unknown: nothing was ever allocated here */
    bool written;
};

struct Zone {
    Line *lines;
    Section *sections;
};

struct Allocation {
    size_t bytes;
    Space space;
    std::string by;
    std::string freed_by; /* empty while it lives */
};

class Shadow {
public:
    explicit Shadow(const Operations &operations);
    ~Shadow();
    Shadow(const Shadow &) = delete;
    Shadow &operator=(const Shadow &) = delete;

    Turnstile turnstile; /* whoever uses anything below is through it */
    History history;

    void allocated(uintptr_t address, size_t bytes, Space space, const std::string &by);
    void freed(uintptr_t address, const std::string &by);
    Report used(uint64_t operation, uintptr_t address, size_t bytes, bool writes);
    Report copied(uint64_t operation, uintptr_t target, uintptr_t source, size_t bytes);
    bool written_by_kernel(uintptr_t address, size_t bytes);
    void unloaded(const CheckedImage &image, const std::string &by);
    void host_wrote(uintptr_t address, size_t bytes);

    uint32_t next_run() { return ++last_run; }

    /* Of a granule; null if nothing was ever allocated in its section. */
    Line *line(uintptr_t address)
    {
        const Zone &zone = zones[address / zone_bytes % zone_count];
        if (zone.lines == nullptr || address / zone_bytes >= zone_count) {
            return nullptr;
        }
        Section &section = zone.sections[address % zone_bytes / section_bytes];
        Line *found = zone.lines + address % zone_bytes / granule_bytes;
        if (__builtin_expect(section.state != Section::detailed, 0)) {
            if (section.state == Section::unknown) {
                return nullptr;
            }
            open(section, found - address % section_bytes / granule_bytes);
        }
        return found;
    }

    /* A launch begins, and ends. Number: that of the undertaking. */
    uint64_t begin(const Launch &launch);
    void end(uint64_t number);

    Line *shared_lines(uint32_t slot, size_t bytes); /* null without memory */

    /* What is known by whoever reads this word. */
    std::unordered_map<uintptr_t, ClockPointer> clocks;

    bool is_constant(const Kernel &kernel, uintptr_t address, size_t bytes) const; /* of the image, without a name */

    /* For reports. */
    std::string describe_address(uintptr_t address, size_t bytes) const;
    const Allocation *freed_at(uintptr_t address, size_t bytes) const;

private:
    void open(Section &section, Line *lines);
    Zone *zone_of(uintptr_t address);
    template <typename Whole, typename Part> void for_sections(uintptr_t address, size_t bytes, Whole whole, Part part);
    Stamp conflict(const Line &line, uint32_t bytes, bool writes, uint64_t number, int &cell);
    void record(Line &line, Stamp stamp, uint64_t number);
    bool add_reader(Section &section, Stamp stamp, uint64_t number);
    std::vector<std::pair<uintptr_t, size_t>> unwritten(uintptr_t address, size_t bytes);
    void give_back_lines(uintptr_t address, size_t bytes);

    uint32_t last_run = 0;
    Zone *zones;
    std::vector<Zone *> opened;
    std::map<uintptr_t, Allocation> allocations;
    std::deque<uintptr_t> graveyard; /* oldest first */
    uint32_t launches = 0;
    struct SharedLines {
        Line *lines = nullptr;
        size_t bytes = 0;
    };
    std::vector<SharedLines> shared; /* by slot */
    std::vector<uint64_t> known_images;
};

/* The bytes of a granule from an address on, and how many of them; for a range, granule by granule. */
template <typename Action> inline void for_granules(uintptr_t address, size_t bytes, Action action)
{
    uintptr_t end = address + bytes;
    while (address < end) {
        uintptr_t next = std::min((address | (granule_bytes - 1)) + 1, end);
        auto count = static_cast<uint32_t>(next - address);
        action(address, ((1u << count) - 1) << address % granule_bytes);
        address = next;
    }
}

/* whole(Section &), if it is true, settles a section that lies in the range; part(Line &, granule, bytes) does the others. */
template <typename Whole, typename Part>
void Shadow::for_sections(uintptr_t address, size_t bytes, Whole whole, Part part)
{
    uintptr_t end = address + bytes;
    while (address < end) {
        uintptr_t next = std::min((address | (section_bytes - 1)) + 1, end);
        const Zone &zone = *zone_of(address);
        Section &section = zone.sections[address % zone_bytes / section_bytes];
        Line *lines = zone.lines + address % zone_bytes / section_bytes * (section_bytes / granule_bytes);
        if (next - address == section_bytes && whole(section)) {
            address = next;
            continue;
        }
        if (section.state != Section::detailed) {
            open(section, lines);
        }
        for_granules(address, next - address, [&](uintptr_t granule, uint32_t of_it) {
            part(lines[granule % section_bytes / granule_bytes], granule, of_it);
        });
        address = next;
    }
}

} // namespace cudasim

#endif
