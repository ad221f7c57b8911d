/* SPDX-License-Identifier: Apache-2.0 */
/* Launches: parameters, limits, cooperative grids, kernels that fail, kernels that stay. */
#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

static void computes(Session &session)
{
    constexpr int n = 1000;
    std::vector<int> a(n);
    std::vector<int> b(n);
    for (int i = 0; i < n; i++) {
        a[static_cast<size_t>(i)] = i;
        b[static_cast<size_t>(i)] = i * i;
    }
    DevicePointer device = device_memory(3 * n * sizeof(int));
    DevicePointer device_b = device + n * sizeof(int);
    DevicePointer device_sum = device_b + n * sizeof(int);
    write_ints(device, a);
    write_ints(device_b, b);
    OK(launch(session.function("add"), 8, 128, nullptr, device, device_b, device_sum, n));
    std::vector<int> sum = read_ints(device_sum, n);
    for (int i = 0; i < n; i++) {
        CHECK(sum[static_cast<size_t>(i)] == i + i * i, "%d", i);
    }
    OK(cuMemFree_v2(device));
}

/* Also those of a launch that has not begun when the caller changes them. */
static void copies_parameters(Session &session)
{
    struct Wide {
        unsigned char bytes[100];
    };
    abi::StreamHandle stream = new_stream();
    Gate gate(session);
    auto *out = mapped_memory<double>(4);
    char small = 7;
    Wide wide = {};
    wide.bytes[99] = 11;
    double number = 2.5;
    struct alignas(16) {
        uint32_t x, y, z, w;
    } vector = {1, 2, 3, 4};
    void *pointers[] = {&small, &wide, &number, &vector, &out};
    gate.hold(stream);
    OK(cuLaunchKernel(session.function("pack"), 1, 1, 1, 1, 1, 1, 0, stream, pointers, nullptr));
    small = 0;
    wide = {};
    number = 0;
    vector = {0, 0, 0, 0};
    double *where = out;
    out = nullptr;
    gate.open();
    OK(cuStreamSynchronize(stream));
    CHECK(where[0] == 7 && where[1] == 11 && where[2] == 2.5 && where[3] == 4, "%f %f %f %f", where[0], where[1],
        where[2], where[3]);
    OK(cuStreamDestroy_v2(stream));
}

static Result launch_shape(abi::FunctionHandle function, std::initializer_list<uint32_t> shape, uint32_t shared = 0)
{
    const uint32_t *s = shape.begin();
    return cuLaunchKernel(function, s[0], s[1], s[2], s[3], s[4], s[5], shared, nullptr, nullptr, nullptr);
}

static void checks_launches(Session &session)
{
    abi::FunctionHandle nothing = session.function("nothing");
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t s[6] = {1, 1, 1, 1, 1, 1};
        s[i] = 0;
        EXPECT(invalid_value, launch_shape(nothing, {s[0], s[1], s[2], s[3], s[4], s[5]}));
    }
    OK(launch_shape(nothing, {2, 3, 4, 8, 4, 2}));
    OK(launch_shape(nothing, {1, 1, 1, 1024, 1, 1}));
    OK(launch_shape(nothing, {1, 1, 1, 1, 1, 64}));
    EXPECT(invalid_value, launch_shape(nothing, {1, 1, 1, 1025, 1, 1}));
    EXPECT(invalid_value, launch_shape(nothing, {1, 1, 1, 1, 1025, 1}));
    EXPECT(invalid_value, launch_shape(nothing, {1, 1, 1, 1, 1, 65}));
    EXPECT(invalid_value, launch_shape(nothing, {1, 1, 1, 64, 32, 1}));
    EXPECT(invalid_value, launch_shape(nothing, {0x80000000, 1, 1, 1, 1, 1}));
    EXPECT(invalid_value, launch_shape(nothing, {1, 65536, 1, 1, 1, 1}));
    EXPECT(invalid_value, launch_shape(nothing, {1, 1, 65536, 1, 1, 1}));
    EXPECT(invalid_handle, launch_shape(nullptr, {1, 1, 1, 1, 1, 1}));
    EXPECT(invalid_handle, launch_shape(reinterpret_cast<abi::FunctionHandle>(session.module), {1, 1, 1, 1, 1, 1}));

    OK(launch_shape(nothing, {1, 1, 1, 1, 1, 1}, 49152));
    EXPECT(invalid_value, launch_shape(nothing, {1, 1, 1, 1, 1, 1}, 49153));
    OK(cuFuncSetAttribute(nothing, abi::FunctionAttribute::max_dynamic_shared_bytes, 100000));
    OK(launch_shape(nothing, {1, 1, 1, 1, 1, 1}, 100000));
    EXPECT(invalid_value, launch_shape(nothing, {1, 1, 1, 1, 1, 1}, 100001));

    DevicePointer out = device_memory(4096);
    abi::FunctionHandle bounded = session.function("bounded");
    OK(launch(bounded, 1, 64, nullptr, out));
    EXPECT(launch_out_of_resources, launch(bounded, 1, 65, nullptr, out));
    EXPECT(invalid_value, launch_shape(bounded, {1, 1, 1, 1, 1, 1})); /* no parameters */
    void *none[] = {nullptr};
    EXPECT(invalid_value, cuLaunchKernel(bounded, 1, 1, 1, 1, 1, 1, 0, nullptr, none, nullptr));
    void *parameters[] = {&out};
    EXPECT(not_supported, cuLaunchKernel(bounded, 1, 1, 1, 1, 1, 1, 0, nullptr, parameters, parameters));
    EXPECT(invalid_handle,
        cuLaunchKernel(bounded, 1, 1, 1, 1, 1, 1, 0, reinterpret_cast<abi::StreamHandle>(out), parameters, nullptr));
    OK(cuCtxSynchronize());
    OK(cuMemFree_v2(out));
}

static void shares_dynamic_memory(Session &session)
{
    constexpr uint32_t n = 200;
    DevicePointer data = device_memory(n * sizeof(int));
    std::vector<int> values(n);
    for (uint32_t i = 0; i < n; i++) {
        values[i] = static_cast<int>(i);
    }
    write_ints(data, values);
    uint32_t count = n;
    void *parameters[] = {&data, &count};
    OK(cuLaunchKernel(session.function("reverse"), 1, 1, 1, n, 1, 1, n * sizeof(int), nullptr, parameters, nullptr));
    values = read_ints(data, n);
    for (uint32_t i = 0; i < n; i++) {
        CHECK(values[i] == static_cast<int>(n - 1 - i), "%u: %d", i, values[i]);
    }
    OK(cuMemFree_v2(data));
}

static void extended_launches(Session &session)
{
    abi::FunctionHandle meet = session.function("meet");
    DevicePointer arrived = device_memory(sizeof(int));
    void *parameters[] = {&arrived};
    abi::LaunchAttribute attributes[3] = {};
    attributes[0].id = abi::LaunchAttributeId::cooperative;
    attributes[0].value.cooperative = 1;
    attributes[1].id = abi::LaunchAttributeId::programmatic_stream_serialization;
    attributes[1].value.programmatic_stream_serialization = 1;
    attributes[2].id = abi::LaunchAttributeId::ignore;
    abi::LaunchConfig config = {8, 1, 1, 32, 1, 1, 0, nullptr, attributes, 3};
    OK(cuMemsetD32Async(arrived, 0, 1, nullptr));
    OK(cuLaunchKernelEx(&config, meet, parameters, nullptr));
    OK(cuCtxSynchronize());
    CHECK(read_ints(arrived, 1)[0] == 8, "%d", read_ints(arrived, 1)[0]);

    config.grid_x = 4 * 32 + 1; /* one more than fits */
    EXPECT(cooperative_launch_too_large, cuLaunchKernelEx(&config, meet, parameters, nullptr));
    config.grid_x = config.grid_y = config.grid_z = 65535;
    EXPECT(cooperative_launch_too_large, cuLaunchKernelEx(&config, meet, parameters, nullptr));
    config.grid_x = config.grid_y = config.grid_z = 1;
    attributes[2].id = static_cast<abi::LaunchAttributeId>(4); /* clusters */
    EXPECT(not_supported, cuLaunchKernelEx(&config, meet, parameters, nullptr));
    config.attributes = nullptr;
    EXPECT(invalid_value, cuLaunchKernelEx(&config, meet, parameters, nullptr));
    EXPECT(invalid_value, cuLaunchKernelEx(nullptr, meet, parameters, nullptr));
    config.attribute_count = 0;
    EXPECT(not_supported, cuLaunchKernelEx(&config, meet, parameters, parameters));
    OK(cuMemsetD32Async(arrived, 0, 1, nullptr));
    OK(cuLaunchKernelEx(&config, meet, parameters, nullptr));
    OK(cuCtxSynchronize());
    OK(cuMemFree_v2(arrived));
}

/* A resident kernel answers the host while other streams, and copies, work. */
static void a_kernel_stays(Session &session)
{
    abi::StreamHandle resident = new_stream();
    abi::StreamHandle other = new_stream();
    auto *mail = mapped_memory<uint32_t>(2);
    DevicePointer data = device_memory(64);
    OK(launch(session.function("mailbox"), 1, 1, resident, mail, mail + 1));
    for (uint32_t request = 1; request <= 100; request++) {
        __atomic_store_n(mail, request, __ATOMIC_RELEASE);
        if (request % 10 == 0) {
            OK(launch(session.function("nothing"), 1, 32, other));
            OK(cuMemsetD32Async(data, request, 16, other));
            OK(cuStreamSynchronize(other));
            CHECK(read_ints(data, 16)[15] == static_cast<int>(request), "beside the resident kernel");
        }
        await([&] { return __atomic_load_n(mail + 1, __ATOMIC_ACQUIRE) == 3 * request; });
        EXPECT(not_ready, cuStreamQuery(resident));
    }
    __atomic_store_n(mail, ~0u, __ATOMIC_RELEASE);
    OK(cuStreamSynchronize(resident));
    OK(cuMemFree_v2(data));
    OK(cuStreamDestroy_v2(resident));
    OK(cuStreamDestroy_v2(other));
}

/* The error stays until the context is gone, has the report as its text, and hangs nothing. */
static void a_kernel_fails()
{
    const char *text;
    {
        Session session;
        abi::StreamHandle stream = new_stream();
        abi::StreamHandle other = new_stream();
        abi::EventHandle event = new_event();
        abi::StreamHandle resident = new_stream();
        DevicePointer out = device_memory(4096);
        auto *mail = mapped_memory<uint32_t>(2);
        OK(launch(session.function("mailbox"), 1, 1, resident, mail, mail + 1));
        OK(launch(session.function("nothing"), 1, 1, other));
        OK(launch(session.function("diverge"), 1, 64, stream, out));
        OK(cuEventRecord(event, stream));
        OK(cuStreamWaitEvent(other, event, 0));
        EXPECT(launch_failed, cuStreamSynchronize(stream));

        OK(cuGetErrorString(Result::launch_failed, &text));
        CHECK(std::strstr(text, "diverge") != nullptr || std::strstr(text, "barrier") != nullptr, "%s", text);
        int value;
        void *host;
        size_t bytes;
        float milliseconds;
        EXPECT(launch_failed, cuStreamSynchronize(resident)); /* it has been halted */
        EXPECT(launch_failed, cuStreamSynchronize(other));
        EXPECT(launch_failed, cuStreamQuery(other));
        EXPECT(launch_failed, cuEventQuery(event));
        EXPECT(launch_failed, cuEventSynchronize(event));
        EXPECT(launch_failed, cuEventElapsedTime(&milliseconds, event, event));
        EXPECT(launch_failed, cuCtxSynchronize());
        EXPECT(launch_failed, cuMemcpyDtoH_v2(&value, out, sizeof value));
        EXPECT(launch_failed, cuMemcpyDtoHAsync_v2(&value, out, sizeof value, other));
        EXPECT(launch_failed, cuMemsetD8Async(out, 0, 1, other));
        EXPECT(launch_failed, cuMemAlloc_v2(&out, 100));
        EXPECT(launch_failed, cuMemHostAlloc(&host, 100, 0));
        EXPECT(launch_failed, cuMemGetInfo_v2(&bytes, &bytes));
        EXPECT(launch_failed, cuStreamCreate(&stream, 0));
        EXPECT(launch_failed, launch(nullptr, 1, 1, other));
        EXPECT(launch_failed, cuMemFree_v2(out)); /* freed all the same */
        EXPECT(launch_failed, cuEventDestroy_v2(event));
        EXPECT(launch_failed, cuStreamDestroy_v2(other));
        EXPECT(launch_failed, cuModuleUnload(session.module));
        EXPECT(invalid_handle, cuModuleUnload(session.module));
        int32_t count;
        OK(cuDeviceGetCount(&count));
    }
    Session session; /* a new context is as good as new */
    computes(session);
    const char *again;
    OK(cuGetErrorString(Result::launch_failed, &again));
    CHECK(std::strcmp(text, again) == 0, "%s", again);
}

/* A failed assertion has a code of its own, which stays. */
void an_assertion_fails()
{
    Session session;
    OK(launch(session.function("asserts"), 1, 1, nullptr, 1));
    OK(cuCtxSynchronize());
    OK(launch(session.function("asserts"), 1, 1, nullptr, 2));
    EXPECT(assertion, cuCtxSynchronize());
    EXPECT(assertion, cuCtxSynchronize());
    const char *text;
    OK(cuGetErrorString(Result::assertion, &text));
    CHECK(std::strstr(text, "assertion failed: value == 1") != nullptr, "%s", text);
}

int main()
{
    {
        Session session;
        session.function("nothing");
        computes(session);
        copies_parameters(session);
        checks_launches(session);
        shares_dynamic_memory(session);
        extended_launches(session);
        a_kernel_stays(session);
    }
    a_kernel_fails();
    an_assertion_fails();
    return 0;
}
