/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver says of a refused call, compared with what it should. */
#ifndef GPUBENCH_CUDASIM_SAID_HPP
#define GPUBENCH_CUDASIM_SAID_HPP

#include <cctype>
#include <string>

#include "cuda_test.hpp"

namespace cudasim::test {

/* The text of the calling thread's last call, with # for the numbers of calls and @ for addresses and handles. */
inline std::string said(Result result)
{
    const char *text = nullptr;
    CHECK(cuGetErrorString(result, &text) == Result::success, "%s", name_of(result));
    std::string plain;
    for (const char *next = text; *next != '\0';) {
        bool address = std::strncmp(next, "0x", 2) == 0;
        bool number = plain.size() >= 5 && plain.compare(plain.size() - 5, 5, "call ") == 0;
        if (address || (number && std::isdigit(*next) != 0)) {
            next += address ? 2 : 0;
            while (address ? std::isxdigit(*next) != 0 : std::isdigit(*next) != 0) {
                next++;
            }
            plain += address ? '@' : '#';
        } else {
            plain += *next++;
        }
    }
    return plain;
}

/* SAYS(invalid_value, "double free: ...", cuMemFree_v2(address)) */
#define SAYS(expected, words, call)                                                                                   \
    do {                                                                                                              \
        EXPECT(expected, call);                                                                                       \
        std::string actual_words = cudasim::test::said(cudasim::abi::Result::expected);                               \
        CHECK(actual_words == (words), "%s\n says %s\n  not %s", #call, actual_words.c_str(),                         \
            std::string(words).c_str());                                                                              \
    } while (0)

} // namespace cudasim::test

#endif
