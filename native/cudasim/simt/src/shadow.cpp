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
constexpr size_t undertakings_kept = 4096;
constexpr size_t runs_kept = 1 << 16;
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

Shadow::Shadow(const Operations &its_operations)
    : operations(its_operations), zones(static_cast<Zone *>(fresh_memory(zone_count * sizeof(Zone)))), slots(1)
{
}

Shadow::~Shadow()
{
    for (Zone *zone : opened) {
        munmap(zone->lines, zone_lines_bytes);
        munmap(zone->sections, zone_sections_bytes);
    }
    for (Slot &slot : slots) {
        if (slot.lines != nullptr) {
            munmap(slot.lines, slot.line_bytes);
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

/* whole(Section &, Line *first) for sections that lie in the range, part(Line &, bytes) for the granules of the others. */
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
    static const auto no_lines = std::make_shared<const Lines>(-1);
    known_images.erase(std::remove(known_images.begin(), known_images.end(), image.id), known_images.end());
    for (const ImageVariable &variable : image.variables) {
        freed(variable.address, by);
    }
    for (auto &it : undertakings) {
        if (it.second.lines == image.lines) {
            it.second.lines = no_lines;
        }
    }
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

/* ---- copies and fills */

/* Instead of those that come before it: whoever is in order with this access is with them. */
void Shadow::record(Line &line, Stamp stamp, uint64_t number)
{
    int chosen = -1;
    for (int i = 0; i < Line::cells; i++) {
        Stamp old = line.stamp[i];
        bool covered = (old & stamp_all_bytes & ~stamp) == 0 &&
                       (stamp & stamp_write || (!(old & stamp_write) && precedes(old, number)));
        if (old == 0 || covered) {
            line.stamp[i] = 0;
            chosen = i;
        }
    }
    for (int i = 0; i < Line::cells && chosen < 0; i++) {
        chosen = line.stamp[i] & stamp_write ? -1 : i; /* a write is of more use than a read */
    }
    chosen = chosen < 0 ? static_cast<int>(time_of(stamp) % Line::cells) : chosen;
    line.stamp[chosen] = stamp;
    line.from[chosen] = 0;
}

/* False: there is no room for one more that no order connects with the others. */
bool Shadow::add_reader(Section &section, Stamp stamp, uint64_t number)
{
    bool added = false;
    for (Stamp &reader : section.readers) {
        if (reader == 0 || precedes(reader, number)) {
            reader = added ? 0 : stamp;
            added = true;
        }
    }
    return added;
}

/* The stamp of an access that is not in order with the undertaking's; 0 if there is none. */
Stamp Shadow::conflict(const Line &line, uint32_t bytes, bool writes, uint64_t number, int &cell)
{
    for (cell = 0; cell < Line::cells; cell++) {
        Stamp old = line.stamp[cell];
        bool same_bytes = (old & Stamp{bytes} << stamp_bytes_shift) != 0;
        if (same_bytes && (writes || (old & stamp_write)) && !precedes(old, number)) {
            return old;
        }
    }
    return 0;
}

Report Shadow::used(uint64_t operation, uintptr_t address, size_t bytes, bool writes)
{
    uint64_t number = undertake(operation, nullptr);
    const Undertaking &it = undertaking(number);
    Stamp stamp = stamp_of(it.start, 0, 0) | (writes ? stamp_write : 0);
    Report report;
    auto accuse = [&](uintptr_t where, Stamp other, uint32_t from) {
        if (report.empty()) {
            std::string verb = other & stamp_write ? "wrote it" : "read it";
            report = {Code::failed, it.name + ": race: " + (writes ? "writes " : "reads ") + std::to_string(bytes) +
                                        " bytes, of which those at " + describe_address(where, 1) + ": " +
                                        describe_stamp(other, from, verb.c_str()) + ", in no order with it"};
        }
    };
    for_sections(
        address, bytes,
        [&](Section &section) {
            if (section.state != Section::uniform) {
                return section.state == Section::unknown;
            }
            Stamp other = section.writer != 0 && !precedes(section.writer, number) ? section.writer : 0;
            for (Stamp reader : section.readers) {
                if (writes && other == 0 && reader != 0 && !precedes(reader, number)) {
                    other = reader;
                }
            }
            if (other != 0) {
                accuse(address, other, 0); /* of the range, as good as any */
            } else if (writes) {
                section = {stamp | stamp_all_bytes, {}, Section::uniform, true};
            } else {
                return add_reader(section, stamp | stamp_all_bytes, number);
            }
            return true;
        },
        [&](Line &line, uintptr_t where, uint32_t of_it) {
            int cell;
            Stamp other = conflict(line, of_it, writes, number, cell);
            if (other != 0) {
                accuse(where, other, line.from[cell]);
            } else {
                record(line, stamp | Stamp{of_it} << stamp_bytes_shift, number);
                line.written = static_cast<uint8_t>(line.written | (writes ? of_it : 0));
            }
        });
    return report;
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

/* What was uninitialised is so in the copy. */
Report Shadow::copied(uint64_t operation, uintptr_t target, uintptr_t source, size_t bytes)
{
    Report report = used(operation, source, bytes, false);
    if (!report.empty()) {
        return report;
    }
    auto ranges = unwritten(source, bytes);
    report = used(operation, target, bytes, true);
    for (const auto &range : ranges) {
        for_sections(
            range.first - source + target, range.second,
            [](Section &section) {
                section.written = false;
                return section.state != Section::detailed;
            },
            [](Line &line, uintptr_t, uint32_t of_it) { line.written = static_cast<uint8_t>(line.written & ~of_it); });
    }
    return report;
}

/* ---- who came before whom */

const Undertaking *Shadow::known(uint64_t number) const
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

const Undertaking &Shadow::undertaking(uint64_t number) const
{
    static const Undertaking forgotten{0, 0, 0, nullptr, "something earlier", nullptr, {}, false};
    const Undertaking *it = known(number);
    return it == nullptr ? forgotten : *it;
}

/* Makes room for one more. What runs is not forgotten, however many others have come and gone beside it. */
void Shadow::forget_undertakings()
{
    auto oldest = undertakings.begin();
    while (undertakings.size() >= undertakings_kept && oldest != undertakings.end()) {
        oldest = oldest->second.live ? std::next(oldest) : undertakings.erase(oldest);
    }
    sought = {0, nullptr};
    first_undertaking = undertakings.empty() ? last_undertaking + 1 : undertakings.begin()->first;
}

uint64_t Shadow::undertake(uint64_t operation, const Launch *launch)
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
    uint64_t number = undertake(launch.operation, &launch);
    launches++;
    return number;
}

void Shadow::end(uint64_t number)
{
    auto ended = undertakings.find(number);
    if (ended != undertakings.end()) {
        ended->second.live = false;
    }
    if (--launches == 0) {
        clocks.clear();
    }
}

bool Shadow::precedes(Stamp stamp, uint64_t number)
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

const Run *Shadow::run_of(Stamp stamp) const
{
    const std::deque<Run> &runs = slots[slot_of(stamp)].runs;
    auto behind = std::upper_bound(
        runs.begin(), runs.end(), time_of(stamp), [](uint64_t its_time, const Run &run) { return its_time < run.start; });
    return behind == runs.begin() ? nullptr : &behind[-1];
}

uint32_t Shadow::take_slot()
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

void Shadow::return_slot(uint32_t slot)
{
    slots[slot].taken = false;
}

void Shadow::enter(uint32_t slot, const Run &run)
{
    std::deque<Run> &runs = slots[slot].runs;
    runs.push_back(run);
    if (runs.size() > runs_kept) {
        runs.pop_front();
    }
}

Line *Shadow::shared_lines(uint32_t number, size_t bytes)
{
    Slot &slot = slots[number];
    size_t wanted = (bytes / granule_bytes + 1) * sizeof(Line);
    if (slot.line_bytes < wanted) {
        if (slot.lines != nullptr) {
            munmap(slot.lines, slot.line_bytes);
            slot.lines = nullptr;
            slot.line_bytes = 0;
        }
        slot.lines = static_cast<Line *>(fresh_memory(wanted));
        slot.line_bytes = wanted;
    }
    return slot.lines;
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
