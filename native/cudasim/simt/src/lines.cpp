/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.hpp"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <unistd.h>

namespace cudasim {
namespace {

using Bytes = std::vector<unsigned char>;

/* A reader that stays within its bytes: beyond the end there are only zeros. */
struct Reader {
    const unsigned char *next;
    const unsigned char *end;

    bool done() const { return next >= end; }
    size_t left() const { return next < end ? static_cast<size_t>(end - next) : 0; }
    void skip(uint64_t bytes) { next += std::min<uint64_t>(bytes, left()); }

    uint64_t number(size_t bytes)
    {
        uint64_t value = 0;
        size_t count = std::min(bytes, left());
        memcpy(&value, next, std::min(count, sizeof value)); /* the layout of the host */
        next += count;
        return value;
    }

    uint64_t variable()
    {
        uint64_t value = 0;
        for (unsigned shift = 0; !done(); shift += 7) {
            unsigned char byte = *next++;
            value |= shift < 64 ? uint64_t{byte & 0x7fu} << shift : 0;
            if ((byte & 0x80) == 0) {
                break;
            }
        }
        return value;
    }

    int64_t signed_variable()
    {
        int64_t value = 0;
        unsigned shift = 0;
        unsigned char byte = 0;
        do {
            byte = static_cast<unsigned char>(number(1));
            value |= shift < 64 ? static_cast<int64_t>(uint64_t{byte & 0x7fu} << shift) : 0;
            shift += 7;
        } while ((byte & 0x80) != 0 && !done());
        return shift < 64 && (byte & 0x40) ? value | static_cast<int64_t>(~uint64_t{0} << shift) : value;
    }

    std::string text()
    {
        std::string value;
        while (!done() && *next != 0) {
            value += static_cast<char>(*next++);
        }
        skip(1);
        return value;
    }

    /* The part that a length before it announces. */
    Reader part(uint64_t bytes)
    {
        Reader inner{next, next + std::min<uint64_t>(bytes, left())};
        next = inner.end;
        return inner;
    }
};

Reader reader_of(const Bytes &bytes, uint64_t offset = 0)
{
    offset = std::min<uint64_t>(offset, bytes.size());
    return {bytes.data() + offset, bytes.data() + bytes.size()};
}

struct Row {
    uint64_t address;
    uint64_t file;
    uint64_t line;
    bool ends;
};

struct LineTable {
    std::vector<std::string> files;
    std::vector<Row> rows;
};

LineTable read_table(const Bytes &section, uint64_t offset)
{
    LineTable table;
    Reader all = reader_of(section, offset);
    Reader unit = all.part(all.number(4));
    uint64_t version = unit.number(2);
    Reader header = unit.part(unit.number(4));
    if (version < 2 || version > 4) {
        return table;
    }
    uint64_t unit_bytes = header.number(1);
    header.skip(version >= 4 ? 2 : 1); /* operations of an instruction, and whether a line begins a statement */
    auto line_base = static_cast<int8_t>(header.number(1));
    uint64_t line_range = std::max<uint64_t>(header.number(1), 1);
    uint64_t first_special = header.number(1);
    std::vector<uint64_t> operands;
    for (uint64_t i = 1; i < first_special; i++) {
        operands.push_back(header.number(1));
    }
    std::vector<std::string> folders = {""};
    for (std::string folder = header.text(); !folder.empty(); folder = header.text()) {
        folders.push_back(folder == "." ? "" : folder + "/");
    }
    table.files.emplace_back(); /* they count from 1 */
    for (std::string name = header.text(); !name.empty(); name = header.text()) {
        uint64_t folder = header.variable();
        header.variable();
        header.variable();
        bool whole = name[0] == '/' || folder >= folders.size();
        table.files.push_back(whole ? name : folders[folder] + name);
    }

    const Row start = {0, 1, 1, false};
    Row row = start;
    auto advance = [&](uint64_t steps) { row.address += steps * unit_bytes; };
    while (!unit.done()) {
        uint64_t code = unit.number(1);
        if (code >= first_special) {
            advance((code - first_special) / line_range);
            row.line += static_cast<uint64_t>(line_base + static_cast<int64_t>((code - first_special) % line_range));
            table.rows.push_back(row);
            continue;
        }
        switch (code) {
        case 0: { /* extended */
            Reader extended = unit.part(unit.variable());
            uint64_t what = extended.number(1);
            if (what == 1) {
                row.ends = true;
                table.rows.push_back(row);
                row = start;
            } else if (what == 2) {
                row.address = extended.number(extended.left());
            }
            break;
        }
        case 1:
            table.rows.push_back(row);
            break;
        case 2:
            advance(unit.variable());
            break;
        case 3:
            row.line += static_cast<uint64_t>(unit.signed_variable());
            break;
        case 4:
            row.file = unit.variable();
            break;
        case 8:
            advance((255 - first_special) / line_range);
            break;
        case 9:
            row.address += unit.number(2);
            break;
        default:
            for (uint64_t i = 0; i < operands[code - 1]; i++) {
                unit.variable();
            }
        }
    }
    return table;
}

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

struct DebugInformation {
    Bytes info, abbreviations, lines, ranges;

    bool covers(const Entry &entry, uint64_t base, uint64_t address) const
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

    /* Each place that the address belongs to, from the innermost outwards. */
    std::vector<std::pair<std::string, uint64_t>> places(uint64_t address) const
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
            std::vector<std::pair<std::string, uint64_t>> found;
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
                } else if (known[code].tag == inlined_subroutine && covers(entry, base, address) &&
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

private:
    static void find_row(
        const LineTable &table, uint64_t address, std::vector<std::pair<std::string, uint64_t>> &found)
    {
        for (size_t i = 0; i + 1 < table.rows.size(); i++) {
            const Row &row = table.rows[i];
            if (!row.ends && address >= row.address && address < table.rows[i + 1].address &&
                row.file < table.files.size()) {
                found = {{table.files[row.file], row.line}};
            }
        }
    }

    static bool read_entry(Reader &unit, const Abbreviation &kind, Entry &entry)
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
};

Bytes read_bytes(int file, uint64_t offset, uint64_t count)
{
    Bytes bytes(count);
    size_t done = 0;
    while (done < bytes.size()) {
        ssize_t part = pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (part <= 0) {
            return {};
        }
        done += static_cast<size_t>(part);
    }
    return bytes;
}

/* simtcc has put all names of files into the debug information by their short names, except those of the system. */
bool is_of_the_user(const std::string &file)
{
    return file[0] != '/' && file.rfind("include/simt", 0) != 0 && file[0] != '<';
}

} // namespace

Lines::Lines(int image_file) : file(dup(image_file)) {}

Lines::~Lines()
{
    if (file >= 0) {
        close(file);
    }
}

std::string Lines::at(uint64_t address) const
{
    Bytes head = read_bytes(file, 0, sizeof(ElfW(Ehdr)));
    if (head.empty()) {
        return {};
    }
    ElfW(Ehdr) header;
    memcpy(&header, head.data(), sizeof header);
    Bytes table = read_bytes(file, header.e_shoff, uint64_t{header.e_shnum} * sizeof(ElfW(Shdr)));
    if (table.empty() || header.e_shstrndx >= header.e_shnum) {
        return {};
    }
    std::vector<ElfW(Shdr)> sections(header.e_shnum);
    memcpy(sections.data(), table.data(), table.size());
    const ElfW(Shdr) &of_names = sections[header.e_shstrndx];
    Bytes names = read_bytes(file, of_names.sh_offset, of_names.sh_size);
    DebugInformation debug;
    for (const ElfW(Shdr) &section : sections) {
        std::string name = reader_of(names, section.sh_name).text();
        for (const auto &wanted : {std::make_pair(".debug_info", &debug.info),
                 std::make_pair(".debug_abbrev", &debug.abbreviations), std::make_pair(".debug_line", &debug.lines),
                 std::make_pair(".debug_ranges", &debug.ranges)}) {
            if (name == wanted.first) {
                *wanted.second = read_bytes(file, section.sh_offset, section.sh_size);
            }
        }
    }
    auto places = debug.places(address);
    auto text = [](const std::pair<std::string, uint64_t> &place) {
        std::string name = place.first.rfind("./", 0) == 0 ? place.first.substr(2) : place.first;
        return name + ":" + std::to_string(place.second);
    };
    for (const auto &place : places) {
        if (is_of_the_user(place.first)) {
            return text(place);
        }
    }
    return places.empty() ? std::string() : text(places[0]);
}

} // namespace cudasim
