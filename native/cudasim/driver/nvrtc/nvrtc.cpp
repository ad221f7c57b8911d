/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator's libnvrtc.so: compiles kernels for the host with simtcc, which lies beside it. What is handed out as a
 * cubin is an image for the simulator's cuModuleLoadDataEx. There is no PTX.
 */
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <utility>
#include <vector>

#include <dlfcn.h>

#include "abi/nvrtc.hpp"
#include "abi/nvrtc_functions.hpp"
#include "identity.hpp"
#include "options.hpp"
#include "registry.hpp"
#include "workspace.hpp"

using namespace cudasim;
using namespace cudasim::nvrtc;
using Result = abi::NvrtcResult;

namespace {

constexpr int32_t architecture = 90;
constexpr char image_name[] = "gpubench-image.so";
constexpr char log_name[] = "gpubench-log.txt";
constexpr int command_not_found = 126; /* and beyond: the shell's 127, and those killed by a signal */

struct Program {
    std::string source;
    std::string name;
    std::vector<std::pair<std::string, std::string>> headers; /* name, text */

    std::mutex mutex; /* of what follows */
    bool compiled = false;
    std::string log;
    std::string image; /* empty when compiled for a virtual architecture */
};

Registry<abi::ProgramHandle, Program> &programs()
{
    static auto &registry = *new Registry<abi::ProgramHandle, Program>;
    return registry;
}

template <typename Body> Result guarded(Body &&body) noexcept
{
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return Result::out_of_memory;
    } catch (...) {
        return Result::internal_error;
    }
}

template <typename Body> Result call_with_program(abi::ProgramHandle handle, Body &&body) noexcept
{
    return guarded([&] {
        std::shared_ptr<Program> program = programs().find(handle);
        if (program == nullptr) {
            return Result::invalid_program;
        }
        std::lock_guard lock(program->mutex);
        return body(*program);
    });
}

/* A relative path that stays below where it begins. */
bool is_safe_name(const char *name)
{
    std::filesystem::path path(name);
    bool safe = !path.empty() && path.is_relative() && path.has_filename();
    for (const auto &part : path) {
        safe = safe && part != "..";
    }
    return safe;
}

/* simtcc beside this library; throws std::system_error. */
std::string compiler()
{
    Dl_info info;
    static const char here = 0;
    if (dladdr(&here, &info) == 0 || info.dli_fname == nullptr) {
        throw std::system_error(ENOENT, std::generic_category(), "simtcc");
    }
    return (std::filesystem::absolute(info.dli_fname).parent_path() / "simtcc").string();
}

/* Messages then begin with the name of the program, or of a header, and tell nothing of the folder. */
std::string without_folder(std::string log, const std::string &folder)
{
    for (size_t at = log.find(folder); at != std::string::npos; at = log.find(folder, at)) {
        log.erase(at, folder.size());
    }
    return log;
}

Result compile(Program &program, const Options &options)
{
    Workspace workspace;
    workspace.write(program.name, program.source);
    for (const auto &header : program.headers) {
        workspace.write(header.first, header.second);
    }
    std::vector<std::string> arguments = {compiler()};
    if (identity::checked_mode()) {
        arguments.emplace_back("--check");
    }
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    bool like_an_option = program.name[0] == '-';
    arguments.insert(arguments.end(), {"-I.", "-o", image_name, (like_an_option ? "./" : "") + program.name});
    int status = workspace.run(arguments, log_name);
    program.log = without_folder(workspace.read(log_name), workspace.path("").string());
    if (status >= command_not_found) {
        program.log += "nvrtc: the compiler of the simulator ended with status " + std::to_string(status) + "\n";
        return Result::builtin_operation_failure;
    }
    if (status != 0) {
        return Result::compilation;
    }
    std::string image = workspace.read(image_name);
    if (options.for_device) {
        program.image = std::move(image);
    }
    program.compiled = true;
    return Result::success;
}

Result copy_out(const std::string &bytes, char *target)
{
    if (target == nullptr) {
        return Result::invalid_input;
    }
    std::memcpy(target, bytes.data(), bytes.size());
    return Result::success;
}

} // namespace

const char *nvrtcGetErrorString(Result result)
{
    static const char *const names[] = {"NVRTC_SUCCESS", "NVRTC_ERROR_OUT_OF_MEMORY",
        "NVRTC_ERROR_PROGRAM_CREATION_FAILURE", "NVRTC_ERROR_INVALID_INPUT", "NVRTC_ERROR_INVALID_PROGRAM",
        "NVRTC_ERROR_INVALID_OPTION", "NVRTC_ERROR_COMPILATION", "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE",
        "NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION", "NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION",
        "NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID", "NVRTC_ERROR_INTERNAL_ERROR"};
    auto number = static_cast<uint32_t>(result);
    return number < sizeof names / sizeof *names ? names[number] : "NVRTC_ERROR unknown";
}

Result nvrtcVersion(int32_t *major, int32_t *minor)
{
    if (major == nullptr || minor == nullptr) {
        return Result::invalid_input;
    }
    *major = 13;
    *minor = 0;
    return Result::success;
}

Result nvrtcGetNumSupportedArchs(int32_t *count)
{
    if (count == nullptr) {
        return Result::invalid_input;
    }
    *count = 1;
    return Result::success;
}

Result nvrtcGetSupportedArchs(int32_t *architectures)
{
    if (architectures == nullptr) {
        return Result::invalid_input;
    }
    *architectures = architecture;
    return Result::success;
}

Result nvrtcCreateProgram(abi::ProgramHandle *program, const char *source, const char *name, int32_t header_count,
    const char *const *headers, const char *const *header_names)
{
    return guarded([&] {
        if (program == nullptr || source == nullptr || header_count < 0
            || (header_count != 0 && (headers == nullptr || header_names == nullptr))) {
            return Result::invalid_input;
        }
        auto created = std::make_shared<Program>();
        created->source = source;
        /* Of a path only the last part: the file is written to a folder of its own. */
        created->name = std::filesystem::path(name == nullptr ? "" : name).filename().string();
        if (created->name.empty()) {
            created->name = "default_program";
        }
        for (int32_t i = 0; i < header_count; i++) {
            if (headers[i] == nullptr || header_names[i] == nullptr || !is_safe_name(header_names[i])) {
                return Result::invalid_input;
            }
            created->headers.emplace_back(header_names[i], headers[i]);
        }
        *program = programs().add(std::move(created));
        return Result::success;
    });
}

Result nvrtcDestroyProgram(abi::ProgramHandle *program)
{
    return guarded([&] {
        if (program == nullptr || programs().remove(*program) == nullptr) {
            return Result::invalid_program;
        }
        *program = nullptr;
        return Result::success;
    });
}

Result nvrtcCompileProgram(abi::ProgramHandle handle, int32_t option_count, const char *const *options)
{
    return call_with_program(handle, [&](Program &program) {
        program.compiled = false;
        program.log.clear();
        program.image.clear();
        if (option_count < 0 || (option_count != 0 && options == nullptr)) {
            return Result::invalid_input;
        }
        Options parsed;
        for (int32_t i = 0; i < option_count; i++) {
            if (options[i] == nullptr) {
                return Result::invalid_input;
            }
            if (!parse_option(options[i], parsed, program.log)) {
                return Result::invalid_option;
            }
        }
        try {
            return compile(program, parsed);
        } catch (const std::system_error &error) {
            program.log += std::string("nvrtc: the compiler of the simulator does not run: ") + error.what() + "\n";
            return Result::builtin_operation_failure;
        }
    });
}

Result nvrtcGetProgramLogSize(abi::ProgramHandle handle, size_t *bytes)
{
    return call_with_program(handle, [&](Program &program) {
        if (bytes == nullptr) {
            return Result::invalid_input;
        }
        *bytes = program.log.size() + 1;
        return Result::success;
    });
}

Result nvrtcGetProgramLog(abi::ProgramHandle handle, char *log)
{
    return call_with_program(handle, [&](Program &program) {
        if (log == nullptr) {
            return Result::invalid_input;
        }
        std::memcpy(log, program.log.c_str(), program.log.size() + 1);
        return Result::success;
    });
}

Result nvrtcGetCUBINSize(abi::ProgramHandle handle, size_t *bytes)
{
    return call_with_program(handle, [&](Program &program) {
        if (bytes == nullptr) {
            return Result::invalid_input;
        }
        *bytes = program.image.size();
        return program.compiled ? Result::success : Result::invalid_program;
    });
}

Result nvrtcGetCUBIN(abi::ProgramHandle handle, char *image)
{
    return call_with_program(handle, [&](Program &program) {
        return program.image.empty() ? Result::invalid_program : copy_out(program.image, image);
    });
}

/* Only a compiler for GPUs has PTX to give. */
Result nvrtcGetPTXSize(abi::ProgramHandle handle, size_t *bytes)
{
    return call_with_program(handle, [&](Program &) {
        if (bytes == nullptr) {
            return Result::invalid_input;
        }
        *bytes = 0;
        return Result::invalid_program;
    });
}

Result nvrtcGetPTX(abi::ProgramHandle handle, char *)
{
    return call_with_program(handle, [](Program &) { return Result::invalid_program; });
}
