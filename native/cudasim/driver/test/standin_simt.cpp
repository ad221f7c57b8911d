/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the SIMT layer until it is there: the kernels of kernels.cu, written out. */
#include <cstring>
#include <map>
#include <thread>
#include <elf.h>
#include <time.h>

#include "simt/simt.hpp"

namespace cudasim {
namespace {
thread_local const std::atomic<bool> *stop_flag;
thread_local Dim3 grid, block;
thread_local int fail;

void nap()
{
    timespec t = {0, 20000};
    nanosleep(&t, nullptr);
}
template <typename T> T &arg(void *const *a, int i) { return *static_cast<T *>(a[i]); }

struct Fake : Image {
    std::vector<Kernel> list;
    mutable int counter = 0, step = 0;
    static thread_local const Fake *self;
    Fake()
    {
        auto put = [&](const char *name, std::vector<uint32_t> sizes, void (*f)(void *const *), uint32_t bound = 1024) {
            list.push_back({name, sizes, bound, 0, f, this});
        };
        put("add", {8, 8, 8, 4}, [](void *const *a) {
            for (int i = 0; i < arg<int>(a, 3); i++) arg<int *>(a, 2)[i] = arg<int *>(a, 0)[i] + arg<int *>(a, 1)[i];
        });
        put("affine", {8, 4, 4, 4}, [](void *const *a) {
            for (int i = 0; i < arg<int>(a, 1); i++) {
                int &d = arg<int *>(a, 0)[i];
                d = d * arg<int>(a, 2) + arg<int>(a, 3);
            }
        });
        put("hold", {8}, [](void *const *a) {
            while (__atomic_load_n(arg<unsigned *>(a, 0), __ATOMIC_ACQUIRE) == 0 && !stop_flag->load()) nap();
        });
        put("mailbox", {8, 8}, [](void *const *a) {
            unsigned last = 0;
            for (unsigned now = 0; now != ~0u && !stop_flag->load(); now = __atomic_load_n(arg<unsigned *>(a, 0), __ATOMIC_ACQUIRE)) {
                if (now != last) {
                    last = now;
                    __atomic_store_n(arg<unsigned *>(a, 1), 3 * now, __ATOMIC_RELEASE);
                }
                nap();
            }
        });
        put("diverge", {8}, [](void *const *) { fail = 1; });
        put("meet", {8}, [](void *const *a) { *arg<int *>(a, 0) += (int)grid.x; });
        put("bounded", {8}, [](void *const *) {}, 64);
        put("reverse", {8, 4}, [](void *const *a) {
            int *d = arg<int *>(a, 0), n = arg<int>(a, 1);
            for (int i = 0; i < n / 2; i++) std::swap(d[i], d[n - 1 - i]);
        });
        put("pack", {1, 100, 8, 16, 8}, [](void *const *a) {
            double *o = arg<double *>(a, 4);
            o[0] = arg<char>(a, 0); o[1] = static_cast<unsigned char *>(a[1])[99];
            o[2] = arg<double>(a, 2); o[3] = static_cast<uint32_t *>(a[3])[3];
        });
        put("bump", {}, [](void *const *) { self->counter += self->step; });
        put("nothing", {}, [](void *const *) {});
    }
    const std::vector<Kernel> &kernels() const override { return list; }
    const Kernel *kernel(const std::string &name) const override
    {
        for (auto &k : list) if (k.name == name) return &k;
        return nullptr;
    }
    Variable variable(const std::string &name) const override
    {
        if (name == "counter") return {&counter, 4};
        if (name == "step") return {&step, 4};
        return {nullptr, 0};
    }
};
thread_local const Fake *Fake::self;
}

std::unique_ptr<Image> Image::load(const void *bytes, Problem &problem, std::string &text)
{
    problem = Problem::none;
    uint32_t magic = 0;
    std::memcpy(&magic, bytes, *static_cast<const char *>(bytes) ? 4 : 1);
    if (magic == 0xba55ed50) { problem = Problem::wrong_architecture; text = "a fat binary"; return nullptr; }
    if (std::memcmp(&magic, ELFMAG, 4) != 0) { problem = Problem::not_an_image; text = "not an ELF file"; return nullptr; }
    if (static_cast<const Elf64_Ehdr *>(bytes)->e_machine == 190) { problem = Problem::wrong_architecture; text = "a cubin"; return nullptr; }
    return std::make_unique<Fake>();
}

std::string run_grid(const Launch &launch, void *const *arguments, const std::atomic<bool> &stop)
{
    stop_flag = &stop; grid = launch.grid; block = launch.block; fail = 0;
    Fake::self = static_cast<const Fake *>(launch.kernel->owner);
    launch.kernel->invoke(arguments);
    return fail ? "divergent barrier in diverge" : "";
}
}
