/* SPDX-License-Identifier: Apache-2.0 */
/* What simtcc puts behind a source file to make it an image: its kernels, and the functions that the C library would not do well. */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_IMAGE_H
#define GPUBENCH_SIMT_IMAGE_H

#include <utility>

namespace gpubench_simt {

#ifdef GPUBENCH_SIMT_CHECKED
constexpr bool *live = &gpubench_simt_live;
#else
constexpr bool *live = nullptr;
#endif

GPUBENCH_SIMT_UNCHECKED inline void copy_argument(void *target, const void *source, size_t bytes)
{
#ifdef GPUBENCH_SIMT_CHECKED
    __real_memcpy(target, source, bytes);
#else
    memcpy(target, source, bytes);
#endif
}

/* The memory behind every dynamic array; simtcc gives its symbol their names. */
alignas(1024) thread_local unsigned char dynamic_shared_bytes[dynamic_shared_capacity]
    __asm__("gpubench_simt_dynamic_shared");

GPUBENCH_SIMT_UNCHECKED static unsigned char *dynamic_shared()
{
    return dynamic_shared_bytes;
}

template <auto Kernel> struct Launcher {
    static_assert(Kernel == nullptr, "a kernel is a function that returns void");
};

template <typename... A, void (*Kernel)(A...)> struct Launcher<Kernel> {
    static constexpr uint32_t parameter_bytes[] = {sizeof(A)..., 0};
    static_assert((0 + ... + sizeof(A)) <= max_parameter_bytes, "a kernel has at most 4096 bytes of parameters");

    /* The argument may lie at an address that is not aligned for its type. */
    template <typename T> struct Argument {
        alignas(T) unsigned char bytes[sizeof(T)];
        GPUBENCH_SIMT_UNCHECKED explicit Argument(const void *argument) { copy_argument(bytes, argument, sizeof bytes); }
        T &value() { return *reinterpret_cast<T *>(bytes); }
    };

    template <size_t... I> GPUBENCH_SIMT_UNCHECKED static void call(void *const *arguments, std::index_sequence<I...>)
    {
        (void)arguments;
        Kernel(Argument<A>(arguments[I]).value()...);
    }

    GPUBENCH_SIMT_UNCHECKED static void invoke(void *const *arguments) { call(arguments, std::index_sequence_for<A...>()); }

    static KernelRecord record(const char *name, uint32_t max_threads_per_block)
    {
        return {
            name,
            reinterpret_cast<const void *>(Kernel),
            invoke,
            parameter_bytes,
            sizeof...(A),
            max_threads_per_block,
        };
    }
};

} // namespace gpubench_simt

/* A failed assertion ends the grid with a report, not the process. Hidden, so that it is this image's alone. */
extern "C" __attribute__((visibility("hidden"), used)) GPUBENCH_SIMT_UNCHECKED void __assert_fail(
    const char *assertion, const char *file, unsigned line, const char *) noexcept
{
    gpubench_simt::Thread *thread = gpubench_simt::self();
    thread->runtime->fail(thread, "assertion failed", assertion, gpubench_simt::Place{file, line});
    __builtin_unreachable();
}

extern "C" __attribute__((visibility("hidden"), used)) clock_t clock() noexcept
{
    return static_cast<clock_t>(clock64());
}

#endif
