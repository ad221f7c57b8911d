/* SPDX-License-Identifier: Apache-2.0 */
/* Device memory, page-locked memory, copies and fills. */
#include <algorithm>
#include <cstdlib>

#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

constexpr size_t mebibyte = 1 << 20;
constexpr size_t total = 64 * mebibyte;

static void *host(DevicePointer address)
{
    return reinterpret_cast<void *>(address);
}

static size_t free_bytes()
{
    size_t free;
    size_t all;
    OK(cuMemGetInfo_v2(&free, &all));
    CHECK(all == total, "%zu", all);
    return free;
}

static void allocates_aligned_with_gaps()
{
    size_t before = free_bytes();
    std::vector<DevicePointer> addresses;
    for (size_t bytes : {1, 255, 256, 257, 5000, 3000000}) {
        DevicePointer address = device_memory(bytes);
        CHECK(address % 256 == 0, "%zu bytes at %llx", bytes, address);
        for (DevicePointer other : addresses) {
            CHECK(other + 256 < address || address + bytes + 256 <= other, "a gap");
        }
        addresses.push_back(address);
    }
    CHECK(free_bytes() < before - 3000000, "%zu", free_bytes());
    for (DevicePointer address : addresses) {
        OK(cuMemFree_v2(address));
    }
    CHECK(free_bytes() == before, "%zu of %zu", free_bytes(), before);

    DevicePointer address;
    EXPECT(invalid_value, cuMemAlloc_v2(&address, 0));
    EXPECT(invalid_value, cuMemAlloc_v2(nullptr, 1));
    EXPECT(invalid_value, cuMemGetInfo_v2(nullptr, nullptr));
}

/* Also where freed memory is used again, and where small and large ones share a page. */
static void fresh_memory_is_poisoned()
{
    for (size_t round = 0; round < 40; round++) {
        std::vector<DevicePointer> addresses;
        for (size_t bytes : {size_t{300}, 3 * mebibyte + 77, size_t{5000}, mebibyte + 256, size_t{65536}}) {
            DevicePointer address = device_memory(bytes);
            std::vector<unsigned char> content(bytes);
            OK(cuMemcpyDtoH_v2(content.data(), address, bytes));
            CHECK(std::all_of(content.begin(), content.end(), [](unsigned char byte) { return byte == 0xCC; }),
                "%zu bytes in round %zu", bytes, round);
            OK(cuMemsetD8Async(address, 0x11, bytes, nullptr));
            OK(cuStreamSynchronize(nullptr));
            addresses.push_back(address);
        }
        for (size_t i = 0; i < addresses.size(); i++) {
            OK(cuMemFree_v2(addresses[(i + round) % addresses.size()]));
        }
    }
}

static void ends_at_the_size_of_the_device()
{
    DevicePointer address;
    EXPECT(out_of_memory, cuMemAlloc_v2(&address, total));
    EXPECT(out_of_memory, cuMemAlloc_v2(&address, SIZE_MAX));
    std::vector<DevicePointer> addresses;
    while (cuMemAlloc_v2(&address, 5 * mebibyte) == Result::success) {
        addresses.push_back(address);
    }
    CHECK(addresses.size() == 12, "%zu", addresses.size());
    OK(cuMemFree_v2(addresses[5]));
    addresses[5] = device_memory(5 * mebibyte - 1000); /* where the search has to begin anew */
    for (DevicePointer one : addresses) {
        OK(cuMemFree_v2(one));
    }
    OK(cuMemAlloc_v2(&address, total - 1024));
    OK(cuMemFree_v2(address));
}

static void frees_only_what_is_there()
{
    DevicePointer address = device_memory(1000);
    EXPECT(invalid_value, cuMemFree_v2(address + 256));
    EXPECT(invalid_value, cuMemFree_v2(12345));
    EXPECT(invalid_value, cuMemFree_v2(reinterpret_cast<uintptr_t>(&address)));
    OK(cuMemFree_v2(address));
    EXPECT(invalid_value, cuMemFree_v2(address));
    OK(cuMemFree_v2(0));
    EXPECT(invalid_value, cuMemFreeHost(nullptr));
    EXPECT(invalid_value, cuMemFreeHost(&address));
}

static void page_locked_memory()
{
    void *plain;
    void *mapped;
    DevicePointer device;
    EXPECT(invalid_value, cuMemHostAlloc(&plain, 0, 0));
    EXPECT(invalid_value, cuMemHostAlloc(&plain, 16, 0x80));
    EXPECT(invalid_value, cuMemHostAlloc(nullptr, 16, 0));
    EXPECT(out_of_memory, cuMemHostAlloc(&plain, SIZE_MAX / 2, 0));
    OK(cuMemHostAlloc(&plain, 1000, abi::host_portable));
    OK(cuMemHostAlloc(&mapped, 1000, abi::host_device_map | abi::host_write_combined));
    CHECK(static_cast<unsigned char *>(plain)[999] == 0xCC, "fresh");

    OK(cuMemHostGetDevicePointer_v2(&device, plain, 0)); /* with unified addresses all of it is mapped */
    CHECK(device == reinterpret_cast<uintptr_t>(plain), "another address");
    EXPECT(invalid_value, cuMemHostGetDevicePointer_v2(&device, &device, 0));
    EXPECT(invalid_value, cuMemHostGetDevicePointer_v2(&device, mapped, 1));
    EXPECT(invalid_value, cuMemHostGetDevicePointer_v2(nullptr, mapped, 0));
    OK(cuMemHostGetDevicePointer_v2(&device, static_cast<char *>(mapped) + 10, 0));
    CHECK(device == reinterpret_cast<uintptr_t>(mapped) + 10, "inside");

    OK(cuMemsetD8Async(device, 5, 990, nullptr));
    EXPECT(invalid_value, cuMemsetD8Async(device, 5, 991, nullptr));
    OK(cuCtxSynchronize());
    CHECK(static_cast<char *>(mapped)[10] == 5 && static_cast<char *>(mapped)[999] == 5, "filled by the device");

    OK(cuMemFreeHost(plain));
    EXPECT(invalid_value, cuMemFreeHost(plain));
    OK(cuMemFreeHost(mapped));
}

/* What the program has already can be page-locked for a while. */
static void registered_memory()
{
    std::vector<unsigned char> data(10000, 3);
    unsigned char *inside = data.data() + 100;
    DevicePointer device;
    EXPECT(invalid_value, cuMemHostRegister_v2(nullptr, 100, 0));
    EXPECT(invalid_value, cuMemHostRegister_v2(inside, 0, 0));
    EXPECT(invalid_value, cuMemHostRegister_v2(inside, 100, 0x10));
    EXPECT(not_supported, cuMemHostRegister_v2(inside, 100, abi::host_io_memory));
    EXPECT(not_supported, cuMemHostRegister_v2(inside, 100, abi::host_read_only));
    EXPECT(invalid_value, cuMemHostRegister_v2(inside, SIZE_MAX - 4096, 0));
    EXPECT(invalid_value, cuMemHostRegister_v2(reinterpret_cast<void *>(uintptr_t{1} << 20), 100, 0)); /* nobody's */
    DevicePointer on_device = device_memory(100);
    EXPECT(invalid_value, cuMemHostRegister_v2(host(on_device), 100, 0));
    OK(cuMemFree_v2(on_device));

    EXPECT(host_memory_not_registered, cuMemHostUnregister(inside));
    OK(cuMemHostRegister_v2(inside, 1000, abi::host_portable));
    CHECK(*inside == 3 && inside[999] == 3, "it stays as it is");
    for (size_t offset : {size_t{0}, size_t{50}, size_t{1099}}) {
        EXPECT(host_memory_already_registered, cuMemHostRegister_v2(data.data() + offset, 2000 - offset, 0));
    }
    OK(cuMemHostRegister_v2(inside + 1000, 1000, abi::host_device_map)); /* beside it */
    OK(cuMemHostUnregister(inside + 1000));
    EXPECT(invalid_value, cuMemHostUnregister(nullptr));
    EXPECT(host_memory_not_registered, cuMemHostUnregister(inside + 1));
    EXPECT(invalid_value, cuMemFreeHost(inside));

    OK(cuMemHostGetDevicePointer_v2(&device, inside, 0));
    OK(cuMemsetD8_v2(device, 5, 1000)); /* waits: it is the host's */
    CHECK(*inside == 5 && inside[999] == 5 && inside[1000] == 3 && inside[-1] == 3, "filled by the device");
    EXPECT(invalid_value, cuMemsetD8_v2(device, 5, 1001));
    OK(cuMemHostUnregister(inside));
    EXPECT(host_memory_not_registered, cuMemHostUnregister(inside));
    EXPECT(invalid_value, cuMemHostGetDevicePointer_v2(&device, inside, 0));
    *inside = 7; /* the program's own */

    void *allocated;
    EXPECT(invalid_value, cuMemAllocHost_v2(nullptr, 1));
    EXPECT(invalid_value, cuMemAllocHost_v2(&allocated, 0));
    OK(cuMemAllocHost_v2(&allocated, 1000));
    EXPECT(host_memory_already_registered, cuMemHostRegister_v2(allocated, 10, 0));
    EXPECT(host_memory_not_registered, cuMemHostUnregister(allocated));
    OK(cuMemHostGetDevicePointer_v2(&device, allocated, 0));
    OK(cuMemFreeHost(allocated));
}

static void copies_check_ranges()
{
    std::vector<char> data(1000);
    DevicePointer a = device_memory(1000);
    DevicePointer b = device_memory(1000);
    OK(cuMemcpyHtoD_v2(a, data.data(), 1000));
    OK(cuMemcpyHtoD_v2(a + 1, data.data(), 999));
    EXPECT(invalid_value, cuMemcpyHtoD_v2(a + 1, data.data(), 1000));
    EXPECT(invalid_value, cuMemcpyHtoD_v2(a - 1, data.data(), 10));
    EXPECT(invalid_value, cuMemcpyHtoD_v2(a, data.data(), b - a + 8)); /* across two allocations */
    EXPECT(invalid_value, cuMemcpyHtoD_v2(a, data.data(), SIZE_MAX));
    EXPECT(invalid_value, cuMemcpyHtoD_v2(a, nullptr, 1));
    EXPECT(invalid_value, cuMemcpyHtoD_v2(0, data.data(), 1));
    EXPECT(invalid_value, cuMemcpyHtoD_v2(a, host(b), 1)); /* that is not the host's */
    EXPECT(invalid_value, cuMemcpyDtoH_v2(host(b), a, 1));
    EXPECT(invalid_value, cuMemcpyDtoH_v2(data.data(), a, 1001));
    EXPECT(invalid_value, cuMemcpyDtoH_v2(data.data(), reinterpret_cast<uintptr_t>(data.data()), 1));
    EXPECT(invalid_value, cuMemcpyDtoDAsync_v2(a, b + 500, 501, nullptr));
    EXPECT(invalid_value, cuMemcpyDtoDAsync_v2(a + 500, b, 501, nullptr));
    EXPECT(invalid_value, cuMemcpyHtoDAsync_v2(a, data.data(), 1001, nullptr));
    EXPECT(invalid_value, cuMemcpyDtoHAsync_v2(nullptr, a, 1, nullptr));
    EXPECT(invalid_value, cuMemsetD8Async(a, 0, 1001, nullptr));
    EXPECT(invalid_value, cuMemsetD32Async(a + 2, 0, 1, nullptr)); /* misaligned */
    EXPECT(invalid_value, cuMemsetD32Async(a, 0, 251, nullptr));
    EXPECT(invalid_value, cuMemsetD32Async(a, 0, SIZE_MAX / 2, nullptr));
    EXPECT(invalid_handle, cuMemsetD32Async(a, 0, 1, reinterpret_cast<abi::StreamHandle>(&data)));
    EXPECT(invalid_handle, cuMemcpyHtoDAsync_v2(a, data.data(), 1, reinterpret_cast<abi::StreamHandle>(a)));

    EXPECT(invalid_value, cuMemcpyDtoD_v2(a, b + 500, 501));
    EXPECT(invalid_value, cuMemsetD8_v2(a, 0, 1001));

    OK(cuMemcpyHtoD_v2(a, nullptr, 0));
    OK(cuMemcpyDtoDAsync_v2(0, 0, 0, nullptr));
    OK(cuMemsetD32Async(0, 0, 0, nullptr));
    OK(cuMemFree_v2(a));
    EXPECT(invalid_value, cuMemcpyHtoD_v2(a, data.data(), 1));
    OK(cuMemFree_v2(b));
}

static void copies_and_fills()
{
    abi::StreamHandle stream = new_stream();
    DevicePointer a = device_memory(4000);
    DevicePointer b = device_memory(4000);
    OK(cuMemsetD32Async(a, 0x01020304, 1000, stream));
    OK(cuMemsetD8Async(a + 4, 0xff, 4, stream));
    OK(cuMemcpyDtoDAsync_v2(b, a, 4000, stream));
    OK(cuStreamSynchronize(stream));
    std::vector<int> values = read_ints(b, 1000);
    CHECK(values[0] == 0x01020304 && values[1] == -1 && values[2] == 0x01020304 && values[999] == 0x01020304, "values");

    std::vector<int> other(1000, 7);
    OK(cuMemcpyHtoDAsync_v2(a, other.data(), 4000, stream));
    other.assign(1000, 8); /* pageable memory has been read already */
    std::vector<int> back(1000);
    OK(cuMemcpyDtoHAsync_v2(back.data(), a, 4000, stream)); /* and has arrived already */
    CHECK(back == std::vector<int>(1000, 7), "%d", back[0]);
    OK(cuMemsetD8_v2(a, 0x11, 4000));
    OK(cuMemcpyDtoD_v2(b + 2000, a, 1000));
    values = read_ints(b, 1000);
    CHECK(values[499] == 0x01020304 && values[500] == 0x11111111 && values[750] == 0x01020304, "%x", values[500]);
    OK(cuStreamDestroy_v2(stream));
    OK(cuMemFree_v2(a));
    OK(cuMemFree_v2(b));
}

/* A large pageable copy, page-locked copies behind a kernel that is held: nothing happens before it may. */
[[maybe_unused]] static void copies_wait_for_their_turn()
{
    Session session;
    abi::StreamHandle stream = new_stream();
    Gate gate(session);
    constexpr size_t count = 100000;
    DevicePointer device = device_memory(count * sizeof(int));
    int *pinned = mapped_memory<int>(count);
    OK(cuMemsetD8Async(device, 0, count * sizeof(int), stream));
    OK(cuStreamSynchronize(stream));

    std::fill_n(pinned, count, 5);
    gate.hold(stream);
    OK(cuMemcpyHtoDAsync_v2(device, pinned, count * sizeof(int), stream));
    std::vector<int> values = read_ints(device, count);
    CHECK(values == std::vector<int>(count, 0), "%d before its turn", values[0]);
    EXPECT(not_ready, cuStreamQuery(stream));
    std::fill_n(pinned, count, 6); /* page-locked memory is read in its turn */
    gate.open();
    OK(cuStreamSynchronize(stream));
    values = read_ints(device, count);
    CHECK(values == std::vector<int>(count, 6), "%d", values[0]);

    std::vector<int> large(count, 9);
    OK(cuMemcpyHtoDAsync_v2(device, large.data(), count * sizeof(int), stream));
    large.assign(count, 10);
    OK(cuMemcpyDtoHAsync_v2(pinned, device, count * sizeof(int), stream));
    OK(cuStreamSynchronize(stream));
    CHECK(pinned[0] == 9 && pinned[count - 1] == 9, "%d", pinned[0]);
    OK(cuStreamDestroy_v2(stream));
}

int main()
{
    setenv("GPUBENCH_SIM_MEMORY", std::to_string(total).c_str(), 1);
    {
        Session session;
        allocates_aligned_with_gaps();
        fresh_memory_is_poisoned();
        ends_at_the_size_of_the_device();
        frees_only_what_is_there();
        page_locked_memory();
        registered_memory();
        copies_check_ranges();
        copies_and_fills();
    }
#ifndef __SANITIZE_THREAD__ /* it does not see that the gate, which a kernel polls, orders these accesses */
    if (!in_checked_mode()) { /* which does not see that either, and is right: the gate says nothing of the copies */
        copies_wait_for_their_turn();
    }
#endif
    return 0;
}
