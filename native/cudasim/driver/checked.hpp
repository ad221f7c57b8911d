/* SPDX-License-Identifier: Apache-2.0 */
/* Whether this process wants the checked simulator: GPUBENCH_SIM_CHECK, which must be 1, 0 or empty. */
#ifndef GPUBENCH_CUDASIM_CHECKED_HPP
#define GPUBENCH_CUDASIM_CHECKED_HPP

#include <cstdlib>
#include <cstring>

namespace cudasim {

enum class CheckedMode { plain, checked, nonsense };

/* The environment's word when it was first asked for. Any thread. */
inline CheckedMode checked_mode()
{
    static const CheckedMode mode = [] {
        const char *text = std::getenv("GPUBENCH_SIM_CHECK");
        if (text == nullptr || *text == '\0' || std::strcmp(text, "0") == 0) {
            return CheckedMode::plain;
        }
        return std::strcmp(text, "1") == 0 ? CheckedMode::checked : CheckedMode::nonsense;
    }();
    return mode;
}

} // namespace cudasim

#endif
