/* SPDX-License-Identifier: Apache-2.0 */
/* Stacks and the switch between them. */
#ifndef GPUBENCH_CUDASIM_FIBER_HPP
#define GPUBENCH_CUDASIM_FIBER_HPP

#include "../include/simt/abi.h"

#include <vector>

#if !defined(__x86_64__) && !defined(__aarch64__) && !defined(CUDASIM_UCONTEXT)
#define CUDASIM_UCONTEXT
#endif
#ifdef CUDASIM_UCONTEXT
#include <ucontext.h>
#endif

namespace cudasim {

/* Where a stack left off. */
struct Context {
#ifdef CUDASIM_UCONTEXT
    ucontext_t *machine;
#else
    void *stack_pointer;
#endif
    /* For the address sanitizer. */
    const void *lowest;
    size_t bytes;
    void *fake_stack;
};

/* A CUDA thread at work, at the top of its stack. */
struct Fiber : gpubench_simt::Thread {
    uint32_t number; /* of the thread in its block */
    class Block *block;
    Context context;
    uint64_t stamp; /* of a checked kernel's accesses: the thread, and the time since it last met others */
};
static_assert(sizeof(Fiber) <= gpubench_simt::thread_bytes, "the ABI leaves room for it");

/* Prepares the fiber's stack so that the next switch to it calls entry(fiber), which never returns. */
void prepare(Fiber &fiber, void (*entry)(Fiber *));

/* Saves this stack in `from` and continues `to`. A stack that `ends` is not continued. */
void switch_context(Context &from, Context &to, bool ends);

/* First on a stack that was just prepared; `home` is where it was switched from. */
void first_on_stack(Context *home);

/*
 * Fibers whose stacks are free. They belong to the process, go from block to block and are never unmapped. take adds
 * some to both lists, of which the second is for return; false if there is no memory. Any thread.
 */
bool take_stacks(std::vector<Fiber *> &stacks, std::vector<Fiber *> &taken);
void return_stacks(const std::vector<Fiber *> &taken);

} // namespace cudasim

#endif
