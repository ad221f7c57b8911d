/* SPDX-License-Identifier: Apache-2.0 */
/* What code was made of which lines, as DWARF has it (versions 2 to 4, addresses of 8 bytes). */
#ifndef GPUBENCH_CUDASIM_DEBUG_INFORMATION_HPP
#define GPUBENCH_CUDASIM_DEBUG_INFORMATION_HPP

#include "reader.hpp"

namespace cudasim {

struct SourcePlace {
    std::string file;
    uint64_t line;
};

/* The sections of a file that have it, each empty where the file has none. */
struct DebugInformation {
    Bytes info, abbreviations, lines, ranges;

    /* Each place that the address belongs to, from the innermost outwards. */
    std::vector<SourcePlace> places(uint64_t address) const;
};

} // namespace cudasim

#endif
