/* SPDX-License-Identifier: Apache-2.0 */
/* The driver before there is a context, the device, the primary context, and which thread has it. */
#include <cstdlib>

#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

static void wants_to_be_initialized_first()
{
    int32_t number;
    EXPECT(not_initialized, cuDeviceGetCount(&number));
    EXPECT(not_initialized, cuCtxSynchronize());
    DevicePointer address;
    EXPECT(not_initialized, cuMemAlloc_v2(&address, 16));
    OK(cuDriverGetVersion(&number)); /* this one needs nothing */
    CHECK(number == 13000, "%d", number);
    EXPECT(invalid_value, cuDriverGetVersion(nullptr));

    setenv("GPUBENCH_SIM_DRIVER_VERSION", "12040", 1);
    OK(cuDriverGetVersion(&number));
    CHECK(number == 12040, "%d", number);
    for (const char *nonsense : {"new", "12x", "-1", "0", "99999999999999999999999"}) {
        setenv("GPUBENCH_SIM_DRIVER_VERSION", nonsense, 1);
        EXPECT(invalid_value, cuDriverGetVersion(&number));
        EXPECT(invalid_value, cuInit(0));
    }
    unsetenv("GPUBENCH_SIM_DRIVER_VERSION");
    setenv("GPUBENCH_SIM_MEMORY", "1 GiB", 1);
    EXPECT(invalid_value, cuInit(0));
    setenv("GPUBENCH_SIM_MEMORY", "16777216", 1);

    EXPECT(invalid_value, cuInit(1));
    OK(cuInit(0));
    OK(cuInit(0));
}

static void names_its_errors()
{
    const char *text;
    OK(cuGetErrorName(Result::out_of_memory, &text));
    CHECK(std::string(text) == "CUDA_ERROR_OUT_OF_MEMORY", "%s", text);
    OK(cuGetErrorString(Result::out_of_memory, &text));
    CHECK(std::string(text) == "out of memory", "%s", text);
    EXPECT(invalid_value, cuGetErrorName(static_cast<Result>(12345), &text));
    CHECK(text == nullptr, "no name");
    EXPECT(invalid_value, cuGetErrorString(static_cast<Result>(-1), &text));
    CHECK(text == nullptr, "no text");
    EXPECT(invalid_value, cuGetErrorString(Result::success, nullptr));
}

static void has_one_device()
{
    int32_t number;
    abi::Device device;
    OK(cuDeviceGetCount(&number));
    CHECK(number == 1, "%d", number);
    EXPECT(invalid_value, cuDeviceGetCount(nullptr));
    OK(cuDeviceGet(&device, 0));
    EXPECT(invalid_device, cuDeviceGet(&device, 1));
    EXPECT(invalid_device, cuDeviceGet(&device, -1));

    char name[64];
    OK(cuDeviceGetName(name, sizeof name, device));
    CHECK(std::string(name) == "Simulated CUDA device", "%s", name);
    OK(cuDeviceGetName(name, 10, device));
    CHECK(std::string(name) == "Simulated", "%s", name);
    EXPECT(invalid_value, cuDeviceGetName(name, 0, device));
    EXPECT(invalid_device, cuDeviceGetName(name, sizeof name, 7));
    OK(cuDeviceGetPCIBusId(name, sizeof name, device));
    CHECK(std::string(name) == "0000:00:00.0", "%s", name);

    abi::Uuid uuid;
    OK(cuDeviceGetUuid_v2(&uuid, device));
    CHECK(std::memcmp(uuid.bytes, "gpubench-simulat", 16) == 0, "uuid");

    size_t bytes;
    OK(cuDeviceTotalMem_v2(&bytes, device));
    CHECK(bytes == 16777216, "%zu", bytes);
}

static void has_attributes()
{
    using A = abi::DeviceAttribute;
    struct {
        A attribute;
        int32_t value;
    } expected[] = {{A::compute_capability_major, 9}, {A::compute_capability_minor, 0}, {A::warp_size, 32},
        {A::max_threads_per_block, 1024}, {A::max_shared_per_block, 49152}, {A::max_shared_per_block_optin, 232448},
        {A::multiprocessors, 4}, {A::can_map_host_memory, 1}, {A::unified_addressing, 1}, {A::cooperative_launch, 1},
        {A::max_grid_x, INT32_MAX}, {A::max_block_z, 64}, {static_cast<A>(13) /* clock rate */, 0}};
    int32_t value;
    for (const auto &one : expected) {
        OK(cuDeviceGetAttribute(&value, one.attribute, 0));
        CHECK(value == one.value, "%d: %d", static_cast<int>(one.attribute), value);
    }
    EXPECT(invalid_value, cuDeviceGetAttribute(&value, static_cast<A>(0), 0));
    EXPECT(invalid_value, cuDeviceGetAttribute(&value, static_cast<A>(100000), 0));
    EXPECT(invalid_value, cuDeviceGetAttribute(nullptr, A::warp_size, 0));
    EXPECT(invalid_device, cuDeviceGetAttribute(&value, A::warp_size, 1));
}

static void counts_references_to_the_primary_context()
{
    abi::ContextHandle first;
    abi::ContextHandle again;
    EXPECT(invalid_context, cuDevicePrimaryCtxRelease_v2(0));
    EXPECT(invalid_value, cuDevicePrimaryCtxRetain(nullptr, 0));
    EXPECT(invalid_device, cuDevicePrimaryCtxRetain(&first, 1));
    OK(cuDevicePrimaryCtxSetFlags_v2(0, abi::context_schedule_blocking));
    EXPECT(invalid_value, cuDevicePrimaryCtxSetFlags_v2(0, 0x1000));
    EXPECT(invalid_value, cuDevicePrimaryCtxSetFlags_v2(0, 3)); /* spin and yield */

    OK(cuDevicePrimaryCtxRetain(&first, 0));
    OK(cuDevicePrimaryCtxRetain(&again, 0));
    CHECK(first == again, "one primary context");
    OK(cuDevicePrimaryCtxSetFlags_v2(0, abi::context_schedule_spin));
    OK(cuCtxSetCurrent(first));
    OK(cuDevicePrimaryCtxRelease_v2(0));
    OK(cuCtxSynchronize());
    OK(cuDevicePrimaryCtxRelease_v2(0));
    EXPECT(invalid_context, cuDevicePrimaryCtxRelease_v2(0));
    EXPECT(context_is_destroyed, cuCtxSynchronize());
    EXPECT(invalid_context, cuCtxSetCurrent(first));

    OK(cuDevicePrimaryCtxRetain(&again, 0));
    CHECK(first != again, "a new context");
    EXPECT(context_is_destroyed, cuCtxSynchronize());
    OK(cuCtxSetCurrent(again));
    OK(cuCtxSynchronize());
    OK(cuCtxSetCurrent(nullptr));
    OK(cuDevicePrimaryCtxRelease_v2(0));
}

static void keeps_a_current_context_per_thread()
{
    Session session;
    abi::ContextHandle current;
    OK(cuCtxGetCurrent(&current));
    CHECK(current == session.context, "the current context");
    EXPECT(invalid_value, cuCtxGetCurrent(nullptr));
    EXPECT(invalid_context, cuCtxSetCurrent(reinterpret_cast<abi::ContextHandle>(&current)));
    DevicePointer address = device_memory(64);

    std::thread([&] {
        abi::ContextHandle none = session.context;
        OK(cuCtxGetCurrent(&none));
        CHECK(none == nullptr, "no context at first");
        EXPECT(invalid_context, cuCtxSynchronize());
        EXPECT(invalid_context, cuMemFree_v2(address));
        OK(cuCtxSetCurrent(session.context));
        OK(cuMemFree_v2(address));
        OK(cuCtxSetCurrent(nullptr));
        EXPECT(invalid_context, cuCtxSynchronize());
    }).join();
    EXPECT(invalid_value, cuMemFree_v2(address));
}

static void makes_contexts_of_its_own()
{
    Session session;
    abi::ContextHandle own;
    abi::ContextHandle current;
    EXPECT(invalid_value, cuCtxCreate_v4(nullptr, nullptr, 0, 0));
    EXPECT(invalid_value, cuCtxCreate_v4(&own, nullptr, 3, 0)); /* spin and yield */
    EXPECT(invalid_device, cuCtxCreate_v4(&own, nullptr, 0, 1));
    int graphics;
    abi::ContextParameters parameters = {nullptr, 0, &graphics};
    EXPECT(not_supported, cuCtxCreate_v4(&own, &parameters, 0, 0));
    parameters.graphics = nullptr;
    OK(cuCtxCreate_v4(&own, &parameters, abi::context_schedule_yield, 0));
    OK(cuCtxGetCurrent(&current));
    CHECK(current == own && own != session.context, "it is current");

    DevicePointer address = device_memory(64);
    OK(cuMemsetD8_v2(address, 1, 64));
    OK(cuCtxSetCurrent(session.context));
    EXPECT(invalid_value, cuMemFree_v2(address)); /* each has what was made in it */
    EXPECT(peer_access_unsupported, cuCtxEnablePeerAccess(own, 0));
    EXPECT(invalid_context, cuCtxDestroy_v2(session.context));
    EXPECT(invalid_context, cuCtxDestroy_v2(nullptr));
    OK(cuCtxSetCurrent(own));
    OK(cuMemFree_v2(address));

    std::thread([&] {
        OK(cuCtxSetCurrent(own));
        std::thread([&] { OK(cuCtxDestroy_v2(own)); }).join();
        EXPECT(context_is_destroyed, cuCtxSynchronize());
        EXPECT(invalid_context, cuCtxSetCurrent(own));
    }).join();
    EXPECT(context_is_destroyed, cuCtxSynchronize());
    EXPECT(invalid_context, cuCtxDestroy_v2(own));
    OK(cuCtxSetCurrent(session.context));

    OK(cuCtxCreate_v4(&own, nullptr, 0, 0)); /* supplants the other one until it ends */
    OK(cuCtxDestroy_v2(own));
    OK(cuCtxGetCurrent(&current));
    CHECK(current == session.context, "the one beneath");
    OK(cuCtxSynchronize());
}

int main()
{
    wants_to_be_initialized_first();
    names_its_errors();
    has_one_device();
    has_attributes();
    counts_references_to_the_primary_context();
    keeps_a_current_context_per_thread();
    makes_contexts_of_its_own();
    return 0;
}
