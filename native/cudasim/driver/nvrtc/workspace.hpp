/* SPDX-License-Identifier: Apache-2.0 */
/* A private folder, and a compiler run in it. */
#ifndef GPUBENCH_CUDASIM_NVRTC_WORKSPACE_HPP
#define GPUBENCH_CUDASIM_NVRTC_WORKSPACE_HPP

#include <filesystem>
#include <string>
#include <vector>

namespace cudasim::nvrtc {

/* Removes its folder and all in it at the end. */
class Workspace {
public:
    Workspace(); /* throws std::system_error */
    ~Workspace();
    Workspace(const Workspace &) = delete;
    Workspace &operator=(const Workspace &) = delete;

    /* Relative names; both throw std::system_error. */
    void write(const std::string &name, const std::string &text) const;
    std::string read(const std::string &name) const;

    std::filesystem::path path(const std::string &name) const { return folder_ / name; }

    /*
     * Runs a program here, waits for its end, and returns its exit status, 128 and more after a signal. What it prints
     * goes to the named file. Throws std::system_error if it cannot be started.
     */
    int run(const std::vector<std::string> &arguments, const std::string &output_name) const;

private:
    std::filesystem::path folder_;
};

} // namespace cudasim::nvrtc

#endif
