/* SPDX-License-Identifier: Apache-2.0 */
/* Barriers of a block, collectives of a warp, and how a thread waits, fails or tells the time. */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_WARP_H
#define GPUBENCH_SIMT_WARP_H

/* The last parameter of what may be accused: as a default argument, these are the file and line of the call. */
#define GPUBENCH_SIMT_PLACE                                                                                            \
    ::gpubench_simt::Place place = {__builtin_FILE(), static_cast<uint32_t>(__builtin_LINE())}

namespace gpubench_simt {

GPUBENCH_SIMT_UNCHECKED inline int barrier(Barrier kind, int predicate, Place place)
{
    Thread *thread = self();
    return thread->runtime->barrier(thread, kind, predicate != 0, place);
}

GPUBENCH_SIMT_UNCHECKED inline uint64_t collective(Collective kind, unsigned mask, uint64_t value, unsigned argument, Place place)
{
    Thread *thread = self();
    return thread->runtime->collective(thread, kind, mask, value, argument, place);
}

/*
 * The lane that the definitions of the shuffles name, or the calling lane where they say that its own value is returned.
 * The hardware looks at the five low bits of a lane or distance.
 */
GPUBENCH_SIMT_UNCHECKED inline unsigned source_lane(Collective kind, unsigned argument, int width)
{
    argument &= warp_lanes - 1;
    unsigned lane = self()->lane;
    unsigned segment = lane & ~(static_cast<unsigned>(width) - 1);
    unsigned end = segment + static_cast<unsigned>(width);
    switch (kind) {
    case Collective::shuffle:
        return segment + (argument & (static_cast<unsigned>(width) - 1));
    case Collective::shuffle_up:
        return argument <= lane - segment ? lane - argument : lane;
    case Collective::shuffle_down:
        return argument < end - lane ? lane + argument : lane;
    default: /* xor may read from earlier segments, not from later ones */
        return (lane ^ argument) < end ? lane ^ argument : lane;
    }
}

template <typename T>
inline T shuffle(Collective kind, unsigned mask, T value, unsigned argument, int width, Place place)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value);
    bits = collective(kind, mask, bits, source_lane(kind, argument, width), place);
    memcpy(&value, &bits, sizeof value);
    return value;
}

template <typename T> inline uint64_t bits_of(T value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value);
    return bits;
}

} // namespace gpubench_simt

inline void __syncthreads(GPUBENCH_SIMT_PLACE)
{
    gpubench_simt::barrier(gpubench_simt::Barrier::sync, 0, place);
}

inline int __syncthreads_count(int predicate, GPUBENCH_SIMT_PLACE)
{
    return gpubench_simt::barrier(gpubench_simt::Barrier::count, predicate, place);
}

inline int __syncthreads_and(int predicate, GPUBENCH_SIMT_PLACE)
{
    return gpubench_simt::barrier(gpubench_simt::Barrier::all, predicate, place);
}

inline int __syncthreads_or(int predicate, GPUBENCH_SIMT_PLACE)
{
    return gpubench_simt::barrier(gpubench_simt::Barrier::any, predicate, place);
}

inline void __syncwarp(unsigned mask = 0xffffffffu, GPUBENCH_SIMT_PLACE)
{
    gpubench_simt::collective(gpubench_simt::Collective::sync, mask, 0, 0, place);
}

/* Which lanes happen to run together is not defined; here each thread runs alone. */
GPUBENCH_SIMT_UNCHECKED inline unsigned __activemask()
{
    return 1u << gpubench_simt::self()->lane;
}

#define GPUBENCH_SIMT_SHUFFLES(type)                                                                                   \
    inline type __shfl_sync(unsigned mask, type value, int lane, int width = 32, GPUBENCH_SIMT_PLACE)                  \
    {                                                                                                                  \
        return gpubench_simt::shuffle(                                                                                 \
            gpubench_simt::Collective::shuffle, mask, value, static_cast<unsigned>(lane), width, place);               \
    }                                                                                                                  \
    inline type __shfl_up_sync(unsigned mask, type value, unsigned delta, int width = 32, GPUBENCH_SIMT_PLACE)         \
    {                                                                                                                  \
        return gpubench_simt::shuffle(gpubench_simt::Collective::shuffle_up, mask, value, delta, width, place);        \
    }                                                                                                                  \
    inline type __shfl_down_sync(unsigned mask, type value, unsigned delta, int width = 32, GPUBENCH_SIMT_PLACE)       \
    {                                                                                                                  \
        return gpubench_simt::shuffle(gpubench_simt::Collective::shuffle_down, mask, value, delta, width, place);      \
    }                                                                                                                  \
    inline type __shfl_xor_sync(unsigned mask, type value, int bits, int width = 32, GPUBENCH_SIMT_PLACE)              \
    {                                                                                                                  \
        return gpubench_simt::shuffle(                                                                                 \
            gpubench_simt::Collective::shuffle_xor, mask, value, static_cast<unsigned>(bits), width, place);           \
    }
GPUBENCH_SIMT_SHUFFLES(int)
GPUBENCH_SIMT_SHUFFLES(unsigned)
GPUBENCH_SIMT_SHUFFLES(long)
GPUBENCH_SIMT_SHUFFLES(unsigned long)
GPUBENCH_SIMT_SHUFFLES(long long)
GPUBENCH_SIMT_SHUFFLES(unsigned long long)
GPUBENCH_SIMT_SHUFFLES(float)
GPUBENCH_SIMT_SHUFFLES(double)
#undef GPUBENCH_SIMT_SHUFFLES

inline unsigned __ballot_sync(unsigned mask, int predicate, GPUBENCH_SIMT_PLACE)
{
    return static_cast<unsigned>(
        gpubench_simt::collective(gpubench_simt::Collective::ballot, mask, predicate != 0, 0, place));
}

inline int __all_sync(unsigned mask, int predicate, GPUBENCH_SIMT_PLACE)
{
    return static_cast<int>(gpubench_simt::collective(gpubench_simt::Collective::all, mask, predicate != 0, 0, place));
}

inline int __any_sync(unsigned mask, int predicate, GPUBENCH_SIMT_PLACE)
{
    return static_cast<int>(gpubench_simt::collective(gpubench_simt::Collective::any, mask, predicate != 0, 0, place));
}

/* Values are compared bit by bit, as the hardware does with floating-point numbers too. */
#define GPUBENCH_SIMT_MATCHES(type)                                                                                    \
    inline unsigned __match_any_sync(unsigned mask, type value, GPUBENCH_SIMT_PLACE)                                   \
    {                                                                                                                  \
        return static_cast<unsigned>(gpubench_simt::collective(                                                        \
            gpubench_simt::Collective::match_any, mask, gpubench_simt::bits_of(value), 0, place));                     \
    }                                                                                                                  \
    inline unsigned __match_all_sync(unsigned mask, type value, int *predicate, GPUBENCH_SIMT_PLACE)                   \
    {                                                                                                                  \
        unsigned same = static_cast<unsigned>(gpubench_simt::collective(                                               \
            gpubench_simt::Collective::match_all, mask, gpubench_simt::bits_of(value), 0, place));                     \
        *predicate = same != 0;                                                                                        \
        return same;                                                                                                   \
    }
GPUBENCH_SIMT_MATCHES(int)
GPUBENCH_SIMT_MATCHES(unsigned)
GPUBENCH_SIMT_MATCHES(long)
GPUBENCH_SIMT_MATCHES(unsigned long)
GPUBENCH_SIMT_MATCHES(long long)
GPUBENCH_SIMT_MATCHES(unsigned long long)
GPUBENCH_SIMT_MATCHES(float)
GPUBENCH_SIMT_MATCHES(double)
#undef GPUBENCH_SIMT_MATCHES

#define GPUBENCH_SIMT_REDUCE(name, type, kind)                                                                         \
    inline type __reduce_##name##_sync(unsigned mask, type value, GPUBENCH_SIMT_PLACE)                                 \
    {                                                                                                                  \
        return static_cast<type>(gpubench_simt::collective(                                                            \
            gpubench_simt::Collective::reduce_##kind, mask, gpubench_simt::bits_of(value), 0, place));                 \
    }
GPUBENCH_SIMT_REDUCE(add, int, add)
GPUBENCH_SIMT_REDUCE(add, unsigned, add)
GPUBENCH_SIMT_REDUCE(min, int, min_signed)
GPUBENCH_SIMT_REDUCE(min, unsigned, min_unsigned)
GPUBENCH_SIMT_REDUCE(max, int, max_signed)
GPUBENCH_SIMT_REDUCE(max, unsigned, max_unsigned)
GPUBENCH_SIMT_REDUCE(and, unsigned, and)
GPUBENCH_SIMT_REDUCE(or, unsigned, or)
GPUBENCH_SIMT_REDUCE(xor, unsigned, xor)
#undef GPUBENCH_SIMT_REDUCE

/* A loop that polls must call this: it lets the other threads of the block run, and other threads of the system if none can. */
GPUBENCH_SIMT_UNCHECKED inline void __nanosleep(unsigned nanos)
{
    gpubench_simt::Thread *thread = gpubench_simt::self();
    thread->runtime->sleep(thread, nanos);
}

[[noreturn]] GPUBENCH_SIMT_UNCHECKED inline void __trap(GPUBENCH_SIMT_PLACE)
{
    gpubench_simt::Thread *thread = gpubench_simt::self();
    thread->runtime->fail(thread, "trap", nullptr, place);
    __builtin_unreachable();
}

inline long long clock64()
{
#if defined(__x86_64__)
    return static_cast<long long>(__builtin_ia32_rdtsc());
#elif defined(__aarch64__)
    long long ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<long long>(now.tv_sec) * 1000000000 + now.tv_nsec;
#endif
}

/* What a GPU has in the register %globaltimer: nanoseconds. */
inline unsigned long long __globaltimer()
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<unsigned long long>(now.tv_sec) * 1000000000u + static_cast<unsigned long long>(now.tv_nsec);
}

#undef GPUBENCH_SIMT_PLACE

#endif
