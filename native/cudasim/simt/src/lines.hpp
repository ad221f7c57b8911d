/* SPDX-License-Identifier: Apache-2.0 */
/* From a place in a checked image's code to the line of the source that it was made of. */
#ifndef GPUBENCH_CUDASIM_LINES_HPP
#define GPUBENCH_CUDASIM_LINES_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace cudasim {

/* Reads the image's debug information (DWARF 4) when it is asked, not before. Any thread. */
class Lines {
public:
    explicit Lines(int image_file); /* the number of an open file, which it duplicates */
    ~Lines();
    Lines(const Lines &) = delete;
    Lines &operator=(const Lines &) = delete;

    /*
     * "tally.cu:53", or empty if it is not known. Where functions were inlined, the innermost line that does not stand
     * in a header of the system or of simtcc.
     */
    std::string at(uint64_t address) const;

private:
    int file;
};

} // namespace cudasim

#endif
