/* SPDX-License-Identifier: Apache-2.0 */
/* Compiling kernels at run time, and running what comes out of it. */
#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>
#include <unistd.h>

#include "abi/nvrtc.hpp"
#include "abi/nvrtc_functions.hpp"
#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;
using abi::NvrtcResult;
namespace files = std::filesystem;

#define NVRTC(expected, call)                                                                                         \
    do {                                                                                                              \
        NvrtcResult nvrtc_result = (call);                                                                            \
        CHECK(nvrtc_result == NvrtcResult::expected, "%s: %s", #call, nvrtcGetErrorString(nvrtc_result));             \
    } while (0)

static const char *const kernel = R"(
extern "C" __global__ void scale(int *data, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        data[i] *= FACTOR;
    }
}
)";

using Headers = std::vector<std::pair<const char *, const char *>>; /* name, text */

/* A program that destroys itself. */
class Program {
public:
    Program(const char *source, const char *name, const Headers &headers = {})
    {
        std::vector<const char *> names;
        std::vector<const char *> texts;
        for (const auto &header : headers) {
            names.push_back(header.first);
            texts.push_back(header.second);
        }
        NVRTC(success, nvrtcCreateProgram(&handle, source, name, static_cast<int32_t>(headers.size()), texts.data(),
                           names.data()));
    }
    ~Program() { NVRTC(success, nvrtcDestroyProgram(&handle)); }
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;

    NvrtcResult compile(std::vector<const char *> options)
    {
        return nvrtcCompileProgram(handle, static_cast<int32_t>(options.size()), options.data());
    }

    std::string log()
    {
        size_t bytes;
        NVRTC(success, nvrtcGetProgramLogSize(handle, &bytes));
        std::string text(bytes, '?');
        NVRTC(success, nvrtcGetProgramLog(handle, text.data()));
        CHECK(text.back() == '\0', "the end of the log");
        text.pop_back();
        return text;
    }

    std::vector<char> image()
    {
        size_t bytes;
        NVRTC(success, nvrtcGetCUBINSize(handle, &bytes));
        std::vector<char> content(bytes);
        NVRTC(success, nvrtcGetCUBIN(handle, content.data()));
        return content;
    }

    abi::ProgramHandle handle;
};

static bool contains(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

static void tells_what_it_is()
{
    int32_t major;
    int32_t minor;
    NVRTC(success, nvrtcVersion(&major, &minor));
    CHECK(major == 13 && minor == 0, "%d.%d", major, minor);
    NVRTC(success, nvrtcGetNumSupportedArchs(&major));
    CHECK(major == 1, "%d", major);
    NVRTC(success, nvrtcGetSupportedArchs(&major));
    CHECK(major == 90, "%d", major);
    NVRTC(invalid_input, nvrtcVersion(nullptr, &minor));
    NVRTC(invalid_input, nvrtcGetNumSupportedArchs(nullptr));
    NVRTC(invalid_input, nvrtcGetSupportedArchs(nullptr));
    CHECK(std::string(nvrtcGetErrorString(NvrtcResult::compilation)) == "NVRTC_ERROR_COMPILATION", "name");
    CHECK(std::string(nvrtcGetErrorString(static_cast<NvrtcResult>(-1))) == "NVRTC_ERROR unknown", "name");
}

static void is_found_by_the_name_of_its_interface()
{
    files::path library = NVRTC_LIBRARY;
    CHECK(files::equivalent(library, library.parent_path() / "libnvrtc.so.13"), "another library");
}

static void knows_its_handles()
{
    abi::ProgramHandle program = nullptr;
    size_t bytes;
    NVRTC(invalid_program, nvrtcDestroyProgram(&program));
    NVRTC(invalid_program, nvrtcDestroyProgram(nullptr));
    NVRTC(invalid_program, nvrtcCompileProgram(program, 0, nullptr));
    NVRTC(invalid_input, nvrtcCreateProgram(&program, nullptr, nullptr, 0, nullptr, nullptr));
    NVRTC(invalid_input, nvrtcCreateProgram(nullptr, kernel, nullptr, 0, nullptr, nullptr));
    NVRTC(invalid_input, nvrtcCreateProgram(&program, kernel, nullptr, 1, nullptr, nullptr));
    for (const char *bad : {"../a.h", "/tmp/a.h", "", "a/"}) {
        const char *text = "";
        NVRTC(invalid_input, nvrtcCreateProgram(&program, kernel, nullptr, 1, &text, &bad));
    }
    NVRTC(success, nvrtcCreateProgram(&program, kernel, nullptr, 0, nullptr, nullptr));
    NVRTC(invalid_program, nvrtcGetCUBINSize(program, &bytes)); /* not compiled yet */
    NVRTC(success, nvrtcGetProgramLogSize(program, &bytes));
    CHECK(bytes == 1, "%zu", bytes);
    NVRTC(invalid_input, nvrtcCompileProgram(program, 1, nullptr));
    NVRTC(invalid_input, nvrtcCompileProgram(program, -1, nullptr));
    abi::ProgramHandle copy = program;
    NVRTC(success, nvrtcDestroyProgram(&program));
    CHECK(program == nullptr, "the handle");
    NVRTC(invalid_program, nvrtcGetProgramLogSize(copy, &bytes));
}

static void refuses_options()
{
    Program program(kernel, "scale.cu");
    for (const char *option : {"--fast", "-arch=sm_70", "--gpu-architecture=compute_120", "-arch", "--std=c++98", "-D",
             "-I", "kernel.cu", "-o/tmp/x", "--dopt=on", "-arch=sm_90;touch x"}) {
        NVRTC(invalid_option, program.compile({option}));
        CHECK(contains(program.log(), option), "%s", program.log().c_str());
    }
    NVRTC(invalid_input, program.compile({nullptr}));
}

static void compiles_and_runs()
{
    Program program(kernel, "folder/scale.cu");
    NVRTC(success, program.compile({"--gpu-architecture=sm_90", "-DFACTOR=3", "--std=c++17", "-default-device",
                       "-lineinfo"}));
    CHECK(program.log().empty(), "%s", program.log().c_str());
    std::vector<char> image = program.image();

    Session session;
    OK(cuModuleLoadDataEx(&session.module, image.data(), 0, nullptr, nullptr));
    DevicePointer data = device_memory(100 * sizeof(int));
    write_ints(data, std::vector<int>(100, 14));
    OK(launch(session.function("scale"), 4, 32, nullptr, data, 100));
    CHECK(read_ints(data, 100) == std::vector<int>(100, 42), "%d", read_ints(data, 1)[0]);

    /* Again, with something else. */
    NVRTC(success, program.compile({"-arch=sm_90", "--define-macro=FACTOR=5"}));
    image = program.image();
    abi::ModuleHandle module;
    abi::FunctionHandle scale;
    OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    OK(cuModuleGetFunction(&scale, module, "scale"));
    OK(launch(scale, 4, 32, nullptr, data, 100));
    CHECK(read_ints(data, 1)[0] == 210, "%d", read_ints(data, 1)[0]);
}

static void finds_headers(const files::path &folder)
{
    std::string includes = "#include \"factor.cuh\"\n#include <deep/er.cuh>\n#include \"disk.cuh\"\n";
    std::string source = includes + kernel;
    Program program(source.c_str(), "scale.cu",
        {{"factor.cuh", "#define FACTOR (ONE + TWO)\n"}, {"deep/er.cuh", "#define ONE 1\n"}});
    files::create_directories(folder / "include path");
    std::ofstream(folder / "include path" / "disk.cuh") << "#define TWO 2\n";
    NVRTC(compilation, program.compile({"-arch=sm_90"}));
    CHECK(contains(program.log(), "scale.cu:3:") && contains(program.log(), "disk.cuh"), "%s", program.log().c_str());

    NVRTC(success, program.compile({"-arch=sm_90", ("--include-path=" + (folder / "include path").string()).c_str()}));
    files::path before = files::current_path();
    files::current_path(folder);
    NVRTC(success, program.compile({"-arch=sm_90", "-Iinclude path"})); /* relative to this process */
    files::current_path(before);
}

static void tells_what_is_wrong(const files::path &folder)
{
    Program program("#include \"wrong.cuh\"\nextern \"C\" __global__ void k(int *p)\n{\n    *p = nonesuch;\n}\n",
        "where/ever/broken.cu", {{"wrong.cuh", "\nint f() { return missing; }\n"}});
    NVRTC(compilation, program.compile({"-arch=sm_90"}));
    std::string log = program.log();
    CHECK(contains(log, "broken.cu:4:") && contains(log, "nonesuch"), "%s", log.c_str());
    CHECK(contains(log, "wrong.cuh:2:") && contains(log, "missing"), "%s", log.c_str());
    CHECK(!contains(log, folder.string()), "%s", log.c_str());
    size_t bytes;
    NVRTC(invalid_program, nvrtcGetCUBINSize(program.handle, &bytes));
    char byte;
    NVRTC(invalid_program, nvrtcGetCUBIN(program.handle, &byte));
}

static void has_no_ptx()
{
    Program program(kernel, "scale.cu");
    NVRTC(success, program.compile({"-arch=compute_90", "-DFACTOR=2"}));
    size_t bytes = 1;
    char byte;
    NVRTC(success, nvrtcGetCUBINSize(program.handle, &bytes)); /* as documented for a virtual architecture */
    CHECK(bytes == 0, "%zu", bytes);
    NVRTC(invalid_program, nvrtcGetCUBIN(program.handle, &byte));
    NVRTC(invalid_program, nvrtcGetPTXSize(program.handle, &bytes));
    NVRTC(invalid_program, nvrtcGetPTX(program.handle, &byte));
}

static void says_what_it_lacks(const files::path &folder)
{
    Program program(kernel, "scale.cu");
    setenv("CXX", "no-such-compiler", 1);
    NVRTC(builtin_operation_failure, program.compile({"-arch=sm_90", "-DFACTOR=2"}));
    CHECK(contains(program.log(), "no-such-compiler"), "%s", program.log().c_str());
    unsetenv("CXX");

    setenv("TMPDIR", "/no/such/folder", 1);
    NVRTC(builtin_operation_failure, program.compile({"-arch=sm_90", "-DFACTOR=2"}));
    CHECK(contains(program.log(), "/no/such/folder"), "%s", program.log().c_str());
    setenv("TMPDIR", folder.c_str(), 1);

    /* A copy of the library without simtcc beside it. */
    files::path copy = folder / "libnvrtc.so";
    files::copy_file(NVRTC_LIBRARY, copy);
    void *library = dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
    CHECK(library != nullptr, "%s", dlerror());
    auto create = reinterpret_cast<decltype(&nvrtcCreateProgram)>(dlsym(library, "nvrtcCreateProgram"));
    auto compile = reinterpret_cast<decltype(&nvrtcCompileProgram)>(dlsym(library, "nvrtcCompileProgram"));
    auto get_log = reinterpret_cast<decltype(&nvrtcGetProgramLog)>(dlsym(library, "nvrtcGetProgramLog"));
    auto destroy = reinterpret_cast<decltype(&nvrtcDestroyProgram)>(dlsym(library, "nvrtcDestroyProgram"));
    abi::ProgramHandle other;
    char log[1000] = {};
    NVRTC(success, create(&other, kernel, "scale.cu", 0, nullptr, nullptr));
    NVRTC(builtin_operation_failure, compile(other, 0, nullptr));
    NVRTC(success, get_log(other, log));
    CHECK(contains(log, "simtcc"), "%s", log);
    NVRTC(success, destroy(&other));
    files::remove(copy);
}

int main()
{
    std::string pattern = (files::temp_directory_path() / "gpubench-nvrtc-test-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr, "%s", pattern.c_str());
    files::path folder = pattern;
    setenv("TMPDIR", folder.c_str(), 1);

    tells_what_it_is();
    is_found_by_the_name_of_its_interface();
    knows_its_handles();
    refuses_options();
    compiles_and_runs();
    finds_headers(folder);
    tells_what_is_wrong(folder);
    has_no_ptx();
    says_what_it_lacks(folder);

    files::remove_all(folder / "include path");
    CHECK(files::is_empty(folder), "something is left in %s", folder.c_str());
    files::remove(folder);
    return 0;
}
