/* SPDX-License-Identifier: Apache-2.0 */
/* Processes of their own for tests of what a library reads but once, or leaves behind. */
#ifndef GPUBENCH_CUDASIM_CHILD_HPP
#define GPUBENCH_CUDASIM_CHILD_HPP

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

namespace cudasim::test {

/* Runs in a process of its own, which ends orderly; the caller has no thread but this one, and made no call before. */
template <typename Body> void in_a_child(Body &&body)
{
    pid_t child = fork();
    CHECK(child >= 0, "fork");
    if (child == 0) {
        body();
        exit(42);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child, "wait");
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42, "status %x", static_cast<unsigned>(status));
}

/* A file for GPUBENCH_SIM_TRACE, which goes with this. */
class TraceFile {
public:
    TraceFile()
    {
        int file = mkstemp(path_);
        CHECK(file >= 0 && close(file) == 0, "%s", path_);
        setenv("GPUBENCH_SIM_TRACE", path_, 1);
    }
    ~TraceFile()
    {
        unlink(path_);
        unsetenv("GPUBENCH_SIM_TRACE");
    }
    TraceFile(const TraceFile &) = delete;
    TraceFile &operator=(const TraceFile &) = delete;

    const char *path() const { return path_; }

    /* Without their first word, the process. */
    std::vector<std::string> lines() const
    {
        std::ifstream file(path_);
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) {
            lines.push_back(line.substr(line.find(' ') + 1));
        }
        return lines;
    }

private:
    char path_[40] = "/tmp/cudasim-trace-XXXXXX";
};

constexpr char nothing_left[] = "end contexts=0 bytes=0 pinned=0 streams=0 events=0 modules=0 graphs=0";

} // namespace cudasim::test

#endif
