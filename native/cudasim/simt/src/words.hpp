/* SPDX-License-Identifier: Apache-2.0 */
/* What reports are put together from. */
#ifndef GPUBENCH_CUDASIM_WORDS_HPP
#define GPUBENCH_CUDASIM_WORDS_HPP

#include <cstdint>
#include <cstdio>
#include <string>

namespace cudasim {

inline std::string triple_text(uint32_t x, uint32_t y, uint32_t z)
{
    return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}

/* Of a number that counts the elements of a shape, x first. */
inline std::string triple_text(uint32_t number, const uint32_t (&shape)[3])
{
    return triple_text(number % shape[0], number / shape[0] % shape[1], number / shape[0] / shape[1]);
}

inline std::string hexadecimal(uint64_t number, int digits = 1)
{
    char text[24];
    snprintf(text, sizeof text, "0x%0*llx", digits, static_cast<unsigned long long>(number));
    return text;
}

} // namespace cudasim

#endif
