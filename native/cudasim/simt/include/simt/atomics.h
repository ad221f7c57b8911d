/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Atomic operations, for the types that CUDA has them for. Relaxed as on the GPU: order comes from fences. Blocks may run on
 * several threads of the system and the host polls the same memory, so they are atomic in truth.
 */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_ATOMICS_H
#define GPUBENCH_SIMT_ATOMICS_H

namespace gpubench_simt {

/* The old value; `change` makes the new one of it. */
template <typename T, typename Bits, typename Change> inline T exchange_with(T *address, Change change)
{
    static_assert(sizeof(T) == sizeof(Bits), "same size");
    auto *word = reinterpret_cast<Bits *>(address);
    Bits before = __atomic_load_n(word, __ATOMIC_RELAXED);
    for (;;) {
        T old;
        memcpy(&old, &before, sizeof old);
        T value = change(old);
        Bits after;
        memcpy(&after, &value, sizeof after);
        if (__atomic_compare_exchange_n(word, &before, after, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            return old;
        }
    }
}

template <typename T> inline T compare_and_swap(T *address, T compare, T value)
{
    __atomic_compare_exchange_n(address, &compare, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return compare;
}

} // namespace gpubench_simt

#define GPUBENCH_SIMT_ATOMIC(type, name, expression)                                                                   \
    inline type atomic##name(type *address, type value) { return expression; }                                         \
    inline type atomic##name##_block(type *address, type value) { return expression; }                                 \
    inline type atomic##name##_system(type *address, type value) { return expression; }
#define GPUBENCH_SIMT_FETCH(type, name, function)                                                                      \
    GPUBENCH_SIMT_ATOMIC(type, name, function(address, value, __ATOMIC_RELAXED))
#define GPUBENCH_SIMT_CHANGE(type, bits, name, changed)                                                                \
    GPUBENCH_SIMT_ATOMIC(                                                                                              \
        type, name, (gpubench_simt::exchange_with<type, bits>(address, [value](type old) -> type { return changed; })))
#define GPUBENCH_SIMT_CAS(type)                                                                                        \
    inline type atomicCAS(type *address, type compare, type value)                                                     \
    {                                                                                                                  \
        return gpubench_simt::compare_and_swap(address, compare, value);                                               \
    }                                                                                                                  \
    inline type atomicCAS_block(type *address, type compare, type value)                                               \
    {                                                                                                                  \
        return gpubench_simt::compare_and_swap(address, compare, value);                                               \
    }                                                                                                                  \
    inline type atomicCAS_system(type *address, type compare, type value)                                              \
    {                                                                                                                  \
        return gpubench_simt::compare_and_swap(address, compare, value);                                               \
    }
#define GPUBENCH_SIMT_LOGIC(type)                                                                                      \
    GPUBENCH_SIMT_FETCH(type, And, __atomic_fetch_and)                                                                 \
    GPUBENCH_SIMT_FETCH(type, Or, __atomic_fetch_or)                                                                   \
    GPUBENCH_SIMT_FETCH(type, Xor, __atomic_fetch_xor)                                                                 \
    GPUBENCH_SIMT_CHANGE(type, type, Min, (value < old ? value : old))                                                 \
    GPUBENCH_SIMT_CHANGE(type, type, Max, (value > old ? value : old))

GPUBENCH_SIMT_FETCH(int, Add, __atomic_fetch_add)
GPUBENCH_SIMT_FETCH(unsigned, Add, __atomic_fetch_add)
GPUBENCH_SIMT_FETCH(unsigned long long, Add, __atomic_fetch_add)
GPUBENCH_SIMT_CHANGE(float, uint32_t, Add, (old + value))
GPUBENCH_SIMT_CHANGE(double, uint64_t, Add, (old + value))
GPUBENCH_SIMT_FETCH(int, Sub, __atomic_fetch_sub)
GPUBENCH_SIMT_FETCH(unsigned, Sub, __atomic_fetch_sub)
GPUBENCH_SIMT_FETCH(int, Exch, __atomic_exchange_n)
GPUBENCH_SIMT_FETCH(unsigned, Exch, __atomic_exchange_n)
GPUBENCH_SIMT_FETCH(unsigned long long, Exch, __atomic_exchange_n)
GPUBENCH_SIMT_CHANGE(float, uint32_t, Exch, ((void)old, value))
GPUBENCH_SIMT_CHANGE(unsigned, unsigned, Inc, (old >= value ? 0 : old + 1))
GPUBENCH_SIMT_CHANGE(unsigned, unsigned, Dec, (old == 0 || old > value ? value : old - 1))
GPUBENCH_SIMT_LOGIC(int)
GPUBENCH_SIMT_LOGIC(unsigned)
GPUBENCH_SIMT_LOGIC(long long)
GPUBENCH_SIMT_LOGIC(unsigned long long)
GPUBENCH_SIMT_CAS(unsigned short)
GPUBENCH_SIMT_CAS(int)
GPUBENCH_SIMT_CAS(unsigned)
GPUBENCH_SIMT_CAS(unsigned long long)

#undef GPUBENCH_SIMT_ATOMIC
#undef GPUBENCH_SIMT_FETCH
#undef GPUBENCH_SIMT_CHANGE
#undef GPUBENCH_SIMT_CAS
#undef GPUBENCH_SIMT_LOGIC

#endif
