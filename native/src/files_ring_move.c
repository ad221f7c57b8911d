/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migration by path `uring`: one thread, many reads and writes in flight.
 *
 * A drive is fast only where much is asked of it at once, and a ring asks with one system call for as many as there are to ask. So
 * `depth` slots are kept busy: a slot has one piece, a page or a part of one, or pages that lie one behind the other at both ends,
 * of at most io_bytes. Batches take turns, so that both ways are in flight at once. From file to file a slot reads into its own part of
 * the staging memory and then writes that, while others read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "files_ring.h"

#ifdef GPUBENCH_HAS_RING

enum { MOST_REFUSALS = 10000 }; /* one behind the other, after each of which others may run: the kernel has no memory */

/* ---- pieces ------------------------------------------------------------------------------------------------------- */

static const ring_memory *known_memory(const gpubench_ring *ring, const void *memory)
{
    for (uint32_t i = 0; i < ring->memory_count; i++) {
        const ring_memory *known = &ring->memory[i];
        const uintptr_t begin = (uintptr_t)known->memory;
        if ((uintptr_t)memory >= begin && (uintptr_t)memory < begin + known->bytes) {
            return known;
        }
    }
    return NULL;
}

static int32_t known_file(const gpubench_ring *ring, const gpubench_file *file)
{
    for (uint32_t i = 0; file != NULL && i < ring->file_count; i++) {
        if (ring->files[i] == file) {
            return (int32_t)i;
        }
    }
    return -1;
}

/* The registered buffer that holds all of it, or -1. */
static int32_t buffer_of(const ring_memory *known, const char *memory, uint64_t bytes)
{
    if (known == NULL) {
        return -1;
    }
    const uint64_t begin = (uintptr_t)memory - (uintptr_t)known->memory;
    const uint64_t index = begin / known->step;
    return begin + bytes <= known->bytes && (begin + bytes - 1) / known->step == index ? (int32_t)(known->first + index) : -1;
}

/* Whether page + 1 lies right behind page at both ends. */
static bool is_run(const gpubench_page_batch *batch, uint64_t page)
{
    return page + 1 < batch->count && batch->from_frames[page + 1] == (uint64_t)batch->from_frames[page] + 1 &&
           batch->to_frames[page + 1] == (uint64_t)batch->to_frames[page] + 1;
}

static void take_piece(gpubench_ring *ring, const gpubench_page_batch *batch, ring_cursor *cursor, ring_slot *slot,
                       uint32_t index)
{
    const uint64_t rest = ring->page_bytes - cursor->begin;
    const uint64_t page = cursor->page;
    slot->batch = batch;
    slot->page = (uint32_t)page;
    slot->from = batch->from_frames[page] * ring->page_bytes + cursor->begin;
    slot->to = batch->to_frames[page] * ring->page_bytes + cursor->begin;
    slot->bytes = rest < cursor->most ? rest : cursor->most;
    slot->done = 0;
    slot->refusals = 0;
    slot->writing = batch->from_file == NULL;
    cursor->begin += slot->bytes;
    if (cursor->begin == ring->page_bytes) {
        cursor->begin = 0;
        while (slot->bytes + ring->page_bytes <= cursor->most && is_run(batch, cursor->page)) {
            slot->bytes += ring->page_bytes;
            cursor->page++;
        }
        cursor->page++;
    }
    if (batch->from_file == NULL) {
        slot->memory = (char *)batch->from + slot->from;
    } else if (batch->to_file == NULL) {
        slot->memory = (char *)batch->to + slot->to;
    } else {
        slot->memory = ring->staging + index * ring->slot_bytes;
    }
    slot->buffer = buffer_of(cursor->memory, slot->memory, slot->bytes);
}

/* Puts what is left of a slot into the submission ring, which has room for all slots. */
static void queue(gpubench_ring *ring, const gpubench_page_batch *batches, uint32_t index)
{
    const ring_slot *slot = &ring->slots[index];
    const gpubench_page_batch *batch = slot->batch;
    const ring_cursor *cursor = &ring->cursors[batch - batches];
    const int32_t file = slot->writing ? cursor->to_file : cursor->from_file;
    const uint32_t tail = *ring->submit_tail;
    struct io_uring_sqe *entry = &ring->entries[tail & ring->submit_mask];
    memset(entry, 0, sizeof *entry);
    if (slot->buffer >= 0) {
        entry->opcode = slot->writing ? IORING_OP_WRITE_FIXED : IORING_OP_READ_FIXED;
        entry->buf_index = (uint16_t)slot->buffer;
    } else {
        entry->opcode = slot->writing ? IORING_OP_WRITE : IORING_OP_READ;
    }
    if (file >= 0) {
        entry->flags = IOSQE_FIXED_FILE;
        entry->fd = file;
    } else {
        entry->fd = (slot->writing ? batch->to_file : batch->from_file)->descriptor;
    }
    entry->off = (slot->writing ? slot->to : slot->from) + slot->done;
    entry->addr = (uintptr_t)slot->memory + slot->done;
    entry->len = (uint32_t)(slot->bytes - slot->done);
    entry->user_data = index;
    __atomic_store_n(ring->submit_tail, tail + 1, __ATOMIC_RELEASE);
    ring->queued++;
}

/* Fills idle slots, from all batches by turns. */
static void fill(gpubench_ring *ring, uint32_t count, const gpubench_page_batch *batches)
{
    bool more = true;
    while (more && ring->idle_count > 0) {
        more = false;
        for (uint32_t i = 0; i < count && ring->idle_count > 0; i++) {
            ring_cursor *cursor = &ring->cursors[i];
            if (cursor->page < batches[i].count) {
                const uint32_t index = ring->idle[--ring->idle_count];
                take_piece(ring, &batches[i], cursor, &ring->slots[index], index);
                queue(ring, batches, index);
                more = true;
            }
        }
    }
}

/* ---- completions ---------------------------------------------------------------------------------------------------- */

static void fail(gpubench_ring *ring, const gpubench_page_batch *batches, const ring_slot *slot, int error)
{
    if (!ring->failed) {
        ring->failed = true;
        *ring->failure = (gpubench_move_failure){error, (uint32_t)(slot->batch - batches), slot->writing, slot->page};
    }
}

/* Goes on with a slot of which a call has moved `result` bytes, or failed. */
static void complete(gpubench_ring *ring, const gpubench_page_batch *batches, uint32_t index, int32_t result)
{
    ring_slot *slot = &ring->slots[index];
    bool over = false;
    if (result == -EINTR || result == -EAGAIN) {
        sched_yield();
        if (++slot->refusals > MOST_REFUSALS) {
            fail(ring, batches, slot, -result);
        }
    } else if (result <= 0) {
        fail(ring, batches, slot, result == 0 ? EIO : -result);
    } else {
        slot->refusals = 0;
        slot->done += (uint32_t)result;
        if (slot->done == slot->bytes) {
            over = slot->writing || slot->batch->to_file == NULL;
            slot->writing = true;
            slot->done = 0;
        }
    }
    if (over || ring->failed) {
        ring->idle[ring->idle_count++] = index;
    } else {
        queue(ring, batches, index);
    }
}

static void reap(gpubench_ring *ring, const gpubench_page_batch *batches)
{
    uint32_t head = *ring->complete_head;
    while (head != __atomic_load_n(ring->complete_tail, __ATOMIC_ACQUIRE)) {
        const struct io_uring_cqe *entry = &ring->complete_entries[head & ring->complete_mask];
        const uint32_t index = (uint32_t)entry->user_data;
        const int32_t result = entry->res;
        __atomic_store_n(ring->complete_head, ++head, __ATOMIC_RELEASE);
        complete(ring, batches, index, result);
    }
}

/* Takes back what the kernel has not taken. */
static void withdraw(gpubench_ring *ring)
{
    uint32_t tail = *ring->submit_tail;
    for (; ring->queued > 0; ring->queued--) {
        tail--;
        ring->idle[ring->idle_count++] = (uint32_t)ring->entries[tail & ring->submit_mask].user_data;
    }
    __atomic_store_n(ring->submit_tail, tail, __ATOMIC_RELEASE);
}

/* Hands over what is queued, and waits until something is there. */
static void enter(gpubench_ring *ring, const gpubench_page_batch *batches, uint32_t *refusals)
{
    const long taken =
        syscall(SYS_io_uring_enter, ring->descriptor, ring->queued, 1, IORING_ENTER_GETEVENTS, NULL, (size_t)0);
    if (taken >= 0) {
        ring->queued -= (uint32_t)taken;
        *refusals = 0;
    } else if (errno != EINTR) {
        const int error = errno;
        const bool may_pass = error == EAGAIN || error == EBUSY;
        sched_yield();
        if (ring->queued > 0 && !ring->failed && (!may_pass || ++*refusals > MOST_REFUSALS)) {
            const uint32_t last = (*ring->submit_tail - 1) & ring->submit_mask;
            fail(ring, batches, &ring->slots[ring->entries[last].user_data], error);
        }
        /* Without anything queued there is nothing but to wait for what is in flight: the kernel still writes to that memory. */
    }
}

/* Divides staging memory among the slots: as many as there may be in flight, unless requests became too small for the files. */
static bool divide_staging(gpubench_ring *ring, const files_demand *demand)
{
    const uint64_t unit = demand->granularity > STAGING_ALIGNMENT ? demand->granularity : STAGING_ALIGNMENT;
    ring->limit = ring->depth;
    ring->slot_bytes = 0;
    if (demand->staged) {
        const uint64_t share = ring->staging_bytes / ring->depth / unit * unit;
        ring->slot_bytes = share < unit ? unit : share < ring->io_bytes ? share : ring->io_bytes;
        const uint64_t slots = ring->staging_bytes / ring->slot_bytes;
        ring->limit = slots < ring->depth ? (uint32_t)slots : ring->depth;
    }
    return ring->limit > 0 && ring->io_bytes % demand->granularity == 0;
}

int32_t gpubench_ring_move(gpubench_ring *ring, uint32_t count, const gpubench_page_batch *batches,
                           gpubench_move_failure *failure)
{
    files_demand demand;
    if (ring == NULL || failure == NULL || !gpubench_files_check(count, batches, ring->page_bytes, &demand) ||
        !divide_staging(ring, &demand)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    ring->failure = failure;
    ring->failed = false;
    for (uint32_t i = 0; i < count; i++) {
        const gpubench_page_batch *batch = &batches[i];
        ring->cursors[i] = (ring_cursor){0};
        if (batch->count > 0) {
            const bool staged = batch->from_file != NULL && batch->to_file != NULL;
            const void *memory = staged ? ring->staging : batch->from_file == NULL ? batch->from : batch->to;
            ring->cursors[i] = (ring_cursor){.most = staged ? ring->slot_bytes : ring->io_bytes,
                                             .memory = known_memory(ring, memory),
                                             .from_file = known_file(ring, batch->from_file),
                                             .to_file = known_file(ring, batch->to_file)};
        }
    }
    for (uint32_t i = 0; i < ring->limit; i++) {
        ring->idle[i] = ring->limit - 1 - i;
    }
    ring->idle_count = ring->limit;
    uint32_t refusals = 0;
    fill(ring, count, batches);
    while (ring->idle_count < ring->limit) {
        enter(ring, batches, &refusals);
        reap(ring, batches);
        if (ring->failed) {
            withdraw(ring);
        } else {
            fill(ring, count, batches);
        }
    }
    return ring->failed ? GPUBENCH_HOST_ERROR_SYSTEM : GPUBENCH_HOST_OK;
}

#endif
