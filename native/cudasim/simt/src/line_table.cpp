/* SPDX-License-Identifier: Apache-2.0 */
#include "line_table.hpp"

namespace cudasim {

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

} // namespace cudasim
