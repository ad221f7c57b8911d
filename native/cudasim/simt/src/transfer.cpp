/* SPDX-License-Identifier: Apache-2.0 */
/* Copies and fills, against what the shadow remembers of the memory that they use. */
#include "shadow.hpp"

namespace cudasim {

/* Instead of those that come before it: whoever is in order with this access is with them. */
void Shadow::record(Line &line, Stamp stamp, uint64_t number)
{
    int chosen = -1;
    for (int i = 0; i < Line::cells; i++) {
        Stamp old = line.stamp[i];
        bool covered = (old & stamp_all_bytes & ~stamp) == 0 &&
                       (stamp & stamp_write || (!(old & stamp_write) && history.precedes(old, number)));
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
        if (reader == 0 || history.precedes(reader, number)) {
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
        if (same_bytes && (writes || (old & stamp_write)) && !history.precedes(old, number)) {
            return old;
        }
    }
    return 0;
}

Report Shadow::used(uint64_t operation, uintptr_t address, size_t bytes, bool writes)
{
    uint64_t number = history.undertake(operation, nullptr);
    const Undertaking &it = history.undertaking(number);
    Stamp stamp = stamp_of(it.start, 0, 0) | (writes ? stamp_write : 0);
    Report report;
    auto accuse = [&](uintptr_t where, Stamp other, uint32_t from) {
        if (report.empty()) {
            std::string verb = other & stamp_write ? "wrote it" : "read it";
            report = {Code::failed, it.name + ": race: " + (writes ? "writes " : "reads ") + std::to_string(bytes) +
                                        " bytes, of which those at " + describe_address(where, 1) + ": " +
                                        history.describe(other, from, verb.c_str()) + ", in no order with it"};
        }
    };
    for_sections(
        address, bytes,
        [&](Section &section) {
            if (section.state != Section::uniform) {
                return section.state == Section::unknown;
            }
            Stamp other = section.writer != 0 && !history.precedes(section.writer, number) ? section.writer : 0;
            for (Stamp reader : section.readers) {
                if (writes && other == 0 && reader != 0 && !history.precedes(reader, number)) {
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

} // namespace cudasim
