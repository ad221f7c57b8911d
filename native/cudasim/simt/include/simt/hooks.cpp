/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a checked image that is compiled without checks: the functions that the compiler calls at each access to
 * memory, at each step and where it finds a mistake. They are the image's own, so that no sanitizer's runtime is needed, and
 * go on to the simulator through the thread's table, unless the memory is the thread's own stack.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "abi.h"

using namespace gpubench_simt;

#define HOOK extern "C" __attribute__((visibility("hidden"), used))
#define HERE __builtin_return_address(0)

/* Constructors of global objects run on other stacks, before and after. */
extern "C" {
__attribute__((visibility("hidden"))) bool gpubench_simt_live = false;
}

namespace {

inline __attribute__((always_inline)) Thread *self()
{
    return thread_of_stack(reinterpret_cast<uintptr_t>(__builtin_frame_address(0)));
}

inline __attribute__((always_inline)) void access(const volatile void *address, size_t bytes, uint32_t how, const void *from)
{
    auto number = reinterpret_cast<uintptr_t>(address);
    auto own = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
    if ((number ^ own) >= stack_slot_bytes && gpubench_simt_live) {
        Thread *thread = self();
        thread->runtime->access(thread, number, bytes, how, from);
    }
}

/* The orders of <stdatomic.h>, in its order. */
uint32_t order(int number)
{
    constexpr uint32_t orders[] = {0, access_acquire, access_acquire, access_release, access_acquire | access_release,
        access_acquire | access_release};
    return orders[number & 7];
}

} // namespace

HOOK void __tsan_init() {}

#define SIZE(bytes)                                                                                                    \
    HOOK void __tsan_read##bytes(void *address) { access(address, bytes, access_read, HERE); }                         \
    HOOK void __tsan_write##bytes(void *address) { access(address, bytes, access_write, HERE); }                       \
    HOOK void __tsan_unaligned_read##bytes(void *address) { access(address, bytes, access_read, HERE); }               \
    HOOK void __tsan_unaligned_write##bytes(void *address) { access(address, bytes, access_write, HERE); }             \
    HOOK void __tsan_volatile_read##bytes(void *address) { access(address, bytes, access_atomic, HERE); }              \
    HOOK void __tsan_volatile_write##bytes(void *address) { access(address, bytes, access_atomic | access_write, HERE); } \
    HOOK void __tsan_unaligned_volatile_read##bytes(void *address) { access(address, bytes, access_atomic, HERE); }    \
    HOOK void __tsan_unaligned_volatile_write##bytes(void *address)                                                    \
    {                                                                                                                  \
        access(address, bytes, access_atomic | access_write, HERE);                                                    \
    }
SIZE(1)
SIZE(2)
SIZE(4)
SIZE(8)
SIZE(16)

HOOK void __tsan_read_range(void *address, size_t bytes) { access(address, bytes, access_read, HERE); }
HOOK void __tsan_write_range(void *address, size_t bytes) { access(address, bytes, access_write, HERE); }
HOOK void __tsan_vptr_update(void **address, void *) { access(address, sizeof *address, access_write, HERE); }
HOOK void __tsan_vptr_read(void **address) { access(address, sizeof *address, access_read, HERE); }

#define EXCHANGE(bits, type, name)                                                                                     \
    HOOK type __tsan_atomic##bits##_##name(volatile type *address, type value, int how)                                \
    {                                                                                                                  \
        access(address, sizeof *address, access_atomic | access_write | access_exchange | order(how), HERE);           \
        return __atomic_##name##_SUFFIX(address, value);                                                               \
    }
#define __atomic_exchange_SUFFIX(address, value) __atomic_exchange_n(address, value, __ATOMIC_SEQ_CST)
#define __atomic_fetch_add_SUFFIX(address, value) __atomic_fetch_add(address, value, __ATOMIC_SEQ_CST)
#define __atomic_fetch_sub_SUFFIX(address, value) __atomic_fetch_sub(address, value, __ATOMIC_SEQ_CST)
#define __atomic_fetch_and_SUFFIX(address, value) __atomic_fetch_and(address, value, __ATOMIC_SEQ_CST)
#define __atomic_fetch_or_SUFFIX(address, value) __atomic_fetch_or(address, value, __ATOMIC_SEQ_CST)
#define __atomic_fetch_xor_SUFFIX(address, value) __atomic_fetch_xor(address, value, __ATOMIC_SEQ_CST)
#define __atomic_fetch_nand_SUFFIX(address, value) __atomic_fetch_nand(address, value, __ATOMIC_SEQ_CST)

/* A compare and swap that fails has only read; a read is what it then counts as. */
#define COMPARE(bits, type, name)                                                                                      \
    HOOK int __tsan_atomic##bits##_compare_exchange_##name(                                                            \
        volatile type *address, type *expected, type value, int success, int failure)                                  \
    {                                                                                                                  \
        access(address, sizeof *address, access_atomic | order(failure), HERE);                                        \
        if (*address != *expected) {                                                                                   \
            *expected = *address;                                                                                      \
            return 0;                                                                                                  \
        }                                                                                                              \
        access(address, sizeof *address, access_atomic | access_write | access_exchange | order(success), HERE);       \
        return __atomic_compare_exchange_n(address, expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);       \
    }

#define ATOMIC(bits, type)                                                                                             \
    HOOK type __tsan_atomic##bits##_load(const volatile type *address, int how)                                        \
    {                                                                                                                  \
        access(address, sizeof *address, access_atomic | order(how), HERE);                                            \
        return __atomic_load_n(address, __ATOMIC_SEQ_CST);                                                             \
    }                                                                                                                  \
    HOOK void __tsan_atomic##bits##_store(volatile type *address, type value, int how)                                 \
    {                                                                                                                  \
        access(address, sizeof *address, access_atomic | access_write | order(how), HERE);                             \
        __atomic_store_n(address, value, __ATOMIC_SEQ_CST);                                                            \
    }                                                                                                                  \
    EXCHANGE(bits, type, exchange)                                                                                     \
    EXCHANGE(bits, type, fetch_add)                                                                                    \
    EXCHANGE(bits, type, fetch_sub)                                                                                    \
    EXCHANGE(bits, type, fetch_and)                                                                                    \
    EXCHANGE(bits, type, fetch_or)                                                                                     \
    EXCHANGE(bits, type, fetch_xor)                                                                                    \
    EXCHANGE(bits, type, fetch_nand)                                                                                   \
    COMPARE(bits, type, strong)                                                                                        \
    COMPARE(bits, type, weak)
ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

HOOK void __tsan_atomic_thread_fence(int)
{
    Thread *thread = self();
    thread->runtime->fence(thread, Scope::device);
}

HOOK void __tsan_atomic_signal_fence(int) {}

HOOK void gpubench_simt_fence(Scope scope)
{
    Thread *thread = self();
    thread->runtime->fence(thread, scope);
}

/* Once in each piece of code without a branch: loops that never look at memory come by here as well. */
HOOK void __sanitizer_cov_trace_pc()
{
    if (__builtin_expect(!gpubench_simt_live, 0)) {
        return;
    }
    Thread *thread = self();
    uintptr_t left = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) % stack_slot_bytes;
    if (__builtin_expect(--thread->turn == 0 || left < stack_reserve_bytes, 0)) {
        thread->runtime->turn_over(thread, left < stack_reserve_bytes, HERE);
    }
}

/* ---- memory functions of variable length, which are not instrumented */

extern "C" __attribute__((visibility("default"))) void *__real_memcpy(void *, const void *, size_t);
extern "C" __attribute__((visibility("default"))) void *__real_memmove(void *, const void *, size_t);
extern "C" __attribute__((visibility("default"))) void *__real_memset(void *, int, size_t);

HOOK void *__wrap_memcpy(void *target, const void *source, size_t bytes)
{
    if (bytes != 0) {
        access(source, bytes, access_read, HERE);
        access(target, bytes, access_write, HERE);
    }
    return __real_memcpy(target, source, bytes);
}

HOOK void *__wrap_memmove(void *target, const void *source, size_t bytes)
{
    if (bytes != 0) {
        access(source, bytes, access_read, HERE);
        access(target, bytes, access_write, HERE);
    }
    return __real_memmove(target, source, bytes);
}

HOOK void *__wrap_memset(void *target, int value, size_t bytes)
{
    if (bytes != 0) {
        access(target, bytes, access_write, HERE);
    }
    return __real_memset(target, value, bytes);
}

/* ---- what the compiler checks before an operation, in the layout that it hands over */

namespace {

struct Type {
    uint16_t kind; /* 0: an integer */
    uint16_t info; /* twice the logarithm of its bits, and whether it has a sign */
};

struct Mismatch {
    const void *place[2];
    const Type *type;
    uint8_t log_alignment;
    uint8_t kind;
};

struct Index {
    const void *place[2];
    const struct {
        Type type;
        char name[1]; /* "'unsigned int [32]'" */
    } *array;
    const Type *index;
};

struct Shift {
    const void *place[2];
    const Type *left;
    const Type *right;
};

inline __attribute__((always_inline)) void mistake(Mistake what, uint64_t a, uint64_t b, const void *from)
{
    Thread *thread = self();
    thread->runtime->mistake(thread, what, a, b, from);
}

/* A number of at most 64 bits comes as it is, a larger one by its address. */
uint64_t number(const Type &type, uintptr_t value)
{
    unsigned bits = 1u << (type.info >> 1);
    if (bits > 64) {
        return *reinterpret_cast<const uint64_t *>(value);
    }
    if ((type.info & 1) && bits < 64) {
        return static_cast<uint64_t>(static_cast<int64_t>(static_cast<uint64_t>(value) << (64 - bits)) >> (64 - bits));
    }
    return value;
}

} // namespace

HOOK void __ubsan_handle_type_mismatch_v1(const Mismatch *data, uintptr_t address)
{
    if (address == 0) {
        mistake(Mistake::null, 0, 0, HERE);
    } else {
        mistake(Mistake::misaligned, address, uint64_t{1} << data->log_alignment, HERE);
    }
}

HOOK void __ubsan_handle_out_of_bounds(const Index *data, uintptr_t index)
{
    mistake(Mistake::index, number(*data->index, index), reinterpret_cast<uintptr_t>(data->array->name), HERE);
}

HOOK void __ubsan_handle_shift_out_of_bounds(const Shift *data, uintptr_t, uintptr_t by)
{
    mistake(Mistake::shift, number(*data->right, by), 1u << (data->left->info >> 1), HERE);
}

HOOK void __ubsan_handle_divrem_overflow(const void *, uintptr_t, uintptr_t)
{
    mistake(Mistake::division, 0, 0, HERE);
}

HOOK void __ubsan_handle_builtin_unreachable(const void *)
{
    mistake(Mistake::unreachable, 0, 0, HERE);
}

HOOK void __ubsan_handle_pointer_overflow(const void *, uintptr_t, uintptr_t) {}
