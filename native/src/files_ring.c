/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migration by path `uring`: one thread, many reads and writes in flight.
 *
 * A drive is fast only where much is asked of it at once, and a ring asks with one system call for as many as there are to ask. So
 * `depth` slots are kept busy: a slot has one piece, a page or a part of one, or pages that lie one behind the other at both ends,
 * of at most io_bytes. Batches take turns, so that both ways are in flight at once. From file to file a slot reads into its own part of
 * the staging memory and then writes that, while others read.
 *
 * Written against the system calls themselves: three of them, and two rings of memory shared with the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "files.h"

#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif
#endif

#if defined(SYS_io_uring_setup) && defined(IORING_FEAT_RW_CUR_POS)

#ifndef IORING_SETUP_COOP_TASKRUN
#define IORING_SETUP_COOP_TASKRUN (1U << 8)
#endif

enum { MOST_REFUSALS = 10000 }; /* one behind the other, after each of which others may run: the kernel has no memory */

#define MOST_BUFFER_BYTES (UINT64_C(1) << 30) /* of a registered buffer */

/* A pool in memory, registered as buffers first, first + 1, ... of `step` bytes, the last one of fewer. */
typedef struct {
    char *memory;
    uint64_t bytes;
    uint64_t step;
    uint32_t first;
} ring_memory;

/* One piece on its way. */
typedef struct {
    const gpubench_page_batch *batch;
    char *memory;
    uint64_t from; /* bytes in files */
    uint64_t to;
    uint64_t bytes;
    uint64_t done; /* of the present direction */
    uint32_t page;
    int32_t buffer; /* registered, or -1 */
    uint32_t refusals;
    bool writing;
} ring_slot;

/* The next piece of a batch. */
typedef struct {
    uint64_t page;
    uint64_t begin; /* in the page */
    uint64_t most;  /* bytes of a piece */
    const ring_memory *memory;
    int32_t from_file; /* registered, or -1 */
    int32_t to_file;
} ring_cursor;

struct gpubench_ring {
    int descriptor;
    uint32_t depth;
    uint64_t io_bytes;
    uint64_t page_bytes;
    char *staging; /* of the caller, or NULL */
    uint64_t staging_bytes;
    uint64_t slot_bytes; /* of staging, in the present move */
    uint32_t limit;      /* of slots in use, likewise */

    void *submissions; /* the mappings */
    size_t submissions_bytes;
    void *completions;
    size_t completions_bytes;
    struct io_uring_sqe *entries;
    size_t entries_bytes;

    uint32_t *submit_head;
    uint32_t *submit_tail;
    uint32_t *submit_array;
    uint32_t submit_mask;
    uint32_t *complete_head;
    uint32_t *complete_tail;
    struct io_uring_cqe *complete_entries;
    uint32_t complete_mask;

    ring_slot *slots; /* depth */
    uint32_t *idle;   /* a stack of slots */
    uint32_t idle_count;
    uint32_t queued; /* entries that the kernel has not taken */

    uint32_t file_count;
    gpubench_file *files[GPUBENCH_MAX_BATCHES];
    uint32_t memory_count;
    ring_memory memory[GPUBENCH_MAX_BATCHES];

    ring_cursor cursors[GPUBENCH_MAX_BATCHES];
    gpubench_move_failure *failure;
    bool failed;
};

/* ---- creation and registration ------------------------------------------------------------------------------------- */

static int set_up(uint32_t depth, struct io_uring_params *parameters)
{
    memset(parameters, 0, sizeof *parameters);
    parameters->flags = IORING_SETUP_CLAMP | IORING_SETUP_COOP_TASKRUN;
    long descriptor = syscall(SYS_io_uring_setup, depth, parameters);
    if (descriptor < 0 && errno == EINVAL) {
        memset(parameters, 0, sizeof *parameters);
        parameters->flags = IORING_SETUP_CLAMP;
        descriptor = syscall(SYS_io_uring_setup, depth, parameters);
    }
    return (int)descriptor;
}

static void *map(int descriptor, size_t bytes, off_t what)
{
    void *mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, what);
    return mapping == MAP_FAILED ? NULL : mapping;
}

static bool map_rings(gpubench_ring *ring, const struct io_uring_params *parameters)
{
    ring->submissions_bytes = parameters->sq_off.array + parameters->sq_entries * sizeof(uint32_t);
    ring->completions_bytes = parameters->cq_off.cqes + parameters->cq_entries * sizeof(struct io_uring_cqe);
    ring->entries_bytes = parameters->sq_entries * sizeof(struct io_uring_sqe);
    ring->submissions = map(ring->descriptor, ring->submissions_bytes, IORING_OFF_SQ_RING);
    ring->completions = map(ring->descriptor, ring->completions_bytes, IORING_OFF_CQ_RING);
    ring->entries = map(ring->descriptor, ring->entries_bytes, IORING_OFF_SQES);
    if (ring->submissions == NULL || ring->completions == NULL || ring->entries == NULL) {
        return false;
    }
    char *submissions = ring->submissions;
    ring->submit_head = (uint32_t *)(submissions + parameters->sq_off.head);
    ring->submit_tail = (uint32_t *)(submissions + parameters->sq_off.tail);
    ring->submit_array = (uint32_t *)(submissions + parameters->sq_off.array);
    ring->submit_mask = *(uint32_t *)(submissions + parameters->sq_off.ring_mask);
    char *completions = ring->completions;
    ring->complete_head = (uint32_t *)(completions + parameters->cq_off.head);
    ring->complete_tail = (uint32_t *)(completions + parameters->cq_off.tail);
    ring->complete_entries = (struct io_uring_cqe *)(completions + parameters->cq_off.cqes);
    ring->complete_mask = *(uint32_t *)(completions + parameters->cq_off.ring_mask);
    for (uint32_t i = 0; i < parameters->sq_entries; i++) {
        ring->submit_array[i] = i;
    }
    return true;
}

/* Registers buffers of all memory that is known. Returns whether the kernel took them. */
static bool register_buffers(gpubench_ring *ring)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < ring->memory_count; i++) {
        ring_memory *known = &ring->memory[i];
        known->first = (uint32_t)count;
        count += (known->bytes + known->step - 1) / known->step;
    }
    struct iovec *buffers = calloc(count + 1, sizeof *buffers);
    if (buffers == NULL || count > INT32_MAX) {
        free(buffers);
        return false;
    }
    for (uint32_t i = 0; i < ring->memory_count; i++) {
        const ring_memory *known = &ring->memory[i];
        for (uint64_t at = 0; at < known->bytes; at += known->step) {
            const uint64_t rest = known->bytes - at;
            buffers[known->first + at / known->step] =
                (struct iovec){known->memory + at, rest < known->step ? rest : known->step};
        }
    }
    const bool taken =
        count == 0 ||
        syscall(SYS_io_uring_register, ring->descriptor, IORING_REGISTER_BUFFERS, buffers, (unsigned)count) == 0;
    free(buffers);
    return taken;
}

/* Adds memory in steps of whole `unit`s. */
static int32_t add_memory(gpubench_ring *ring, void *memory, uint64_t bytes, uint64_t unit)
{
    if (ring->memory_count > 0) {
        syscall(SYS_io_uring_register, ring->descriptor, IORING_UNREGISTER_BUFFERS, NULL, 0);
    }
    ring->memory[ring->memory_count++] = (ring_memory){memory, bytes, MOST_BUFFER_BYTES / unit * unit, 0};
    if (register_buffers(ring)) {
        return 1;
    }
    ring->memory_count--;
    if (!register_buffers(ring)) {
        ring->memory_count = 0;
    }
    return 0;
}

int32_t gpubench_ring_create(uint32_t depth, uint64_t io_bytes, uint64_t page_bytes, gpubench_ring **ring, int32_t *error)
{
    if (ring == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *ring = NULL;
    if (error == NULL || depth < 1 || depth > GPUBENCH_MAX_DEPTH || io_bytes < 1 || io_bytes > GPUBENCH_MAX_PAGE_BYTES ||
        io_bytes % STAGING_ALIGNMENT != 0 || !is_page_size(page_bytes)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *error = 0;
    gpubench_ring *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    created->depth = depth;
    created->io_bytes = io_bytes;
    created->page_bytes = page_bytes;
    struct io_uring_params parameters;
    created->descriptor = set_up(depth, &parameters);
    if (created->descriptor < 0 || (parameters.features & IORING_FEAT_RW_CUR_POS) == 0) {
        *error = created->descriptor < 0 ? errno : ENOSYS; /* without this sign of 5.6 there is no IORING_OP_READ */
        gpubench_ring_destroy(created);
        return GPUBENCH_HOST_ERROR_RING;
    }
    created->slots = calloc(depth, sizeof *created->slots);
    created->idle = calloc(depth, sizeof *created->idle);
    if (!map_rings(created, &parameters) || created->slots == NULL || created->idle == NULL) {
        gpubench_ring_destroy(created);
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    *ring = created;
    return GPUBENCH_HOST_OK;
}

int32_t gpubench_ring_add_file(gpubench_ring *ring, gpubench_file *file)
{
    if (ring == NULL || file == NULL || ring->file_count == GPUBENCH_MAX_BATCHES) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    if (ring->file_count > 0) {
        syscall(SYS_io_uring_register, ring->descriptor, IORING_UNREGISTER_FILES, NULL, 0);
    }
    ring->files[ring->file_count++] = file;
    for (;;) {
        int descriptors[GPUBENCH_MAX_BATCHES];
        for (uint32_t i = 0; i < ring->file_count; i++) {
            descriptors[i] = ring->files[i]->descriptor;
        }
        if (ring->file_count == 0 || syscall(SYS_io_uring_register, ring->descriptor, IORING_REGISTER_FILES, descriptors,
                                             ring->file_count) == 0) {
            break;
        }
        ring->file_count = ring->files[ring->file_count - 1] == file ? ring->file_count - 1 : 0;
    }
    return ring->file_count > 0 && ring->files[ring->file_count - 1] == file;
}

int32_t gpubench_ring_add_memory(gpubench_ring *ring, void *memory, uint64_t bytes)
{
    if (ring == NULL || memory == NULL || bytes < 1 || bytes > INT64_MAX / 2 ||
        ring->memory_count == GPUBENCH_MAX_BATCHES) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    return add_memory(ring, memory, bytes, ring->page_bytes);
}

int32_t gpubench_ring_add_staging(gpubench_ring *ring, void *memory, uint64_t bytes)
{
    if (memory == NULL || (uintptr_t)memory % STAGING_ALIGNMENT != 0 || bytes < STAGING_ALIGNMENT) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    const int32_t code = gpubench_ring_add_memory(ring, memory, bytes);
    if (code >= 0) {
        ring->staging = memory;
        ring->staging_bytes = bytes;
    }
    return code;
}

void gpubench_ring_destroy(gpubench_ring *ring)
{
    if (ring == NULL) {
        return;
    }
    if (ring->entries != NULL) {
        munmap(ring->entries, ring->entries_bytes);
    }
    if (ring->completions != NULL) {
        munmap(ring->completions, ring->completions_bytes);
    }
    if (ring->submissions != NULL) {
        munmap(ring->submissions, ring->submissions_bytes);
    }
    if (ring->descriptor >= 0) {
        /* A ring is taken down some time after it was closed, and would keep files without a name and locked memory until then. */
        if (ring->file_count > 0) {
            syscall(SYS_io_uring_register, ring->descriptor, IORING_UNREGISTER_FILES, NULL, 0);
        }
        if (ring->memory_count > 0) {
            syscall(SYS_io_uring_register, ring->descriptor, IORING_UNREGISTER_BUFFERS, NULL, 0);
        }
        close(ring->descriptor);
    }
    free(ring->slots);
    free(ring->idle);
    free(ring);
}

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

#else /* a system whose headers do not know of it */

int32_t gpubench_ring_create(uint32_t depth, uint64_t io_bytes, uint64_t page_bytes, gpubench_ring **ring, int32_t *error)
{
    (void)depth;
    (void)io_bytes;
    (void)page_bytes;
    if (ring == NULL || error == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *ring = NULL;
    *error = ENOSYS;
    return GPUBENCH_HOST_ERROR_RING;
}

int32_t gpubench_ring_add_file(gpubench_ring *ring, gpubench_file *file)
{
    (void)ring;
    (void)file;
    return GPUBENCH_HOST_ERROR_ARGUMENT;
}

int32_t gpubench_ring_add_memory(gpubench_ring *ring, void *memory, uint64_t bytes)
{
    (void)ring;
    (void)memory;
    (void)bytes;
    return GPUBENCH_HOST_ERROR_ARGUMENT;
}

int32_t gpubench_ring_add_staging(gpubench_ring *ring, void *memory, uint64_t bytes)
{
    return gpubench_ring_add_memory(ring, memory, bytes);
}

int32_t gpubench_ring_move(gpubench_ring *ring, uint32_t count, const gpubench_page_batch *batches,
                           gpubench_move_failure *failure)
{
    (void)ring;
    (void)count;
    (void)batches;
    (void)failure;
    return GPUBENCH_HOST_ERROR_ARGUMENT;
}

void gpubench_ring_destroy(gpubench_ring *ring)
{
    (void)ring;
}

#endif
