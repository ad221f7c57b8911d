/* SPDX-License-Identifier: Apache-2.0 */
#include "fiber.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>

#include <sys/mman.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

using gpubench_simt::stack_slot_bytes;

namespace cudasim {
namespace {

constexpr size_t guard_bytes = 4096;
constexpr size_t stacks_at_once = gpubench_simt::warp_lanes;

std::mutex free_mutex;

/* Never destroyed: a thread may still run when the process exits. */
std::vector<Fiber *> &free_stacks()
{
    static auto *stacks = new std::vector<Fiber *>;
    return *stacks;
}

/* From the guard page to the fiber. */
unsigned char *stack_bottom(Fiber &fiber)
{
    auto address = reinterpret_cast<uintptr_t>(&fiber);
    return reinterpret_cast<unsigned char *>((address & ~(stack_slot_bytes - 1)) + guard_bytes);
}

bool map_stacks(std::vector<Fiber *> &stacks)
{
    size_t bytes = stacks_at_once * stack_slot_bytes;
    void *mapped = mmap(nullptr, bytes + stack_slot_bytes, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (mapped == MAP_FAILED) {
        return false;
    }
    auto start = reinterpret_cast<uintptr_t>(mapped);
    uintptr_t first_slot = (start + stack_slot_bytes - 1) & ~(stack_slot_bytes - 1);
    if (first_slot != start) {
        munmap(mapped, first_slot - start);
    }
    if (first_slot + bytes != start + bytes + stack_slot_bytes) {
        munmap(reinterpret_cast<void *>(first_slot + bytes), start + stack_slot_bytes - first_slot);
    }
    madvise(reinterpret_cast<void *>(first_slot), bytes, MADV_NOHUGEPAGE);

    for (size_t i = stacks_at_once; i-- > 0;) {
        uintptr_t slot = first_slot + i * stack_slot_bytes;
        /* A system with too few mappings left refuses this; the stack serves without. */
        mprotect(reinterpret_cast<void *>(slot), guard_bytes, PROT_NONE);
        stacks.push_back(new (gpubench_simt::thread_of_stack(slot)) Fiber{});
    }
    return true;
}

} // namespace

bool take_stacks(std::vector<Fiber *> &stacks, std::vector<Fiber *> &taken)
{
    std::lock_guard<std::mutex> lock(free_mutex);
    auto &pool = free_stacks();
    if (pool.empty() && !map_stacks(pool)) {
        return false;
    }
    auto first = pool.end() - static_cast<ptrdiff_t>(std::min(stacks_at_once, pool.size()));
    stacks.insert(stacks.end(), first, pool.end());
    taken.insert(taken.end(), first, pool.end());
    pool.erase(first, pool.end());
    return true;
}

void return_stacks(const std::vector<Fiber *> &taken)
{
    std::lock_guard<std::mutex> lock(free_mutex);
    auto &pool = free_stacks();
    pool.insert(pool.end(), taken.begin(), taken.end());
}

/* ---- the switch ---- */

#if defined(CUDASIM_UCONTEXT)

namespace {

void enter(unsigned high, unsigned low, unsigned entry_high, unsigned entry_low)
{
    auto *fiber = reinterpret_cast<Fiber *>(static_cast<uintptr_t>(high) << 16 << 16 | low);
    auto entry = reinterpret_cast<void (*)(Fiber *)>(static_cast<uintptr_t>(entry_high) << 16 << 16 | entry_low);
    entry(fiber);
}

} // namespace

void prepare(Fiber &fiber, void (*entry)(Fiber *))
{
    unsigned char *bottom = stack_bottom(fiber);
    auto top = reinterpret_cast<uintptr_t>(&fiber);
    /* The machine's context is large: it takes the upper end of the stack. */
    auto *machine = reinterpret_cast<ucontext_t *>((top - sizeof(ucontext_t)) & ~uintptr_t{63});
    size_t bytes = static_cast<size_t>(reinterpret_cast<unsigned char *>(machine) - bottom);
    fiber.context = {machine, bottom, bytes, nullptr};
    getcontext(machine);
    machine->uc_stack.ss_sp = bottom;
    machine->uc_stack.ss_size = bytes;
    machine->uc_link = nullptr;
    auto fiber_bits = reinterpret_cast<uintptr_t>(&fiber);
    auto entry_bits = reinterpret_cast<uintptr_t>(entry);
    makecontext(machine, reinterpret_cast<void (*)()>(enter), 4, static_cast<unsigned>(fiber_bits >> 16 >> 16),
        static_cast<unsigned>(fiber_bits), static_cast<unsigned>(entry_bits >> 16 >> 16),
        static_cast<unsigned>(entry_bits));
}

static void swap(Context &from, Context &to)
{
    ucontext_t here; /* only a home has no room for its context */
    if (from.machine == nullptr) {
        from.machine = &here;
    }
    swapcontext(from.machine, to.machine);
    if (from.machine == &here) {
        from.machine = nullptr;
    }
}

#else

extern "C" void cudasim_swap(void **save, void *load);
extern "C" void cudasim_start();

/* Registers that a called function must preserve go on the stack, the stack pointer into *save. */
#if defined(__x86_64__)
__asm__(R"(
    .text
    .p2align 4
    .hidden cudasim_swap
    .globl cudasim_swap
    .type cudasim_swap, @function
cudasim_swap:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size cudasim_swap, . - cudasim_swap

    .p2align 4
    .hidden cudasim_start
    .globl cudasim_start
    .type cudasim_start, @function
cudasim_start:
    .cfi_startproc
    .cfi_undefined rip
    movq %rbx, %rdi
    xorl %ebp, %ebp
    call *%r12
    ud2
    .cfi_endproc
    .size cudasim_start, . - cudasim_start
)");
constexpr size_t saved_words = 7;
constexpr size_t fiber_word = 4;  /* rbx */
constexpr size_t entry_word = 3;  /* r12 */
constexpr size_t return_word = 6;
#else
__asm__(R"(
    .text
    .p2align 4
    .hidden cudasim_swap
    .globl cudasim_swap
    .type cudasim_swap, %function
cudasim_swap:
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .size cudasim_swap, . - cudasim_swap

    .p2align 4
    .hidden cudasim_start
    .globl cudasim_start
    .type cudasim_start, %function
cudasim_start:
    .cfi_startproc
    .cfi_undefined x30
    mov x0, x19
    mov x29, #0
    mov x30, #0
    blr x20
    brk #1
    .cfi_endproc
    .size cudasim_start, . - cudasim_start
)");
constexpr size_t saved_words = 20;
constexpr size_t fiber_word = 0;  /* x19 */
constexpr size_t entry_word = 1;  /* x20 */
constexpr size_t return_word = 11; /* x30 */
#endif

void prepare(Fiber &fiber, void (*entry)(Fiber *))
{
    unsigned char *bottom = stack_bottom(fiber);
    auto *top = reinterpret_cast<void **>(&fiber);
    void **words = top - saved_words;
    memset(words, 0, saved_words * sizeof *words);
    words[fiber_word] = &fiber;
    words[entry_word] = reinterpret_cast<void *>(entry);
    words[return_word] = reinterpret_cast<void *>(cudasim_start);
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(bottom, static_cast<size_t>(reinterpret_cast<unsigned char *>(&fiber) - bottom));
#endif
    fiber.context = {words, bottom, static_cast<size_t>(reinterpret_cast<unsigned char *>(&fiber) - bottom), nullptr};
}

static inline void swap(Context &from, Context &to)
{
    cudasim_swap(&from.stack_pointer, to.stack_pointer);
}

#endif

#if defined(__SANITIZE_ADDRESS__)

void switch_context(Context &from, Context &to, bool ends)
{
    __sanitizer_start_switch_fiber(ends ? nullptr : &from.fake_stack, to.lowest, to.bytes);
    swap(from, to);
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
}

void first_on_stack(Context *home)
{
    const void *lowest;
    size_t bytes;
    __sanitizer_finish_switch_fiber(nullptr, &lowest, &bytes);
    if (home != nullptr) {
        home->lowest = lowest;
        home->bytes = bytes;
    }
}

#else

void switch_context(Context &from, Context &to, bool)
{
    swap(from, to);
}

void first_on_stack(Context *) {}

#endif

} // namespace cudasim
