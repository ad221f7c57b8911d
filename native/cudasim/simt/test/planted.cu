/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each kernel has one mistake, which it does not make with `right`. Lines that a report may name are marked: accused is the
 * place that it is about or, of two accesses that are in no order, either.
 */
#define FULL 0xffffffffu

/* ---- races */

extern "C" __global__ void missing_barrier(unsigned *out, int right)
{
    __shared__ unsigned values[64];
    values[threadIdx.x] = 0;
    __syncthreads();
    values[threadIdx.x] = threadIdx.x; // accused: missing_barrier
    if (right) {
        __syncthreads();
    }
    out[threadIdx.x] = values[(threadIdx.x + 33) % 64]; // accused: missing_barrier
}

extern "C" __global__ void missing_second_barrier(unsigned *out, int right)
{
    __shared__ unsigned values[64];
    unsigned sum = 0;
    for (unsigned i = 0; i < 4; i++) {
        values[threadIdx.x] = threadIdx.x + i; // accused: missing_second_barrier
        __syncthreads();
        sum += values[63 - threadIdx.x]; // accused: missing_second_barrier
        if (right) {
            __syncthreads();
        }
    }
    out[threadIdx.x] = sum;
}

extern "C" __global__ void missing_syncwarp(unsigned *out, int right)
{
    __shared__ unsigned values[32];
    values[threadIdx.x] = 0;
    __syncwarp();
    values[threadIdx.x] = threadIdx.x; // accused: missing_syncwarp
    if (right) {
        __syncwarp();
    }
    out[threadIdx.x] = values[threadIdx.x ^ 1]; // accused: missing_syncwarp
}

extern "C" __global__ void shuffle_orders_nothing(unsigned *out, int right)
{
    __shared__ unsigned values[32];
    values[threadIdx.x] = 0;
    __syncwarp();
    values[threadIdx.x] = threadIdx.x; // accused: shuffle_orders_nothing
    unsigned all = __shfl_xor_sync(FULL, threadIdx.x, 1);
    if (right) {
        __syncwarp();
    }
    out[threadIdx.x] = all + values[threadIdx.x ^ 1]; // accused: shuffle_orders_nothing
}

extern "C" __global__ void wrong_mask(unsigned *out, int right)
{
    __shared__ unsigned values[32];
    unsigned mask = right ? 0xffu << threadIdx.x / 8 * 8 : 0xfu << threadIdx.x / 4 * 4;
    values[threadIdx.x] = 0;
    __syncwarp();
    values[threadIdx.x] = threadIdx.x; // accused: wrong_mask
    __syncwarp(mask);
    out[threadIdx.x] = values[threadIdx.x ^ 4]; // accused: wrong_mask
}

extern "C" __global__ void warps_are_not_joined(unsigned *out, int right)
{
    __shared__ unsigned values[64];
    values[threadIdx.x] = 0;
    __syncthreads();
    values[threadIdx.x] = threadIdx.x; // accused: warps_are_not_joined
    __syncwarp();
    unsigned other = right ? threadIdx.x ^ 31 : threadIdx.x ^ 32;
    out[threadIdx.x] = values[other]; // accused: warps_are_not_joined
}

extern "C" __global__ void shared_histogram(const unsigned *in, unsigned *out, int right)
{
    __shared__ unsigned counts[8];
    if (threadIdx.x < 8) {
        counts[threadIdx.x] = 0;
    }
    __syncthreads();
    unsigned bin = in[threadIdx.x] % 8;
    if (right) {
        atomicAdd(&counts[bin], 1u);
    } else {
        counts[bin]++; // accused: shared_histogram
    }
    __syncthreads();
    if (threadIdx.x < 8) {
        out[threadIdx.x] = counts[threadIdx.x];
    }
}

extern "C" __global__ void global_histogram(const unsigned *in, unsigned *counts, int right)
{
    unsigned bin = in[threadIdx.x] % 2;
    if (right) {
        atomicAdd(&counts[bin], 1u);
    } else if (threadIdx.x == 0) {
        counts[bin]++; // accused: global_histogram
    }
}

extern "C" __global__ void plain_beside_atomic(unsigned *out, int right)
{
    __shared__ unsigned count;
    if (threadIdx.x == 0) {
        count = 1;
    }
    __syncthreads();
    if (threadIdx.x == 5) {
        count = 0; // accused: plain_beside_atomic
    }
    if (right) {
        __syncthreads();
    }
    if (threadIdx.x != 5 || right) {
        atomicExch(&count, 1u); // accused: plain_beside_atomic
    }
    __syncthreads();
    out[threadIdx.x] = count;
}

extern "C" __global__ void block_reads_block(unsigned *values, unsigned *out, int right)
{
    values[blockIdx.x] = 7; // accused: block_reads_block
    unsigned other = right ? blockIdx.x : (blockIdx.x + 1) % gridDim.x;
    out[blockIdx.x] = values[other]; // accused: block_reads_block
}

extern "C" __global__ void blocks_write_the_same(unsigned *out, int right)
{
    out[right ? blockIdx.x : 0] = 7; // accused: blocks_write_the_same
}

extern "C" __global__ void torn_vector(uint4 *values, unsigned *out, int right)
{
    if (threadIdx.x == 40) {
        values[0] = make_uint4(1, 2, 3, 4); // accused: torn_vector
    }
    if (right) {
        __syncthreads();
    }
    if (threadIdx.x == 3) {
        *out = values[0].z; // accused: torn_vector
    }
}

/* The block that comes last adds up what all have written. */
extern "C" __global__ void missing_fence(unsigned *parts, unsigned *arrived, unsigned *out, int right)
{
    __shared__ bool last;
    if (threadIdx.x == 9) {
        parts[blockIdx.x] = blockIdx.x; // accused: missing_fence
    }
    if (right) {
        __threadfence();
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        last = atomicAdd(arrived, 1u) == gridDim.x - 1;
    }
    __syncthreads();
    if (last) {
        __threadfence();
        unsigned sum = 0;
        for (unsigned i = threadIdx.x; i < gridDim.x; i += blockDim.x) {
            sum += parts[i]; // accused: missing_fence
        }
        atomicAdd(out, sum);
    }
}

extern "C" __global__ void missing_acquire(volatile unsigned *flag, unsigned *data, unsigned *out, int right)
{
    if (threadIdx.x == 32) {
        *data = 5; // accused: missing_acquire
        __threadfence();
        *flag = 1;
    } else if (threadIdx.x == 0) {
        while (*flag == 0) {
        }
        if (right) {
            __threadfence();
        }
        *out = *data; // accused: missing_acquire
    }
}

extern "C" __global__ void plain_flag(unsigned *flag, unsigned *data, unsigned *out, int right)
{
    if (threadIdx.x == 32) {
        *data = 5;
        __threadfence();
        if (right) {
            *reinterpret_cast<volatile unsigned *>(flag) = 1;
        } else {
            *flag = 1; // accused: plain_flag
        }
    } else if (threadIdx.x == 0) {
        while (*reinterpret_cast<volatile unsigned *>(flag) == 0) { // accused: plain_flag
        }
        __threadfence();
        *out = *data;
    }
}

/* All that any thread has written, read by whichever comes last. */
extern "C" __global__ void all_count(unsigned *data, unsigned *count, unsigned *out, int right)
{
    unsigned all = gridDim.x * blockDim.x;
    data[blockIdx.x * blockDim.x + threadIdx.x] = 1; // accused: all_count
    if (right) {
        __threadfence();
    }
    if (atomicAdd(count, 1u) == all - 1) {
        __threadfence();
        unsigned sum = 0;
        for (unsigned i = 0; i < all; i++) {
            sum += data[i]; // accused: all_count
        }
        *out = sum;
    }
}

/* One lane fences, another sets the flag, and both after they have met who wrote. */
extern "C" __global__ void fence_of_another_lane(unsigned *data, unsigned *flag, unsigned *out, unsigned mask, int right)
{
    if (blockIdx.x == 0) {
        if (mask >> threadIdx.x & 1) {
            if (threadIdx.x == 2) {
                *data = 5; // accused: fence_of_another_lane
            }
            if (right) {
                __syncwarp(mask);
            }
            if (threadIdx.x == 0) {
                __threadfence();
            }
            __syncwarp(mask);
            if (threadIdx.x == 1) {
                atomicExch(flag, 1u);
            }
        }
    } else if (threadIdx.x == 0) {
        while (*static_cast<volatile unsigned *>(flag) == 0) {
        }
        __threadfence();
        *out = *data; // accused: fence_of_another_lane
    }
}

/* The fences of the warp that has ended are none of the warp that has not. */
extern "C" __global__ void fences_of_the_ended(unsigned *data, volatile unsigned *flag, unsigned *out, int right)
{
    if (blockIdx.x == 0) {
        if (threadIdx.x >= 32) {
            __threadfence();
            return;
        }
        for (unsigned i = 0; i < 20; i++) {
            __nanosleep(20);
        }
        if (threadIdx.x == 2) {
            *data = 5; // accused: fences_of_the_ended
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            if (right) {
                __threadfence();
            }
            *flag = 1;
        }
    } else if (threadIdx.x == 0) {
        while (*flag == 0) {
        }
        __threadfence();
        *out = *data; // accused: fences_of_the_ended
    }
}

/* Who only watches a counter has not written it. */
extern "C" __global__ void watched_counter(unsigned *count, volatile unsigned *seen, unsigned *out, int right)
{
    if (blockIdx.x == 0) {
        atomicAdd(count, 1u); // accused: watched_counter
        while (*seen == 0) {
        }
        if (right) {
            __syncthreads();
        }
        out[threadIdx.x] = *count; // accused: watched_counter
    } else if (threadIdx.x == 0) {
        while (*static_cast<volatile unsigned *>(count) < blockDim.x) {
        }
        *seen = 1;
    }
}

/* Four readers are remembered, and those of the writer's own warp are in order with it. */
extern "C" __global__ void written_behind_readers(unsigned *value, unsigned *out, int right)
{
    out[threadIdx.x] = *value; // accused: written_behind_readers
    if (right) {
        __syncthreads();
    } else {
        __syncwarp();
    }
    if (threadIdx.x == blockDim.x - 1) {
        *value = 2; // accused: written_behind_readers
    }
}

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
