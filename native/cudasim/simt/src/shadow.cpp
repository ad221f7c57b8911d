/* SPDX-License-Identifier: Apache-2.0 */
#include "shadow.hpp"

#include <cstring>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace cudasim {
namespace {

constexpr size_t zone_lines_bytes = zone_bytes / granule_bytes * sizeof(Line);
constexpr size_t zone_sections_bytes = zone_bytes / section_bytes * sizeof(Section);
constexpr size_t graves_kept = 4096;

/* Zero, and taken only where it is touched. */
void *fresh_memory(size_t bytes)
{
    void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    return memory;
}

void forget(Line &line, uint32_t bytes)
{
    for (Stamp &stamp : line.stamp) {
        if (stamp & Stamp{bytes} << stamp_bytes_shift) {
            stamp = 0;
        }
    }
}

} // namespace

Shadow::Shadow(const Operations &operations)
    : history(operations), zones(static_cast<Zone *>(fresh_memory(zone_count * sizeof(Zone))))
{
}

Shadow::~Shadow()
{
    for (Zone *zone : opened) {
        munmap(zone->lines, zone_lines_bytes);
        munmap(zone->sections, zone_sections_bytes);
    }
    for (SharedLines &its : shared) {
        if (its.lines != nullptr) {
            munmap(its.lines, its.bytes);
        }
    }
    munmap(zones, zone_count * sizeof(Zone));
}

Zone *Shadow::zone_of(uintptr_t address)
{
    if (address / zone_bytes >= zone_count) {
        throw std::bad_alloc();
    }
    Zone &zone = zones[address / zone_bytes];
    if (zone.lines == nullptr) {
        auto *lines = static_cast<Line *>(fresh_memory(zone_lines_bytes));
        madvise(lines, zone_lines_bytes, MADV_NOHUGEPAGE);
        zone.sections = static_cast<Section *>(fresh_memory(zone_sections_bytes));
        zone.lines = lines;
        opened.push_back(&zone);
    }
    return &zone;
}

/* Gives each line what the section has as a whole. */
void Shadow::open(Section &section, Line *lines)
{
    Line line{};
    if (section.state == Section::uniform) {
        line.stamp[0] = section.writer;
        std::copy(std::begin(section.readers), std::end(section.readers), line.stamp + 1);
        line.owned = 0xff;
        line.written = section.written ? 0xff : 0;
    }
    std::fill_n(lines, section_bytes / granule_bytes, line);
    section.state = Section::detailed;
}

void Shadow::allocated(uintptr_t address, size_t bytes, Space space, const std::string &by)
{
    if (bytes == 0) {
        return;
    }
    /* What lay here before is nothing that could be named any more. */
    auto next = allocations.lower_bound(address);
    if (next != allocations.begin() && std::prev(next)->first + std::prev(next)->second.bytes > address) {
        --next;
    }
    while (next != allocations.end() && next->first < address + bytes) {
        next = allocations.erase(next);
    }
    allocations[address] = {bytes, space, by, {}};
    bool written = space != Space::device;
    for_sections(
        address, bytes,
        [&](Section &section) {
            section = {0, {}, Section::uniform, written};
            return true;
        },
        [&](Line &line, uintptr_t, uint32_t of_it) {
            forget(line, of_it);
            line.owned = static_cast<uint8_t>(line.owned | of_it);
            line.written = static_cast<uint8_t>(written ? line.written | of_it : line.written & ~of_it);
        });
}

void Shadow::freed(uintptr_t address, const std::string &by)
{
    auto found = allocations.find(address);
    if (found == allocations.end() || !found->second.freed_by.empty()) {
        return;
    }
    found->second.freed_by = by;
    for_sections(
        address, found->second.bytes,
        [&](Section &section) {
            section.state = Section::unknown;
            return true;
        },
        [&](Line &line, uintptr_t, uint32_t of_it) {
            forget(line, of_it);
            line.owned = static_cast<uint8_t>(line.owned & ~of_it);
        });
    give_back_lines(address, found->second.bytes);
    graveyard.push_back(address);
    if (graveyard.size() > graves_kept) {
        auto oldest = allocations.find(graveyard.front());
        if (oldest != allocations.end() && !oldest->second.freed_by.empty()) {
            allocations.erase(oldest);
        }
        graveyard.pop_front();
    }
}

/* Those of whole sections, of which nothing is known any more. */
void Shadow::give_back_lines(uintptr_t address, size_t bytes)
{
    static const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    uintptr_t end = (address + bytes) / section_bytes * section_bytes;
    uintptr_t next = (address + section_bytes - 1) / section_bytes * section_bytes;
    while (next < end) {
        uintptr_t until = std::min((next | (zone_bytes - 1)) + 1, end);
        uintptr_t lines = reinterpret_cast<uintptr_t>(zone_of(next)->lines);
        uintptr_t from = lines + next % zone_bytes / granule_bytes * sizeof(Line);
        uintptr_t to = from + (until - next) / granule_bytes * sizeof(Line);
        from = (from + page - 1) / page * page;
        to = to / page * page;
        if (from < to) {
            madvise(reinterpret_cast<void *>(from), to - from, MADV_DONTNEED);
        }
        next = until;
    }
}

/* The variables of an image that no launch uses any more, and the lines of its source. */
void Shadow::unloaded(const CheckedImage &image, const std::string &by)
{
    known_images.erase(std::remove(known_images.begin(), known_images.end(), image.id), known_images.end());
    for (const ImageVariable &variable : image.variables) {
        freed(variable.address, by);
    }
    history.forget_lines(image.lines);
}

void Shadow::host_wrote(uintptr_t address, size_t bytes)
{
    for_sections(
        address, bytes,
        [&](Section &section) {
            if (section.state == Section::unknown) {
                return true;
            }
            section = {0, {}, Section::uniform, true};
            return true;
        },
        [&](Line &line, uintptr_t, uint32_t of_it) {
            forget(line, of_it);
            line.written = static_cast<uint8_t>(line.written | of_it);
        });
}

/* What nobody has written. */
std::vector<std::pair<uintptr_t, size_t>> Shadow::unwritten(uintptr_t start, size_t bytes)
{
    std::vector<std::pair<uintptr_t, size_t>> ranges;
    auto add = [&](uintptr_t address, size_t count) {
        if (!ranges.empty() && ranges.back().first + ranges.back().second == address) {
            ranges.back().second += count;
        } else {
            ranges.emplace_back(address, count);
        }
    };
    uintptr_t whole = 0;
    auto section_of = [&](uintptr_t address) -> Section & {
        return zone_of(address)->sections[address % zone_bytes / section_bytes];
    };
    for (uintptr_t address = start; address < start + bytes; address = whole) {
        whole = std::min((address | (section_bytes - 1)) + 1, start + bytes);
        const Section &section = section_of(address);
        if (section.state == Section::uniform && !section.written) {
            add(address, whole - address);
        } else if (section.state == Section::detailed) {
            for (uintptr_t byte = address; byte < whole; byte++) {
                if ((line(byte)->written & 1u << byte % granule_bytes) == 0) {
                    add(byte, 1);
                }
            }
        }
    }
    return ranges;
}

bool Shadow::written_by_kernel(uintptr_t start, size_t bytes)
{
    bool written = false;
    for_granules(start, bytes, [&](uintptr_t address, uint32_t) {
        const Section &section = zone_of(address)->sections[address % zone_bytes / section_bytes];
        if (section.state != Section::detailed) {
            return; /* no kernel has used any of it */
        }
        for (Stamp stamp : line(address)->stamp) {
            written = written || ((stamp & stamp_write) != 0 && slot_of(stamp) != 0);
        }
    });
    return written;
}

uint64_t Shadow::begin(const Launch &launch)
{
    const CheckedImage &image = checked_image(*launch.kernel);
    if (std::find(known_images.begin(), known_images.end(), image.id) == known_images.end()) {
        known_images.push_back(image.id);
        for (const ImageVariable &variable : image.variables) {
            auto found = allocations.find(variable.address);
            if (found == allocations.end() || !found->second.freed_by.empty()) {
                allocated(variable.address, variable.bytes, Space::variable, "variable " + variable.name);
            }
        }
    }
    uint64_t number = history.undertake(launch.operation, &launch);
    launches++;
    return number;
}

void Shadow::end(uint64_t number)
{
    history.end(number);
    if (--launches == 0) {
        clocks.clear();
    }
}

Line *Shadow::shared_lines(uint32_t slot, size_t bytes)
{
    if (shared.size() <= slot) {
        shared.resize(slot + 1);
    }
    SharedLines &its = shared[slot];
    size_t wanted = (bytes / granule_bytes + 1) * sizeof(Line);
    if (its.bytes < wanted) {
        if (its.lines != nullptr) {
            munmap(its.lines, its.bytes);
            its = {};
        }
        its.lines = static_cast<Line *>(fresh_memory(wanted));
        its.bytes = wanted;
    }
    return its.lines;
}

bool Shadow::is_constant(const Kernel &kernel, uintptr_t address, size_t bytes) const
{
    for (const auto &range : checked_image(kernel).constants) {
        if (address >= range.first && address + bytes <= range.second) {
            return true;
        }
    }
    return false;
}

} // namespace cudasim
