/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a unit's lines, as DWARF has it in .debug_line (versions 2 to 4). */
#ifndef GPUBENCH_CUDASIM_LINE_TABLE_HPP
#define GPUBENCH_CUDASIM_LINE_TABLE_HPP

#include "reader.hpp"

namespace cudasim {

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

/* Of the unit at that offset of the section; empty for a version that is not known. */
LineTable read_table(const Bytes &section, uint64_t offset);

} // namespace cudasim

#endif
