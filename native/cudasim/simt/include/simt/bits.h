/* SPDX-License-Identifier: Apache-2.0 */
/* Integer and bit intrinsics, reinterpretations, min and max, and hints to the compiler. */
#pragma GCC system_header
#ifndef GPUBENCH_SIMT_BITS_H
#define GPUBENCH_SIMT_BITS_H

inline int __popc(unsigned value)
{
    return __builtin_popcount(value);
}

inline int __popcll(unsigned long long value)
{
    return __builtin_popcountll(value);
}

inline int __clz(int value)
{
    return value == 0 ? 32 : __builtin_clz(static_cast<unsigned>(value));
}

inline int __clzll(long long value)
{
    return value == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(value));
}

inline int __ffs(int value)
{
    return __builtin_ffs(value);
}

inline int __ffsll(long long value)
{
    return __builtin_ffsll(value);
}

inline unsigned __brev(unsigned value)
{
    value = (value >> 1 & 0x55555555u) | (value & 0x55555555u) << 1;
    value = (value >> 2 & 0x33333333u) | (value & 0x33333333u) << 2;
    value = (value >> 4 & 0x0f0f0f0fu) | (value & 0x0f0f0f0fu) << 4;
    return __builtin_bswap32(value);
}

inline unsigned long long __brevll(unsigned long long value)
{
    return static_cast<unsigned long long>(__brev(static_cast<unsigned>(value))) << 32 |
           __brev(static_cast<unsigned>(value >> 32));
}

inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector)
{
    uint64_t bytes = static_cast<uint64_t>(high) << 32 | low;
    unsigned result = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned select = selector >> (4 * i) & 7;
        result |= (static_cast<unsigned>(bytes >> (8 * select)) & 0xffu) << (8 * i);
    }
    return result;
}

inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift)
{
    uint64_t both = static_cast<uint64_t>(high) << 32 | low;
    return static_cast<unsigned>(both << (shift & 31) >> 32);
}

inline unsigned __funnelshift_lc(unsigned low, unsigned high, unsigned shift)
{
    uint64_t both = static_cast<uint64_t>(high) << 32 | low;
    return static_cast<unsigned>(both << (shift < 32 ? shift : 32) >> 32);
}

inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift)
{
    uint64_t both = static_cast<uint64_t>(high) << 32 | low;
    return static_cast<unsigned>(both >> (shift & 31));
}

inline unsigned __funnelshift_rc(unsigned low, unsigned high, unsigned shift)
{
    uint64_t both = static_cast<uint64_t>(high) << 32 | low;
    return static_cast<unsigned>(both >> (shift < 32 ? shift : 32));
}

inline int __mulhi(int a, int b)
{
    return static_cast<int>((static_cast<int64_t>(a) * b) >> 32);
}

inline unsigned __umulhi(unsigned a, unsigned b)
{
    return static_cast<unsigned>((static_cast<uint64_t>(a) * b) >> 32);
}

inline long long __mul64hi(long long a, long long b)
{
    return static_cast<long long>((static_cast<__int128>(a) * b) >> 64);
}

inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b)
{
    return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}

inline int __mul24(int a, int b)
{
    return static_cast<int>(static_cast<unsigned>(a << 8 >> 8) * static_cast<unsigned>(b << 8 >> 8));
}

inline unsigned __umul24(unsigned a, unsigned b)
{
    return (a & 0xffffffu) * (b & 0xffffffu);
}

inline unsigned __sad(int a, int b, unsigned sum)
{
    return (a > b ? static_cast<unsigned>(a) - static_cast<unsigned>(b)
                  : static_cast<unsigned>(b) - static_cast<unsigned>(a)) +
           sum;
}

inline unsigned __usad(unsigned a, unsigned b, unsigned sum)
{
    return (a > b ? a - b : b - a) + sum;
}

inline int __hadd(int a, int b)
{
    return static_cast<int>((static_cast<int64_t>(a) + b) >> 1);
}

inline int __rhadd(int a, int b)
{
    return static_cast<int>((static_cast<int64_t>(a) + b + 1) >> 1);
}

inline int __dp4a(int a, int b, int sum)
{
    for (int shift = 0; shift < 32; shift += 8) {
        sum += static_cast<signed char>(a >> shift) * static_cast<signed char>(b >> shift);
    }
    return sum;
}

inline unsigned __dp4a(unsigned a, unsigned b, unsigned sum)
{
    for (int shift = 0; shift < 32; shift += 8) {
        sum += (a >> shift & 0xffu) * (b >> shift & 0xffu);
    }
    return sum;
}

namespace gpubench_simt {

template <typename To, typename From> inline To reinterpret(From from)
{
    static_assert(sizeof(To) == sizeof(From), "same size");
    To to;
    memcpy(&to, &from, sizeof to);
    return to;
}

} // namespace gpubench_simt

inline int __float_as_int(float value)
{
    return gpubench_simt::reinterpret<int>(value);
}

inline unsigned __float_as_uint(float value)
{
    return gpubench_simt::reinterpret<unsigned>(value);
}

inline float __int_as_float(int value)
{
    return gpubench_simt::reinterpret<float>(value);
}

inline float __uint_as_float(unsigned value)
{
    return gpubench_simt::reinterpret<float>(value);
}

inline long long __double_as_longlong(double value)
{
    return gpubench_simt::reinterpret<long long>(value);
}

inline double __longlong_as_double(long long value)
{
    return gpubench_simt::reinterpret<double>(value);
}

inline int __double2loint(double value)
{
    return static_cast<int>(__double_as_longlong(value));
}

inline int __double2hiint(double value)
{
    return static_cast<int>(__double_as_longlong(value) >> 32);
}

inline double __hiloint2double(int high, int low)
{
    return __longlong_as_double(static_cast<long long>(high) << 32 | static_cast<unsigned>(low));
}

/* Round to nearest is what the host does, and simtcc lets no compiler fuse what is not written as fused. */
inline float __fadd_rn(float a, float b)
{
    return a + b;
}

inline float __fsub_rn(float a, float b)
{
    return a - b;
}

inline float __fmul_rn(float a, float b)
{
    return a * b;
}

inline float __fdiv_rn(float a, float b)
{
    return a / b;
}

inline float __fdividef(float a, float b)
{
    return a / b;
}

inline float __fsqrt_rn(float a)
{
    return sqrtf(a);
}

inline float __fmaf_rn(float a, float b, float c)
{
    return fmaf(a, b, c);
}

inline double __dadd_rn(double a, double b)
{
    return a + b;
}

inline double __dmul_rn(double a, double b)
{
    return a * b;
}

inline double __fma_rn(double a, double b, double c)
{
    return fma(a, b, c);
}

inline float rsqrtf(float value)
{
    return static_cast<float>(1 / sqrt(static_cast<double>(value)));
}

inline double rsqrt(double value)
{
    return 1 / sqrt(value);
}

inline float __saturatef(float value)
{
    return value > 0 ? (value < 1 ? value : 1) : 0;
}

#define GPUBENCH_SIMT_MIN_MAX(type, a_type, b_type)                                                                    \
    inline constexpr type min(a_type a, b_type b)                                                                      \
    {                                                                                                                  \
        return static_cast<type>(b) < static_cast<type>(a) ? static_cast<type>(b) : static_cast<type>(a);              \
    }                                                                                                                  \
    inline constexpr type max(a_type a, b_type b)                                                                      \
    {                                                                                                                  \
        return static_cast<type>(a) < static_cast<type>(b) ? static_cast<type>(b) : static_cast<type>(a);              \
    }
#define GPUBENCH_SIMT_INTEGER_MIN_MAX(type)                                                                            \
    GPUBENCH_SIMT_MIN_MAX(type, type, type)                                                                            \
    GPUBENCH_SIMT_MIN_MAX(unsigned type, unsigned type, unsigned type)                                                 \
    GPUBENCH_SIMT_MIN_MAX(unsigned type, type, unsigned type)                                                          \
    GPUBENCH_SIMT_MIN_MAX(unsigned type, unsigned type, type)
GPUBENCH_SIMT_INTEGER_MIN_MAX(int)
GPUBENCH_SIMT_INTEGER_MIN_MAX(long)
GPUBENCH_SIMT_INTEGER_MIN_MAX(long long)
#undef GPUBENCH_SIMT_INTEGER_MIN_MAX
#undef GPUBENCH_SIMT_MIN_MAX

/* As on the GPU, these prefer a number to a NaN. */
inline float min(float a, float b)
{
    return fminf(a, b);
}

inline float max(float a, float b)
{
    return fmaxf(a, b);
}

inline double min(double a, double b)
{
    return fmin(a, b);
}

inline double max(double a, double b)
{
    return fmax(a, b);
}

inline double min(float a, double b)
{
    return fmin(static_cast<double>(a), b);
}

inline double min(double a, float b)
{
    return fmin(a, static_cast<double>(b));
}

inline double max(float a, double b)
{
    return fmax(static_cast<double>(a), b);
}

inline double max(double a, float b)
{
    return fmax(a, static_cast<double>(b));
}

#define __assume(condition) ((condition) ? static_cast<void>(0) : __builtin_unreachable())
#ifndef __clang__
#define __builtin_assume(condition) __assume(condition)
#endif

#endif
