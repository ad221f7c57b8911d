/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migration by path `copies` where a file takes part: pread and pwrite, one call for a page and an end, on all threads. A thread
 * takes the next piece when it is done with one, since drives answer in any time they like. As many are in flight as there are
 * threads, which is too few for most drives: see files_ring.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "pool.h"

typedef struct {
    const gpubench_page_batch *batches;
    uint32_t count;
    uint64_t page_bytes;
    uint64_t piece_bytes;
    uint64_t page_pieces;
    uint64_t pieces; /* of all batches */
    char *staging;
    uint64_t staging_bytes; /* of a thread */
    gpubench_move_failure *failure;
    _Atomic uint64_t next;
    atomic_bool failed;
} calls_work;

/* Moves all of it, whatever a call does at once. Returns an errno. */
static int all_of(bool writing, int descriptor, char *memory, uint64_t at, uint64_t bytes)
{
    while (bytes > 0) {
        const ssize_t done = writing ? pwrite(descriptor, memory, bytes, (off_t)at)
                                     : pread(descriptor, memory, bytes, (off_t)at);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return done == 0 ? EIO : errno;
        }
        memory += done;
        at += (uint64_t)done;
        bytes -= (uint64_t)done;
    }
    return 0;
}

static void fail(calls_work *work, uint32_t batch, uint64_t page, bool writing, int error)
{
    if (!atomic_exchange(&work->failed, true)) {
        *work->failure = (gpubench_move_failure){error, batch, writing, (uint32_t)page};
    }
}

static void move_piece(calls_work *work, uint64_t index, char *staging)
{
    uint32_t which = 0;
    uint64_t page = index / work->page_pieces;
    while (page >= work->batches[which].count) {
        page -= work->batches[which++].count;
    }
    const gpubench_page_batch *batch = &work->batches[which];
    const uint64_t begin = index % work->page_pieces * work->piece_bytes;
    const uint64_t rest = work->page_bytes - begin;
    const uint64_t bytes = rest < work->piece_bytes ? rest : work->piece_bytes;
    const uint64_t from = batch->from_frames[page] * work->page_bytes + begin;
    const uint64_t to = batch->to_frames[page] * work->page_bytes + begin;
    char *memory = staging;
    if (batch->from_file == NULL) {
        memory = (char *)batch->from + from;
    } else if (batch->to_file == NULL) {
        memory = (char *)batch->to + to;
    }
    int error = 0;
    if (batch->from_file != NULL) {
        error = all_of(false, batch->from_file->descriptor, memory, from, bytes);
        if (error != 0) {
            fail(work, which, page, false, error);
        }
    }
    if (error == 0 && batch->to_file != NULL) {
        error = all_of(true, batch->to_file->descriptor, memory, to, bytes);
        if (error != 0) {
            fail(work, which, page, true, error);
        }
    }
}

/* Threads take pieces from both ends of the batches by turns, so that two ways are under way at once. */
static void move_part(void *argument, uint32_t part)
{
    calls_work *work = argument;
    char *staging = work->staging == NULL ? NULL : work->staging + part * work->staging_bytes;
    while (!atomic_load_explicit(&work->failed, memory_order_relaxed)) {
        const uint64_t turn = atomic_fetch_add_explicit(&work->next, 1, memory_order_relaxed);
        if (turn >= work->pieces) {
            return;
        }
        move_piece(work, turn % 2 == 0 ? turn / 2 : work->pieces - 1 - turn / 2, staging);
    }
}

int32_t gpubench_files_move(gpubench_pool *pool, uint32_t count, const gpubench_page_batch *batches, uint64_t page_bytes,
                            void *staging, uint64_t staging_bytes, gpubench_move_failure *failure)
{
    files_demand demand;
    if (failure == NULL || !gpubench_files_check(count, batches, page_bytes, &demand)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    const uint64_t threads = (uint64_t)gpubench_pool_threads(pool);
    const uint64_t unit = demand.granularity > STAGING_ALIGNMENT ? demand.granularity : STAGING_ALIGNMENT;
    const uint64_t share = staging == NULL ? 0 : staging_bytes / threads / unit * unit;
    if (demand.staged && (share == 0 || (uintptr_t)staging % STAGING_ALIGNMENT != 0)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    if (demand.pages == 0) {
        return GPUBENCH_HOST_OK;
    }
    calls_work work = {.batches = batches, .count = count, .page_bytes = page_bytes, .staging = staging,
                       .staging_bytes = share, .failure = failure};
    work.piece_bytes = demand.pages >= threads ? page_bytes : round_up(page_bytes / threads + 1, unit);
    if (demand.staged && work.piece_bytes > share) {
        work.piece_bytes = share;
    }
    work.page_pieces = (page_bytes + work.piece_bytes - 1) / work.piece_bytes;
    work.pieces = demand.pages * work.page_pieces;
    gpubench_pool_run(pool, move_part, &work, (uint32_t)(threads < work.pieces ? threads : work.pieces));
    return atomic_load(&work.failed) ? GPUBENCH_HOST_ERROR_SYSTEM : GPUBENCH_HOST_OK;
}
