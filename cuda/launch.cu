/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch: the floor under every latency. What these kernels do is as little as can be told from nothing.
 * Oracle: io.gpubench.workloads.launch.Launch.
 *
 * The mathematics, with word() and mix64() as in words.cuh:
 *
 *   launch_empty    nothing
 *   launch_touch    out = word(key, 0): a word read and a word written, so that whoever waits can see that it ran
 *   launch_step     w = mix64(w): one node of many, each of which needs the one before
 *   launch_count    counter = counter + 1: how many of many launches ran
 *   launch_mailbox  answer = mix64(token), each time that another token lies in the box
 *
 * Bytes: 16 for each touch and each step; 8 each way over the link for each token, and 16 for each look into the box in which there is
 * nothing new.
 *
 * Launch shape: one block of one warp, of which one thread works; for an empty kernel any other would only take longer.
 *
 * The mailbox. Two lines of 128 bytes in page-locked memory of the host, which the device has mapped: one that the host
 * writes and the device reads, one the other way round, so that nobody's write takes the line from under somebody's poll. A
 * token and the word that ends the kernel lie in the same 16 bytes and come in one read; the time of a round trip is that
 * of such a read over the link and that of a write back, and half a read more on average, which is when the device looks. The
 * kernel sleeps nowhere on a GPU. A token that equals the one before is no news. The kernel ends by itself when nothing was
 * new for `patience` nanoseconds, so that no device is kept by a host that is gone.
 *
 * For `gpubench check`: a box in which the word that ends the kernel is set.
 * gpubench-check: grid=1 block=32 keys=u64[2]=1..9 sample=u64[80]=zero poison=3 key=1 key0=1 key1=2 verdict=u64[8]=zero steps=3 out=u64[1]
 * gpubench-check: kernel=launch_count counter=u64[1]=zero
 * gpubench-check: kernel=launch_mailbox box=u64[32]=hex:07000000000000000100000000000000 patience=1000000000
 */
#include "words.cuh"

extern "C" __global__ void __launch_bounds__(WARP) launch_empty() {}

extern "C" __global__ void __launch_bounds__(WARP) launch_touch(const u64 *keys, u64 *out)
{
    if (threadIdx.x == 0) {
        *out = word(keys[0], 0);
    }
}

extern "C" __global__ void __launch_bounds__(WARP) launch_step(u64 *out)
{
    if (threadIdx.x == 0) {
        *out = mix64(*out);
    }
}

extern "C" __global__ void __launch_bounds__(WARP) launch_count(u64 *counter)
{
    if (threadIdx.x == 0) {
        atomicAdd(counter, 1ull);
    }
}

/* ---- the mailbox */

/* What the host writes. */
struct alignas(16) Request {
    u64 token;
    u64 stop; /* not 0: the kernel ends */
};

enum State : u64 { NOT_STARTED = 0, RUNNING = 1, STOPPED = 2, PATIENCE_LOST = 3 };

struct Mailbox {
    alignas(128) Request request;
    alignas(128) u64 answer;
    u64 state;
};

/* Both words at once, from memory and from no cache. */
__device__ __forceinline__ Request look_into(const Request *request)
{
    Request found;
#ifdef __CUDA_ARCH__
    asm volatile("ld.volatile.global.v2.u64 {%0, %1}, [%2];" : "=l"(found.token), "=l"(found.stop) : "l"(request) : "memory");
#else
    const volatile Request *words = request;
    found.token = words->token;
    found.stop = words->stop;
#endif
    return found;
}

__device__ __forceinline__ u64 now_nanos()
{
#ifdef __CUDA_ARCH__
    u64 nanos;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(nanos));
    return nanos;
#else
    return __globaltimer();
#endif
}

/* Lets the host's threads run where they are those of the device too. */
__device__ __forceinline__ void between_looks()
{
#ifndef __CUDA_ARCH__
    __nanosleep(20);
#endif
}

extern "C" __global__ void __launch_bounds__(WARP) launch_mailbox(Mailbox *box, u64 patience)
{
    constexpr u32 LOOKS = 64; /* between two at the clock */
    if (threadIdx.x != 0) {
        return;
    }
    volatile u64 *answer = &box->answer;
    volatile u64 *state = &box->state;
    u64 last = look_into(&box->request).token;
    u64 since = now_nanos();
    __threadfence_system();
    *state = RUNNING; /* from here on a token is news */
    for (u32 look = 0;; look++) {
        const Request request = look_into(&box->request);
        if (request.token != last) {
            *answer = mix64(request.token);
            last = request.token;
            since = now_nanos();
        } else if (request.stop != 0) {
            *state = STOPPED;
            return;
        } else if (look % LOOKS == 0 && now_nanos() - since > patience) {
            *state = PATIENCE_LOST;
            return;
        }
        between_looks();
    }
}

/* ---- before and after a sample */

extern "C" __global__ void __launch_bounds__(WARP) launch_begin(Sample *sample, u64 key0, u64 key1, u64 poison)
{
    begin_sample(sample, key0, key1, poison);
}

/* The token itself, where steps begin. */
extern "C" __global__ void __launch_bounds__(WARP) launch_token(u64 *out, u64 key)
{
    if (threadIdx.x == 0) {
        *out = word(key, 0);
    }
}

extern "C" __global__ void __launch_bounds__(WARP) launch_check(const u64 *out, u64 steps, u64 key, Verdict *verdict)
{
    compare(
        out, 1, key,
        [=](u64) {
            u64 token = word(key, 0);
            for (u64 step = 0; step < steps; step++) {
                token = mix64(token);
            }
            return token;
        },
        verdict);
}
