/* SPDX-License-Identifier: Apache-2.0 */
/* Two devices: who they are, whose memory an address is, peer access and copies between them. */
#include <cstring>

#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

constexpr size_t bytes = 4096;

static abi::ContextHandle retain(abi::Device device)
{
    abi::ContextHandle context;
    OK(cuDevicePrimaryCtxRetain(&context, device));
    return context;
}

static DevicePointer allocate_in(abi::ContextHandle context)
{
    OK(cuCtxPushCurrent_v2(context));
    DevicePointer address = device_memory(bytes);
    abi::ContextHandle popped;
    OK(cuCtxPopCurrent_v2(&popped));
    CHECK(popped == context, "what was pushed");
    return address;
}

static void free_in(abi::ContextHandle context, DevicePointer address)
{
    OK(cuCtxPushCurrent_v2(context));
    OK(cuMemFree_v2(address));
    OK(cuCtxPopCurrent_v2(nullptr));
}

static void differ()
{
    int32_t count;
    OK(cuDeviceGetCount(&count));
    CHECK(count == 2, "%d", count);
    abi::Device device;
    OK(cuDeviceGet(&device, 1));
    EXPECT(invalid_device, cuDeviceGet(&device, 2));
    EXPECT(invalid_device, cuDeviceGet(&device, -1));
    abi::Uuid uuids[2];
    char buses[2][20];
    for (abi::Device i : {0, 1}) {
        OK(cuDeviceGetUuid_v2(&uuids[i], i));
        OK(cuDeviceGetPCIBusId(buses[i], sizeof buses[i], i));
    }
    CHECK(std::memcmp(uuids[0].bytes, uuids[1].bytes, 16) != 0, "UUIDs");
    CHECK(std::strcmp(buses[0], buses[1]) != 0, "%s", buses[1]);
    int32_t can = -1;
    OK(cuDeviceCanAccessPeer(&can, 0, 1));
    CHECK(can == 1, "%d", can);
    OK(cuDeviceCanAccessPeer(&can, 1, 1));
    CHECK(can == 0, "%d", can);
    EXPECT(invalid_device, cuDeviceCanAccessPeer(&can, 0, 2));
    EXPECT(invalid_value, cuDeviceCanAccessPeer(nullptr, 0, 1));
}

static void push_and_pop()
{
    abi::ContextHandle first = retain(0);
    abi::ContextHandle second = retain(1);
    CHECK(first != second, "contexts");
    OK(cuCtxSetCurrent(first));
    OK(cuCtxPushCurrent_v2(second));
    abi::ContextHandle current;
    OK(cuCtxGetCurrent(&current));
    CHECK(current == second, "pushed");
    OK(cuCtxPopCurrent_v2(&current));
    OK(cuCtxGetCurrent(&current));
    CHECK(current == first, "what was current before");
    OK(cuCtxPopCurrent_v2(nullptr));
    EXPECT(invalid_context, cuCtxPopCurrent_v2(nullptr));
    EXPECT(invalid_context, cuCtxPushCurrent_v2(nullptr));
    OK(cuDevicePrimaryCtxRelease_v2(1));
    EXPECT(invalid_context, cuCtxPushCurrent_v2(second));
    OK(cuDevicePrimaryCtxRelease_v2(0));
}

static void copies_with_or_without_access(bool access)
{
    abi::ContextHandle first = retain(0);
    abi::ContextHandle second = retain(1);
    OK(cuCtxSetCurrent(first));
    abi::StreamHandle stream = new_stream();
    DevicePointer here = device_memory(bytes);
    DevicePointer there = allocate_in(second);
    if (access) {
        OK(cuCtxEnablePeerAccess(second, 0));
        EXPECT(peer_access_already_enabled, cuCtxEnablePeerAccess(second, 0));
    }
    std::vector<unsigned char> sent(bytes);
    std::vector<unsigned char> back(bytes);
    for (size_t i = 0; i < bytes; i++) {
        sent[i] = static_cast<unsigned char>(i * 7 + 1);
    }
    OK(cuMemcpyHtoD_v2(here, sent.data(), bytes));
    OK(cuMemcpyPeerAsync(there, second, here, first, bytes, stream));
    OK(cuMemsetD8Async(here, 0, bytes, stream));
    OK(cuMemcpyPeerAsync(here, first, there + bytes / 2, second, bytes / 2, stream));
    OK(cuMemcpyDtoDAsync_v2(here + bytes / 2, there, bytes / 2, stream));
    OK(cuMemcpyDtoHAsync_v2(back.data(), here, bytes, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(std::memcmp(back.data(), sent.data() + bytes / 2, bytes / 2) == 0, "the second half");
    CHECK(std::memcmp(back.data() + bytes / 2, sent.data(), bytes / 2) == 0, "the first half");

    EXPECT(invalid_value, cuMemcpyPeerAsync(there, first, here, first, bytes, stream));
    EXPECT(invalid_value, cuMemcpyPeerAsync(there, second, here, first, bytes + 1, stream));
    EXPECT(invalid_context, cuMemcpyPeerAsync(there, nullptr, here, first, bytes, stream));
    if (access) {
        OK(cuMemsetD8Async(there, 1, bytes, stream));
        DevicePointer later = allocate_in(second);
        OK(cuMemsetD8Async(later, 1, bytes, stream));
        OK(cuStreamSynchronize(stream));
        free_in(second, later);
        EXPECT(invalid_value, cuMemsetD8Async(later, 1, bytes, stream));
        OK(cuCtxDisablePeerAccess(second));
    }
    EXPECT(invalid_value, cuMemsetD8Async(there, 1, bytes, stream));
    EXPECT(peer_access_not_enabled, cuCtxDisablePeerAccess(second));
    EXPECT(invalid_device, cuCtxEnablePeerAccess(first, 0));
    EXPECT(invalid_value, cuMemFree_v2(there)); /* of the other context */
    free_in(second, there);
    OK(cuMemFree_v2(here));
    OK(cuStreamDestroy_v2(stream));
    OK(cuDevicePrimaryCtxRelease_v2(1));
    EXPECT(invalid_context, cuCtxEnablePeerAccess(second, 0));
    OK(cuCtxSetCurrent(nullptr));
    OK(cuDevicePrimaryCtxRelease_v2(0));
}

static void refuses_access_where_there_is_none()
{
    setenv("GPUBENCH_SIM_PEER_ACCESS", "0", 1);
    int32_t can = -1;
    OK(cuDeviceCanAccessPeer(&can, 0, 1));
    CHECK(can == 0, "%d", can);
    abi::ContextHandle first = retain(0);
    abi::ContextHandle second = retain(1);
    OK(cuCtxSetCurrent(first));
    EXPECT(peer_access_unsupported, cuCtxEnablePeerAccess(second, 0));
    OK(cuCtxSetCurrent(nullptr));
    OK(cuDevicePrimaryCtxRelease_v2(1));
    OK(cuDevicePrimaryCtxRelease_v2(0));
    unsetenv("GPUBENCH_SIM_PEER_ACCESS");
}

int main()
{
    setenv("GPUBENCH_SIM_DEVICES", "9", 1);
    EXPECT(invalid_value, cuInit(0));
    setenv("GPUBENCH_SIM_DEVICES", "2", 1);
    OK(cuInit(0));
    differ();
    push_and_pop();
    copies_with_or_without_access(false);
    copies_with_or_without_access(true);
    refuses_access_where_there_is_none();
    return 0;
}
