/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an image and the runtime that loads it agree on. Whoever changes this raises abi_version: an image of another
 * version is refused when it is loaded.
 */
#ifndef GPUBENCH_SIMT_ABI_H
#define GPUBENCH_SIMT_ABI_H

#include <stddef.h>
#include <stdint.h>

namespace gpubench_simt {

constexpr uint32_t abi_version = 3;
constexpr uint32_t warp_lanes = 32;
constexpr uint32_t max_parameter_bytes = 4096;
constexpr uint32_t dynamic_shared_capacity = 232448;

/*
 * Every CUDA thread runs on a stack of its own, in a slot of this size and alignment, so that its Thread is found from any
 * address on the stack. The Thread lies at the upper end, at a distance that varies from slot to slot: at the same
 * distance in all slots, the threads of a block would compete for the same few lines of the cache.
 */
constexpr uintptr_t stack_slot_bytes = 65536;
constexpr uintptr_t thread_bytes = 256;
constexpr uintptr_t thread_distances = 16;
/* Below this address in its slot, a thread has used up its stack: a guard page, and what one function may need. */
constexpr uintptr_t stack_reserve_bytes = 4096 + 6144;

/* A place in the source of a kernel. */
struct Place {
    const char *file;
    uint32_t line;
};

enum class Barrier : uint32_t { sync, count, all, any };

enum class Collective : uint32_t {
    sync,
    shuffle, /* the argument is the lane to read from */
    shuffle_up,
    shuffle_down,
    shuffle_xor,
    ballot,
    all,
    any,
    match_any,
    match_all,
    reduce_add,
    reduce_min_signed,
    reduce_max_signed,
    reduce_min_unsigned,
    reduce_max_unsigned,
    reduce_and,
    reduce_or,
    reduce_xor,
};

/* How a checked image uses memory. A volatile access is a relaxed atomic one, as CUDA has it. */
enum Access : uint32_t {
    access_read = 0,
    access_write = 1,
    access_atomic = 2,
    access_exchange = 4, /* reads and writes */
    access_acquire = 8,
    access_release = 16,
};

enum class Scope : uint32_t { block, device };

/* What the checks of the compiler find before it is done. */
enum class Mistake : uint32_t { misaligned, null, index, shift, division, unreachable };

struct Thread;

/* What a kernel can ask of the runtime. */
struct Runtime {
    int (*barrier)(Thread *self, Barrier kind, bool predicate, Place place) noexcept;
    uint64_t (*collective)(
        Thread *self, Collective kind, uint32_t mask, uint64_t value, uint32_t argument, Place place) noexcept;
    void (*sleep)(Thread *self, uint32_t nanos) noexcept;
    void (*fail)(Thread *self, const char *what, const char *detail, Place place) noexcept; /* does not return */

    /* Of checked images only. `from` is a return address in the kernel. Each returns only if all is well. */
    void (*access)(Thread *self, uintptr_t address, size_t bytes, uint32_t how, const void *from) noexcept;
    void (*fence)(Thread *self, Scope scope) noexcept;
    void (*turn_over)(Thread *self, bool stack_full, const void *from) noexcept;
    void (*mistake)(Thread *self, Mistake what, uint64_t a, uint64_t b, const void *from) noexcept;
};

struct BlockShape {
    uint32_t block_index[3];
    uint32_t block_dim[3];
    uint32_t grid_dim[3];
};

struct Thread {
    uint32_t index[3];
    uint32_t lane;
    uint32_t turn; /* steps of a checked kernel until others get a turn */
    BlockShape shape;
    const Runtime *runtime;
};

inline Thread *thread_of_stack(uintptr_t address)
{
    uintptr_t top = (address | (stack_slot_bytes - 1)) + 1;
    uintptr_t distance = (1 + top / stack_slot_bytes % thread_distances) * thread_bytes;
    return reinterpret_cast<Thread *>(top - distance);
}

enum class ParameterKind : uint32_t { structure, boolean, signed_integer, unsigned_integer, floating, pointer, nothing };

/* The type of a parameter, as the compiler sees it: nothing is `void`. */
struct ParameterRecord {
    uint32_t bytes;
    ParameterKind kind;
    const char *(*type)(); /* a text that has the type behind "T = " */
    /* Of what a pointer points to; zeros else, and where that type is incomplete. */
    ParameterKind element;
    uint32_t element_bytes;
    uint32_t element_alignment;
    bool element_const;
    const char *(*element_type)();
};

/* What simtcc reads in the text of a kernel. */
struct KernelText {
    const char *file;
    uint32_t line;
    const char *parameter_names;  /* joined by commas; empty for one without a name */
    uint32_t dimensions;          /* of threadIdx and blockIdx that its text uses, or that functions of its file use: 1 to 3 */
    bool dynamic_shared;          /* whether the same have dynamic shared memory */
    bool block_index;             /* whether the same use blockIdx */
    const char *launch_bound;     /* as written, empty without one */
};

struct KernelRecord {
    const char *name; /* as in the source; the symbol's name, if it has one, goes before it */
    const void *entry;
    void (*invoke)(void *const *arguments);
    const uint32_t *parameter_bytes;
    uint32_t parameters;
    uint32_t max_threads_per_block;
    const ParameterRecord *described; /* as many as parameters */
    KernelText text;
};

/* A kernel that is a template, of which an image has nothing. */
struct TemplateRecord {
    const char *name;
    const char *file;
    uint32_t line;
};

/* The symbol gpubench_simt_image of an image. */
struct ImageRecord {
    uint32_t version;
    uint32_t kernel_count;
    const KernelRecord *kernels;
    unsigned char *(*dynamic_shared)(); /* that of the calling thread */
    bool *live; /* of a checked image, null in others: whether its code runs on the stacks of CUDA threads */
    uint32_t template_count;
    const TemplateRecord *templates;
};

} // namespace gpubench_simt

#endif
