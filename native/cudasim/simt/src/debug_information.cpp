/* SPDX-License-Identifier: Apache-2.0 */
#include "debug_information.hpp"
#include "line_table.hpp"

namespace cudasim {
namespace {

struct Attribute {
    uint64_t name;
    uint64_t form;
};

struct Abbreviation {
    uint64_t tag = 0;
    std::vector<Attribute> attributes;
};

std::vector<Abbreviation> read_abbreviations(const Bytes &section, uint64_t offset)
{
    std::vector<Abbreviation> all;
    Reader reader = reader_of(section, offset);
    for (uint64_t code = reader.variable(); code != 0 && code < 100000; code = reader.variable()) {
        Abbreviation it;
        it.tag = reader.variable();
        reader.skip(1); /* whether it has children: what is nested comes later in any case */
        for (;;) {
            Attribute attribute{};
            attribute.name = reader.variable();
            attribute.form = reader.variable();
            if (attribute.name == 0 || reader.done()) {
                break;
            }
            it.attributes.push_back(attribute);
        }
        all.resize(std::max<size_t>(all.size(), code + 1));
        all[code] = it;
    }
    return all;
}

/* The value if it is a number of some kind. False: a form that nobody knows. */
bool read_value(Reader &reader, uint64_t form, uint64_t &value)
{
    switch (form) {
    case 0x01: /* an address */
    case 0x07:
    case 0x14:
    case 0x20:
        value = reader.number(8);
        return true;
    case 0x03:
        reader.skip(reader.number(2));
        return true;
    case 0x04:
        reader.skip(reader.number(4));
        return true;
    case 0x05:
    case 0x12:
        value = reader.number(2);
        return true;
    case 0x06:
    case 0x0e:
    case 0x10:
    case 0x13:
    case 0x17:
        value = reader.number(4);
        return true;
    case 0x08:
        reader.text();
        return true;
    case 0x09:
    case 0x18:
        reader.skip(reader.variable());
        return true;
    case 0x0a:
        reader.skip(reader.number(1));
        return true;
    case 0x0b:
    case 0x0c:
    case 0x11:
        value = reader.number(1);
        return true;
    case 0x0d:
        value = static_cast<uint64_t>(reader.signed_variable());
        return true;
    case 0x0f:
    case 0x15:
        value = reader.variable();
        return true;
    case 0x19:
        value = 1;
        return true;
    default:
        return false;
    }
}

struct Entry {
    uint64_t low = 0, high = 0, ranges = 0, table = 0, file = 0, line = 0;
    bool has_low = false, has_ranges = false, high_is_size = false;
};

constexpr uint64_t compile_unit = 0x11;
constexpr uint64_t inlined_subroutine = 0x1d;

bool read_entry(Reader &unit, const Abbreviation &kind, Entry &entry)
{
    for (const Attribute &attribute : kind.attributes) {
        uint64_t form = attribute.form;
        uint64_t value = 0;
        if (!read_value(unit, form, value)) {
            return false;
        }
        switch (attribute.name) {
        case 0x10:
            entry.table = value;
            break;
        case 0x11:
            entry.low = value;
            entry.has_low = true;
            break;
        case 0x12:
            entry.high = value;
            entry.high_is_size = form != 0x01;
            break;
        case 0x55:
            entry.ranges = value;
            entry.has_ranges = true;
            break;
        case 0x58:
            entry.file = value;
            break;
        case 0x59:
            entry.line = value;
            break;
        default:
            break;
        }
    }
    return true;
}

bool covers(const Bytes &ranges, const Entry &entry, uint64_t base, uint64_t address)
{
    if (!entry.has_ranges) {
        uint64_t high = entry.high_is_size ? entry.low + entry.high : entry.high;
        return entry.has_low && address >= entry.low && address < high;
    }
    for (Reader reader = reader_of(ranges, entry.ranges); !reader.done();) {
        uint64_t from = reader.number(8);
        uint64_t to = reader.number(8);
        if (from == 0 && to == 0) {
            break;
        }
        if (from == ~uint64_t{0}) {
            base = to;
        } else if (address >= base + from && address < base + to) {
            return true;
        }
    }
    return false;
}

void find_row(const LineTable &table, uint64_t address, std::vector<SourcePlace> &found)
{
    for (size_t i = 0; i + 1 < table.rows.size(); i++) {
        const Row &row = table.rows[i];
        if (!row.ends && address >= row.address && address < table.rows[i + 1].address &&
            row.file < table.files.size()) {
            found = {{table.files[row.file], row.line}};
        }
    }
}

} // namespace

std::vector<SourcePlace> DebugInformation::places(uint64_t address) const
{
    for (Reader all = reader_of(info); !all.done();) {
        Reader unit = all.part(all.number(4));
        uint64_t version = unit.number(2);
        std::vector<Abbreviation> known = read_abbreviations(abbreviations, unit.number(4));
        if (version < 2 || version > 4 || unit.number(1) != 8) {
            continue;
        }
        LineTable table;
        uint64_t base = 0;
        std::vector<SourcePlace> found;
        while (!unit.done()) {
            uint64_t code = unit.variable();
            if (code == 0) {
                continue;
            }
            Entry entry;
            if (code >= known.size() || !read_entry(unit, known[code], entry)) {
                break;
            }
            if (known[code].tag == compile_unit) {
                base = entry.low;
                table = read_table(lines, entry.table);
                find_row(table, address, found);
                if (found.empty()) {
                    break;
                }
            } else if (known[code].tag == inlined_subroutine && covers(ranges, entry, base, address) &&
                       entry.file < table.files.size()) {
                found.insert(found.begin() + 1, {table.files[entry.file], entry.line});
            }
        }
        if (!found.empty()) {
            return found;
        }
    }
    return {};
}

} // namespace cudasim
