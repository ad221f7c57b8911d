/* SPDX-License-Identifier: Apache-2.0 */
/* Checked mode: what no event, stream or host has put in order, and that the same, put in order, is no report. */
#include "scene.hpp"

using namespace cudasim;
using namespace cudasim::test;

/* Of two operations; it is no matter which of them runs first. */
static void expect_race(const std::string &one, const std::string &other)
{
    EXPECT(launch_failed, cuCtxSynchronize());
    std::string text = said(Result::launch_failed);
    bool names_both = (text.compare(0, one.size(), one) == 0 && text.find(other) != std::string::npos)
        || (text.compare(0, other.size(), other) == 0 && text.find(one) != std::string::npos);
    CHECK(names_both && text.find(": race: ") != std::string::npos, "%s", text.c_str());
}

/* Two streams and the same bytes: without an order, and with one by an event, by the host, by the legacy stream. */
static void races_of_fills()
{
    {
        Scene scene;
        OK(cuMemsetD8Async(scene.device, 1, 1000, scene.stream));
        OK(cuMemsetD8Async(scene.device + 500, 2, 10, scene.other));
        EXPECT(launch_failed, cuCtxSynchronize());
        std::string text = said(Result::launch_failed);
        std::string start = "cuMemsetD8Async, call #: race: writes ";
        std::string end = " bytes at @ of cuMemAlloc_v2, call #: cuMemsetD8Async, call # wrote it, in no order with it";
        CHECK(text.compare(0, start.size(), start) == 0 && text.size() > end.size()
                && text.compare(text.size() - end.size(), end.size(), end) == 0,
            "%s", text.c_str());
    }
    {
        Scene scene; /* recorded too early */
        OK(cuEventRecord(scene.event, scene.stream));
        OK(cuMemsetD8Async(scene.device, 1, 1000, scene.stream));
        OK(cuStreamWaitEvent(scene.other, scene.event, 0));
        OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.other));
        expect_race("cuMemsetD8Async, call #", "cuMemcpyDtoHAsync_v2, call #");
    }
    Scene scene;
    abi::StreamHandle blocking = new_stream(0);
    abi::StreamHandle another = new_stream(0);
    auto fill = [&](abi::StreamHandle stream) { OK(cuMemsetD8Async(scene.device, 1, 1000, stream)); };
    fill(scene.stream);
    OK(cuEventRecord(scene.event, scene.stream));
    OK(cuStreamWaitEvent(scene.other, scene.event, 0));
    fill(scene.other);
    OK(cuStreamSynchronize(scene.other));
    fill(scene.stream);
    await([&] { return cuStreamQuery(scene.stream) == Result::success; });
    fill(blocking);
    fill(nullptr);
    fill(another);
    OK(cuStreamDestroy_v2(another)); /* what it did still comes before */
    await([&] { return cuStreamQuery(nullptr) == Result::success; });
    fill(nullptr);
    OK(cuMemcpyHtoD_v2(scene.device, scene.locked, 1000));
    fill(scene.other);
    OK(cuEventRecord(scene.event, scene.other));
    await([&] { return cuEventQuery(scene.event) == Result::success; });
    OK(cuMemsetD8Async(scene.device, 1, 504, scene.stream));
    OK(cuMemsetD8Async(scene.device + 504, 1, 496, scene.other)); /* beside each other */
    OK(cuCtxSynchronize());
    fill(blocking);
    OK(cuStreamDestroy_v2(blocking));
    OK(cuCtxSynchronize());
    fill(scene.stream);
    OK(cuCtxSynchronize());
}

/* Two streams read, and one of them writes: that is in no order with the other one's reading. */
static void races_of_readers()
{
    for (size_t bytes : {8u, 1000u, 65536u}) {
        for (bool waits : {false, true}) {
            Scene scene;
            DevicePointer data = device_memory(bytes);
            OK(cuMemsetD8Async(data, 1, bytes, scene.stream));
            OK(cuStreamSynchronize(scene.stream));
            unsigned char *first = locked_memory(bytes);
            unsigned char *second = locked_memory(bytes);
            OK(cuMemcpyDtoHAsync_v2(first, data, bytes, scene.stream));
            OK(cuEventRecord(scene.event, scene.stream));
            OK(cuMemcpyDtoHAsync_v2(second, data, bytes, scene.other));
            if (waits) {
                OK(cuStreamWaitEvent(scene.other, scene.event, 0));
            }
            OK(cuMemsetD8Async(data, 2, bytes, scene.other));
            if (waits) {
                OK(cuCtxSynchronize());
            } else {
                expect_race("cuMemcpyDtoHAsync_v2, call #", "cuMemsetD8Async, call #");
            }
            cuMemFree_v2(data);
            cuMemFreeHost(first);
            cuMemFreeHost(second);
        }
    }
}

/* Kernels against copies, and a page-locked buffer used by two streams. */
static void races_of_kernels()
{
    {
        Scene scene;
        abi::FunctionHandle affine = scene.session.function("affine");
        OK(launch(affine, 1, 32, scene.stream, scene.device, 32, 2, 3));
        OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.other));
        expect_race("kernel", "cuMemcpyDtoHAsync_v2, call #"); /* affine, in kernels.cu */
    }
    {
        Scene scene;
        OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.stream));
        OK(cuMemcpyHtoDAsync_v2(scene.device, scene.locked, 8, scene.other));
        expect_race("cuMemcpyDtoHAsync_v2, call #", "cuMemcpyHtoDAsync_v2, call #");
    }
    Scene scene;
    abi::FunctionHandle affine = scene.session.function("affine");
    for (int round = 0; round < 3; round++) {
        OK(launch(affine, 1, 32, scene.stream, scene.device, 32, 2, 3));
        OK(cuEventRecord(scene.event, scene.stream));
        OK(cuStreamWaitEvent(scene.other, scene.event, 0));
        OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.other));
        OK(cuEventRecord(scene.event, scene.other));
        OK(cuStreamWaitEvent(scene.stream, scene.event, 0));
    }
    OK(cuCtxSynchronize());
}

/* Copies of one batch have no order; a batch as a whole has. */
static void races_of_batches()
{
    abi::CopyAttributes attributes{abi::SourceOrder::in_stream, {}, {}, 0};
    size_t first = 0;
    size_t sizes[] = {100, 100};
    auto enqueue = [&](abi::StreamHandle stream, DevicePointer target0, DevicePointer source0, DevicePointer target1,
                       DevicePointer source1) {
        DevicePointer targets[] = {target0, target1};
        DevicePointer sources[] = {source0, source1};
        OK(cuMemcpyBatchAsync_v2(targets, sources, sizes, 2, &attributes, &first, 1, stream));
    };
    {
        Scene scene;
        DevicePointer d = scene.device;
        enqueue(scene.stream, d, d + 500, d + 99, d + 600);
        SAYS(launch_failed,
            "cuMemcpyBatchAsync_v2, call #: race: copy 1 of the batch writes what is also written by copy 0, at @, in no "
            "order with it",
            cuStreamSynchronize(scene.stream));
    }
    {
        Scene scene;
        DevicePointer d = scene.device;
        enqueue(scene.stream, d, d + 500, d + 200, d + 99);
        SAYS(launch_failed,
            "cuMemcpyBatchAsync_v2, call #: race: copy 0 of the batch writes what is read by copy 1, at @, in no order with "
            "it",
            cuStreamSynchronize(scene.stream));
    }
    {
        Scene scene;
        DevicePointer d = scene.device;
        enqueue(scene.stream, d, d + 500, d + 200, d + 600);
        OK(cuMemsetD8Async(d + 250, 0, 1, scene.other));
        expect_race("cuMemcpyBatchAsync_v2, call #", "cuMemsetD8Async, call #");
    }
    Scene scene;
    DevicePointer d = scene.device;
    enqueue(scene.stream, d, d + 500, d + 100, d + 600);
    enqueue(scene.stream, d + 500, d, d + 600, d + 100);
    OK(cuCtxSynchronize());
}

/* A graph of a fill and a copy that lie in two streams during the capture. */
static void captured_fork(Scene &scene, bool joined_by_event, abi::ExecutableHandle &executable)
{
    abi::GraphHandle graph;
    abi::EventHandle end = new_event();
    OK(cuStreamBeginCapture_v2(scene.stream, abi::CaptureMode::global));
    OK(cuEventRecord(scene.event, scene.stream));
    OK(cuMemsetD8Async(scene.device, 7, 1000, scene.stream));
    if (joined_by_event) {
        OK(cuEventRecord(scene.event, scene.stream));
    }
    OK(cuStreamWaitEvent(scene.other, scene.event, 0));
    OK(cuMemcpyDtoHAsync_v2(scene.locked, scene.device, 1000, scene.other));
    OK(cuEventRecord(end, scene.other));
    OK(cuStreamWaitEvent(scene.stream, end, 0));
    OK(cuStreamEndCapture(scene.stream, &graph));
    OK(cuGraphInstantiateWithFlags(&executable, graph, 0));
    OK(cuGraphDestroy(graph));
    OK(cuEventDestroy_v2(end));
}

/* Nodes are in the order of their dependencies, not in that in which they happen to run. */
static void races_of_nodes()
{
    abi::ExecutableHandle executable;
    {
        Scene scene;
        captured_fork(scene, false, executable);
        OK(cuGraphLaunch(executable, scene.stream));
        EXPECT(launch_failed, cuCtxSynchronize());
        std::string text = said(Result::launch_failed);
        CHECK(text.find("cuMemcpyDtoHAsync_v2, call #, in the graph of cuGraphLaunch, call #: race: reads ") == 0
                && text.find("cuMemsetD8Async, call #, in the graph of cuGraphLaunch, call # wrote it") != std::string::npos,
            "%s", text.c_str());
        cuGraphExecDestroy(executable);
    }
    Scene scene;
    captured_fork(scene, true, executable);
    for (int round = 0; round < 3; round++) {
        OK(cuGraphLaunch(executable, scene.stream));
        OK(cuMemsetD8Async(scene.device, 8, 1000, scene.stream)); /* after the whole graph */
        OK(cuGraphLaunch(executable, scene.stream));
        OK(cuStreamSynchronize(scene.stream));
        CHECK(scene.locked[0] == 7, "%d", scene.locked[0]);
    }
    OK(cuGraphExecDestroy(executable));
}

int main()
{
    setenv("GPUBENCH_SIM_CHECK", "1", 1);
    OK(cuInit(0));
    races_of_fills();
    races_of_readers();
    races_of_kernels();
    races_of_batches();
    races_of_nodes();
    return 0;
}
