/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.hpp"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace cudasim {

namespace {

constexpr size_t most_line_bytes = 400;

} // namespace

Trace &Trace::get()
{
    static Trace &trace = *new Trace;
    return trace;
}

Trace::Trace()
{
    const char *path = std::getenv("GPUBENCH_SIM_TRACE");
    if (path != nullptr && *path != '\0') {
        /* Not blocking: a pipe that nobody reads must not stop anyone. */
        file_ = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
    }
}

void Trace::append(const char *line, size_t length)
{
    static char end_of_line = '\n';
    const iovec pieces[] = {{&end_of_line, 1}, {const_cast<char *>(line), length}};
    bool torn = torn_.exchange(false);
    const int before = errno;
    ssize_t wanted = static_cast<ssize_t>(length + (torn ? 1 : 0));
    ssize_t written = writev(file_, torn ? pieces : pieces + 1, torn ? 2 : 1);
    if (written < 0 ? torn : written != wanted) {
        torn_.store(true);
    }
    errno = before;
}

void Trace::write(const char *api, uint64_t number, const char *function, int32_t result)
{
    char line[most_line_bytes];
    int length = std::snprintf(line, sizeof line, "%ld %s %" PRIu64 " %s %" PRId32 "\n", static_cast<long>(getpid()),
        api, number, function, result);
    append(line, std::min(static_cast<size_t>(length), sizeof line - 1));
}

void Trace::write(const char *text)
{
    char line[most_line_bytes];
    int length = std::snprintf(line, sizeof line, "%ld %s\n", static_cast<long>(getpid()), text);
    append(line, std::min(static_cast<size_t>(length), sizeof line - 1));
}

} // namespace cudasim
