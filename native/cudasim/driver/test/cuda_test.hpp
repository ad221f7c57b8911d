/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the simulated driver share. */
#ifndef GPUBENCH_CUDASIM_CUDA_TEST_HPP
#define GPUBENCH_CUDASIM_CUDA_TEST_HPP

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "check.h"

namespace cudasim::test {

using abi::DevicePointer;
using abi::Result;

inline const char *name_of(Result result)
{
    const char *name = "?";
    cuGetErrorName(result, &name);
    return name;
}

inline const char *text_of(Result result)
{
    const char *text = "?";
    cuGetErrorString(result, &text);
    return text;
}

/* EXPECT(invalid_value, cuInit(1)); OK(cuInit(0)) */
#define EXPECT(expected, call)                                                                                        \
    do {                                                                                                              \
        cudasim::abi::Result result_of_call = (call);                                                                 \
        CHECK(result_of_call == cudasim::abi::Result::expected, "%s: %s: %s", #call,                                  \
            cudasim::test::name_of(result_of_call), cudasim::test::text_of(result_of_call));                          \
    } while (0)
#define OK(call) EXPECT(success, call)

/* Waits, however long it takes. A test that hangs is ended by ctest. */
template <typename Condition> void await(Condition &&condition)
{
    while (!condition()) {
        std::this_thread::yield();
    }
}

inline std::vector<char> read_file(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    CHECK(file.good(), "%s", path);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline bool in_checked_mode()
{
    const char *mode = std::getenv("GPUBENCH_SIM_CHECK");
    return mode != nullptr && std::strcmp(mode, "1") == 0;
}

inline std::vector<char> kernels_image()
{
    return read_file(in_checked_mode() ? CHECKED_KERNELS_IMAGE : KERNELS_IMAGE);
}

/*
 * The primary context, current on this thread, and the kernels of kernels.cu. Ends with everything released, also what a
 * test has left behind, which checked mode reports.
 */
class Session {
public:
    Session()
    {
        OK(cuInit(0));
        OK(cuDevicePrimaryCtxRetain(&context, 0));
        OK(cuCtxSetCurrent(context));
    }
    ~Session()
    {
        if (!is_released) {
            OK(cuCtxSetCurrent(nullptr));
            Result released = cuDevicePrimaryCtxRelease_v2(0);
            CHECK(released == Result::success || (in_checked_mode() && released == Result::illegal_state), "%s",
                name_of(released));
        }
    }
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    abi::FunctionHandle function(const char *name)
    {
        if (module == nullptr) {
            std::vector<char> image = kernels_image();
            OK(cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
        }
        abi::FunctionHandle found;
        OK(cuModuleGetFunction(&found, module, name));
        return found;
    }

    abi::ContextHandle context = nullptr;
    abi::ModuleHandle module = nullptr;
    bool is_released = false; /* by the test itself */
};

inline abi::StreamHandle new_stream(uint32_t flags = abi::stream_non_blocking)
{
    abi::StreamHandle stream;
    OK(cuStreamCreate(&stream, flags));
    return stream;
}

inline abi::EventHandle new_event(uint32_t flags = 0)
{
    abi::EventHandle event;
    OK(cuEventCreate(&event, flags));
    return event;
}

inline DevicePointer device_memory(size_t bytes)
{
    DevicePointer address;
    OK(cuMemAlloc_v2(&address, bytes));
    return address;
}

/* Page-locked and mapped, all zero; the device has it at the same address. */
template <typename Element> Element *mapped_memory(size_t count)
{
    void *address;
    OK(cuMemHostAlloc(&address, count * sizeof(Element), abi::host_device_map));
    std::memset(address, 0, count * sizeof(Element));
    DevicePointer device;
    OK(cuMemHostGetDevicePointer_v2(&device, address, 0));
    CHECK(device == reinterpret_cast<uintptr_t>(address), "a mapped address");
    return static_cast<Element *>(address);
}

inline std::vector<int> read_ints(DevicePointer address, size_t count)
{
    std::vector<int> values(count);
    OK(cuMemcpyDtoH_v2(values.data(), address, count * sizeof(int)));
    return values;
}

inline void write_ints(DevicePointer address, const std::vector<int> &values)
{
    OK(cuMemcpyHtoD_v2(address, values.data(), values.size() * sizeof(int)));
}

/* One row of blocks. */
template <typename... Parameters>
Result launch(abi::FunctionHandle function, uint32_t blocks, uint32_t threads, abi::StreamHandle stream,
    Parameters... parameters)
{
    void *pointers[] = {&parameters..., nullptr};
    return cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, stream, pointers, nullptr);
}

/* A kernel that holds a stream until it is let go. */
class Gate {
public:
    explicit Gate(Session &session) : function_(session.function("hold")), gate_(mapped_memory<uint32_t>(1)) {}

    void hold(abi::StreamHandle stream)
    {
        __atomic_store_n(gate_, 0u, __ATOMIC_RELEASE);
        OK(launch(function_, 1, 1, stream, gate_));
    }
    void *address() const { return gate_; }
    void open() { __atomic_store_n(gate_, 1u, __ATOMIC_RELEASE); }

private:
    abi::FunctionHandle function_;
    uint32_t *gate_;
};

} // namespace cudasim::test

#endif
