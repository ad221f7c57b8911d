/* SPDX-License-Identifier: Apache-2.0 */
/* Launches kernels of checked images on memory that a checker knows. */
#ifndef GPUBENCH_CUDASIM_CHECKED_HPP
#define GPUBENCH_CUDASIM_CHECKED_HPP

#include "harness.hpp"

#include "../check.hpp"

#include <mutex>
#include <set>
#include <sstream>
#include <utility>

/* Each operation comes after all earlier ones, except for pairs that a test says are in no order. */
class TestOperations : public cudasim::Operations {
public:
    bool precedes(uint64_t earlier, uint64_t later) const override
    {
        std::lock_guard<std::mutex> lock(mutex);
        return earlier < later && unordered.count({earlier, later}) == 0;
    }
    std::string describe(uint64_t operation) const override { return "operation " + std::to_string(operation); }

    void separate(uint64_t earlier, uint64_t later)
    {
        std::lock_guard<std::mutex> lock(mutex);
        unordered.insert({earlier, later});
    }

    uint64_t next() { return ++last; }

private:
    mutable std::mutex mutex;
    std::set<std::pair<uint64_t, uint64_t>> unordered;
    std::atomic<uint64_t> last{0};
};

/* One context: its memory is freed with it. */
class CheckedDevice {
public:
    CheckedDevice() : checker(operations) {}
    ~CheckedDevice()
    {
        for (const auto &block : blocks) {
            ::operator delete(block, std::align_val_t{256});
        }
    }
    CheckedDevice(const CheckedDevice &) = delete;
    CheckedDevice &operator=(const CheckedDevice &) = delete;

    /* Uninitialised, with room behind it that is nobody's. */
    template <typename T> T *allocate(size_t count, cudasim::Space space = cudasim::Space::device)
    {
        size_t bytes = count * sizeof(T);
        void *memory = ::operator new(bytes + 1024, std::align_val_t{256});
        memset(memory, 0xcc, bytes + 1024);
        blocks.push_back(memory);
        checker.allocated(reinterpret_cast<uintptr_t>(memory), bytes, space, "allocation " + std::to_string(blocks.size()));
        return static_cast<T *>(memory);
    }

    void free(void *memory) { checker.freed(reinterpret_cast<uintptr_t>(memory), "test_free, call 9"); }

    template <typename T> T *fill(T *memory, size_t count, T value)
    {
        std::fill_n(memory, count, value);
        cudasim::Report report =
            checker.wrote(operations.next(), reinterpret_cast<uintptr_t>(memory), count * sizeof(T));
        CHECK(report.empty(), "%s", report.text.c_str());
        return memory;
    }

    template <typename T> T *filled(size_t count, T value) { return fill(allocate<T>(count), count, value); }

    template <typename T> T *copied(const std::vector<T> &values)
    {
        T *memory = filled(values.size(), T{});
        std::copy(values.begin(), values.end(), memory);
        return memory;
    }

    template <typename... A>
    cudasim::Report launch_until(
        const std::atomic<bool> &stop, const TestImage &image, const char *name, const Shape &shape, A... arguments)
    {
        const cudasim::Kernel *kernel = image.image->kernel(name);
        CHECK(kernel != nullptr, "no kernel %s", name);
        CHECK((kernel->parameter_bytes == std::vector<uint32_t>{sizeof(A)...}), "the parameters of %s", name);
        void *pointers[] = {&arguments..., nullptr};
        return cudasim::run_grid({kernel, shape.grid, shape.block, shape.dynamic_shared_bytes, shape.cooperative,
                                     shape.seed, &checker, operations.next()},
            pointers, stop);
    }

    template <typename... A>
    cudasim::Report launch(const TestImage &image, const char *name, const Shape &shape, A... arguments)
    {
        std::atomic<bool> stop{false};
        return launch_until(stop, image, name, shape, arguments...);
    }

    template <typename... A> void run(const TestImage &image, const char *name, const Shape &shape, A... arguments)
    {
        cudasim::Report report = launch(image, name, shape, arguments...);
        CHECK(report.empty(), "seed %llu: %s", static_cast<unsigned long long>(shape.seed), report.text.c_str());
    }

    TestOperations operations;
    cudasim::Checker checker;

private:
    std::vector<void *> blocks;
};

#endif
