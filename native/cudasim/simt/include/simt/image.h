/* SPDX-License-Identifier: Apache-2.0 */
/* What simtcc puts before a source file, whose macros are no matter then, to make it an image: its kernels, and the functions that the C library would not do well. */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_IMAGE_H
#define GPUBENCH_SIMT_IMAGE_H

#include <type_traits>
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

template <typename T> const char *type_text()
{
    return __PRETTY_FUNCTION__;
}

template <typename T> constexpr ParameterKind kind_of()
{
    return std::is_same_v<T, bool>         ? ParameterKind::boolean
           : std::is_pointer_v<T>          ? ParameterKind::pointer
           : std::is_void_v<T>             ? ParameterKind::nothing
           : std::is_floating_point_v<T>   ? ParameterKind::floating
           : std::is_enum_v<T>             ? ParameterKind::unsigned_integer
           : !std::is_integral_v<T>        ? ParameterKind::structure
           : std::is_signed_v<T>           ? ParameterKind::signed_integer
                                           : ParameterKind::unsigned_integer;
}

/* 0, 0 of a type that is not complete, as void is. */
template <typename T, typename = void> struct Extent {
    static constexpr uint32_t bytes = 0, alignment = 0;
};
template <typename T> struct Extent<T, std::void_t<decltype(sizeof(T))>> {
    static constexpr uint32_t bytes = std::is_function_v<T> ? 0 : sizeof(T), alignment = alignof(T);
};

template <typename T> constexpr ParameterRecord described()
{
    using Element = std::remove_cv_t<std::remove_pointer_t<T>>;
    if constexpr (std::is_pointer_v<T> && (std::is_void_v<Element> || !std::is_function_v<Element>)) {
        return {sizeof(T), ParameterKind::pointer, type_text<T>, kind_of<Element>(),
            std::is_void_v<Element> ? 0 : Extent<Element>::bytes, std::is_void_v<Element> ? 0 : Extent<Element>::alignment,
            std::is_const_v<std::remove_pointer_t<T>>, type_text<Element>};
    } else {
        return {sizeof(T), kind_of<T>(), type_text<T>, ParameterKind::nothing, 0, 0, false, type_text<void>};
    }
}

template <auto Kernel> struct Launcher {
    static_assert(Kernel == nullptr, "a kernel is a function that returns void");
};

template <typename... A, void (*Kernel)(A...)> struct Launcher<Kernel> {
    static constexpr uint32_t parameter_bytes[] = {sizeof(A)..., 0};
    static constexpr ParameterRecord parameters[] = {described<A>()..., described<void *>()};
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

    static KernelRecord record(const char *name, uint32_t max_threads_per_block, const KernelText &text)
    {
        return {
            name,
            reinterpret_cast<const void *>(Kernel),
            invoke,
            parameter_bytes,
            sizeof...(A),
            max_threads_per_block,
            parameters,
            text,
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
