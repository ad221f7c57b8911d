/* SPDX-License-Identifier: Apache-2.0 */
/* Writes down the calls of the process where GPUBENCH_SIM_TRACE says so. */
#ifndef GPUBENCH_CUDASIM_TRACE_HPP
#define GPUBENCH_CUDASIM_TRACE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace cudasim {

/*
 * Appends lines to a file that other processes and the other library may append to as well: each line is one write. A
 * file that cannot be opened means no trace, and a line that cannot be written is lost: the calls go on either way. Any
 * thread; never destroyed.
 */
class Trace {
public:
    static Trace &get();

    bool is_on() const { return file_ >= 0; }
    /* PID API NUMBER FUNCTION RESULT */
    void write(const char *api, uint64_t number, const char *function, int32_t result);
    /* PID TEXT */
    void write(const char *text);

private:
    Trace();

    int file_ = -1;
    std::atomic<bool> torn_{false}; /* the last line went in only in part, so the next one begins with its end */

    void append(const char *line, size_t length);
};

} // namespace cudasim

#endif
