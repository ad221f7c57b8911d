/* SPDX-License-Identifier: Apache-2.0 */
/* Streams and events: order, completion, time. */
#include <chrono>

#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

static abi::StreamHandle const legacy = nullptr;

/* data[0] = data[0] * factor + summand */
static void affine(Session &session, abi::StreamHandle stream, DevicePointer data, int factor, int summand)
{
    OK(launch(session.function("affine"), 1, 1, stream, data, 1, factor, summand));
}

static void knows_its_handles(Session &)
{
    abi::StreamHandle stream;
    abi::EventHandle event;
    EXPECT(invalid_value, cuStreamCreate(nullptr, 0));
    EXPECT(invalid_value, cuStreamCreate(&stream, 2));
    EXPECT(invalid_value, cuEventCreate(nullptr, 0));
    EXPECT(invalid_value, cuEventCreate(&event, 8));
    EXPECT(invalid_value, cuEventCreate(&event, abi::event_interprocess)); /* not with timing */
    EXPECT(not_supported, cuEventCreate(&event, abi::event_interprocess | abi::event_disable_timing));

    stream = new_stream();
    event = new_event();
    OK(cuStreamQuery(stream));
    OK(cuStreamSynchronize(stream));
    OK(cuStreamQuery(legacy));
    OK(cuStreamSynchronize(reinterpret_cast<abi::StreamHandle>(abi::legacy_stream)));
    EXPECT(invalid_handle, cuStreamSynchronize(reinterpret_cast<abi::StreamHandle>(abi::per_thread_stream)));
    EXPECT(invalid_handle, cuStreamQuery(reinterpret_cast<abi::StreamHandle>(event)));
    EXPECT(invalid_handle, cuEventRecord(nullptr, stream));
    EXPECT(invalid_handle, cuEventRecord(reinterpret_cast<abi::EventHandle>(stream), stream));
    EXPECT(invalid_handle, cuEventRecord(event, reinterpret_cast<abi::StreamHandle>(event)));
    EXPECT(invalid_value, cuStreamWaitEvent(stream, event, 2));
    EXPECT(invalid_value, cuStreamWaitEvent(stream, event, abi::wait_external)); /* only in a capture */
    EXPECT(invalid_handle, cuStreamDestroy_v2(legacy));

    OK(cuStreamDestroy_v2(stream));
    EXPECT(invalid_handle, cuStreamDestroy_v2(stream));
    EXPECT(invalid_handle, cuStreamQuery(stream));
    EXPECT(invalid_handle, cuEventRecord(event, stream));
    OK(cuEventDestroy_v2(event));
    EXPECT(invalid_handle, cuEventDestroy_v2(event));
    EXPECT(invalid_handle, cuEventQuery(event));
    EXPECT(invalid_handle, cuEventSynchronize(event));
}

static void runs_in_order(Session &session)
{
    abi::StreamHandle stream = new_stream();
    DevicePointer data = device_memory(sizeof(int));
    int expected = 0;
    for (int i = 0; i < 150; i++) {
        if (i % 10 == 0) {
            OK(cuMemsetD32Async(data, static_cast<uint32_t>(i), 1, stream));
            expected = i;
        }
        affine(session, stream, data, 3, i);
        expected = expected * 3 + i;
    }
    OK(cuStreamSynchronize(stream));
    CHECK(read_ints(data, 1)[0] == expected, "order");
    OK(cuStreamDestroy_v2(stream));
    OK(cuMemFree_v2(data));
}

static void events_tell_completion(Session &session)
{
    for (uint32_t flags : {0u, uint32_t{abi::event_blocking_sync}, uint32_t{abi::event_disable_timing}}) {
        abi::StreamHandle stream = new_stream();
        abi::EventHandle event = new_event(flags);
        Gate gate(session);
        OK(cuEventQuery(event)); /* not recorded yet: nothing to wait for */
        OK(cuEventSynchronize(event));
        gate.hold(stream);
        OK(cuEventRecord(event, stream));
        EXPECT(not_ready, cuEventQuery(event));
        EXPECT(not_ready, cuStreamQuery(stream));
        std::thread opener([&] { gate.open(); });
        OK(cuEventSynchronize(event));
        OK(cuEventQuery(event));
        OK(cuStreamQuery(stream));
        opener.join();
        OK(cuEventDestroy_v2(event));
        OK(cuStreamDestroy_v2(stream));
    }
}

static void events_measure_time(Session &session)
{
    abi::StreamHandle stream = new_stream();
    abi::EventHandle start = new_event();
    abi::EventHandle end = new_event();
    abi::EventHandle untimed = new_event(abi::event_disable_timing);
    Gate gate(session);
    float milliseconds;
    EXPECT(invalid_handle, cuEventElapsedTime(&milliseconds, start, end));
    OK(cuEventRecord(start, stream));
    EXPECT(invalid_handle, cuEventElapsedTime(&milliseconds, start, end));
    gate.hold(stream);
    OK(cuEventRecord(end, stream));
    EXPECT(not_ready, cuEventElapsedTime(&milliseconds, start, end));
    OK(cuEventSynchronize(start));
    EXPECT(not_ready, cuEventElapsedTime(&milliseconds, start, end));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    gate.open();
    OK(cuEventSynchronize(end));
    OK(cuEventElapsedTime(&milliseconds, start, end));
    CHECK(milliseconds >= 20, "%f ms", static_cast<double>(milliseconds)); /* the start was reached before the pause */
    float negative;
    OK(cuEventElapsedTime(&negative, end, start));
    CHECK(negative == -milliseconds, "backwards");
    OK(cuEventElapsedTime(&milliseconds, start, start));
    CHECK(milliseconds == 0, "one event");
    float again;
    OK(cuEventElapsedTime_v2(&again, end, start));
    CHECK(again == negative, "the newer function");

    OK(cuEventRecord(untimed, stream));
    OK(cuEventSynchronize(untimed));
    EXPECT(invalid_handle, cuEventElapsedTime(&milliseconds, start, untimed));
    EXPECT(invalid_handle, cuEventElapsedTime(&milliseconds, nullptr, end));
    EXPECT(invalid_value, cuEventElapsedTime(nullptr, start, end));
    for (abi::EventHandle event : {start, end, untimed}) {
        OK(cuEventDestroy_v2(event));
    }
    OK(cuStreamDestroy_v2(stream));
}

static void events_order_streams(Session &session)
{
    abi::StreamHandle first = new_stream();
    abi::StreamHandle second = new_stream();
    abi::EventHandle event = new_event(abi::event_disable_timing);
    DevicePointer data = device_memory(sizeof(int));
    Gate gate(session);
    OK(cuMemsetD32Async(data, 1, 1, first));
    OK(cuStreamWaitEvent(second, event, 0)); /* not recorded: no wait */
    OK(cuStreamSynchronize(second));
    gate.hold(first);
    affine(session, first, data, 10, 2);
    OK(cuEventRecord(event, first));
    OK(cuStreamWaitEvent(second, event, 0));
    affine(session, second, data, 10, 3);
    OK(cuEventRecord(event, second)); /* the wait was for the earlier record */
    EXPECT(not_ready, cuStreamQuery(second));
    OK(cuEventDestroy_v2(event)); /* what it orders stays ordered */
    gate.open();
    OK(cuStreamSynchronize(second));
    CHECK(read_ints(data, 1)[0] == 123, "%d", read_ints(data, 1)[0]);
    OK(cuStreamDestroy_v2(first));
    OK(cuStreamDestroy_v2(second));
    OK(cuMemFree_v2(data));
}

static void legacy_stream_waits_for_blocking_ones(Session &session)
{
    abi::StreamHandle blocking = new_stream(0);
    abi::StreamHandle other = new_stream(0);
    abi::StreamHandle independent = new_stream();
    DevicePointer data = device_memory(sizeof(int));
    Gate gate(session);
    OK(cuMemsetD32Async(data, 1, 1, legacy));
    OK(cuCtxSynchronize());
    gate.hold(blocking);
    affine(session, blocking, data, 10, 2);
    affine(session, legacy, data, 10, 3);
    affine(session, other, data, 10, 4);
    EXPECT(not_ready, cuStreamQuery(legacy));
    EXPECT(not_ready, cuStreamQuery(other));
    OK(cuStreamSynchronize(independent)); /* not affected */
    OK(launch(session.function("nothing"), 1, 1, independent));
    OK(cuStreamSynchronize(independent));
    gate.open();
    OK(cuStreamSynchronize(other));
    CHECK(read_ints(data, 1)[0] == 1234, "%d", read_ints(data, 1)[0]);

    /* A synchronous copy is work of the legacy stream, also where that is idle. */
    gate.hold(blocking);
    affine(session, blocking, data, 0, 77);
    std::thread opener([&] { gate.open(); });
    CHECK(read_ints(data, 1)[0] == 77, "a copy before its turn");
    opener.join();

    /* Even of a stream that has been destroyed with work to do. */
    gate.hold(blocking);
    affine(session, blocking, data, 0, 78);
    OK(cuStreamDestroy_v2(blocking));
    affine(session, legacy, data, 10, 1);
    EXPECT(not_ready, cuStreamQuery(legacy));
    gate.open();
    OK(cuStreamSynchronize(legacy));
    CHECK(read_ints(data, 1)[0] == 781, "%d", read_ints(data, 1)[0]);
    OK(cuStreamDestroy_v2(other));
    OK(cuStreamDestroy_v2(independent));
    OK(cuMemFree_v2(data));
}

static void many_threads_submit(Session &session)
{
    constexpr int threads = 4;
    constexpr int launches = 200;
    DevicePointer data = device_memory(threads * sizeof(int));
    OK(cuMemsetD32Async(data, 0, threads, legacy));
    OK(cuCtxSynchronize());
    abi::FunctionHandle function = session.function("affine");
    abi::StreamHandle shared = new_stream(0);
    std::vector<std::thread> workers;
    for (int worker = 0; worker < threads; worker++) {
        workers.emplace_back([&, worker] {
            OK(cuCtxSetCurrent(session.context));
            abi::StreamHandle own = new_stream(worker % 2 == 0 ? 0u : uint32_t{abi::stream_non_blocking});
            abi::EventHandle event = new_event();
            for (int i = 0; i < launches; i++) {
                OK(launch(function, 1, 1, own, data + sizeof(int) * static_cast<size_t>(worker), 1, 1, 1));
                OK(launch(session.function("nothing"), 1, 1, i % 8 == 0 ? legacy : shared));
                OK(cuEventRecord(event, own));
                OK(cuStreamWaitEvent(shared, event, 0));
                if (i % 16 == 0) {
                    OK(cuEventSynchronize(event));
                }
            }
            OK(cuStreamSynchronize(own));
            OK(cuStreamDestroy_v2(own));
            OK(cuEventDestroy_v2(event));
        });
    }
    for (std::thread &worker : workers) {
        worker.join();
    }
    OK(cuCtxSynchronize());
    CHECK(read_ints(data, threads) == std::vector<int>(threads, launches), "all launches");
    OK(cuStreamDestroy_v2(shared));
    OK(cuMemFree_v2(data));
}

int main()
{
    Session session;
    session.function("nothing");
    knows_its_handles(session);
    runs_in_order(session);
    events_tell_completion(session);
    events_measure_time(session);
    events_order_streams(session);
    legacy_stream_waits_for_blocking_ones(session);
    many_threads_submit(session);
    return 0;
}
