/* SPDX-License-Identifier: Apache-2.0 */
/* Fences, and loads and stores with hints to the caches of a GPU, which mean nothing here. */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_MEMORY_H
#define GPUBENCH_SIMT_MEMORY_H

#ifdef GPUBENCH_SIMT_CHECKED
#define GPUBENCH_SIMT_FENCE(scope) gpubench_simt_fence(::gpubench_simt::Scope::scope)
#else
#define GPUBENCH_SIMT_FENCE(scope) __atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif

inline void __threadfence_block()
{
    GPUBENCH_SIMT_FENCE(block);
}

inline void __threadfence()
{
    GPUBENCH_SIMT_FENCE(device);
}

inline void __threadfence_system()
{
    GPUBENCH_SIMT_FENCE(device);
}
#undef GPUBENCH_SIMT_FENCE

/* As on the GPU: the types that have such a load or store, and no others. __ldcv asks memory anew each time. */
#define GPUBENCH_SIMT_HINTED(type)                                                                                     \
    inline type __ldg(const type *address) { return *address; }                                                        \
    inline type __ldca(const type *address) { return *address; }                                                       \
    inline type __ldcg(const type *address) { return *address; }                                                       \
    inline type __ldcs(const type *address) { return *address; }                                                       \
    inline type __ldlu(const type *address) { return *address; }                                                       \
    inline void __stwb(type *address, type value) { *address = value; }                                                \
    inline void __stcg(type *address, type value) { *address = value; }                                                \
    inline void __stcs(type *address, type value) { *address = value; }                                                \
    inline void __stwt(type *address, type value) { *address = value; }
#define GPUBENCH_SIMT_HINTED_SCALAR(type)                                                                              \
    GPUBENCH_SIMT_HINTED(type)                                                                                         \
    inline type __ldcv(const type *address) { return *static_cast<const volatile type *>(address); }
#define GPUBENCH_SIMT_HINTED_VECTOR(type)                                                                              \
    GPUBENCH_SIMT_HINTED(type)                                                                                         \
    inline type __ldcv(const type *address) { return *address; }
GPUBENCH_SIMT_HINTED_SCALAR(char)
GPUBENCH_SIMT_HINTED_SCALAR(signed char)
GPUBENCH_SIMT_HINTED_SCALAR(unsigned char)
GPUBENCH_SIMT_HINTED_SCALAR(short)
GPUBENCH_SIMT_HINTED_SCALAR(unsigned short)
GPUBENCH_SIMT_HINTED_SCALAR(int)
GPUBENCH_SIMT_HINTED_SCALAR(unsigned)
GPUBENCH_SIMT_HINTED_SCALAR(long)
GPUBENCH_SIMT_HINTED_SCALAR(unsigned long)
GPUBENCH_SIMT_HINTED_SCALAR(long long)
GPUBENCH_SIMT_HINTED_SCALAR(unsigned long long)
GPUBENCH_SIMT_HINTED_SCALAR(float)
GPUBENCH_SIMT_HINTED_SCALAR(double)
GPUBENCH_SIMT_HINTED_VECTOR(char2)
GPUBENCH_SIMT_HINTED_VECTOR(char4)
GPUBENCH_SIMT_HINTED_VECTOR(uchar2)
GPUBENCH_SIMT_HINTED_VECTOR(uchar4)
GPUBENCH_SIMT_HINTED_VECTOR(short2)
GPUBENCH_SIMT_HINTED_VECTOR(short4)
GPUBENCH_SIMT_HINTED_VECTOR(ushort2)
GPUBENCH_SIMT_HINTED_VECTOR(ushort4)
GPUBENCH_SIMT_HINTED_VECTOR(int2)
GPUBENCH_SIMT_HINTED_VECTOR(int4)
GPUBENCH_SIMT_HINTED_VECTOR(uint2)
GPUBENCH_SIMT_HINTED_VECTOR(uint4)
GPUBENCH_SIMT_HINTED_VECTOR(longlong2)
GPUBENCH_SIMT_HINTED_VECTOR(ulonglong2)
GPUBENCH_SIMT_HINTED_VECTOR(float2)
GPUBENCH_SIMT_HINTED_VECTOR(float4)
GPUBENCH_SIMT_HINTED_VECTOR(double2)
#undef GPUBENCH_SIMT_HINTED_VECTOR
#undef GPUBENCH_SIMT_HINTED_SCALAR
#undef GPUBENCH_SIMT_HINTED

#endif
