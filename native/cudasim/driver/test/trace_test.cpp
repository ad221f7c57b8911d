/* SPDX-License-Identifier: Apache-2.0 */
/* The trace of the calls, and a session in which each call fails in turn. */
#include <algorithm>
#include <string>
#include <vector>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "child.hpp"
#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

static void tells_what_was_called()
{
    TraceFile trace;
    in_a_child([] {
        EXPECT(invalid_value, cuInit(7));
        OK(cuInit(0));
        int32_t version;
        OK(cuDriverGetVersion(&version));
        name_of(Result::success); /* not counted */
        EXPECT(invalid_context, cuCtxSynchronize());
    });
    const std::vector<std::string> expected = {"cuda 1 cuInit 1", "cuda 2 cuInit 0", "cuda 3 cuDriverGetVersion 0",
        "cuda 4 cuCtxSynchronize 201", nothing_left};
    CHECK(trace.lines() == expected, "%zu lines", trace.lines().size());
}

static void tells_what_is_left()
{
    TraceFile trace;
    in_a_child([] {
        Session session;
        session.is_released = true;
        abi::StreamHandle stream = new_stream();
        new_stream();
        new_event();
        session.function("nothing");
        device_memory(100);
        device_memory(100000);
        mapped_memory<char>(5000);
        abi::GraphHandle graph;
        abi::ExecutableHandle executable;
        OK(cuStreamBeginCapture_v2(stream, abi::CaptureMode::relaxed));
        OK(cuStreamEndCapture(stream, &graph));
        OK(cuGraphInstantiateWithFlags(&executable, graph, 0));
    });
    std::string end = trace.lines().back();
    CHECK(end == "end contexts=1 bytes=100864 pinned=5000 streams=2 events=1 modules=1 graphs=2", "%s", end.c_str());
}

/* No trace, half of one, or none of its lines: the calls are none the worse for it. */
static void never_disturbs()
{
    auto session = [] {
        Session inner;
        write_ints(device_memory(4), {1});
    };
    for (const char *file : {"/dev/full", "/proc/nothing/there", "/tmp", ""}) {
        setenv("GPUBENCH_SIM_TRACE", file, 1);
        in_a_child(session);
    }
    TraceFile trace;
    constexpr off_t full = 3 << 20; /* the device needs files too */
    CHECK(truncate(trace.path(), full - 100) == 0, "%s", trace.path());
    in_a_child([&] {
        const rlimit limit = {full, full};
        signal(SIGXFSZ, SIG_IGN);
        CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0, "a limit of files");
        session();
    });
    struct stat file;
    CHECK(stat(trace.path(), &file) == 0 && file.st_size == full, "as much as there is room for");
}

namespace {

/*
 * A small session that goes on, as far as that makes sense, when one of its calls fails, and releases all that it has;
 * what could not be released it tries once more.
 */
class Sweep {
public:
    explicit Sweep(const std::vector<char> &image) : image_(image) {}

    void run()
    {
        if (!tried(cuInit(0)) || !tried(cuDevicePrimaryCtxRetain(&context_, 0))) {
            return;
        }
        if (tried(cuCtxSetCurrent(context_)) || tried(cuCtxSetCurrent(context_))) {
            work();
            release();
        }
        released([&] { return cuDevicePrimaryCtxRelease_v2(0); });
    }

private:
    const std::vector<char> &image_;
    abi::ContextHandle context_ = nullptr;
    abi::ModuleHandle module_ = nullptr;
    abi::StreamHandle stream_ = nullptr;
    abi::EventHandle event_ = nullptr;
    DevicePointer device_ = 0;
    void *host_ = nullptr;

    static bool tried(Result result) { return result == Result::success; }

    template <typename Release> static void released(Release &&release)
    {
        if (!tried(release())) {
            release();
        }
    }

    void work()
    {
        abi::FunctionHandle nothing = nullptr;
        float milliseconds;
        size_t free;
        size_t total;
        tried(cuModuleLoadDataEx(&module_, image_.data(), 0, nullptr, nullptr));
        tried(cuModuleGetFunction(&nothing, module_, "nothing"));
        tried(cuStreamCreate(&stream_, abi::stream_non_blocking));
        tried(cuEventCreate(&event_, 0));
        tried(cuMemAlloc_v2(&device_, 4096));
        tried(cuMemHostAlloc(&host_, 4096, abi::host_device_map));
        tried(cuMemGetInfo_v2(&free, &total));
        if (host_ != nullptr && device_ != 0) {
            tried(cuMemcpyHtoDAsync_v2(device_, host_, 4096, stream_));
            tried(cuMemcpyDtoH_v2(host_, device_, 4096));
        }
        tried(launch(nothing, 2, 32, stream_));
        tried(cuEventRecord(event_, stream_));
        tried(cuStreamSynchronize(stream_));
        tried(cuEventElapsedTime(&milliseconds, event_, event_));
    }

    void release()
    {
        if (host_ != nullptr) {
            released([&] { return cuMemFreeHost(host_); });
        }
        if (device_ != 0) {
            released([&] { return cuMemFree_v2(device_); });
        }
        if (event_ != nullptr) {
            released([&] { return cuEventDestroy_v2(event_); });
        }
        if (stream_ != nullptr) {
            released([&] { return cuStreamDestroy_v2(stream_); });
        }
        if (module_ != nullptr) {
            released([&] { return cuModuleUnload(module_); });
        }
        tried(cuCtxSetCurrent(nullptr));
    }
};

} // namespace

static void each_call_fails_in_turn()
{
    const std::vector<char> image = read_file(KERNELS_IMAGE);
    auto lines_with = [&](const std::string &faults) {
        TraceFile trace;
        setenv("GPUBENCH_SIM_FAULTS", faults.c_str(), 1);
        in_a_child([&] { Sweep(image).run(); });
        std::vector<std::string> lines = trace.lines();
        CHECK(lines.back() == nothing_left, "%s: %s", faults.c_str(), lines.back().c_str());
        return lines;
    };
    setenv("GPUBENCH_SIM_MEMORY", "2097152", 1); /* a small device is there at once */
    size_t calls = lines_with("").size() - 1;
    CHECK(calls > 20, "%zu", calls);
    for (int code : {2, 700, 999}) {
        for (size_t call = 1; call <= calls; call++) {
            std::string number = std::to_string(call);
            std::vector<std::string> lines = lines_with("fail cuda " + number + " code " + std::to_string(code));
            const std::string &failed = lines[call - 1];
            std::string result = failed.substr(failed.rfind(' ') + 1);
            CHECK(result == std::to_string(code), "%s", failed.c_str());
        }
    }
    for (size_t call = 1; call <= calls; call++) {
        for (const char *strike : {"lost ", "ecc "}) {
            lines_with(strike + std::to_string(call));
        }
    }
    lines_with("fail launch 1 code 715");
    unsetenv("GPUBENCH_SIM_FAULTS");
}

int main()
{
    tells_what_was_called();
    tells_what_is_left();
    never_disturbs();
    each_call_fails_in_turn();
    return 0;
}
