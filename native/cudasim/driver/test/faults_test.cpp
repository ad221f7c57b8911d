/* SPDX-License-Identifier: Apache-2.0 */
/* The CUDA driver under fault scripts that make it fail. */
#include <algorithm>
#include <atomic>
#include <cstdio>

#include "with_faults.hpp"

using namespace cudasim;
using namespace cudasim::test;

/* Codes that the simulator has no use for by itself. */
static bool fails_with(int32_t code, Result result)
{
    return static_cast<int32_t>(result) == code;
}
#define FAILS(code, call) CHECK(fails_with(code, call), "%s", #call)

static std::string text_of(int32_t code)
{
    const char *text = nullptr;
    OK(cuGetErrorString(static_cast<Result>(code), &text));
    return text;
}

static void nonsense_is_refused()
{
    with_faults("fail cuInit 1 code 2;nonsense", [] {
        for (int i = 0; i < 2; i++) {
            EXPECT(invalid_value, cuInit(0));
            std::string why = text_of(1);
            CHECK(why == "GPUBENCH_SIM_FAULTS, rule 2 \"nonsense\": there is no such rule", "%s", why.c_str());
        }
        int32_t count;
        EXPECT(not_initialized, cuDeviceGetCount(&count));
        CHECK(text_of(1) == "invalid argument", "of an earlier call");
    });
    with_faults("", [] { OK(cuInit(0)); });
}

/* A failed call does nothing, and the next one is as ever. */
static void calls_fail()
{
    with_faults("fail cuda 7 code 999;fail cuMemAlloc_v2 2 code 2;fail cuStreamCreate * code 304;"
                "fail cuMemFree_v2 1 code 700",
        [] {
            Session session;
            DevicePointer first = device_memory(100);
            DevicePointer second = 7;
            EXPECT(out_of_memory, cuMemAlloc_v2(&second, 100));
            CHECK(second == 7, "untouched");
            CHECK(text_of(2) == "by fault script: fail cuMemAlloc_v2 2 code 2", "%s", text_of(2).c_str());
            CHECK(text_of(999) == "unknown error", "of another code");
            size_t before;
            size_t after;
            size_t total;
            OK(cuMemGetInfo_v2(&before, &total));
            EXPECT(unknown, cuCtxSynchronize()); /* call 7 of the process */
            CHECK(text_of(2) == "out of memory", "of an earlier call");
            EXPECT(illegal_address, cuMemFree_v2(first));
            OK(cuMemGetInfo_v2(&after, &total));
            CHECK(before == after, "not freed");
            OK(cuMemFree_v2(first)); /* and no error stays */
            OK(cuMemGetInfo_v2(&after, &total));
            CHECK(after == total, "freed");
            abi::StreamHandle stream;
            for (int i = 0; i < 3; i++) {
                EXPECT(operating_system, cuStreamCreate(&stream, 0));
            }
        });
}

static void memory_ends()
{
    with_faults("memory 1000", [] {
        Session session;
        DevicePointer address;
        void *host;
        OK(cuMemAlloc_v2(&address, 999));
        EXPECT(out_of_memory, cuMemAlloc_v2(&address, 1000));
        CHECK(text_of(2) == "by fault script: memory 1000", "%s", text_of(2).c_str());
        OK(cuMemHostAlloc(&host, 999, 0));
        EXPECT(out_of_memory, cuMemHostAlloc(&host, 1000, 0));
        OK(cuMemFreeHost(host));
    });
}

/* Everything returns 46, and yet what is released is gone. */
static void release_on_a_lost_device(Session &session)
{
    int32_t count = 7;
    abi::ContextHandle context;
    DevicePointer address;
    FAILS(46, cuDeviceGetCount(&count));
    CHECK(count == 7, "a call that fails does nothing");
    FAILS(46, cuInit(0));
    FAILS(46, cuMemAlloc_v2(&address, 100));
    FAILS(46, cuCtxSynchronize());
    FAILS(46, cuModuleUnload(session.module));
    FAILS(46, cuCtxSetCurrent(nullptr));
    FAILS(46, cuDevicePrimaryCtxRelease_v2(0));
    FAILS(46, cuDevicePrimaryCtxRetain(&context, 0));
    session.is_released = true;
}

/* Kernels that run are halted, and whoever waits for them is let go. */
static void the_device_is_lost()
{
    with_faults("lost 300ms", [] {
        Session session;
        Gate gate(session);
        abi::StreamHandle stream = new_stream();
        gate.hold(stream);
        FAILS(46, cuStreamSynchronize(stream)); /* which would wait for ever */
        CHECK(text_of(46) == "by fault script: lost 300ms", "%s", text_of(46).c_str());
        release_on_a_lost_device(session);
    });
    with_faults("lost 20", [] {
        Session session;
        Gate gate(session);
        gate.hold(nullptr);
        std::atomic<bool> waits{false};
        std::thread waiter([&] {
            OK(cuCtxSetCurrent(session.context));
            waits = true;
            FAILS(46, cuCtxSynchronize());
        });
        await([&] { return waits.load(); });
        int32_t version;
        Result result;
        while ((result = cuDriverGetVersion(&version)) == Result::success) {
        }
        FAILS(46, result);
        waiter.join();
        release_on_a_lost_device(session);
    });
    with_faults("lost 1", [] { FAILS(46, cuInit(0)); });
}

/* The context is broken, and the next one is not. */
static void an_error_in_memory()
{
    for (const char *faults : {"ecc 300ms", "ecc 20"}) {
        with_faults(faults, [] {
            {
                Session session;
                Gate gate(session);
                abi::StreamHandle stream = new_stream();
                gate.hold(stream);
                Result result;
                while ((result = cuStreamQuery(stream)) == Result::not_ready) {
                }
                FAILS(214, result);
                FAILS(214, cuStreamSynchronize(stream));
                CHECK(text_of(214).compare(0, 20, "by fault script: ecc") == 0, "%s", text_of(214).c_str());
                FAILS(214, cuStreamDestroy_v2(stream));
                int32_t count;
                OK(cuDeviceGetCount(&count));
            }
            Session session;
            device_memory(100);
            OK(cuCtxSynchronize());
        });
    }
    with_faults("ecc 1", [] { /* it strikes the context to come */
        {
            Session session;
            DevicePointer address;
            FAILS(214, cuMemAlloc_v2(&address, 100));
        }
        Session session;
        device_memory(100);
    });
}

static void a_kernel_hangs()
{
    with_faults("hang 2", [] {
        Session session;
        abi::StreamHandle stream = new_stream();
        OK(launch(session.function("nothing"), 1, 1, stream));
        OK(cuStreamSynchronize(stream));
        OK(launch(session.function("nothing"), 1, 1, stream));
        OK(cuMemsetD32Async(device_memory(4), 7, 1, nullptr));
        OK(cuStreamSynchronize(nullptr)); /* it is not in the way of other streams */
        EXPECT(not_ready, cuStreamQuery(stream));
    });
    /* Nor is it in the way of the end of the process. */
    setenv("GPUBENCH_SIM_FAULTS", "hang 1", 1);
    in_a_child([] {
        static Session session;
        session.is_released = true;
        OK(launch(session.function("nothing"), 1, 1, nullptr));
        static std::thread waiter([] {
            OK(cuCtxSetCurrent(session.context));
            cuCtxSynchronize();
        });
        waiter.detach();
    });
}

/* The n-th kernel that begins, in a graph too. */
static void a_kernel_fails()
{
    with_faults("fail launch 3 code 702", [] {
        {
            Session session;
            abi::StreamHandle stream = new_stream();
            abi::GraphHandle graph;
            abi::ExecutableHandle executable;
            abi::FunctionHandle nothing = session.function("nothing");
            OK(launch(nothing, 1, 1, stream));
            OK(cuStreamBeginCapture_v2(stream, abi::CaptureMode::relaxed));
            OK(launch(nothing, 1, 1, stream));
            OK(cuStreamEndCapture(stream, &graph));
            OK(cuGraphInstantiateWithFlags(&executable, graph, 0));
            OK(cuGraphLaunch(executable, stream));
            OK(cuStreamSynchronize(stream));
            OK(cuGraphLaunch(executable, stream));
            FAILS(702, cuStreamSynchronize(stream));
            CHECK(text_of(702) == "by fault script: fail launch 3 code 702", "%s", text_of(702).c_str());
            FAILS(702, cuCtxSynchronize());
        }
        Session session;
        OK(launch(session.function("nothing"), 1, 1, nullptr));
        OK(cuCtxSynchronize());
    });
}

/* Any number of threads: every call has a number of its own, and the rule meets one. */
static void threads_call_at_once()
{
    constexpr int threads = 8;
    constexpr int calls = 400;
    TraceFile trace;
    setenv("GPUBENCH_SIM_FAULTS", "fail cuDriverGetVersion 1000 code 999;fail cuda 2000 code 304;lost 50ms", 1);
    in_a_child([] {
        OK(cuInit(0));
        std::atomic<int> unknown{0};
        std::atomic<int> refused{0};
        std::vector<std::thread> all;
        for (int i = 0; i < threads; i++) {
            all.emplace_back([&] {
                for (int j = 0; j < calls; j++) {
                    int32_t version;
                    Result result = cuDriverGetVersion(&version);
                    unknown += result == Result::unknown ? 1 : 0;
                    refused += result == Result::operating_system ? 1 : 0;
                }
            });
        }
        for (std::thread &thread : all) {
            thread.join();
        }
        CHECK(unknown == 1 && refused == 1, "%d %d", unknown.load(), refused.load());
    });
    std::vector<bool> seen(threads * calls + 2);
    for (const std::string &line : trace.lines()) {
        size_t number = 0;
        if (std::sscanf(line.c_str(), "cuda %zu cu", &number) == 1) {
            CHECK(number < seen.size() && !seen[number], "%s", line.c_str());
            seen[number] = true;
        }
    }
    CHECK(std::count(seen.begin(), seen.end(), true) == threads * calls + 1, "every call is a line");
}

int main()
{
    nonsense_is_refused();
    calls_fail();
    memory_ends();
    the_device_is_lost();
    an_error_in_memory();
    a_kernel_hangs();
    a_kernel_fails();
    threads_call_at_once();
    return 0;
}
