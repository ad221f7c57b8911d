/* SPDX-License-Identifier: Apache-2.0 */
#include "workspace.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cudasim::nvrtc {

namespace {

[[noreturn]] void fail(int error, const std::string &what)
{
    throw std::system_error(error, std::generic_category(), what);
}

/* What a child process starts with: our folder, our log, no input, and no signal blocked. */
class Spawning {
public:
    Spawning(const std::string &folder, const std::string &log)
    {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
        posix_spawnattr_init(&attributes);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    }
    ~Spawning()
    {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }
    Spawning(const Spawning &) = delete;
    Spawning &operator=(const Spawning &) = delete;

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
};

std::vector<char *> pointers(std::vector<std::string> &texts)
{
    std::vector<char *> result;
    for (std::string &text : texts) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

/* That of this process, with messages in English and without what is preloaded into this process. */
std::vector<std::string> child_environment()
{
    std::vector<std::string> variables = {"LC_ALL=C"};
    for (char **variable = environ; *variable != nullptr; variable++) {
        std::string text = *variable;
        if (text.compare(0, 7, "LC_ALL=") != 0 && text.compare(0, 11, "LD_PRELOAD=") != 0) {
            variables.push_back(std::move(text));
        }
    }
    return variables;
}

} // namespace

Workspace::Workspace()
{
    const char *temporary = std::getenv("TMPDIR");
    std::filesystem::path parent = temporary != nullptr && *temporary != '\0' ? temporary : "/tmp";
    std::string pattern = std::filesystem::absolute(parent / "gpubench-nvrtc-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        fail(errno, pattern);
    }
    folder_ = pattern;
}

Workspace::~Workspace()
{
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Workspace::write(const std::string &name, const std::string &text) const
{
    std::filesystem::create_directories(path(name).parent_path());
    std::ofstream file(path(name), std::ios::binary);
    file << text;
    file.close();
    if (!file) {
        fail(EIO, path(name).string());
    }
}

std::string Workspace::read(const std::string &name) const
{
    std::ifstream file(path(name), std::ios::binary);
    if (!file) {
        fail(ENOENT, path(name).string());
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

int Workspace::run(const std::vector<std::string> &arguments, const std::string &output_name) const
{
    Spawning spawning(folder_.string(), path(output_name).string());
    std::vector<std::string> argument_texts = arguments;
    std::vector<std::string> environment_texts = child_environment();
    pid_t child;
    int failure = posix_spawn(&child, argument_texts[0].c_str(), &spawning.actions, &spawning.attributes,
        pointers(argument_texts).data(), pointers(environment_texts).data());
    if (failure != 0) {
        fail(failure, argument_texts[0]);
    }
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            fail(errno, argument_texts[0]);
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace cudasim::nvrtc
