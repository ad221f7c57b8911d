/* SPDX-License-Identifier: Apache-2.0 */
/* What the end of a context frees and stops, and the end of a process with work under way. */
#include <atomic>
#include <cstdlib>

#include "child.hpp"
#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

/* Kernels that would never end, queued work, a capture, graphs and memory: all gone with the context. */
static void the_context_takes_all_with_it()
{
    for (int round = 0; round < 5; round++) {
        Session session;
        abi::StreamHandle stream = new_stream();
        abi::StreamHandle blocking = new_stream(0);
        abi::StreamHandle captured = new_stream();
        abi::EventHandle event = new_event();
        Gate gate(session);
        OK(cuStreamBeginCapture_v2(captured, abi::CaptureMode::relaxed));
        OK(launch(session.function("nothing"), 1, 1, captured));
        gate.hold(stream);
        OK(cuEventRecord(event, stream));
        OK(cuStreamWaitEvent(blocking, event, 0));
        for (int i = 0; i < 10; i++) {
            OK(launch(session.function("nothing"), 1, 1, blocking));
            OK(launch(session.function("nothing"), 1, 1, nullptr));
        }
        device_memory(1 << 20);
        if (round % 2 == 0) {
            OK(cuStreamDestroy_v2(stream)); /* with its kernel running */
            EXPECT(not_ready, cuEventQuery(event));
        }
    }
    Session session;
    size_t free;
    size_t total;
    OK(cuMemGetInfo_v2(&free, &total));
    CHECK(free == total, "%zu of %zu", free, total);
}

/* So it does with one that the program has made. */
static void a_context_of_its_own_takes_all_with_it()
{
    Session session;
    abi::ContextHandle own;
    OK(cuCtxCreate_v4(&own, nullptr, 0, 0));
    {
        std::vector<char> image = kernels_image();
        abi::ModuleHandle module;
        abi::FunctionHandle hold;
        OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
        OK(cuModuleGetFunction(&hold, module, "hold"));
        auto *gate = mapped_memory<uint32_t>(1);
        OK(launch(hold, 1, 1, new_stream(), gate));
        device_memory(1 << 20);
    }
    static int registered[100];
    OK(cuMemHostRegister_v2(registered, sizeof registered, 0));
    Result destroyed = cuCtxDestroy_v2(own);
    CHECK(destroyed == (in_checked_mode() ? Result::illegal_state : Result::success), "%s", name_of(destroyed));
    registered[99] = 1; /* the program's own */
    OK(cuCtxSynchronize());
    OK(cuMemHostRegister_v2(registered, sizeof registered, 0));
    OK(cuMemHostUnregister(registered));
}

/* A thread that waits for a kernel without end is let go with an error. */
static void waiting_threads_are_let_go()
{
    abi::ContextHandle context;
    OK(cuInit(0));
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    std::thread waiter;
    {
        Session session;
        abi::StreamHandle stream = new_stream();
        Gate gate(session);
        gate.hold(stream);
        std::atomic<bool> waits{false};
        waiter = std::thread([&, stream] {
            OK(cuCtxSetCurrent(context));
            EXPECT(not_ready, cuStreamQuery(stream));
            waits = true;
            EXPECT(context_is_destroyed, cuStreamSynchronize(stream));
            EXPECT(context_is_destroyed, cuCtxSynchronize());
        });
        await([&] { return waits.load(); });
    }
    Result released = cuDevicePrimaryCtxRelease_v2(0); /* with what the session has left in it */
    CHECK(released == (in_checked_mode() ? Result::illegal_state : Result::success), "%s", name_of(released));
    waiter.join();
}

static void a_device_may_be_larger_than_the_machine()
{
    for (const char *bytes : {"1152921504606846976", "18446744073709551615"}) {
        in_a_child([&] {
            abi::ContextHandle context;
            setenv("GPUBENCH_SIM_MEMORY", bytes, 1);
            OK(cuInit(0));
            EXPECT(out_of_memory, cuDevicePrimaryCtxRetain(&context, 0));
            EXPECT(invalid_context, cuDevicePrimaryCtxRelease_v2(0));
        });
    }
    in_a_child([] {
        setenv("GPUBENCH_SIM_MEMORY", "68719476736", 1); /* 64 GiB of addresses, hardly any memory */
        Session session;
        DevicePointer address = device_memory(size_t{60} << 30);
        OK(cuMemsetD32Async(address + (size_t{59} << 30), 7, 2, nullptr));
        std::vector<int> values = read_ints(address + (size_t{59} << 30), 3);
        CHECK(values[1] == 7 && values[2] == static_cast<int>(0xCCCCCCCC), "%d %x", values[1], values[2]);
    });
}

/* As a JVM ends: exit handlers run while threads work. */
static void a_process_may_end_with_work_under_way()
{
    for (int how = 0; how < 3; how++) {
        in_a_child([how] {
            auto &session = *new Session;
            abi::StreamHandle stream = new_stream();
            Gate gate(session);
            gate.hold(stream);
            for (int i = 0; i < 10; i++) {
                OK(launch(session.function("nothing"), 1, 1, nullptr));
            }
            if (how == 0) {
                OK(cuStreamDestroy_v2(stream));
            } else if (how == 1) {
                std::thread([&] {
                    cuCtxSetCurrent(session.context);
                    cuCtxSynchronize();
                }).detach();
            }
        });
    }
}

int main()
{
    a_device_may_be_larger_than_the_machine();
    a_process_may_end_with_work_under_way();
    the_context_takes_all_with_it();
    a_context_of_its_own_takes_all_with_it();
    waiting_threads_are_let_go();
    return 0;
}
