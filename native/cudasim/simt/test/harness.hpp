/* SPDX-License-Identifier: Apache-2.0 */
/* Loads an image that the build made and launches its kernels. */
#ifndef GPUBENCH_CUDASIM_HARNESS_HPP
#define GPUBENCH_CUDASIM_HARNESS_HPP

#include "../simt.hpp"

#include "../../../test/check.h"

#include <cstring>
#include <fstream>
#include <iterator>

struct Shape {
    cudasim::Dim3 grid = {1, 1, 1};
    cudasim::Dim3 block = {1, 1, 1};
    uint32_t dynamic_shared_bytes = 0;
    bool cooperative = false;
    uint64_t seed = 0;
};

inline std::vector<char> file_bytes(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    CHECK(file.good(), "no file %s", path.c_str());
    return {std::istreambuf_iterator<char>(file), {}};
}

class TestImage {
public:
    /* The directory of the images is the test's first argument. */
    TestImage(const char *directory, const char *name)
    {
        std::vector<char> bytes = file_bytes(std::string(directory) + "/" + name + ".so");
        cudasim::Image::Problem problem;
        std::string text;
        image = cudasim::Image::load(bytes.data(), problem, text);
        CHECK(image != nullptr, "%s: %s", name, text.c_str());
    }

    template <typename... A> cudasim::Report report_of(const char *kernel, const Shape &shape, A... arguments) const
    {
        std::atomic<bool> stop{false};
        return report_until(stop, kernel, shape, arguments...);
    }

    template <typename... A>
    cudasim::Report report_until(
        const std::atomic<bool> &stop, const char *kernel, const Shape &shape, A... arguments) const
    {
        const cudasim::Kernel *found = image->kernel(kernel);
        CHECK(found != nullptr, "no kernel %s", kernel);
        std::vector<uint32_t> bytes = {sizeof(A)...};
        CHECK(found->parameter_bytes == bytes, "the parameters of %s have other sizes", kernel);
        void *pointers[] = {&arguments..., nullptr};
        return cudasim::run_grid({found, shape.grid, shape.block, shape.dynamic_shared_bytes, shape.cooperative,
                                     shape.seed},
            pointers, stop);
    }

    template <typename... A> void run(const char *kernel, const Shape &shape, A... arguments) const
    {
        cudasim::Report report = report_of(kernel, shape, arguments...);
        CHECK(report.empty(), "%s", report.text.c_str());
    }

    std::unique_ptr<cudasim::Image> image;
};

/* splitmix64 */
class Random {
public:
    explicit Random(uint64_t seed) : state(seed) {}

    uint64_t next()
    {
        uint64_t z = state += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return z ^ z >> 31;
    }

private:
    uint64_t state;
};

#endif
