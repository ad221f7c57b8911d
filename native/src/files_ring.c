/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rings of io_uring: how they are set up, and what they are told beforehand. files_ring_move.c has pages moved by them.
 *
 * Written against the system calls themselves: three of them, and two rings of memory shared with the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "files_ring.h"

#ifdef GPUBENCH_HAS_RING

#ifndef IORING_SETUP_COOP_TASKRUN
#define IORING_SETUP_COOP_TASKRUN (1U << 8)
#endif

#define MOST_BUFFER_BYTES (UINT64_C(1) << 30) /* of a registered buffer */

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
