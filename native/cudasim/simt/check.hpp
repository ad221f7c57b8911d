/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checked mode, between the driver's side and the SIMT layer: which memory kernels may use, what has been written there,
 * and whether whoever uses it does so in an order.
 */
#ifndef GPUBENCH_CUDASIM_CHECK_HPP
#define GPUBENCH_CUDASIM_CHECK_HPP

#include "simt.hpp"

namespace cudasim {

/* Memory of the device, page-locked memory of the host that kernels see as well, a __device__ or __constant__ variable. */
enum class Space { device, host_mapped, variable };

/* The driver's side: who came before whom. Operations are launches, copies and fills, with ascending ids, never 0. Any thread. */
class Operations {
public:
    virtual ~Operations() = default;

    /* Whether `later` began only when `earlier` had ended, because streams, events or the host saw to it. */
    virtual bool precedes(uint64_t earlier, uint64_t later) const = 0;
    virtual std::string describe(uint64_t operation) const = 0; /* such as "cuMemcpyHtoDAsync_v2, call 17" */
};

class Shadow;

/*
 * The shadow of all memory that kernels may use, one for each context. Any thread. Ranges that the driver's side names
 * lie in one allocation, which it has checked.
 */
class Checker {
public:
    explicit Checker(const Operations &operations);
    ~Checker();
    Checker(const Checker &) = delete;
    Checker &operator=(const Checker &) = delete;

    /* `by` is the call, such as "cuMemAlloc_v2, call 5". Memory of the device is uninitialised, the other spaces are not. */
    void allocated(uintptr_t address, size_t bytes, Space space, const std::string &by);
    void freed(uintptr_t address, const std::string &by);

    /* The target of a copy or a fill, and the source of a copy, before it is done. A report: it must not be done. */
    Report wrote(uint64_t operation, uintptr_t address, size_t bytes);
    Report read(uint64_t operation, uintptr_t address, size_t bytes);
    /* Both at once: what is uninitialised in the source is so in the target. */
    Report copied(uint64_t operation, uintptr_t target, uintptr_t source, size_t bytes);

    /* Whether a kernel has ever written there, as far as that is remembered. */
    bool written_by_kernel(uintptr_t address, size_t bytes);

    /* When no kernel of it runs any more: its variables are gone. */
    void unloaded(const Image &image, const std::string &by);

    /* A write of the host itself, in order with all that has ended. */
    void host_wrote(uintptr_t address, size_t bytes);

    Shadow &shadow() { return *shadow_; } /* for the SIMT layer */

private:
    std::unique_ptr<Shadow> shadow_;
};

} // namespace cudasim

#endif
