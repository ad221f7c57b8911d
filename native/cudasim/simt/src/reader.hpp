/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GPUBENCH_CUDASIM_READER_HPP
#define GPUBENCH_CUDASIM_READER_HPP

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace cudasim {

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

inline Reader reader_of(const Bytes &bytes, uint64_t offset = 0)
{
    offset = std::min<uint64_t>(offset, bytes.size());
    return {bytes.data() + offset, bytes.data() + bytes.size()};
}

} // namespace cudasim

#endif
