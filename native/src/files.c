/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files without a name, in a folder of the user's, as pools of pages.
 *
 * Most file systems write in place what was allocated and written before; the first write of a block does more: it finds room, and
 * notes that the block is no longer empty. So a file is allocated and written once, with bytes that no drive can leave out,
 * before anything is timed. Those that copy on write (btrfs, ZFS) find new room each time, and that is part of what they cost.
 *
 * O_DIRECT is a wish: some file systems take it and use the page cache nevertheless (journalled data, compression, checks of
 * data). So the system is asked twice: by statx, which alignment direct I/O has, if any; and by mincore, whether the page cache
 * holds what was just written and read. ZFS has a cache of its own that nobody can look into: it counts as cached.
 */
#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define CHUNK_BYTES ((uint64_t)1 << 20)
#define SYSTEM_PAGE ((uint64_t)4096)

enum { NAME_TRIES = 16 };

/* Values of f_type. */
#define TMPFS UINT64_C(0x01021994)
#define RAMFS UINT64_C(0x858458f6)
#define HUGETLBFS UINT64_C(0x958458f6)
#define ZFS UINT64_C(0x2fc12fc1)

static int32_t fail(gpubench_file_facts *facts, int32_t step, int error)
{
    facts->step = step;
    facts->error = error;
    return GPUBENCH_HOST_ERROR_SYSTEM;
}

/* ---- how it lies on its device ------------------------------------------------------------------------------------ */

/* A number in a file of sysfs, or 0. */
static uint64_t number_in(const char *path)
{
    FILE *file = fopen(path, "re");
    unsigned long long number = 0;
    if (file != NULL) {
        if (fscanf(file, "%llu", &number) != 1) {
            number = 0;
        }
        fclose(file);
    }
    return number;
}

static bool is_power_of_two(uint64_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

/*
 * Asks statx for the alignment of direct I/O: whether the kernel tells. 0 and 0: it is not possible with this file. Older
 * headers do not have these fields; where they lie is part of the kernel's interface.
 */
static bool told_alignment(int descriptor, uint32_t *memory, uint32_t *offset)
{
#ifdef SYS_statx
    enum { WORDS = 64, MASK = 0, MEMORY = 38, OFFSET = 39 };
    const uint32_t dioalign = 0x2000;
    uint32_t answer[WORDS] = {0};
    if (syscall(SYS_statx, descriptor, "", AT_EMPTY_PATH, dioalign, answer) == 0 && (answer[MASK] & dioalign) != 0) {
        *memory = answer[MEMORY];
        *offset = answer[OFFSET];
        return true;
    }
#else
    (void)descriptor;
    (void)memory;
    (void)offset;
#endif
    return false;
}

/* The size of a logical block of the device, or that of a page where there is none to ask. */
static uint64_t block_bytes(int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status) == 0) {
        static const char *const places[] = {"/sys/dev/block/%u:%u/queue/logical_block_size",
                                             "/sys/dev/block/%u:%u/../queue/logical_block_size"};
        for (int i = 0; i < 2; i++) {
            char path[96];
            snprintf(path, sizeof path, places[i], major(status.st_dev), minor(status.st_dev));
            const uint64_t bytes = number_in(path);
            if (is_power_of_two(bytes)) {
                return bytes;
            }
        }
    }
    return SYSTEM_PAGE;
}

/* Goes on without O_DIRECT. */
static void give_direct_up(gpubench_file *file, gpubench_file_facts *facts, int error)
{
    if (file->access == GPUBENCH_ACCESS_DIRECT) {
        file->access = GPUBENCH_ACCESS_CACHED;
        facts->direct_refused = error;
        fcntl(file->descriptor, F_SETFL, fcntl(file->descriptor, F_GETFL) & ~O_DIRECT);
    }
    file->granularity = 1;
    file->memory_alignment = 1;
}

static void find_access(gpubench_file *file, gpubench_file_facts *facts)
{
    if (facts->file_system == TMPFS || facts->file_system == RAMFS || facts->file_system == HUGETLBFS) {
        give_direct_up(file, facts, 0);
        file->access = GPUBENCH_ACCESS_MEMORY;
        return;
    }
    uint32_t memory = 0;
    uint32_t offset = 0;
    bool able = true;
    if (file->access != GPUBENCH_ACCESS_DIRECT || facts->file_system == ZFS) {
        give_direct_up(file, facts, EOPNOTSUPP);
    } else if (!told_alignment(file->descriptor, &memory, &offset)) {
        file->granularity = block_bytes(file->descriptor);
        file->memory_alignment = file->granularity;
    } else if (is_power_of_two(memory) && is_power_of_two(offset)) {
        file->granularity = offset;
        file->memory_alignment = memory;
    } else {
        able = false;
    }
    /* Pools in memory begin at pages; and whole files are larger than what some file systems write at once. */
    if (!able || file->memory_alignment > SYSTEM_PAGE || file->granularity > CHUNK_BYTES) {
        give_direct_up(file, facts, EOPNOTSUPP);
    }
}

/* ---- creation --------------------------------------------------------------------------------------------------- */

/* A file in a folder that gets a name for as short as can be, for file systems that cannot do without. */
static int create_named(int folder, int flags)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    for (int attempt = 0; attempt < NAME_TRIES; attempt++) {
        char name[64];
        snprintf(name, sizeof name, ".gpubench-%ld-%ld-%d", (long)getpid(), now.tv_nsec, attempt);
        const int descriptor = openat(folder, name, flags | O_CREAT | O_EXCL, 0600);
        if (descriptor >= 0) {
            unlinkat(folder, name, 0);
            return descriptor;
        }
        if (errno == EINVAL && (flags & O_DIRECT) != 0) {
            unlinkat(folder, name, 0); /* some file systems create it before they refuse to open it so */
            errno = EINVAL;
            return -1;
        }
        if (errno != EEXIST) {
            return -1;
        }
    }
    return -1;
}

static int create_in(int folder, int flags)
{
#ifdef O_TMPFILE
    const int descriptor = openat(folder, ".", flags | O_TMPFILE, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT && errno != EINVAL)) {
        return descriptor;
    }
#endif
    return create_named(folder, flags);
}

static int32_t create(const char *path, gpubench_file *file, gpubench_file_facts *facts)
{
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct statfs system;
    if (folder < 0 || fstatfs(folder, &system) != 0) {
        const int error = errno;
        if (folder >= 0) {
            close(folder);
        }
        return fail(facts, GPUBENCH_FILE_FOLDER, error);
    }
    facts->file_system = (uint64_t)(uint32_t)system.f_type;
    facts->free_bytes = (uint64_t)system.f_bavail * (uint64_t)system.f_bsize;
    file->access = GPUBENCH_ACCESS_DIRECT;
    file->descriptor = create_in(folder, O_RDWR | O_CLOEXEC | O_DIRECT);
    if (file->descriptor < 0 && errno == EINVAL) {
        facts->direct_refused = EINVAL;
        file->access = GPUBENCH_ACCESS_CACHED;
        file->descriptor = create_in(folder, O_RDWR | O_CLOEXEC);
    }
    const int error = errno;
    close(folder);
    return file->descriptor < 0 ? fail(facts, GPUBENCH_FILE_CREATE, error) : GPUBENCH_HOST_OK;
}

/* Asked before, since the system does not only refuse: it sends a signal that ends the process. */
static bool is_within_limit(uint64_t bytes)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur;
}

static int32_t allocate(gpubench_file *file, gpubench_file_facts *facts)
{
    if (!is_within_limit(file->bytes)) {
        return fail(facts, GPUBENCH_FILE_ALLOCATE, EFBIG);
    }
    int result;
    do {
        result = fallocate(file->descriptor, 0, 0, (off_t)file->bytes);
    } while (result != 0 && errno == EINTR);
    /* Where it is not known, what is written takes its room as it comes. */
    return result != 0 && errno != EOPNOTSUPP && errno != ENOSYS ? fail(facts, GPUBENCH_FILE_ALLOCATE, errno)
                                                                 : GPUBENCH_HOST_OK;
}

static int write_chunk(const gpubench_file *file, const char *from, uint64_t at, uint64_t bytes)
{
    while (bytes > 0) {
        const ssize_t done = pwrite(file->descriptor, from, bytes, (off_t)at);
        if (done <= 0) {
            if (done < 0 && errno == EINTR) {
                continue;
            }
            return done == 0 ? ENOSPC : errno;
        }
        from += done;
        at += (uint64_t)done;
        bytes -= (uint64_t)done;
    }
    return 0;
}

/* Different in each block of each file, so that none can be left out or kept once. */
static int32_t initialise(gpubench_file *file, gpubench_file_facts *facts)
{
    uint64_t *chunk = gpubench_memory_create(CHUNK_BYTES);
    if (chunk == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t state = (uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)file;
    int error = 0;
    for (uint64_t at = 0; at < file->bytes && error == 0; at += CHUNK_BYTES) {
        const uint64_t rest = file->bytes - at;
        const uint64_t bytes = rest < CHUNK_BYTES ? rest : CHUNK_BYTES;
        for (uint64_t i = 0; i < CHUNK_BYTES / sizeof *chunk; i++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            chunk[i] = state ^ state >> 29;
        }
        error = write_chunk(file, (const char *)chunk, at, bytes);
        if (error == EINVAL && at == 0 && file->access == GPUBENCH_ACCESS_DIRECT) {
            give_direct_up(file, facts, EINVAL); /* opened, but not written so */
            error = write_chunk(file, (const char *)chunk, at, bytes);
        }
    }
    if (error == 0 && file->access != GPUBENCH_ACCESS_MEMORY && fdatasync(file->descriptor) != 0) {
        error = errno;
    }
    if (error == 0 && file->access == GPUBENCH_ACCESS_DIRECT &&
        pread(file->descriptor, chunk, round_up(file->bytes < CHUNK_BYTES ? file->bytes : CHUNK_BYTES, file->granularity),
              0) < 0) {
        if (errno == EINVAL) {
            give_direct_up(file, facts, EINVAL);
        } else {
            error = errno;
        }
    }
    gpubench_memory_destroy(chunk, CHUNK_BYTES);
    return error != 0 ? fail(facts, GPUBENCH_FILE_INITIALISE, error) : GPUBENCH_HOST_OK;
}

/* Whether the page cache holds the beginning of the file. Where nobody tells, it is taken for what it was opened as. */
static bool is_cached(const gpubench_file *file)
{
    const uint64_t bytes = file->bytes < CHUNK_BYTES ? file->bytes : CHUNK_BYTES;
    unsigned char pages[CHUNK_BYTES / SYSTEM_PAGE];
    if (sysconf(_SC_PAGESIZE) != (long)SYSTEM_PAGE) {
        return false;
    }
    void *view = mmap(NULL, bytes, PROT_READ, MAP_SHARED, file->descriptor, 0);
    if (view == MAP_FAILED) {
        return false;
    }
    bool cached = false;
    if (mincore(view, bytes, pages) == 0) {
        for (uint64_t i = 0; i < round_up(bytes, SYSTEM_PAGE) / SYSTEM_PAGE; i++) {
            cached = cached || (pages[i] & 1) != 0;
        }
    }
    munmap(view, bytes);
    return cached;
}

int32_t gpubench_file_create(const char *folder, uint64_t bytes, uint64_t page_bytes, gpubench_file_facts *facts,
                             gpubench_file **file)
{
    if (file == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    *file = NULL;
    if (folder == NULL || facts == NULL || bytes < 1 || bytes > INT64_MAX / 2 || !is_page_size(page_bytes)) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    memset(facts, 0, sizeof *facts);
    gpubench_file *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return GPUBENCH_HOST_ERROR_MEMORY;
    }
    created->descriptor = -1;
    int32_t code = create(folder, created, facts);
    if (code == GPUBENCH_HOST_OK) {
        find_access(created, facts);
        created->bytes = round_up(bytes, created->granularity);
        facts->granularity = created->granularity;
        code = page_bytes % created->granularity != 0 ? fail(facts, GPUBENCH_FILE_PAGES, EINVAL)
                                                      : allocate(created, facts);
    }
    if (code == GPUBENCH_HOST_OK) {
        code = initialise(created, facts);
    }
    if (code != GPUBENCH_HOST_OK) {
        gpubench_file_destroy(created);
        return code;
    }
    if (created->access == GPUBENCH_ACCESS_DIRECT && is_cached(created)) {
        give_direct_up(created, facts, 0);
    }
    facts->access = created->access;
    facts->granularity = created->granularity;
    facts->memory_alignment = created->memory_alignment;
    *file = created;
    return GPUBENCH_HOST_OK;
}

/* ---- afterwards --------------------------------------------------------------------------------------------------- */

int32_t gpubench_file_sync(gpubench_file *file, int32_t *error)
{
    if (file == NULL || error == NULL) {
        return GPUBENCH_HOST_ERROR_ARGUMENT;
    }
    int result;
    do {
        result = fdatasync(file->descriptor);
    } while (result != 0 && errno == EINTR);
    *error = result == 0 ? 0 : errno;
    return result == 0 ? GPUBENCH_HOST_OK : GPUBENCH_HOST_ERROR_SYSTEM;
}

int32_t gpubench_file_forget(gpubench_file *file, int32_t *error)
{
    const int32_t code = gpubench_file_sync(file, error);
    if (code == GPUBENCH_HOST_OK) {
        posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_DONTNEED);
    }
    return code;
}

void gpubench_file_destroy(gpubench_file *file)
{
    if (file != NULL) {
        if (file->descriptor >= 0) {
            close(file->descriptor);
        }
        free(file);
    }
}

/* ---- batches ---------------------------------------------------------------------------------------------------- */

static bool is_good_file(const gpubench_file *file, const uint32_t *frames, uint64_t count, uint64_t page_bytes)
{
    if (page_bytes % file->granularity != 0) {
        return false;
    }
    const uint64_t room = file->bytes / page_bytes;
    for (uint64_t i = 0; i < count; i++) {
        if (frames[i] >= room) {
            return false;
        }
    }
    return true;
}

static bool is_good_memory(const void *memory, const gpubench_file *other, uint64_t page_bytes)
{
    return memory != NULL && (uintptr_t)memory % other->memory_alignment == 0 &&
           page_bytes % other->memory_alignment == 0;
}

static uint64_t larger_granularity(uint64_t granularity, const gpubench_file *file)
{
    return file != NULL && file->granularity > granularity ? file->granularity : granularity;
}

bool gpubench_files_check(uint32_t count, const gpubench_page_batch *batches, uint64_t page_bytes, files_demand *demand)
{
    *demand = (files_demand){.granularity = 1};
    if (!is_page_size(page_bytes) || count > GPUBENCH_MAX_BATCHES || (batches == NULL && count > 0)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const gpubench_page_batch *batch = &batches[i];
        const gpubench_file *from = batch->from_file;
        const gpubench_file *to = batch->to_file;
        if (batch->count == 0) {
            continue;
        }
        if (batch->count > GPUBENCH_MAX_PAGES || batch->from_frames == NULL || batch->to_frames == NULL ||
            (from == NULL && to == NULL) || (from != NULL && batch->from != NULL) || (to != NULL && batch->to != NULL) ||
            (from != NULL && !is_good_file(from, batch->from_frames, batch->count, page_bytes)) ||
            (to != NULL && !is_good_file(to, batch->to_frames, batch->count, page_bytes)) ||
            (from == NULL && !is_good_memory(batch->from, to, page_bytes)) ||
            (to == NULL && !is_good_memory(batch->to, from, page_bytes))) {
            return false;
        }
        demand->staged = demand->staged || (from != NULL && to != NULL);
        demand->granularity = larger_granularity(larger_granularity(demand->granularity, from), to);
        demand->pages += batch->count;
    }
    return true;
}
