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

/* As on the GPU: the types that have such a load or store, and no others. */
#define GPUBENCH_SIMT_HINTED(type)                                                                                     \
    inline type __ldg(const type *address) { return *address; }                                                        \
    inline type __ldca(const type *address) { return *address; }                                                       \
    inline type __ldcg(const type *address) { return *address; }                                                       \
    inline type __ldcs(const type *address) { return *address; }                                                       \
    inline type __ldlu(const type *address) { return *address; }                                                       \
    inline type __ldcv(const type *address) { return *const_cast<type *>(address); }                                   \
    inline void __stwb(type *address, type value) { *address = value; }                                                \
    inline void __stcg(type *address, type value) { *address = value; }                                                \
    inline void __stcs(type *address, type value) { *address = value; }                                                \
    inline void __stwt(type *address, type value) { *address = value; }
GPUBENCH_SIMT_HINTED(char)
GPUBENCH_SIMT_HINTED(signed char)
GPUBENCH_SIMT_HINTED(unsigned char)
GPUBENCH_SIMT_HINTED(short)
GPUBENCH_SIMT_HINTED(unsigned short)
GPUBENCH_SIMT_HINTED(int)
GPUBENCH_SIMT_HINTED(unsigned)
GPUBENCH_SIMT_HINTED(long)
GPUBENCH_SIMT_HINTED(unsigned long)
GPUBENCH_SIMT_HINTED(long long)
GPUBENCH_SIMT_HINTED(unsigned long long)
GPUBENCH_SIMT_HINTED(float)
GPUBENCH_SIMT_HINTED(double)
GPUBENCH_SIMT_HINTED(char2)
GPUBENCH_SIMT_HINTED(char4)
GPUBENCH_SIMT_HINTED(uchar2)
GPUBENCH_SIMT_HINTED(uchar4)
GPUBENCH_SIMT_HINTED(short2)
GPUBENCH_SIMT_HINTED(short4)
GPUBENCH_SIMT_HINTED(ushort2)
GPUBENCH_SIMT_HINTED(ushort4)
GPUBENCH_SIMT_HINTED(int2)
GPUBENCH_SIMT_HINTED(int4)
GPUBENCH_SIMT_HINTED(uint2)
GPUBENCH_SIMT_HINTED(uint4)
GPUBENCH_SIMT_HINTED(longlong2)
GPUBENCH_SIMT_HINTED(ulonglong2)
GPUBENCH_SIMT_HINTED(float2)
GPUBENCH_SIMT_HINTED(float4)
GPUBENCH_SIMT_HINTED(double2)
#undef GPUBENCH_SIMT_HINTED

#endif
