/* SPDX-License-Identifier: Apache-2.0 */
/* Checked mode: what the driver's side of it reports, and that the same, done right, is no report. */
#include "child.hpp"
#include "scene.hpp"

#include <sys/resource.h>

using namespace cudasim;
using namespace cudasim::test;

static void leaks()
{
    abi::ContextHandle context;
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    OK(cuCtxSetCurrent(context));
    device_memory(4096);
    device_memory(1);
    locked_memory(64);
    for (int i = 0; i < 4; i++) {
        new_stream();
    }
    new_event();
    std::vector<char> image = kernels_image();
    abi::ModuleHandle module;
    OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    abi::StreamHandle stream = new_stream();
    abi::GraphHandle graph;
    abi::ExecutableHandle executable;
    OK(cuStreamBeginCapture_v2(stream, abi::CaptureMode::global));
    OK(cuStreamEndCapture(stream, &graph));
    OK(cuGraphInstantiateWithFlags(&executable, graph, 0));
    OK(cuStreamDestroy_v2(stream));
    SAYS(illegal_state,
        "leak: 2 allocations (4096 bytes of cuMemAlloc_v2, call #; 1 byte of cuMemAlloc_v2, call #), 1 page-locked "
        "allocation (64 bytes of cuMemHostAlloc, call #), 4 streams (cuStreamCreate, call #; cuStreamCreate, call #; "
        "cuStreamCreate, call #; ...), 1 event (cuEventCreate, call #), 1 module (cuModuleLoadDataEx, call #), 1 graph "
        "(cuStreamEndCapture, call #), 1 executable graph (cuGraphInstantiateWithFlags, call #)",
        cuDevicePrimaryCtxRelease_v2(0));
    EXPECT(context_is_destroyed, cuCtxSynchronize());
    OK(cuCtxSetCurrent(nullptr));

    Scene scene; /* leaves nothing behind */
}

static void sources_of_copies()
{
    {
        Scene scene;
        OK(cuMemcpyHtoDAsync_v2(scene.device, scene.locked, 1000, scene.stream));
        scene.locked[999] = 1;
        SAYS(launch_failed, "cuMemcpyHtoDAsync_v2, call #: source changed: the host has written to bytes 960 to 999 of the "
                            "1000 bytes between the call and the copy",
            cuStreamSynchronize(scene.stream));
    }
    {
        Scene scene; /* as a node of a graph */
        abi::GraphHandle graph;
        abi::ExecutableHandle executable;
        OK(cuStreamBeginCapture_v2(scene.stream, abi::CaptureMode::global));
        OK(cuMemcpyHtoDAsync_v2(scene.device, scene.locked, 1000, scene.stream));
        OK(cuStreamEndCapture(scene.stream, &graph));
        OK(cuGraphInstantiateWithFlags(&executable, graph, 0));
        for (unsigned char round = 0; round < 3; round++) {
            scene.locked[0] = round;
            OK(cuGraphLaunch(executable, scene.stream));
            OK(cuStreamSynchronize(scene.stream));
        }
        OK(cuGraphLaunch(executable, scene.stream));
        scene.locked[0] = 77;
        SAYS(launch_failed, "cuMemcpyHtoDAsync_v2, call #: source changed: the host has written to bytes 0 to 63 of the "
                            "1000 bytes between the call and the copy",
            cuStreamSynchronize(scene.stream));
        cuGraphExecDestroy(executable);
        cuGraphDestroy(graph);
    }
    {
        Scene scene; /* what the device itself puts there, in order, is no change of the host's */
        OK(cuMemsetD8Async(scene.device, 5, 1000, scene.stream));
        OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.stream));
        OK(cuMemsetD8Async(scene.device, 6, 1000, scene.stream));
        OK(cuMemcpyHtoDAsync_v2(scene.device, scene.locked, 1000, scene.stream));
        OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.stream));
        OK(cuStreamSynchronize(scene.stream));
        CHECK(scene.locked[0] == 5 && scene.locked[999] == 5, "%d", scene.locked[0]);
        scene.locked[0] = 9;
        std::vector<unsigned char> pageable(1000);
        OK(cuMemcpyHtoDAsync_v2(scene.device, pageable.data(), 1000, scene.stream));
        pageable[0] = 1; /* it has been read */
        OK(cuStreamSynchronize(scene.stream));
    }
}

/* A kernel that runs elsewhere is no excuse for the host. */
static void sources_beside_a_kernel()
{
    Scene scene;
    Gate gate(scene.session);
    gate.hold(scene.other);
    OK(cuMemcpyHtoDAsync_v2(scene.device, scene.locked, 1000, scene.stream));
    scene.locked[0] = 1;
    SAYS(launch_failed, "cuMemcpyHtoDAsync_v2, call #: source changed: the host has written to bytes 0 to 63 of the "
                        "1000 bytes between the call and the copy",
        cuStreamSynchronize(scene.stream));
    gate.open();
    cuCtxSynchronize();
    cuMemFreeHost(gate.address());
}

/* Kernels may use all page-locked memory, whether or not it was asked to be mapped. */
static void kernels_on_page_locked_memory()
{
    Scene scene;
    abi::FunctionHandle affine = scene.session.function("affine");
    DevicePointer same;
    OK(cuMemHostGetDevicePointer_v2(&same, scene.locked, 0));
    CHECK(same == reinterpret_cast<uintptr_t>(scene.locked), "another address");
    OK(launch(affine, 1, 32, scene.stream, scene.locked, 32, 1, 7));
    OK(cuMemcpyHtoDAsync_v2(scene.device, scene.locked, 1000, scene.stream));
    OK(launch(affine, 1, 32, scene.stream, scene.locked, 32, 1, 1));
    OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.stream));
    OK(launch(affine, 1, 32, scene.stream, scene.locked, 32, 2, 0));
    OK(cuStreamSynchronize(scene.stream));
    CHECK(scene.locked[0] == 14, "%d", scene.locked[0]);
}

static void targets_of_copies()
{
    {
        Scene scene;
        OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.stream));
        CHECK(scene.locked[0] == 0xCC && scene.locked[999] == 0xCC, "%d: what was there has gone", scene.locked[0]);
        OK(cuStreamSynchronize(scene.stream));
        CHECK(scene.locked[0] == 0, "%d", scene.locked[0]);
    }
    Scene scene;
    OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.stream));
    scene.locked[12] = 1;
    SAYS(launch_failed, "cuMemcpyDtoHAsync_v2, call #: target changed: the host has written byte 12 of the 1000 bytes "
                        "between the call and the copy",
        cuStreamSynchronize(scene.stream));
}

/* A plain image. In plain mode a checked one is refused likewise. */
static void images_of_the_other_mode()
{
    Scene scene;
    abi::ModuleHandle module;
    std::vector<char> image = read_file(KERNELS_IMAGE);
    SAYS(no_binary_for_gpu, "checked mode runs only what simtcc --check compiled",
        cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    image = kernels_image();
    OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    OK(cuModuleUnload(module));
}

static void pointers_of_launches()
{
    Scene scene;
    abi::FunctionHandle affine = scene.session.function("affine");
    DevicePointer gone = device_memory(256);
    OK(cuMemFree_v2(gone));
    SAYS(invalid_value,
        "use after free: argument 1 of kernel affine points 16 bytes into @, 256 bytes of cuMemAlloc_v2, call #, freed by "
        "cuMemFree_v2, call #",
        launch(affine, 1, 1, scene.stream, gone + 16, 1, 2, 3));
    SAYS(invalid_value, "out of bounds: argument 1 of kernel affine points 20 bytes behind the end of 1000 bytes of "
                        "cuMemAlloc_v2, call #",
        launch(affine, 1, 1, scene.stream, scene.device + 1020, 1, 2, 3));
    int pageable = 0;
    SAYS(invalid_value, "stale pointer: argument 1 of kernel affine, @, is neither memory of the device nor page-locked nor "
                        "a variable of a module",
        launch(affine, 1, 1, scene.stream, &pageable, 1, 2, 3));
    OK(launch(affine, 1, 1, scene.stream, scene.device, 1, 2, 3));
    OK(launch(affine, 1, 1, scene.stream, DevicePointer{0}, 0, 2, 3));
    OK(launch(affine, 1, 1, scene.stream, scene.device + 1000, 0, 2, 3)); /* the end of a range without elements */

    void *mapped;
    OK(cuMemHostAlloc(&mapped, 64, abi::host_device_map));
    OK(cuMemFreeHost(mapped));
    SAYS(invalid_value,
        "use after free: argument 1 of kernel affine points 0 bytes into @, 64 bytes of cuMemHostAlloc, call #, freed by "
        "cuMemFreeHost, call #",
        launch(affine, 1, 1, scene.stream, mapped, 1, 2, 3));
    SAYS(invalid_value,
        "use after free: the target begins 1 byte into @, 64 bytes of cuMemHostAlloc, call #, freed by cuMemFreeHost, "
        "call #",
        cuMemcpyDtoHAsync_v2(static_cast<char *>(mapped) + 1, scene.device, 8, scene.stream));
    OK(cuStreamSynchronize(scene.stream));
}

/* A copy within the device initialises nothing, if its source was not. */
static void copies_of_nothing()
{
    for (bool initialised : {true, false}) {
        Scene scene;
        abi::FunctionHandle affine = scene.session.function("affine");
        DevicePointer source = device_memory(1000);
        if (initialised) {
            OK(cuMemsetD8Async(source, 1, 1000, scene.stream));
        }
        OK(cuMemcpyDtoDAsync_v2(scene.device, source, 1000, scene.stream));
        OK(launch(affine, 1, 32, scene.stream, scene.device, 32, 2, 3));
        if (initialised) {
            OK(cuStreamSynchronize(scene.stream));
        } else {
            EXPECT(launch_failed, cuStreamSynchronize(scene.stream));
            std::string text = said(Result::launch_failed);
            CHECK(text.find(": uninitialised read: ") != std::string::npos, "%s", text.c_str());
        }
        cuMemFree_v2(source);
    }
}

/* Words of launches: which are pointers, and which are numbers that look like some. */
static void words_of_launches()
{
    struct alignas(16) Words {
        uint64_t first, second;
    };
    struct Wide {
        unsigned char bytes[100];
    };
    Scene scene;
    abi::FunctionHandle pack = scene.session.function("pack");
    DevicePointer data = device_memory(4096);
    DevicePointer gone = device_memory(256);
    OK(cuMemFree_v2(gone));
    auto launch_with = [&](uint64_t word) {
        return launch(pack, 1, 1, scene.stream, char{1}, Wide{}, 1.5, Words{1, word}, data);
    };
    OK(launch_with(data));
    OK(launch_with(data + (1 << 20))); /* where nothing is or was */
    OK(launch_with(gone + 16));
    SAYS(invalid_value,
        "use after free: argument 4 of kernel pack points 0 bytes into @, 256 bytes of cuMemAlloc_v2, call #, freed by "
        "cuMemFree_v2, call #",
        launch_with(gone));
    abi::FunctionHandle affine = scene.session.function("affine");
    OK(launch(affine, 1, 1, scene.stream, data - 4, 0, 2, 3)); /* used from index 1 on */
    OK(launch(affine, 1, 1, scene.stream, scene.locked - 4, 0, 2, 3));
    EXPECT(invalid_value, launch(affine, 1, 1, scene.stream, data - 1000000, 0, 2, 3));
    OK(cuStreamSynchronize(scene.stream));
    OK(cuMemFree_v2(data));
}

/* Of modules that come and go nothing stays, so that there are never too many open files. */
static void modules_come_and_go()
{
    in_a_child([] {
        const rlimit few = {64, 64};
        CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0, "setrlimit");
        Scene scene;
        std::vector<char> image = kernels_image();
        for (int round = 0; round < 100; round++) {
            abi::ModuleHandle module;
            abi::FunctionHandle bump;
            DevicePointer counter;
            OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
            OK(cuModuleGetFunction(&bump, module, "bump"));
            OK(launch(bump, 1, 1, scene.stream));
            if (round % 2 == 0) {
                OK(cuModuleGetGlobal_v2(&counter, nullptr, module, "counter"));
                OK(cuMemsetD8Async(counter, 0, 4, scene.stream)); /* not done when the module goes */
                OK(launch(bump, 1, 1, scene.stream));
            }
            OK(cuModuleUnload(module));
        }
        OK(cuCtxSynchronize());
    });
}

/* Work begins late, but it begins, whether or not somebody waits. */
static void the_host_may_poll()
{
    Scene scene;
    auto *mail = mapped_memory<uint32_t>(2);
    OK(launch(scene.session.function("mailbox"), 1, 1, scene.stream, mail, mail + 1));
    for (uint32_t request = 1; request <= 10; request++) {
        __atomic_store_n(mail, request, __ATOMIC_RELEASE);
        await([&] { return __atomic_load_n(mail + 1, __ATOMIC_ACQUIRE) == 3 * request; });
    }
    __atomic_store_n(mail, ~0u, __ATOMIC_RELEASE);
    await([&] { return cuStreamQuery(scene.stream) == Result::success; });
    OK(cuMemFreeHost(mail));
}

static void the_variable_is_1_or_0()
{
    for (const char *mode : {"2", "yes", "0", ""}) {
        in_a_child([mode] {
            setenv("GPUBENCH_SIM_CHECK", mode, 1);
            if (*mode == '2' || *mode == 'y') {
                SAYS(invalid_value, "GPUBENCH_SIM_CHECK is neither 0 nor 1", cuInit(0));
            } else {
                Session session;
                device_memory(1); /* a leak that nobody reports */
            }
        });
    }
}

int main()
{
    the_variable_is_1_or_0();
    setenv("GPUBENCH_SIM_CHECK", "1", 1);
    OK(cuInit(0));
    leaks();
    sources_of_copies();
    targets_of_copies();
    sources_beside_a_kernel();
    kernels_on_page_locked_memory();
    images_of_the_other_mode();
    pointers_of_launches();
    words_of_launches();
    copies_of_nothing();
    modules_come_and_go();
    the_host_may_poll();
    return 0;
}
