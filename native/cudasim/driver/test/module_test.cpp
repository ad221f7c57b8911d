/* SPDX-License-Identifier: Apache-2.0 */
/* Modules, functions and what is known of them, variables, occupancy. */
#include "cuda_test.hpp"

using namespace cudasim;
using namespace cudasim::test;

static void refuses_what_is_no_image()
{
    abi::ModuleHandle module;
    EXPECT(invalid_value, cuModuleLoadDataEx(&module, nullptr, 0, nullptr, nullptr));
    EXPECT(invalid_image, cuModuleLoadDataEx(&module, "neither code nor PTX", 0, nullptr, nullptr));
    EXPECT(invalid_image, cuModuleLoadDataEx(&module, "", 0, nullptr, nullptr));

    /* PTX, an ELF file for a GPU, and a fat binary. */
    EXPECT(no_binary_for_gpu, cuModuleLoadDataEx(&module, ".version 8.0\n.target sm_90\n", 0, nullptr, nullptr));
    std::vector<char> image = kernels_image();
    EXPECT(invalid_value, cuModuleLoadDataEx(nullptr, image.data(), 0, nullptr, nullptr));
    image[18] = static_cast<char>(190);
    image[19] = 0;
    EXPECT(no_binary_for_gpu, cuModuleLoadDataEx(&module, image.data(), 0, nullptr, nullptr));
    const uint32_t fat_binary[16] = {0xba55ed50, 0x00100001};
    EXPECT(no_binary_for_gpu, cuModuleLoadDataEx(&module, fat_binary, 0, nullptr, nullptr));
}

static void fills_the_logs()
{
    abi::ModuleHandle module;
    char info[100] = "before";
    char errors[100] = "before";
    abi::JitOption options[] = {abi::JitOption::info_log_buffer, abi::JitOption::info_log_buffer_bytes,
        abi::JitOption::error_log_buffer, abi::JitOption::error_log_buffer_bytes, abi::JitOption::wall_time,
        static_cast<abi::JitOption>(7) /* optimisation level */};
    void *size = reinterpret_cast<void *>(sizeof info);
    void *values[] = {info, size, errors, size, size, nullptr};
    EXPECT(invalid_image, cuModuleLoadDataEx(&module, "garbage, and no PTX at all", 6, options, values));
    CHECK(info[0] == '\0' && values[1] == nullptr, "the info log: %s", info);
    CHECK(std::strlen(errors) > 5 && reinterpret_cast<uintptr_t>(values[3]) == std::strlen(errors), "%s", errors);
    CHECK(values[4] == nullptr, "the time");

    values[1] = size;
    values[3] = reinterpret_cast<void *>(uintptr_t{6});
    std::strcpy(errors, "beforehand");
    EXPECT(invalid_image, cuModuleLoadDataEx(&module, "garbage, and no PTX at all", 6, options, values));
    CHECK(std::strlen(errors) == 5 && std::strcmp(errors + 6, "hand") == 0, "%s", errors);

    std::vector<char> image = kernels_image();
    std::strcpy(info, "before");
    values[1] = values[3] = size;
    OK(cuModuleLoadDataEx(&module, image.data(), 6, options, values));
    CHECK(info[0] == '\0' && errors[0] == '\0', "nothing to say");
    OK(cuModuleUnload(module));

    options[5] = static_cast<abi::JitOption>(1000);
    EXPECT(invalid_value, cuModuleLoadDataEx(&module, image.data(), 6, options, values));
    EXPECT(invalid_value, cuModuleLoadDataEx(&module, image.data(), 1, nullptr, nullptr));
}

static void knows_its_handles()
{
    Session session;
    abi::FunctionHandle add = session.function("add");
    CHECK(add == session.function("add"), "one handle for a function");
    abi::FunctionHandle function = nullptr;
    EXPECT(not_found, cuModuleGetFunction(&function, session.module, "subtract"));
    CHECK(function == nullptr, "untouched");
    EXPECT(not_found, cuModuleGetFunction(&function, session.module, "counter"));
    EXPECT(invalid_value, cuModuleGetFunction(&function, session.module, nullptr));
    EXPECT(invalid_value, cuModuleGetFunction(nullptr, session.module, "add"));
    EXPECT(invalid_handle, cuModuleGetFunction(&function, nullptr, "add"));
    EXPECT(invalid_handle, cuModuleGetFunction(&function, reinterpret_cast<abi::ModuleHandle>(add), "add"));
    OK(cuFuncLoad(add));
    EXPECT(invalid_handle, cuFuncLoad(nullptr));
    EXPECT(invalid_handle, cuFuncLoad(reinterpret_cast<abi::FunctionHandle>(session.module)));

    OK(cuModuleUnload(session.module));
    EXPECT(invalid_handle, cuModuleUnload(session.module));
    EXPECT(invalid_handle, cuModuleGetFunction(&function, session.module, "add"));
    EXPECT(invalid_handle, cuFuncLoad(add));
    EXPECT(invalid_handle, launch(add, 1, 1, nullptr));
}

/* Twice the same image: each with variables of its own. */
static void variables_are_memory_of_the_device()
{
    Session session;
    abi::FunctionHandle bump = session.function("bump");
    abi::ModuleHandle other;
    std::vector<char> image = kernels_image();
    OK(cuModuleLoadDataEx(&other, image.data(), 0, nullptr, nullptr));

    DevicePointer counter;
    DevicePointer step;
    DevicePointer other_counter;
    size_t bytes;
    OK(cuModuleGetGlobal_v2(&counter, &bytes, session.module, "counter"));
    CHECK(bytes == sizeof(int), "%zu", bytes);
    OK(cuModuleGetGlobal_v2(&step, nullptr, session.module, "step"));
    OK(cuModuleGetGlobal_v2(nullptr, &bytes, session.module, "step"));
    OK(cuModuleGetGlobal_v2(&other_counter, nullptr, other, "counter"));
    EXPECT(invalid_value, cuModuleGetGlobal_v2(nullptr, nullptr, session.module, "counter"));
    EXPECT(not_found, cuModuleGetGlobal_v2(&step, nullptr, session.module, "add"));
    EXPECT(not_found, cuModuleGetGlobal_v2(&step, nullptr, session.module, "nonesuch"));
    EXPECT(invalid_handle, cuModuleGetGlobal_v2(&step, nullptr, nullptr, "counter"));

    write_ints(step, {5});
    write_ints(counter, {100});
    write_ints(other_counter, {1});
    OK(launch(bump, 1, 1, nullptr));
    OK(launch(bump, 1, 1, nullptr));
    CHECK(read_ints(counter, 1)[0] == 110, "%d", read_ints(counter, 1)[0]);
    CHECK(read_ints(other_counter, 1)[0] == 1, "%d", read_ints(other_counter, 1)[0]);
    EXPECT(invalid_value, cuMemsetD32Async(counter, 0, 2, nullptr));
    OK(cuModuleUnload(other));
    EXPECT(invalid_value, cuMemsetD32Async(other_counter, 0, 1, nullptr));
}

static void function_attributes()
{
    using A = abi::FunctionAttribute;
    Session session;
    abi::FunctionHandle bounded = session.function("bounded");
    abi::FunctionHandle add = session.function("add");
    int32_t value;
    OK(cuFuncGetAttribute(&value, A::max_threads_per_block, bounded));
    CHECK(value == 64, "%d", value);
    OK(cuFuncGetAttribute(&value, A::max_threads_per_block, add));
    CHECK(value == 1024, "%d", value);
    OK(cuFuncGetAttribute(&value, A::max_dynamic_shared_bytes, add));
    CHECK(value == 49152, "%d", value);
    for (A unknown : {A::registers, A::local_bytes, A::ptx_version, A::binary_version, A::constant_bytes}) {
        value = 1;
        OK(cuFuncGetAttribute(&value, unknown, add));
        CHECK(value == 0, "%d", value);
    }
    EXPECT(invalid_value, cuFuncGetAttribute(&value, static_cast<A>(-1), add));
    EXPECT(invalid_value, cuFuncGetAttribute(&value, static_cast<A>(16), add));
    EXPECT(invalid_value, cuFuncGetAttribute(nullptr, A::registers, add));
    EXPECT(invalid_handle, cuFuncGetAttribute(&value, A::registers, nullptr));

    OK(cuFuncSetAttribute(add, A::max_dynamic_shared_bytes, 232448));
    OK(cuFuncGetAttribute(&value, A::max_dynamic_shared_bytes, add));
    CHECK(value == 232448, "%d", value);
    EXPECT(invalid_value, cuFuncSetAttribute(add, A::max_dynamic_shared_bytes, 232449));
    EXPECT(invalid_value, cuFuncSetAttribute(add, A::max_dynamic_shared_bytes, -1));
    OK(cuFuncSetAttribute(add, A::preferred_shared_carveout, 100));
    EXPECT(invalid_value, cuFuncSetAttribute(add, A::preferred_shared_carveout, 101));
    EXPECT(invalid_value, cuFuncSetAttribute(add, A::registers, 10));
    EXPECT(not_supported, cuFuncSetAttribute(add, A::required_cluster_width, 2));
    EXPECT(invalid_handle, cuFuncSetAttribute(nullptr, A::max_dynamic_shared_bytes, 0));
}

static size_t sixteen_bytes_a_thread(int32_t threads)
{
    return 16 * static_cast<size_t>(threads);
}

static void occupancy()
{
    Session session;
    abi::FunctionHandle function = session.function("reverse");
    int32_t shared;
    OK(cuFuncGetAttribute(&shared, abi::FunctionAttribute::static_shared_bytes, function));
    CHECK(shared < 1024, "%d bytes: the figures below assume few", shared);
    struct {
        int32_t threads;
        size_t shared;
        int32_t blocks;
    } expected[] = {{1, 0, 32}, {32, 0, 32}, {64, 0, 32}, {65, 0, 21}, {256, 0, 8}, {1000, 0, 2}, {1024, 0, 2},
        {1025, 0, 0}, {64, 49152, 4}, {64, 100000, 2}, {64, 200000, 1}, {64, 300000, 0}};
    int32_t blocks;
    for (const auto &one : expected) {
        OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, one.threads, one.shared));
        CHECK(blocks == one.blocks, "%d threads, %zu bytes: %d", one.threads, one.shared, blocks);
    }
    EXPECT(invalid_value, cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, 0, 0));
    EXPECT(invalid_value, cuOccupancyMaxActiveBlocksPerMultiprocessor(nullptr, function, 32, 0));
    EXPECT(invalid_handle, cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, nullptr, 32, 0));

    int32_t grid;
    int32_t threads;
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &threads, function, nullptr, 0, 0));
    CHECK(threads == 1024 && grid == 8, "%d x %d", grid, threads);
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &threads, function, nullptr, 0, 200));
    CHECK(threads == 128 && grid == 64, "%d x %d", grid, threads); /* 16 of these fill it, 10 of 192 would not */
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &threads, function, sixteen_bytes_a_thread, 0, 0));
    CHECK(threads == 1024 && grid == 8, "%d x %d", grid, threads);
    OK(cuOccupancyMaxPotentialBlockSize(&grid, &threads, session.function("bounded"), nullptr, 0, 0));
    CHECK(threads == 64 && grid == 128, "%d x %d", grid, threads);
    EXPECT(invalid_value, cuOccupancyMaxPotentialBlockSize(&grid, nullptr, function, nullptr, 0, 0));
    EXPECT(invalid_value, cuOccupancyMaxPotentialBlockSize(&grid, &threads, function, nullptr, 0, -1));
    EXPECT(invalid_handle, cuOccupancyMaxPotentialBlockSize(&grid, &threads, nullptr, nullptr, 0, 0));
}

static void unloads_when_its_kernels_have_ended()
{
    Session session;
    abi::StreamHandle stream = new_stream();
    Gate gate(session);
    gate.hold(stream);
    std::thread opener([&] { gate.open(); });
    OK(cuModuleUnload(session.module));
    OK(cuStreamQuery(stream));
    opener.join();
}

int main()
{
    {
        Session session;
        refuses_what_is_no_image();
        fills_the_logs();
    }
    knows_its_handles();
    variables_are_memory_of_the_device();
    function_attributes();
    occupancy();
    unloads_when_its_kernels_have_ended();
    return 0;
}
