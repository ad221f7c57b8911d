/* SPDX-License-Identifier: Apache-2.0 */
/* The options of nvrtcCompileProgram. */
#ifndef GPUBENCH_CUDASIM_NVRTC_OPTIONS_HPP
#define GPUBENCH_CUDASIM_NVRTC_OPTIONS_HPP

#include <string>
#include <vector>

namespace cudasim::nvrtc {

struct Options {
    std::vector<std::string> arguments; /* of the compiler */
    bool for_device = false;            /* sm_90 rather than a virtual architecture: the image can be had as a cubin */
};

/* False with one line of text if an option is not known or has a value that is not. */
bool parse_option(const std::string &option, Options &options, std::string &problem);

} // namespace cudasim::nvrtc

#endif
