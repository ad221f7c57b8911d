/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of copies: each kind of memory, their place in the stream, what is refused. */
#include "said.hpp"

#include <numeric>

using namespace cudasim;
using namespace cudasim::test;

static DevicePointer number(const void *address)
{
    return reinterpret_cast<uintptr_t>(address);
}

/* All copies with the same attributes. */
struct Batch {
    std::vector<DevicePointer> targets;
    std::vector<DevicePointer> sources;
    std::vector<size_t> sizes;
    abi::CopyAttributes attributes{abi::SourceOrder::in_stream, {}, {}, 0};
    size_t first = 0;

    Batch &add(DevicePointer target, DevicePointer source, size_t bytes)
    {
        targets.push_back(target);
        sources.push_back(source);
        sizes.push_back(bytes);
        return *this;
    }

    Result enqueue(abi::StreamHandle stream)
    {
        return cuMemcpyBatchAsync_v2(
            targets.data(), sources.data(), sizes.data(), targets.size(), &attributes, &first, 1, stream);
    }
};

/* Scattered from page-locked memory to the device, within it, and back to page-locked and other memory. */
static void copies_all_kinds()
{
    constexpr size_t count = 100;
    abi::StreamHandle stream = new_stream();
    DevicePointer a = device_memory(count * sizeof(int));
    DevicePointer b = device_memory(count * sizeof(int));
    int *locked = mapped_memory<int>(count);
    int *other = mapped_memory<int>(count);
    std::vector<int> pageable(count);
    std::iota(locked, locked + count, 0);
    auto place = [](size_t i) { return i * 37 % count * sizeof(int); }; /* a permutation */
    Batch to_device, within, back, to_host;
    for (size_t i = 0; i < count; i++) {
        to_device.add(a + place(i), number(locked + i), sizeof(int));
        within.add(b + i * sizeof(int), a + place(i), sizeof(int));
        back.add(i % 2 == 0 ? number(other + i) : number(&pageable[i]), b + i * sizeof(int), sizeof(int));
        to_host.add(number(locked + i), number(other + count - 1 - i), sizeof(int));
    }
    within.attributes.flags = abi::copy_beside_kernels;
    OK(to_device.enqueue(stream));
    std::fill(to_device.targets.begin(), to_device.targets.end(), 0); /* the call has read them */
    OK(within.enqueue(stream));
    OK(back.enqueue(stream));
    OK(cuStreamSynchronize(stream));
    for (size_t i = 0; i < count; i++) {
        int value = i % 2 == 0 ? other[i] : pageable[i];
        CHECK(value == static_cast<int>(i), "%d at %zu", value, i);
        CHECK(read_ints(a, count)[place(i) / sizeof(int)] == static_cast<int>(i), "at %zu", i);
    }
    OK(to_host.enqueue(stream));
    OK(cuStreamSynchronize(stream));
    CHECK(locked[count - 1] == 0 && locked[1] == other[count - 2], "%d %d", locked[count - 1], locked[1]);
    OK(cuMemFreeHost(locked));
    OK(cuMemFreeHost(other));
    OK(cuMemFree_v2(a));
    OK(cuMemFree_v2(b));
    OK(cuStreamDestroy_v2(stream));
}

static void is_in_the_order_of_its_stream()
{
    abi::StreamHandle stream = new_stream();
    DevicePointer a = device_memory(4000);
    DevicePointer b = device_memory(4000);
    OK(cuMemsetD32Async(a, 5, 1000, stream));
    OK(Batch().add(b, a, 2000).add(b + 2000, a + 2000, 2000).enqueue(stream));
    OK(cuMemsetD32Async(a, 6, 1000, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(read_ints(b, 1000) == std::vector<int>(1000, 5), "%d", read_ints(b, 1)[0]);
    OK(cuMemFree_v2(a));
    OK(cuMemFree_v2(b));
    OK(cuStreamDestroy_v2(stream));
}

static void refuses_what_makes_no_sense()
{
    abi::StreamHandle stream = new_stream();
    DevicePointer a = device_memory(1000);
    DevicePointer b = device_memory(1000);
    Batch good;
    good.add(a, b, 500).add(a + 500, b + 500, 500);
    SAYS(invalid_value, "the legacy stream takes no batches of copies", good.enqueue(nullptr));
    EXPECT(invalid_value, good.enqueue(reinterpret_cast<abi::StreamHandle>(abi::legacy_stream)));
    EXPECT(invalid_handle, good.enqueue(reinterpret_cast<abi::StreamHandle>(a)));
    Batch beyond = good;
    beyond.sizes[1] = 501;
    SAYS(invalid_value,
        "out of bounds: the target, 501 bytes from byte 500 on, leaves 1000 bytes of cuMemAlloc_v2, call # by 1 byte, in "
        "copy 1 of the batch",
        beyond.enqueue(stream));
    Batch nowhere = good;
    nowhere.sources[0] = 0;
    EXPECT(invalid_value, nowhere.enqueue(stream));
    Batch order = good;
    order.attributes.source_order = static_cast<abi::SourceOrder>(0);
    SAYS(invalid_value, "the access order 0 of attributes 0 is unknown", order.enqueue(stream));
    order.attributes.source_order = abi::SourceOrder::during_call;
    EXPECT(not_supported, order.enqueue(stream));
    Batch flags = good;
    flags.attributes.flags = 2;
    EXPECT(invalid_value, flags.enqueue(stream));
    Batch late = good;
    late.first = 1;
    SAYS(invalid_value, "the attributes 0 begin with copy 1 of 2", late.enqueue(stream));
    EXPECT(invalid_value, Batch().enqueue(stream)); /* no copy at all */
    EXPECT(invalid_value,
        cuMemcpyBatchAsync_v2(good.targets.data(), nullptr, good.sizes.data(), 2, &good.attributes, &good.first, 1, stream));
    EXPECT(invalid_value,
        cuMemcpyBatchAsync_v2(
            good.targets.data(), good.sources.data(), good.sizes.data(), 2, nullptr, &good.first, 1, stream));
    OK(cuMemsetD8Async(b, 0, 1000, stream));
    OK(good.enqueue(stream));
    OK(cuStreamSynchronize(stream));
    OK(cuMemFree_v2(a));
    OK(cuMemFree_v2(b));
    OK(cuStreamDestroy_v2(stream));
}

/* The call is refused, and the capture goes on without it, as with the real one. */
static void cannot_be_captured()
{
    abi::StreamHandle stream = new_stream();
    DevicePointer a = device_memory(100);
    abi::GraphHandle graph;
    OK(cuStreamBeginCapture_v2(stream, abi::CaptureMode::thread_local_only));
    OK(cuMemsetD8Async(a, 0, 100, stream));
    SAYS(stream_capture_unsupported, "a batch of copies cannot be captured", Batch().add(a, a + 50, 50).enqueue(stream));
    OK(cuStreamEndCapture(stream, &graph));
    size_t nodes = 0;
    OK(cuGraphGetNodes(graph, nullptr, &nodes));
    CHECK(nodes == 1, "%zu", nodes);
    OK(cuGraphDestroy(graph));
    OK(cuMemFree_v2(a));
    OK(cuStreamDestroy_v2(stream));
}

int main()
{
    Session session;
    copies_all_kinds();
    is_in_the_order_of_its_stream();
    refuses_what_makes_no_sense();
    cannot_be_captured();
    return 0;
}
