/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of refused calls in either mode: what is wrong, and which call ended what is dead. */
#include "child.hpp"
#include "said.hpp"

using namespace cudasim;
using namespace cudasim::test;

static void *host(DevicePointer address)
{
    return reinterpret_cast<void *>(address);
}

/* Numbers count the calls of the process; in a child, which has made none yet. */
static void calls_have_their_numbers()
{
    in_a_child([] {
        Session session; /* calls 1 to 3 */
        DevicePointer address = device_memory(100);
        OK(cuMemFree_v2(address));
        EXPECT(invalid_value, cuMemFree_v2(address));
        const char *text;
        OK(cuGetErrorString(Result::invalid_value, &text));
        CHECK(std::strstr(text, " was freed by cuMemFree_v2, call 5") != nullptr, "%s", text);
        EXPECT(invalid_value, cuMemFree_v2(address));
        const char *again;
        OK(cuGetErrorString(Result::invalid_value, &again));
        CHECK(again == text, "the same text is the same string");
        EXPECT(invalid_value, cuMemAlloc_v2(&address, 0)); /* call 8 */
        CHECK(std::strstr(text, "double free") == text, "texts stay: %s", text);
    });
}

static void memory()
{
    std::vector<char> data(5000);
    DevicePointer a = device_memory(4096);
    DevicePointer b = device_memory(1000);
    void *locked;
    OK(cuMemHostAlloc(&locked, 500, 0));
    DevicePointer pageable = reinterpret_cast<uintptr_t>(data.data());

    SAYS(invalid_value, "the argument address is null", cuMemAlloc_v2(nullptr, 1));
    SAYS(invalid_value, "an allocation of 0 bytes", cuMemAlloc_v2(&a, 0));
    SAYS(invalid_value, "the flags @ are unknown, or contradict each other",
        cuMemHostAlloc(&locked, 16, 0x80));
    SAYS(invalid_value, "@ lies 256 bytes into 4096 bytes of cuMemAlloc_v2, call #, which only its first address frees",
        cuMemFree_v2(a + 256));
    SAYS(invalid_value, "@ is nothing that cuMemAlloc_v2 has given", cuMemFree_v2(12345));
    SAYS(invalid_value,
        "wrong kind of pointer: @ lies in 500 bytes of cuMemHostAlloc, call #, which cuMemFreeHost frees",
        cuMemFree_v2(reinterpret_cast<uintptr_t>(locked)));
    SAYS(invalid_value, "wrong kind of pointer: @ lies in 4096 bytes of cuMemAlloc_v2, call #, which cuMemFree_v2 frees",
        cuMemFreeHost(host(a)));
    SAYS(invalid_value, "@ is nothing that cuMemHostAlloc has given", cuMemFreeHost(&a));
    SAYS(invalid_value, "the argument address is null", cuMemFreeHost(nullptr));

    SAYS(invalid_value, "the target is null", cuMemcpyHtoD_v2(0, data.data(), 1));
    SAYS(invalid_value, "the source is null", cuMemcpyHtoD_v2(a, nullptr, 1));
    SAYS(invalid_value,
        "out of bounds: the target, 4000 bytes from byte 100 on, leaves 4096 bytes of cuMemAlloc_v2, call # by 4 bytes",
        cuMemcpyHtoD_v2(a + 100, data.data(), 4000));
    SAYS(invalid_value,
        "out of bounds: the target begins 4 bytes behind the end of 1000 bytes of cuMemAlloc_v2, call #",
        cuMemcpyHtoD_v2(b + 1004, data.data(), 1));
    SAYS(invalid_value, "out of bounds: the target, @, is memory of the device that nobody has allocated",
        cuMemcpyHtoD_v2(b + 1000000, data.data(), 1));
    SAYS(invalid_value,
        "wrong kind of pointer: the source, @, is neither memory of the device nor page-locked nor a variable of a module",
        cuMemcpyDtoH_v2(data.data(), pageable, 1));
    SAYS(invalid_value,
        "wrong kind of pointer: the source, @, is memory of the device, of cuMemAlloc_v2, call #, not of the host",
        cuMemcpyHtoD_v2(a, host(b), 1));
    SAYS(invalid_value,
        "out of bounds: the source, 400 bytes from byte 200 on, leaves 500 bytes of cuMemHostAlloc, call # by 100 bytes",
        cuMemcpyHtoDAsync_v2(a, static_cast<char *>(locked) + 200, 400, nullptr));
    SAYS(invalid_value, "misaligned: the target, @, is no multiple of 4", cuMemsetD32Async(a + 2, 0, 1, nullptr));
    DevicePointer mapped;
    SAYS(invalid_value, "@ is not page-locked memory", cuMemHostGetDevicePointer_v2(&mapped, host(pageable), 0));
    OK(cuMemHostGetDevicePointer_v2(&mapped, locked, 0)); /* with unified addresses all of it is mapped */

    OK(cuMemFree_v2(a));
    OK(cuMemFreeHost(locked));
    SAYS(invalid_value, "double free: @ was freed by cuMemFree_v2, call #", cuMemFree_v2(a));
    SAYS(invalid_value,
        "double free: @ lies 256 bytes into 4096 bytes of cuMemAlloc_v2, call #, freed by cuMemFree_v2, call #",
        cuMemFree_v2(a + 256));
    SAYS(invalid_value, "double free: @ was freed by cuMemFreeHost, call #", cuMemFreeHost(locked));
    SAYS(invalid_value,
        "use after free: the source begins 256 bytes into @, 4096 bytes of cuMemAlloc_v2, call #, freed by cuMemFree_v2, "
        "call #",
        cuMemcpyDtoH_v2(data.data(), a + 256, 16));
    SAYS(invalid_value,
        "use after free: the target begins 0 bytes into @, 4096 bytes of cuMemAlloc_v2, call #, freed by cuMemFree_v2, "
        "call #",
        cuMemsetD8Async(a, 1, 4096, nullptr));
    OK(cuMemcpyHtoD_v2(b, data.data(), 1000)); /* the same, right */
    OK(cuMemFree_v2(b));

    SAYS(out_of_memory, "1152921504606846976 bytes are wanted, and 67108864 of 67108864 are free, if not in one piece",
        cuMemAlloc_v2(&a, size_t{1} << 60));
}

static void handles(Session &session)
{
    abi::StreamHandle stream = new_stream();
    abi::EventHandle event = new_event();
    abi::EventHandle untimed = new_event(abi::event_disable_timing);
    float milliseconds;
    auto as_stream = [](auto handle) { return reinterpret_cast<abi::StreamHandle>(handle); };
    SAYS(invalid_handle, "the stream is an event, made by cuEventCreate, call #", cuStreamSynchronize(as_stream(event)));
    SAYS(invalid_handle, "the stream is @, a handle that the driver has never given",
        cuStreamSynchronize(as_stream(uintptr_t{12345})));
    SAYS(invalid_handle, "the stream is the per-thread default stream, which the simulated device does not have",
        cuStreamSynchronize(as_stream(uintptr_t{2})));
    SAYS(invalid_handle, "the default stream cannot be destroyed", cuStreamDestroy_v2(nullptr));
    SAYS(invalid_handle, "the event is null", cuEventRecord(nullptr, stream));
    SAYS(invalid_handle, "the first event was never recorded", cuEventElapsedTime(&milliseconds, event, event));
    SAYS(invalid_handle, "the second event was made without a clock",
        cuEventElapsedTime(&milliseconds, event, untimed));
    OK(cuStreamDestroy_v2(stream));
    OK(cuEventDestroy_v2(event));
    OK(cuEventDestroy_v2(untimed));
    SAYS(invalid_handle, "the stream was destroyed by cuStreamDestroy_v2, call #", cuStreamDestroy_v2(stream));
    SAYS(invalid_handle, "the stream was destroyed by cuStreamDestroy_v2, call #",
        launch(session.function("nothing"), 1, 1, stream));
    SAYS(invalid_handle, "the event was destroyed by cuEventDestroy_v2, call #", cuEventQuery(event));
    SAYS(invalid_value, "the graph is null", cuGraphDestroy(nullptr));
}

static void launches(Session &session)
{
    abi::FunctionHandle nothing = session.function("nothing");
    abi::FunctionHandle bounded = session.function("bounded");
    DevicePointer out = device_memory(4096);
    SAYS(invalid_value, "kernel nothing: a grid of 1 x 0 x 1 blocks of 1 x 1 x 1 threads",
        cuLaunchKernel(nothing, 1, 0, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr));
    SAYS(invalid_value, "kernel nothing: 2048 threads in a block, of at most 1024",
        cuLaunchKernel(nothing, 1, 1, 1, 64, 32, 1, 0, nullptr, nullptr, nullptr));
    SAYS(invalid_value,
        "kernel nothing: 49153 bytes of dynamic shared memory, of at most 49152 unless cuFuncSetAttribute raises the limit",
        cuLaunchKernel(nothing, 1, 1, 1, 1, 1, 1, 49153, nullptr, nullptr, nullptr));
    SAYS(launch_out_of_resources, "kernel bounded: 65 threads in a block, and its launch bound is 64",
        launch(bounded, 1, 65, nullptr, out));
    SAYS(invalid_value, "kernel bounded has 1 parameters, and the place of argument 1 is null",
        cuLaunchKernel(bounded, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr));
    abi::FunctionHandle missing;
    SAYS(not_found, "the module has no kernel missing", cuModuleGetFunction(&missing, session.module, "missing"));
    OK(launch(bounded, 1, 64, nullptr, out));
    OK(cuMemFree_v2(out));
}

/* A graph that has a node of what is gone. */
static void graphs_and_modules()
{
    std::vector<char> image = kernels_image();
    abi::ModuleHandle module;
    abi::FunctionHandle nothing;
    abi::GraphHandle graph;
    abi::ExecutableHandle executable;
    abi::StreamHandle stream = new_stream();
    DevicePointer address = device_memory(64);
    OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    OK(cuModuleGetFunction(&nothing, module, "nothing"));
    OK(cuStreamBeginCapture_v2(stream, abi::CaptureMode::global));
    OK(cuMemsetD8Async(address, 0, 64, stream));
    OK(launch(nothing, 1, 1, stream));
    OK(cuStreamEndCapture(stream, &graph));
    OK(cuGraphInstantiateWithFlags(&executable, graph, 0));
    OK(cuGraphLaunch(executable, stream));
    OK(cuModuleUnload(module));
    SAYS(invalid_handle, "the module of kernel nothing was unloaded by cuModuleUnload, call #, in the graph by "
                         "cuLaunchKernel, call #",
        cuGraphLaunch(executable, stream));
    SAYS(invalid_handle, "the function's module was unloaded by cuModuleUnload, call #", launch(nothing, 1, 1, stream));
    SAYS(invalid_handle, "the module was unloaded by cuModuleUnload, call #", cuModuleUnload(module));
    OK(cuMemFree_v2(address));
    SAYS(invalid_value,
        "use after free: the target begins 0 bytes into @, 64 bytes of cuMemAlloc_v2, call #, freed by cuMemFree_v2, "
        "call #, in the graph by cuMemsetD8Async, call #",
        cuGraphLaunch(executable, stream));
    OK(cuGraphExecDestroy(executable));
    OK(cuGraphDestroy(graph));
    SAYS(invalid_handle, "the executable graph was destroyed by cuGraphExecDestroy, call #",
        cuGraphLaunch(executable, stream));
    SAYS(invalid_value, "the graph was destroyed by cuGraphDestroy, call #", cuGraphDestroy(graph));
    char text[] = "not an image";
    std::vector<char> other = read_file(in_checked_mode() ? KERNELS_IMAGE : CHECKED_KERNELS_IMAGE);
    SAYS(no_binary_for_gpu,
        in_checked_mode() ? "checked mode runs only what simtcc --check compiled"
                          : "simtcc --check compiled this for checked mode",
        cuModuleLoadDataEx(&module, other.data(), 0, nullptr, nullptr));
    SAYS(invalid_image, "not an ELF file", cuModuleLoadDataEx(&module, text, 0, nullptr, nullptr));
    OK(cuStreamDestroy_v2(stream));
}

static void contexts()
{
    abi::ContextHandle old_context;
    abi::StreamHandle old_stream;
    DevicePointer old_memory;
    {
        Session session;
        old_context = session.context;
        old_stream = new_stream();
        old_memory = device_memory(64);
        OK(cuStreamSynchronize(old_stream));
    }
    SAYS(invalid_context, "no context is current on this thread", cuCtxSynchronize());
    SAYS(invalid_context, "the primary context is not retained: its last reference went with "
                          "cuDevicePrimaryCtxRelease_v2, call #",
        cuDevicePrimaryCtxRelease_v2(0));
    SAYS(invalid_context, "the context was destroyed by cuDevicePrimaryCtxRelease_v2, call #",
        cuCtxSetCurrent(old_context));
    {
        Session session;
        SAYS(invalid_handle, "the stream was destroyed with its context by cuDevicePrimaryCtxRelease_v2, call #",
            cuStreamSynchronize(old_stream));
        SAYS(invalid_value, "double free: @ was freed with its context by cuDevicePrimaryCtxRelease_v2, call #",
            cuMemFree_v2(old_memory));
        std::thread([&] {
            SAYS(invalid_context, "no context is current on this thread", cuStreamSynchronize(nullptr));
            OK(cuCtxSetCurrent(session.context));
            OK(cuStreamSynchronize(nullptr));
        }).join();
    }
    {
        Session session;
        OK(cuDevicePrimaryCtxRetain(&old_context, 0));
        OK(cuDevicePrimaryCtxRelease_v2(0));
        OK(cuCtxSynchronize());
    }
    abi::ContextHandle context;
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    OK(cuCtxSetCurrent(context));
    OK(cuDevicePrimaryCtxRelease_v2(0));
    SAYS(context_is_destroyed, "the context was destroyed by cuDevicePrimaryCtxRelease_v2, call #", cuCtxSynchronize());
    OK(cuCtxSetCurrent(nullptr));
    SAYS(invalid_device, "there is no device 1, only device 0", cuDevicePrimaryCtxRetain(&context, 1));
}

/* What is said belongs to the thread, the code, and the last call. */
static void a_text_belongs_to_one_call()
{
    Session session;
    SAYS(invalid_value, "an allocation of 0 bytes", [] {
        DevicePointer address;
        return cuMemAlloc_v2(&address, 0);
    }());
    CHECK(said(Result::invalid_value) == "an allocation of 0 bytes", "asking twice");
    CHECK(said(Result::out_of_memory) == "out of memory", "another code");
    std::thread([] { CHECK(said(Result::invalid_value) == "invalid argument", "another thread"); }).join();
    OK(cuCtxSynchronize());
    CHECK(said(Result::invalid_value) == "invalid argument", "after another call");
}

int main()
{
    setenv("GPUBENCH_SIM_MEMORY", "67108864", 1);
    calls_have_their_numbers();
    {
        Session session;
        memory();
        handles(session);
        launches(session);
        graphs_and_modules();
    }
    contexts();
    a_text_belongs_to_one_call();
    return 0;
}
