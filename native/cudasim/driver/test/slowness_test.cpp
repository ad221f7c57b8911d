/* SPDX-License-Identifier: Apache-2.0 */
/* The CUDA driver under fault scripts that make it slow, or its clock wrong. */
#include <atomic>
#include <chrono>

#include "with_faults.hpp"

using namespace cudasim;
using namespace cudasim::test;

static double milliseconds_of(const std::function<void()> &body)
{
    auto begin = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/* Only lower bounds: the machine may be busy. */
static void the_link_is_slow()
{
    with_faults("link 10000000 3ms", [] {
        Session session;
        std::vector<int> pageable(25000); /* 10 ms */
        DevicePointer device = device_memory(100000);
        double sent = milliseconds_of([&] { write_ints(device, pageable); });
        CHECK(sent >= 13, "%f", sent);
        double received = milliseconds_of([&] { read_ints(device, 25000); });
        CHECK(received >= 13, "%f", received);

        abi::StreamHandle stream = new_stream();
        abi::EventHandle begin = new_event();
        abi::EventHandle end = new_event();
        int *pinned = mapped_memory<int>(25000);
        OK(cuEventRecord(begin, stream));
        OK(cuMemcpyHtoDAsync_v2(device, pinned, 100000, stream));
        OK(cuEventRecord(end, stream));
        EXPECT(not_ready, cuStreamQuery(stream));
        OK(cuStreamSynchronize(stream));
        float milliseconds;
        OK(cuEventElapsedTime(&milliseconds, begin, end));
        CHECK(milliseconds >= 13, "%f", static_cast<double>(milliseconds));
    });
    /* Copies on the device do not use it, and a copy under way does not keep a context from ending. */
    with_faults("link 1000 0us", [] {
        Session session;
        DevicePointer device = device_memory(2000000);
        OK(cuMemcpyDtoDAsync_v2(device, device + 1000000, 1000000, nullptr)); /* a quarter of an hour otherwise */
        OK(cuCtxSynchronize());
        OK(cuMemcpyHtoDAsync_v2(device, mapped_memory<char>(1000000), 1000000, new_stream()));
    });
}

/* A call waits for room, and not longer. Other streams have queues of their own. */
static void the_queue_is_short()
{
    with_faults("queue 4", [] {
        Session session;
        Gate gate(session);
        abi::StreamHandle held = new_stream();
        DevicePointer data = device_memory(4);
        gate.hold(held);
        std::atomic<int> enqueued{0};
        std::thread submitter([&] {
            OK(cuCtxSetCurrent(session.context));
            for (; enqueued < 20; enqueued++) {
                OK(cuMemsetD8Async(data, 1, 4, held));
            }
        });
        await([&] { return enqueued >= 3; });
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        CHECK(enqueued <= 4, "%d beside the one that runs", enqueued.load());
        gate.open();
        submitter.join();
        OK(cuCtxSynchronize());
        CHECK(read_ints(data, 1)[0] == 0x01010101, "all done");
    });
}

/* The device's time between two events with 20 ms between them. */
static double device_milliseconds(double &most)
{
    Session session;
    Gate gate(session);
    abi::StreamHandle stream = new_stream();
    abi::EventHandle begin = new_event();
    abi::EventHandle end = new_event();
    float milliseconds;
    most = milliseconds_of([&] {
        gate.hold(stream);
        OK(cuEventRecord(begin, stream));
        gate.open();
        OK(cuEventSynchronize(begin));
        gate.hold(stream);
        OK(cuEventRecord(end, stream));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        gate.open();
        OK(cuStreamSynchronize(stream));
        OK(cuEventElapsedTime(&milliseconds, begin, end));
    });
    return static_cast<double>(milliseconds);
}

/* The clock of events is right, too fast, and still. */
static void the_clock_is_wrong()
{
    with_faults("clock 100", [] {
        double most;
        double time = device_milliseconds(most);
        CHECK(time >= 20 && time <= most, "%f of %f", time, most);
    });
    with_faults("clock 300", [] {
        double most;
        double time = device_milliseconds(most);
        CHECK(time >= 60 && time <= 3 * most, "%f of %f", time, most);
    });
    with_faults("clock 0", [] {
        double most;
        double time = device_milliseconds(most);
        CHECK(time == 0, "%f of %f", time, most);
    });
}

int main()
{
    the_link_is_slow();
    the_queue_is_short();
    the_clock_is_wrong();
    return 0;
}
