/* SPDX-License-Identifier: Apache-2.0 */
/* Stream capture, and graphs. */
#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

constexpr abi::CaptureMode relaxed = abi::CaptureMode::relaxed;
constexpr abi::CaptureMode thread_local_only = abi::CaptureMode::thread_local_only;
constexpr abi::CaptureMode global = abi::CaptureMode::global;

/* Streams, an event and an integer that most tests want. */
struct Things {
    explicit Things(Session &session) : affine_function(session.function("affine")) { write_ints(data, {0}); }
    ~Things()
    {
        OK(cuCtxSynchronize());
        OK(cuStreamDestroy_v2(stream));
        OK(cuStreamDestroy_v2(other));
        OK(cuEventDestroy_v2(event));
        OK(cuEventDestroy_v2(back));
        OK(cuMemFree_v2(data));
    }

    Result affine(abi::StreamHandle on, int factor, int summand)
    {
        return launch(affine_function, 1, 1, on, data, 1, factor, summand);
    }

    abi::FunctionHandle affine_function;
    abi::StreamHandle stream = new_stream();
    abi::StreamHandle other = new_stream();
    abi::EventHandle event = new_event();
    abi::EventHandle back = new_event();
    DevicePointer data = device_memory(sizeof(int));
    abi::GraphHandle graph = nullptr;
    abi::ExecutableHandle executable = nullptr;
};

static size_t count_nodes(abi::GraphHandle graph)
{
    size_t count = 99;
    OK(cuGraphGetNodes(graph, nullptr, &count));
    return count;
}

static void replays_what_was_captured(Session &session)
{
    Things t(session);
    auto *pinned = mapped_memory<int>(2);
    pinned[0] = 1;
    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(cuMemcpyHtoDAsync_v2(t.data, pinned, sizeof(int), t.stream));
    for (int i = 2; i < 5; i++) {
        OK(t.affine(t.stream, 10, i)); /* the parameters are those of now */
    }
    OK(cuMemcpyDtoHAsync_v2(pinned + 1, t.data, sizeof(int), t.stream));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    OK(cuStreamQuery(t.stream));
    CHECK(pinned[1] == 0, "nothing has run: %d", pinned[1]);
    CHECK(count_nodes(t.graph) == 5, "%zu", count_nodes(t.graph));
    abi::NodeHandle nodes[7];
    size_t count = 7;
    OK(cuGraphGetNodes(t.graph, nodes, &count));
    CHECK(count == 5 && nodes[0] != nullptr && nodes[4] != nodes[3] && nodes[5] == nullptr, "nodes");
    count = 2;
    nodes[2] = nullptr;
    OK(cuGraphGetNodes(t.graph, nodes, &count));
    CHECK(count == 2 && nodes[1] != nullptr && nodes[2] == nullptr, "two nodes");

    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 0));
    OK(cuGraphUpload(t.executable, t.stream));
    for (int i = 0; i < 50; i++) {
        pinned[0] = i % 10; /* memory is that of the launch */
        OK(cuGraphLaunch(t.executable, i % 2 == 0 ? t.stream : nullptr));
        OK(cuCtxSynchronize());
        CHECK(pinned[1] == i % 10 * 1000 + 234, "%d: %d", i, pinned[1]);
        if (i == 25) {
            OK(cuGraphDestroy(t.graph)); /* the executable does not need it */
        }
    }
    EXPECT(invalid_value, cuGraphDestroy(t.graph));
    OK(cuGraphLaunch(t.executable, t.stream));
    OK(cuGraphExecDestroy(t.executable)); /* while it runs, perhaps */
    EXPECT(invalid_handle, cuGraphLaunch(t.executable, t.stream));
    EXPECT(invalid_value, cuGraphExecDestroy(t.executable));
    OK(cuStreamSynchronize(t.stream));
    OK(cuMemFreeHost(pinned));
}

static void knows_its_handles(Session &session)
{
    Things t(session);
    size_t count = 0;
    EXPECT(invalid_value, cuGraphGetNodes(nullptr, nullptr, &count));
    EXPECT(invalid_value, cuGraphDestroy(reinterpret_cast<abi::GraphHandle>(t.stream)));
    EXPECT(invalid_value, cuGraphInstantiateWithFlags(&t.executable, nullptr, 0));
    EXPECT(invalid_handle, cuGraphLaunch(nullptr, t.stream));
    EXPECT(invalid_handle, cuGraphUpload(nullptr, t.stream));
    EXPECT(invalid_value, cuStreamEndCapture(t.stream, nullptr));
    EXPECT(illegal_state, cuStreamEndCapture(t.stream, &t.graph));
    EXPECT(invalid_handle, cuStreamEndCapture(reinterpret_cast<abi::StreamHandle>(t.event), &t.graph));
    EXPECT(stream_capture_unsupported, cuStreamBeginCapture_v2(nullptr, relaxed));
    EXPECT(invalid_value, cuStreamBeginCapture_v2(t.stream, static_cast<abi::CaptureMode>(3)));
    OK(cuStreamBeginCapture_v2(t.stream, relaxed));
    EXPECT(illegal_state, cuStreamBeginCapture_v2(t.stream, relaxed));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    CHECK(count_nodes(t.graph) == 0, "empty");
    EXPECT(invalid_value, cuGraphGetNodes(t.graph, nullptr, nullptr));
    EXPECT(invalid_value, cuGraphInstantiateWithFlags(nullptr, t.graph, 0));
    EXPECT(invalid_value, cuGraphInstantiateWithFlags(&t.executable, t.graph, 2));
    EXPECT(not_supported, cuGraphInstantiateWithFlags(&t.executable, t.graph, 4));
    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 9));
    OK(cuGraphLaunch(t.executable, t.stream));
    EXPECT(invalid_handle, cuGraphLaunch(t.executable, reinterpret_cast<abi::StreamHandle>(t.event)));
    OK(cuGraphExecDestroy(t.executable));
    OK(cuGraphDestroy(t.graph));
}

/* A fork to the other stream and a join. */
static void captures_across_streams(Session &session)
{
    Things t(session);
    OK(cuStreamBeginCapture_v2(t.stream, thread_local_only));
    OK(cuMemsetD32Async(t.data, 1, 1, t.stream));
    OK(cuEventRecord(t.event, t.stream));
    EXPECT(captured_event, cuEventQuery(t.event)); /* and that was the end of it */
    EXPECT(stream_capture_invalidated, cuStreamWaitEvent(t.other, t.event, 0));
    EXPECT(stream_capture_invalidated, cuStreamEndCapture(t.stream, &t.graph));
    CHECK(t.graph == nullptr, "no graph");
    EXPECT(captured_event, cuStreamWaitEvent(t.other, t.event, 0)); /* of a capture that is over */

    OK(cuStreamBeginCapture_v2(t.stream, thread_local_only));
    OK(cuMemsetD32Async(t.data, 1, 1, t.stream));
    OK(cuEventRecord(t.event, t.stream));
    OK(cuStreamWaitEvent(t.other, t.event, 0));
    OK(t.affine(t.other, 10, 2));
    OK(cuEventRecord(t.back, t.other));
    OK(cuStreamWaitEvent(t.stream, t.back, 0));
    OK(t.affine(t.stream, 10, 3));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    CHECK(count_nodes(t.graph) == 3, "%zu", count_nodes(t.graph));
    OK(cuStreamQuery(t.other)); /* no longer in the capture */
    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 0));
    OK(cuGraphLaunch(t.executable, t.stream));
    OK(cuStreamSynchronize(t.stream));
    CHECK(read_ints(t.data, 1)[0] == 123, "%d", read_ints(t.data, 1)[0]);
    OK(cuEventRecord(t.event, t.stream)); /* an event of a capture can be recorded anew */
    OK(cuEventSynchronize(t.event));
    OK(cuGraphExecDestroy(t.executable));
    OK(cuGraphDestroy(t.graph));
}

static void a_graph_within_a_graph(Session &session)
{
    Things t(session);
    abi::GraphHandle outer;
    abi::ExecutableHandle outer_executable;
    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(t.affine(t.stream, 2, 0));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 0));
    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(cuMemsetD32Async(t.data, 3, 1, t.stream));
    OK(cuGraphLaunch(t.executable, t.stream));
    OK(cuGraphLaunch(t.executable, t.stream));
    OK(cuStreamEndCapture(t.stream, &outer));
    CHECK(count_nodes(outer) == 3, "%zu", count_nodes(outer));
    OK(cuGraphInstantiateWithFlags(&outer_executable, outer, 0));
    OK(cuGraphExecDestroy(t.executable));
    OK(cuGraphDestroy(t.graph));
    OK(cuGraphLaunch(outer_executable, t.stream));
    OK(cuStreamSynchronize(t.stream));
    CHECK(read_ints(t.data, 1)[0] == 12, "%d", read_ints(t.data, 1)[0]);
    OK(cuGraphExecDestroy(outer_executable));
    OK(cuGraphDestroy(outer));
}

/* The nodes of another graph take the place of those that an executable has. */
static void executables_are_updated(Session &session)
{
    Things t(session);
    auto capture = [&](auto &&body) {
        abi::GraphHandle captured;
        OK(cuStreamBeginCapture_v2(t.stream, relaxed));
        body();
        OK(cuStreamEndCapture(t.stream, &captured));
        return captured;
    };
    auto fill_and = [&](int value, int factor) {
        return capture([&] {
            OK(cuMemsetD32Async(t.data, static_cast<uint32_t>(value), 1, t.stream));
            OK(t.affine(t.stream, factor, 0));
        });
    };
    auto yields = [&](int expected) {
        OK(cuGraphLaunch(t.executable, t.stream));
        OK(cuStreamSynchronize(t.stream));
        CHECK(read_ints(t.data, 1)[0] == expected, "%d", read_ints(t.data, 1)[0]);
    };
    t.graph = fill_and(3, 2);
    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 0));
    yields(6);
    abi::GraphUpdateInfo info;
    abi::GraphHandle other = fill_and(5, 7);
    OK(cuGraphExecUpdate_v2(t.executable, other, &info));
    CHECK(info.result == abi::GraphUpdate::success && info.node == nullptr, "%d", static_cast<int>(info.result));
    OK(cuGraphDestroy(other));
    yields(35);

    auto refused = [&](abi::GraphHandle graph, abi::GraphUpdate why, size_t node, bool names_node) {
        abi::NodeHandle nodes[3];
        size_t count = 3;
        OK(cuGraphGetNodes(graph, nodes, &count));
        EXPECT(graph_update_failed, cuGraphExecUpdate_v2(t.executable, graph, &info));
        CHECK(info.result == why, "%d", static_cast<int>(info.result));
        CHECK(info.node == (names_node ? nodes[node] : nullptr) && info.from == nullptr, "the node");
        OK(cuGraphDestroy(graph));
        yields(35); /* what it was before */
    };
    using Update = abi::GraphUpdate;
    refused(capture([&] { OK(t.affine(t.stream, 2, 0)); }), Update::topology_changed, 0, false);
    refused(capture([&] {
        OK(t.affine(t.stream, 2, 0));
        OK(t.affine(t.stream, 2, 0));
    }), Update::node_type_changed, 0, true);
    refused(capture([&] { /* side by side */
        OK(cuEventRecord(t.event, t.stream));
        OK(cuStreamWaitEvent(t.other, t.event, 0));
        OK(cuMemsetD32Async(t.data, 1, 1, t.other));
        OK(t.affine(t.stream, 2, 0));
        OK(cuEventRecord(t.back, t.other));
        OK(cuStreamWaitEvent(t.stream, t.back, 0));
    }), Update::topology_changed, 1, true);
    OK(cuGraphExecDestroy(t.executable));

    auto *pinned = mapped_memory<int>(1);
    other = capture([&] { OK(cuMemcpyHtoDAsync_v2(t.data, pinned, sizeof(int), t.stream)); });
    OK(cuGraphInstantiateWithFlags(&t.executable, other, 0));
    OK(cuGraphDestroy(other));
    other = capture([&] { OK(cuMemcpyDtoHAsync_v2(pinned, t.data, sizeof(int), t.stream)); });
    EXPECT(graph_update_failed, cuGraphExecUpdate_v2(t.executable, other, &info));
    CHECK(info.result == Update::parameters_changed, "%d", static_cast<int>(info.result));
    EXPECT(invalid_value, cuGraphExecUpdate_v2(t.executable, other, nullptr));
    EXPECT(invalid_value, cuGraphExecUpdate_v2(nullptr, other, &info));
    CHECK(info.result == Update::error, "%d", static_cast<int>(info.result));
    OK(cuGraphDestroy(other));
    EXPECT(invalid_value, cuGraphExecUpdate_v2(t.executable, other, &info));
    OK(cuGraphExecDestroy(t.executable));
    OK(cuGraphDestroy(t.graph));
    OK(cuMemFreeHost(pinned));
}

static void tells_whether_it_is_capturing(Session &session)
{
    Things t(session);
    abi::StreamHandle blocking = new_stream(0);
    abi::CaptureStatus status;
    auto is = [&](abi::StreamHandle stream, abi::CaptureStatus expected) {
        OK(cuStreamIsCapturing(stream, &status));
        CHECK(status == expected, "%d", static_cast<int>(status));
    };
    is(nullptr, abi::CaptureStatus::none);
    EXPECT(invalid_value, cuStreamIsCapturing(t.stream, nullptr));
    EXPECT(invalid_handle, cuStreamIsCapturing(reinterpret_cast<abi::StreamHandle>(t.event), &status));
    OK(cuStreamBeginCapture_v2(blocking, relaxed));
    is(blocking, abi::CaptureStatus::active);
    is(t.stream, abi::CaptureStatus::none);
    EXPECT(stream_capture_implicit, cuStreamIsCapturing(nullptr, &status)); /* which does not end it */
    is(blocking, abi::CaptureStatus::active);
    EXPECT(stream_capture_implicit, cuMemcpyDtoD_v2(t.data, t.data, 4));
    is(blocking, abi::CaptureStatus::invalidated);
    EXPECT(stream_capture_invalidated, cuStreamEndCapture(blocking, &t.graph));
    is(blocking, abi::CaptureStatus::none);
    OK(cuStreamDestroy_v2(blocking));
}

/* Launches of one executable do not overlap, whatever their streams. */
static void launches_follow_each_other(Session &session)
{
    Things t(session);
    Gate gate(session);
    OK(cuStreamBeginCapture_v2(t.stream, global));
    gate.hold(t.stream);
    OK(t.affine(t.stream, 2, 1));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 0));
    OK(cuMemsetD32Async(t.data, 0, 1, t.stream));
    OK(cuGraphLaunch(t.executable, t.stream));
    for (int i = 0; i < 9; i++) {
        OK(cuGraphLaunch(t.executable, i % 2 == 0 ? t.other : t.stream));
    }
    EXPECT(not_ready, cuStreamQuery(t.other));
    gate.open();
    OK(cuStreamSynchronize(t.other));
    OK(cuStreamSynchronize(t.stream));
    CHECK(read_ints(t.data, 1)[0] == 1023, "%d", read_ints(t.data, 1)[0]);
    OK(cuGraphExecDestroy(t.executable));
    OK(cuGraphDestroy(t.graph));
}

/* What would disturb a capture is refused and ends it. */
static void illegal_calls_invalidate(Session &session)
{
    Things t(session);
    abi::StreamHandle blocking = new_stream(0);
    abi::EventHandle recorded = new_event();
    OK(cuEventRecord(recorded, t.other));
    DevicePointer address;
    void *host;
    int value;

    auto ends_capture = [&](abi::StreamHandle stream, abi::CaptureMode mode, Result expected, auto &&illegal) {
        OK(cuStreamBeginCapture_v2(stream, mode));
        OK(t.affine(stream, 1, 1));
        Result result = illegal();
        CHECK(result == expected, "%s instead of %s", name_of(result), name_of(expected));
        EXPECT(stream_capture_invalidated, t.affine(stream, 1, 1));
        EXPECT(stream_capture_invalidated, cuEventRecord(t.event, stream));
        EXPECT(stream_capture_invalidated, cuStreamEndCapture(stream, &t.graph));
        CHECK(t.graph == nullptr, "no graph");
        OK(cuStreamSynchronize(stream));
    };
    constexpr Result unsupported = Result::stream_capture_unsupported;
    constexpr Result implicit = Result::stream_capture_implicit;
    ends_capture(t.stream, relaxed, unsupported, [&] { return cuStreamSynchronize(t.stream); });
    ends_capture(t.stream, relaxed, unsupported, [&] { return cuStreamQuery(t.stream); });
    ends_capture(t.stream, relaxed, unsupported, [&] { return cuCtxSynchronize(); });
    ends_capture(t.stream, global, unsupported, [&] { return cuMemAlloc_v2(&address, 16); });
    ends_capture(t.stream, thread_local_only, unsupported, [&] { return cuMemFree_v2(t.data); });
    ends_capture(t.stream, global, unsupported, [&] { return cuMemHostAlloc(&host, 16, 0); });
    ends_capture(t.stream, global, unsupported, [&] { return cuMemHostRegister_v2(&value, sizeof value, 0); });
    ends_capture(t.stream, global, unsupported, [&] { return cuMemsetD8_v2(t.data, 0, 1); });
    ends_capture(t.stream, global, unsupported, [&] { return cuEventQuery(recorded); });
    ends_capture(t.stream, global, unsupported, [&] { return cuMemcpyDtoH_v2(&value, t.data, sizeof value); });
    ends_capture(t.stream, global, unsupported, [&] { return cuModuleUnload(session.module); });
    ends_capture(t.stream, global, Result::stream_capture_isolation,
        [&] { return cuStreamWaitEvent(t.stream, recorded, 0); });
    ends_capture(blocking, relaxed, implicit, [&] { return t.affine(nullptr, 1, 1); });
    ends_capture(blocking, relaxed, implicit, [&] { return cuMemcpyDtoH_v2(&value, t.data, sizeof value); });
    ends_capture(blocking, relaxed, implicit, [&] { return cuStreamSynchronize(nullptr); });
    ends_capture(blocking, relaxed, implicit, [&] { return cuEventRecord(t.back, nullptr); });

    /* Not illegal: in relaxed mode, in streams that have nothing to do with it, and in an executable's making. */
    OK(cuStreamBeginCapture_v2(t.stream, relaxed));
    OK(cuMemAlloc_v2(&address, 16));
    OK(cuMemFree_v2(address));
    OK(cuEventQuery(recorded));
    OK(cuMemcpyDtoH_v2(&value, t.data, sizeof value));
    OK(t.affine(t.other, 1, 1));
    OK(cuStreamSynchronize(t.other));
    OK(t.affine(nullptr, 1, 1));
    EXPECT(not_supported, cuStreamWaitEvent(t.stream, recorded, abi::wait_external));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    CHECK(count_nodes(t.graph) == 0, "%zu", count_nodes(t.graph));
    OK(cuGraphDestroy(t.graph));
    OK(cuEventDestroy_v2(recorded));
    OK(cuStreamDestroy_v2(blocking));
}

static void captures_end_where_they_began(Session &session)
{
    Things t(session);
    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(t.affine(t.stream, 1, 1));
    OK(cuEventRecord(t.event, t.stream));
    OK(cuStreamWaitEvent(t.other, t.event, 0));
    OK(t.affine(t.other, 1, 1));
    EXPECT(stream_capture_unjoined, cuStreamEndCapture(t.stream, &t.graph));
    CHECK(t.graph == nullptr, "no graph");
    OK(cuStreamSynchronize(t.other));

    /* A stream that joined and did nothing needs no join back. */
    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(t.affine(t.stream, 1, 1));
    OK(cuEventRecord(t.event, t.stream));
    OK(cuStreamWaitEvent(t.other, t.event, 0));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    OK(cuGraphDestroy(t.graph));

    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(cuEventRecord(t.event, t.stream));
    OK(cuStreamWaitEvent(t.other, t.event, 0));
    EXPECT(stream_capture_unmatched, cuStreamEndCapture(t.other, &t.graph));
    EXPECT(stream_capture_invalidated, cuStreamEndCapture(t.stream, &t.graph));

    OK(cuStreamBeginCapture_v2(t.stream, relaxed));
    OK(cuStreamBeginCapture_v2(t.other, relaxed));
    OK(cuEventRecord(t.event, t.stream));
    EXPECT(stream_capture_merge, cuStreamWaitEvent(t.other, t.event, 0));
    EXPECT(stream_capture_invalidated, cuStreamEndCapture(t.stream, &t.graph));
    EXPECT(stream_capture_invalidated, cuStreamEndCapture(t.other, &t.graph));
}

static void captures_and_threads(Session &session)
{
    Things t(session);
    DevicePointer address;
    auto elsewhere = [&](auto &&body) {
        std::thread([&] {
            OK(cuCtxSetCurrent(session.context));
            body();
        }).join();
    };
    /* Another thread may not end it, unless it is relaxed. */
    OK(cuStreamBeginCapture_v2(t.stream, thread_local_only));
    elsewhere([&] { EXPECT(stream_capture_wrong_thread, cuStreamEndCapture(t.stream, &t.graph)); });
    elsewhere([&] {
        OK(cuMemAlloc_v2(&address, 16));
        OK(cuMemFree_v2(address));
    });
    OK(cuStreamEndCapture(t.stream, &t.graph));
    OK(cuGraphDestroy(t.graph));
    OK(cuStreamBeginCapture_v2(t.stream, relaxed));
    elsewhere([&] { OK(cuStreamEndCapture(t.stream, &t.graph)); });
    OK(cuGraphDestroy(t.graph));

    /* A global one forbids unsafe calls in all threads. */
    OK(cuStreamBeginCapture_v2(t.stream, global));
    elsewhere([&] { EXPECT(stream_capture_unsupported, cuMemAlloc_v2(&address, 16)); });
    EXPECT(stream_capture_invalidated, cuStreamEndCapture(t.stream, &t.graph));
}

static void destroying_what_takes_part(Session &session)
{
    Things t(session);
    abi::StreamHandle origin = new_stream();
    OK(cuStreamBeginCapture_v2(origin, global));
    OK(cuEventRecord(t.event, origin));
    OK(cuStreamWaitEvent(t.other, t.event, 0));
    OK(cuStreamDestroy_v2(origin));
    OK(t.affine(t.other, 1, 1)); /* the capture is gone */
    OK(cuCtxSynchronize());

    /* Memory or a module that a graph uses: an error at the launch, no crash. */
    DevicePointer address = device_memory(64);
    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(cuMemsetD8Async(address, 0, 64, t.stream));
    EXPECT(invalid_value, cuMemsetD8Async(address, 0, 65, t.stream));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 0));
    OK(cuGraphLaunch(t.executable, t.stream));
    OK(cuMemFree_v2(address));
    EXPECT(invalid_value, cuGraphLaunch(t.executable, t.stream));
    OK(cuGraphExecDestroy(t.executable));
    OK(cuGraphDestroy(t.graph));

    std::vector<char> image = kernels_image();
    abi::ModuleHandle module;
    abi::FunctionHandle nothing;
    OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    OK(cuModuleGetFunction(&nothing, module, "nothing"));
    OK(cuStreamBeginCapture_v2(t.stream, global));
    OK(launch(nothing, 1, 1, t.stream));
    OK(cuStreamEndCapture(t.stream, &t.graph));
    OK(cuGraphInstantiateWithFlags(&t.executable, t.graph, 0));
    OK(cuGraphLaunch(t.executable, t.stream));
    OK(cuModuleUnload(module));
    EXPECT(invalid_handle, cuGraphLaunch(t.executable, t.stream));
    OK(cuGraphExecDestroy(t.executable));
    OK(cuGraphDestroy(t.graph));
}

int main()
{
    Session session;
    session.function("nothing");
    replays_what_was_captured(session);
    knows_its_handles(session);
    captures_across_streams(session);
    a_graph_within_a_graph(session);
    executables_are_updated(session);
    tells_whether_it_is_capturing(session);
    launches_follow_each_other(session);
    illegal_calls_invalidate(session);
    captures_end_where_they_began(session);
    captures_and_threads(session);
    destroying_what_takes_part(session);
    return 0;
}
