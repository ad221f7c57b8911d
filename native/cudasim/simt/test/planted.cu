/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each kernel has one mistake, which it does not make with `right`. Lines that a report may name are marked: accused is the
 * place that it is about or, of two accesses that are in no order, either.
 */
/* ---- what nobody has written */

extern "C" __global__ void uninitialised_shared(unsigned *out, int right)
{
    __shared__ unsigned values[64];
    if (right || threadIdx.x != 17) {
        values[threadIdx.x] = 1;
    }
    __syncthreads();
    out[threadIdx.x] = values[63 - threadIdx.x]; // accused: uninitialised_shared
}

extern "C" __global__ void uninitialised_dynamic(unsigned *out, int right)
{
    extern __shared__ unsigned dynamic[];
    if (right) {
        dynamic[threadIdx.x] = 1;
    }
    __syncthreads();
    out[threadIdx.x] = dynamic[threadIdx.x]; // accused: uninitialised_dynamic
}

extern "C" __global__ void uninitialised_device(unsigned *fresh, unsigned *out, int right)
{
    if (right) {
        fresh[threadIdx.x] = 1;
    }
    out[threadIdx.x] = fresh[threadIdx.x]; // accused: uninitialised_device
}

extern "C" __global__ void uninitialised_counter(unsigned *fresh, int right)
{
    if (right && threadIdx.x == 0) {
        *fresh = 0;
    }
    __syncthreads();
    atomicAdd(fresh, 1u); // accused: uninitialised_counter
}

/* The half of the structure that is only padding is copied with the other. */
struct alignas(16) Padded {
    unsigned long long key;
};

extern "C" __global__ void uninitialised_structure(Padded *from, Padded *to, int right)
{
    if (right) {
        from[threadIdx.x].key = threadIdx.x;
    }
    __syncthreads();
    to[threadIdx.x] = from[threadIdx.x ^ 1]; // accused: uninitialised_structure
}

/* ---- addresses */

extern "C" __global__ void beyond(unsigned *out, int right)
{
    out[threadIdx.x + (right ? 0 : 1)] = 1; // accused: beyond
}

extern "C" __global__ void before(unsigned *out, int right)
{
    unsigned *start = out - (right ? 0 : 1);
    start[threadIdx.x] = 1; // accused: before
}

extern "C" __global__ void wild(unsigned *out, int right)
{
    unsigned *address = right ? out : reinterpret_cast<unsigned *>(0x123456780000);
    address[threadIdx.x] = 1; // accused: wild
}

extern "C" __global__ void null_pointer(unsigned *out, unsigned *null, int right)
{
    unsigned *address = right ? out : null;
    if (threadIdx.x == 2) {
        *address = 1; // accused: null_pointer
    }
}

extern "C" __global__ void use_after_free(unsigned *freed, unsigned *out, int right)
{
    unsigned *address = right ? out : freed;
    address[threadIdx.x] = 1; // accused: use_after_free
}

extern "C" __global__ void beyond_dynamic(unsigned *out, int right)
{
    extern __shared__ unsigned room[];
    room[threadIdx.x + (right ? 0 : 1)] = 1; // accused: beyond_dynamic
    out[threadIdx.x] = 1;
}

/* Into the array beside it, which nothing but the index tells. */
extern "C" __global__ void into_the_neighbour(unsigned *out, unsigned index, int right)
{
    __shared__ unsigned first[8];
    __shared__ unsigned second[8];
    first[right ? index % 8 : index] = 1; // accused: into_the_neighbour
    second[index % 8] = 2;
    *out = first[index % 8] + second[index % 8];
}

extern "C" __global__ void misaligned(unsigned char *bytes, unsigned *out, int right)
{
    const uint4 *vector = reinterpret_cast<const uint4 *>(bytes + (right ? 16 : 4));
    out[threadIdx.x] = vector->x; // accused: misaligned
}

extern "C" __global__ void copies_too_much(const unsigned char *from, unsigned char *to, unsigned bytes, int right)
{
    memcpy(to, from, right ? bytes : bytes + 1); // accused: copies_too_much
}

extern "C" __global__ void fills_too_much(unsigned char *to, unsigned bytes, int right)
{
    memset(to, 1, right ? bytes : bytes + 1); // accused: fills_too_much
}

/* ---- undefined, or endless */

extern "C" __global__ void shift(unsigned *out, unsigned bits, int right)
{
    out[threadIdx.x] = 1u << (right ? bits % 32 : bits); // accused: shift
}

extern "C" __global__ void division(int *out, int zero, int right)
{
    *out = 100 / (right ? zero + 1 : zero); // accused: division
}

__device__ __attribute__((noinline)) unsigned recursion(unsigned depth, volatile unsigned *out) // accused: stack_overflow
{                                                                                            // accused: stack_overflow
    unsigned local[100];
    for (unsigned i = 0; i < 100; i++) { // accused: stack_overflow
        local[i] = i + *out;             // accused: stack_overflow
    }
    if (depth == 0) { // accused: stack_overflow
        return 0;
    }
    return recursion(depth - 1, out) + local[depth % 100]; // accused: stack_overflow
}

extern "C" __global__ void stack_overflow(unsigned *out, int right)
{
    *out = recursion(right ? 20 : 100000, out);
}

extern "C" __global__ void waits_for_nobody(volatile unsigned *flag, int right)
{
    while (*flag == 0 && !right) { // accused: waits_for_nobody
    }
}

/* Without any access to memory: such a state never becomes 0. */
extern "C" __global__ void loops_for_ever(unsigned *out, int right)
{
    unsigned state = 1;
    while (state != 0 && !right) { // accused: loops_for_ever
        state ^= state << 13;      // accused: loops_for_ever
        state ^= state >> 17;      // accused: loops_for_ever
        state ^= state << 5;       // accused: loops_for_ever
    }
    if (threadIdx.x == 0) {
        *out = state;
    }
}

/* No mistake: who comes when. */
extern "C" __global__ void turns(unsigned *order, unsigned *next)
{
    order[atomicAdd(next, 1u)] = threadIdx.x;
}

/* No thread goes on for long, but there are many. */
extern "C" __global__ void many_short_ones(const unsigned *in, unsigned *out)
{
    unsigned sum = threadIdx.x;
    for (unsigned i = 0; i < 200; i++) {
        sum = sum * 1664525u + in[i % 32];
    }
    if (sum == 0 && threadIdx.x == 1) {
        *out = sum;
    }
}
