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
 * The mailbox is that of mailbox.cuh. The time of a round trip is that of a read over the link and that of a write back, and
 * half a read more on average, which is when the device looks.
 *
 * For `gpubench check`: a box in which the word that ends the kernel is set.
 * gpubench-check: grid=1 block=32 keys=u64[2]=1..9 sample=u64[80]=zero poison=3 key=1 key0=1 key1=2 verdict=u64[8]=zero steps=3 out=u64[1]
 * gpubench-check: kernel=launch_count counter=u64[1]=zero
 * gpubench-check: kernel=launch_mailbox box=u64[32]=hex:07000000000000000100000000000000 patience=1000000000
 */
#include "mailbox.cuh"
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

extern "C" __global__ void __launch_bounds__(WARP) launch_mailbox(Mailbox *box, u64 patience)
{
    if (threadIdx.x != 0) {
        return;
    }
    volatile u64 *answer = &box->answer;
    volatile u64 *state = &box->state;
    u64 token = look_into(&box->request).token;
    __threadfence_system();
    *state = RUNNING; /* from here on a token is news */
    State now;
    while ((now = await_token(box, &token, patience)) == RUNNING) {
        *answer = mix64(token);
    }
    *state = now;
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
