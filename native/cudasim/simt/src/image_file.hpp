/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes that a program gives as an image: what they must be before the loader sees them, and a file for it to load. */
#ifndef GPUBENCH_CUDASIM_IMAGE_FILE_HPP
#define GPUBENCH_CUDASIM_IMAGE_FILE_HPP

#include "../simt.hpp"

namespace cudasim {

/* The file's size, or 0 with a problem and a text. */
uint64_t checked_size(const void *bytes, Image::Problem &problem, std::string &text);

/* A file without a name, which exists as long as it is open; -1 with errno. */
int memory_file(const void *bytes, uint64_t size);

} // namespace cudasim

#endif
