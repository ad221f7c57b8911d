/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mailbox: two lines of 128 bytes in page-locked memory of the host, which the device has mapped: one that the host writes
 * and a resident kernel polls, one the other way round, so that nobody's write takes the line from under somebody's poll.
 *
 * The word that ends the kernel lies in the same 16 bytes as the token and comes in one read. A token that equals the one
 * before is no news. The kernel ends by itself when nothing was new for `patience` nanoseconds, so that no device is kept by a
 * host that is gone. It sleeps nowhere on a GPU.
 */
#ifndef GPUBENCH_MAILBOX_CUH
#define GPUBENCH_MAILBOX_CUH

#include "warp.cuh"

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

/* Both words at once, from memory and from no cache; what the host wrote before the token is seen by reads behind this one. */
__device__ __forceinline__ Request look_into(const Request *request)
{
    Request found;
#ifdef __CUDA_ARCH__
    asm volatile("ld.acquire.sys.global.v2.u64 {%0, %1}, [%2];"
                 : "=l"(found.token), "=l"(found.stop)
                 : "l"(request)
                 : "memory");
#else
    const volatile Request *words = request;
    found.token = words->token;
    found.stop = words->stop;
    __threadfence_system();
#endif
    return found;
}

/* Sixteen bytes of the host's memory, from no cache, since the host writes them over and over. */
__device__ __forceinline__ uint4 read_from_host(const uint4 *quad)
{
    uint4 found;
#ifdef __CUDA_ARCH__
    asm volatile("ld.relaxed.sys.global.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(found.x), "=r"(found.y), "=r"(found.z), "=r"(found.w)
                 : "l"(quad));
#else
    const volatile uint4 *words = quad;
    found = {words->x, words->y, words->z, words->w};
#endif
    return found;
}

/* A word for the host, which sees it after all that this thread, and whoever met it at a barrier, wrote before. */
__device__ __forceinline__ void tell_host(u64 *word, u64 value)
{
#ifdef __CUDA_ARCH__
    asm volatile("st.release.sys.global.u64 [%0], %1;" : : "l"(word), "l"(value) : "memory");
#else
    __threadfence_system();
    *static_cast<volatile u64 *>(word) = value;
#endif
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

/*
 * Waits until another token than this one is in the box, and puts it in its place. Anything but RUNNING: none will come, and
 * the kernel ends for this reason.
 */
__device__ __forceinline__ State await_token(const Mailbox *box, u64 *token, u64 patience)
{
    constexpr u32 LOOKS = 64; /* between two at the clock */
    const u64 since = now_nanos();
    for (u32 look = 1;; look++) {
        const Request request = look_into(&box->request);
        if (request.token != *token) {
            *token = request.token;
            return RUNNING;
        }
        if (request.stop != 0) {
            return STOPPED;
        }
        if (look % LOOKS == 0 && now_nanos() - since > patience) {
            return PATIENCE_LOST;
        }
        between_looks();
    }
}

#endif
