/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the driver side of the simulated device needs of the SIMT layer: images, kernels, and running a grid to its end.
 *
 * An image is a shared object that simtcc made of a .cu file. A grid runs on the thread that calls run_grid, one block
 * after the other (a cooperative grid: one thread for each block), and each CUDA thread is a fiber of it.
 */
#ifndef GPUBENCH_CUDASIM_SIMT_HPP
#define GPUBENCH_CUDASIM_SIMT_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cudasim {

struct Parameter {
    uint32_t bytes;
    bool is_pointer;
    uint32_t element_bytes; /* of what a pointer points to; 0 if that is void or not complete, and of all else */
    bool element_const;
};

/* One kernel of an image. Lives as long as its image. */
struct Kernel {
    std::string name;
    std::vector<uint32_t> parameter_bytes; /* size of each parameter, in order */
    std::vector<Parameter> parameters;
    uint32_t max_threads_per_block;        /* the launch bound, 1024 without one */
    uint32_t static_shared_bytes;          /* an upper bound: that of the whole image */
    void (*invoke)(void *const *arguments);
    const void *owner; /* for the SIMT layer */
};

/* A __device__ or __constant__ variable. */
struct Variable {
    void *address;
    size_t bytes;
};

/* A loaded image; unloads when destroyed, which must not happen while one of its kernels runs. Any thread. */
class Image {
public:
    enum class Problem { none, not_an_image, wrong_architecture, unloadable };

    /*
     * Loads an image from memory, a checked one or a plain one; its size is that of the ELF file. Null with a problem and one line of text when it is
     * not an ELF file at all (not_an_image), one for another machine such as a fat binary or a cubin,
     * or of the other sort (wrong_architecture), or one that the loader refuses.
     */
    static std::unique_ptr<Image> load(const void *bytes, bool checked, Problem &problem, std::string &text);
    virtual ~Image() = default;

    virtual const std::vector<Kernel> &kernels() const = 0;
    virtual const Kernel *kernel(const std::string &name) const = 0; /* null if there is none */
    virtual Variable variable(const std::string &name) const = 0;    /* address null if there is none */

    /*
     * Every image has two variables besides those of its source: gpubench_simt_description, a text in JSON about its kernels,
     * and gpubench_simt_seed, of 8 bytes, the seed for launches of its kernels; 0 leaves it to the driver.
     */
    virtual uint64_t seed() const = 0;
};

struct Dim3 {
    uint32_t x, y, z;
};

class Checker;

struct Launch {
    const Kernel *kernel;
    Dim3 grid, block;
    uint32_t dynamic_shared_bytes;
    bool cooperative; /* all blocks at once, so that a barrier of the whole grid works */
    uint64_t seed;    /* order of the threads of a block within a scheduling step; 0: ascending */
    Checker *checker = nullptr; /* for a checked image, which does not run without; null for a plain one */
    uint64_t operation = 0;     /* the launch's number for the checker */
};

/* What a report does to the context: the numbers of the driver's results. */
enum class Code : int32_t {
    none = 0,
    illegal_address = 700,
    assertion = 710,
    misaligned = 716,
    failed = 719,
};

struct Report {
    Code code = Code::none;
    std::string text; /* one line */

    bool empty() const { return code == Code::none; }
};

/*
 * Runs a grid and returns when all its threads have ended. Empty on success; otherwise a report (a divergent barrier, an
 * absent lane, ...), after which the device's memory is to be distrusted. `stop` ends a grid
 * early, as destroying its context does, at the next barrier, collective or __nanosleep.
 *
 * arguments[i] points at parameter_bytes[i] bytes that stay unchanged until it returns.
 */
Report run_grid(const Launch &launch, void *const *arguments, const std::atomic<bool> &stop);

/* Most threads of a block, and bytes of dynamic shared memory that a launch may ask for. */
constexpr uint32_t max_block_threads = 1024;
constexpr uint32_t max_dynamic_shared_bytes = 232448;

} // namespace cudasim

#endif
