/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels and variables of all kinds, for images_test.cpp. No kernel, though it looks like one: __global__ void comment(int) */
#include "images.cuh"

#include <stdint.h>

constexpr int kThreads = 96;

struct Small {
    char c;
};

struct Mixed {
    char c;
    double d;
    short s[3];
};

struct alignas(16) Wide {
    float f[4];
    unsigned char tail;
};

struct Large {
    uint32_t words[500];
};

__device__ unsigned counter = 7;
__device__ float table[4] = {1, 2, 3, 4};
__constant__ Mixed settings[2];
extern "C" {
__device__ unsigned long long plain_variable;
}
namespace inner {
__device__ int hidden_in_namespace = 5;
}
/* A name that the C library has as well. */
extern "C" {
__device__ int optind = 3;
}

extern "C" __global__ void count(unsigned *out)
{
    out[threadIdx.x] = atomicAdd(&counter, 1u);
}

extern "C" __global__ void read_variables(double *out)
{
    out[0] = settings[1].d;
    out[1] = settings[1].s[2];
    out[2] = table[3];
    out[3] = static_cast<double>(plain_variable);
    out[4] = inner::hidden_in_namespace;
    out[5] = optind;
}

extern "C" __global__ void __launch_bounds__(kThreads) parameters(
    signed char c, unsigned char u, short s, int i, long long l, float f, double d, bool b, Small small, Mixed mixed,
    const Wide wide, uint4 vector, Large large, double *out)
{
    double all[] = {double(c), double(u), double(s), double(i), double(l), double(f), d, double(b), double(small.c),
        double(mixed.c), mixed.d, double(mixed.s[0]), double(mixed.s[2]), double(wide.f[3]), double(wide.tail),
        double(vector.w), double(large.words[0]), double(large.words[499])};
    for (unsigned n = 0; n < sizeof all / sizeof *all; n++) {
        out[n] = all[n];
    }
    out[18] = double(reinterpret_cast<uintptr_t>(&wide) % 16);
}

extern "C" __global__ void none() {}

/* Bounds may stand before the type, or with a declaration, and be an expression. */
extern "C" __global__ __launch_bounds__(kThreads / (2 + 1), /* blocks */ 2) void
bounded(
    int *out);
extern "C" __global__ void bounded(int *out)
{
    *out = static_cast<int>(blockDim.x);
}

extern "C" {
__global__ void __launch_bounds__(64, 2, 1)
    __attribute__((unused))
    attributed(int *out)
{
    *out = 3;
}
}

__global__ void mangled(int *out, signed char step)
{
    *out += step;
}

namespace outer {
namespace inside::deeper {
constexpr int own_bound = 40;
namespace {
__global__ void __launch_bounds__(own_bound) anonymous(int *out)
{
    *out = 11;
}
}
__global__ void __launch_bounds__(own_bound) spaced(int *out)
{
    extern __shared__ int dynamic_in_namespace[];
    dynamic_in_namespace[threadIdx.x] = 9;
    *out = dynamic_in_namespace[threadIdx.x];
}
}
}

static __global__ void internal(int *out)
{
    *out = 12;
}

template <typename T> __global__ void generic(T *out)
{
    *out = T(1);
}

/* Each instance is a kernel, whose parameters have the template's names. */
template <unsigned Block, typename T> __global__ void instance(T *place, T value)
{
    place[threadIdx.x + blockIdx.x * Block] = value;
}
template __global__ void instance<32, int>(int *, int);
namespace outer {
template <typename T> __global__ void spaced(T *out)
{
    *out = sizeof(T);
}
template __global__ void spaced<unsigned long long>(unsigned long long *);
}
template <int N> __device__ int no_kernel()
{
    return N;
}
template __device__ int no_kernel<3>();

#define KERNEL(name, value)                                                                                            \
    extern "C" __global__ void name(int *out)                                                                          \
    {                                                                                                                  \
        *out = value;                                                                                                  \
    }
KERNEL(from_macro, 21)

#if 0
extern "C" __global__ void disabled(int *out) {}
#endif

const char *text = "__global__ void in_string(int) { \" } {";
const char quotes[] = {'"', '\'', '{'};

/* Three names and two types for the one dynamic array, at two alignments. */
extern "C" __global__ void dynamic_arrays(unsigned *out)
{
    extern __shared__ __align__(16) unsigned char as_bytes[];
    extern __shared__ uint4 as_vectors[], again[];
    again[threadIdx.x] = as_vectors[threadIdx.x] = make_uint4(threadIdx.x, 2, 3, 4);
    __syncthreads();
    out[threadIdx.x] = as_bytes[16 * ((threadIdx.x + 1) % blockDim.x)] +
                       static_cast<unsigned>(reinterpret_cast<uintptr_t>(as_bytes) % 128);
}

/* A __shared__ variable of a template is one for each of its instances. */
template <int N> __device__ int *shared_of_template()
{
    __shared__ int mine[N];
    return mine;
}

extern "C" __global__ void template_arrays(int *out)
{
    int *four = shared_of_template<4>();
    int *five = shared_of_template<5>();
    four[0] = 4;
    five[0] = 5;
    *out = 10 * four[0] + five[0];
}
