/* SPDX-License-Identifier: Apache-2.0 */
/* Accesses that are in no order; as in planted.cu, each kernel has one mistake, which it does not make with `right`. */
#define FULL 0xffffffffu

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
