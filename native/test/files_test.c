/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages moved between pools in files and in memory, by pread and pwrite and by an io_uring, one against the other: to a file, back, and
 * from file to file, one way and both, of sizes around requests, pages and runs of pages, with everything registered and nothing. And
 * what is refused: folders that are none, limits, file systems that are full or read-only.
 *
 *   files_test [folder]: where else to try, such as on another file system
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../src/files.h"
#include "pages.h"

enum { THREADS = 2 };

static gpubench_pool *pool;
static int32_t no_ring; /* why; 0 if there is one */
static uint64_t seed;

/*
 * Asks the system itself whether access is direct: where it is said to be, and on ext4 and XFS it
 * must be. (Not with data=journal or encryption: then the folder of this test is the wrong one.)
 */
static void check_access(const gpubench_file *file, const gpubench_file_facts *facts)
{
    const int flags = fcntl(file->descriptor, F_GETFL);
    CHECK(((flags & O_DIRECT) != 0) == (facts->access == GPUBENCH_ACCESS_DIRECT), "flags %o", (unsigned)flags);
    struct statfs system;
    CHECK(fstatfs(file->descriptor, &system) == 0, "errno %d", errno);
    struct stat status;
    CHECK(fstat(file->descriptor, &status) == 0 && status.st_nlink == 0, "it has a name");
    CHECK(status.st_blocks * 512 >= status.st_size, "not all of it is allocated");
    if (system.f_type == 0xEF53 || system.f_type == 0x58465342) {
        CHECK(facts->access == GPUBENCH_ACCESS_DIRECT, "access %d, refused %d", facts->access, facts->direct_refused);
    }
}

static gpubench_file *file_in(const char *folder, uint64_t bytes, gpubench_file_facts *facts)
{
    gpubench_file *file;
    const int32_t code = gpubench_file_create(folder, bytes, 8 * 4096, facts, &file);
    CHECK(code == GPUBENCH_HOST_OK, "%s: code %d, step %d, errno %d", folder, code, facts->step, facts->error);
    CHECK(facts->error == 0 && facts->granularity >= 1 && facts->memory_alignment >= 1, "facts");
    check_access(file, facts);
    return file;
}

static int entries(const char *folder)
{
    DIR *directory = opendir(folder);
    CHECK(directory != NULL, "%s", folder);
    int count = 0;
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count - 2;
}

static uint64_t *memory_of(uint64_t bytes)
{
    uint64_t *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    CHECK(memory != NULL, "no memory");
    return memory;
}

/* How pages are moved. */
enum { CALLS, CALLS_ALONE, RING, RING_REGISTERED, MEANS };

typedef struct {
    uint64_t page_bytes;
    uint32_t pages;
    int both;
    int scattered;
    uint32_t depth;
    uint64_t io_bytes;
} move_case;

typedef struct {
    gpubench_file *files[2];
    uint64_t *memory;
    uint64_t memory_bytes;
    char *staging;
    uint64_t staging_bytes;
} move_room;

static void move(int means, const move_case *what, const move_room *room, uint32_t count, const gpubench_page_batch *batches)
{
    gpubench_move_failure failure = {0};
    int32_t code;
    if (means == CALLS || means == CALLS_ALONE) {
        code = gpubench_files_move(means == CALLS ? pool : NULL, count, batches, what->page_bytes, room->staging,
                                   room->staging_bytes, &failure);
    } else {
        gpubench_ring *ring;
        int32_t error;
        code = gpubench_ring_create(what->depth, what->io_bytes, what->page_bytes, &ring, &error);
        CHECK(code == GPUBENCH_HOST_OK, "code %d, errno %d", code, error);
        if (means == RING_REGISTERED) {
            for (int i = 0; i < 2; i++) {
                CHECK(gpubench_ring_add_file(ring, room->files[i]) >= 0, "file %d", i);
            }
            CHECK(gpubench_ring_add_memory(ring, room->memory, room->memory_bytes) >= 0, "memory");
        }
        CHECK(gpubench_ring_add_staging(ring, room->staging, room->staging_bytes) >= 0, "staging");
        code = gpubench_ring_move(ring, count, batches, &failure);
        gpubench_ring_destroy(ring);
    }
    CHECK(code == GPUBENCH_HOST_OK, "means %d: code %d, errno %d, batch %u, page %u, writing %u", means, code, failure.error,
          failure.batch, failure.page, failure.writing);
}

static void check_pages(const uint64_t *memory, const uint32_t *frames, const move_case *what, uint64_t key, const char *where)
{
    const uint64_t words = what->page_bytes / 8;
    for (uint64_t page = 0; page < what->pages; page++) {
        for (uint64_t j = 0; j < words; j++) {
            CHECK(memory[frames[page] * words + j] == word(key, page * words + j),
                  "%s: %u pages of %llu, both %d, scattered %d, depth %u, io %llu: word %llu of page %llu", where, what->pages,
                  (unsigned long long)what->page_bytes, what->both, what->scattered, what->depth,
                  (unsigned long long)what->io_bytes, (unsigned long long)j, (unsigned long long)page);
        }
    }
}

/*
 * Memory -> file A -> file B -> memory, each step by other means; with two batches the second goes the other way at the same time, from
 * what the step before left. Everything comes back, to other frames, and nothing else of the memory has changed.
 */
static void round_trip(const char *folder, move_case what, int first_means)
{
    const uint32_t frames = what.pages * 4;
    const uint64_t pool_bytes = frames * what.page_bytes;
    const uint64_t words = what.page_bytes / 8;
    const uint32_t way = what.pages;
    gpubench_file_facts facts;
    move_room room = {.files = {file_in(folder, pool_bytes, &facts), file_in(folder, pool_bytes, &facts)},
                      .memory = memory_of(pool_bytes + 64),
                      .memory_bytes = pool_bytes,
                      .staging_bytes = (what.page_bytes / 2 + 4095) / 4096 * 4096 * THREADS}; /* pages in pieces */
    room.staging = (char *)memory_of(room.staging_bytes);
    uint32_t *list[3];
    for (int i = 0; i < 3; i++) {
        list[i] = malloc(frames * sizeof(uint32_t));
        deal(list[i], frames, what.scattered, &seed);
    }
    poison(room.memory, pool_bytes / 8 + 8);
    for (uint32_t page = 0; page < 2 * way; page++) {
        fill_page(room.memory, words, list[0][page], page / way, page % way);
    }
    /* Both batches into the files, one into each. */
    gpubench_page_batch in[2] = {
        {.count = way, .from = room.memory, .from_frames = list[0], .to_file = room.files[0], .to_frames = list[1]},
        {.count = way, .from = room.memory, .from_frames = list[0] + way, .to_file = room.files[1], .to_frames = list[2]}};
    /* One to the other file, and with both the other way at the same time. */
    gpubench_page_batch across[2] = {{.count = way,
                                      .from_file = room.files[0],
                                      .from_frames = list[1],
                                      .to_file = room.files[1],
                                      .to_frames = list[2] + way},
                                     {.count = what.both ? way : 0,
                                      .from_file = room.files[1],
                                      .from_frames = list[2],
                                      .to_file = room.files[0],
                                      .to_frames = list[1] + way}};
    /* Back, to frames that were free; and with both something of the memory into a file, at the same time. */
    gpubench_page_batch back[3] = {
        {.count = way, .from_file = room.files[1], .from_frames = list[2] + way, .to = room.memory, .to_frames = list[0] + 2 * way},
        {.count = way,
         .from_file = room.files[what.both ? 0 : 1],
         .from_frames = what.both ? list[1] + way : list[2],
         .to = room.memory,
         .to_frames = list[0] + 3 * way},
        {.count = what.both ? way : 0,
         .from = room.memory,
         .from_frames = list[0],
         .to_file = room.files[0],
         .to_frames = list[1] + 2 * way}};
    int means = first_means;
    const int most = no_ring ? RING : MEANS;
    move(means++ % most, &what, &room, 2, in);
    move(means++ % most, &what, &room, 2, across);
    int32_t error;
    CHECK(gpubench_file_sync(room.files[0], &error) == GPUBENCH_HOST_OK && error == 0, "errno %d", error);
    CHECK(gpubench_file_forget(room.files[1], &error) == GPUBENCH_HOST_OK && error == 0, "errno %d", error);
    move(means++ % most, &what, &room, 3, back);
    for (uint32_t part = 0; part < 4; part++) {
        check_pages(room.memory, list[0] + part * way, &what, part % 2, part < 2 ? "the source" : "what came back");
    }
    for (int i = 0; i < 8; i++) {
        CHECK(room.memory[pool_bytes / 8 + (uint64_t)i] == POISON, "behind the pool");
    }
    if (what.both) {
        gpubench_page_batch again = {.count = way,
                                     .from_file = room.files[0],
                                     .from_frames = list[1] + 2 * way,
                                     .to = room.memory,
                                     .to_frames = list[0] + 2 * way};
        poison(room.memory, pool_bytes / 8);
        move(means % most, &what, &room, 1, &again);
        check_pages(room.memory, list[0] + 2 * way, &what, 0, "what went the other way");
    }
    for (int i = 0; i < 3; i++) {
        free(list[i]);
    }
    free(room.memory);
    free(room.staging);
    gpubench_file_destroy(room.files[0]);
    gpubench_file_destroy(room.files[1]);
}

static void round_trips(const char *folder)
{
    gpubench_file_facts facts;
    gpubench_file_destroy(file_in(folder, 1, &facts));
    const move_case cases[] = {{4096, 1, 0, 1, 1, 4096},      {4096, 33, 1, 1, 4, 4096},        {4096, 64, 1, 0, 8, 65536},
                               {12288, 7, 1, 1, 3, 8192},     {65536, 5, 0, 0, 64, 1 << 20},    {(1 << 20) + 4096, 2, 1, 1, 2, 65536},
                               {8192, 20, 0, 0, 5, 20480},    {4096, 300, 1, 1, 128, 1 << 20}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        move_case what = cases[i];
        if (what.page_bytes % facts.granularity == 0) {
            round_trip(folder, what, (int)i % MEANS);
        }
        if (facts.granularity <= 8) {
            what.page_bytes += 8 * (1 + i);
            round_trip(folder, what, (int)i % MEANS);
        }
    }
    printf("%s: access %d, granularity %llu\n", folder, facts.access, (unsigned long long)facts.granularity);
}

/* ---- what is refused ---------------------------------------------------------------------------------------------- */

static void refused(const char *folder, uint64_t bytes, int step, int error)
{
    gpubench_file_facts facts;
    gpubench_file *file = (gpubench_file *)&seed;
    const int32_t code = gpubench_file_create(folder, bytes, 4096, &facts, &file);
    CHECK(code == GPUBENCH_HOST_ERROR_SYSTEM && file == NULL, "%s: code %d", folder, code);
    CHECK(facts.step == step && facts.error == error, "%s: step %d, errno %d (%s)", folder, facts.step, facts.error,
          strerror(facts.error));
}

static void refuses_arguments(const char *folder)
{
    gpubench_file_facts facts;
    gpubench_file *file;
    CHECK(gpubench_file_create(NULL, 1, 4096, &facts, &file) == GPUBENCH_HOST_ERROR_ARGUMENT, "no folder");
    CHECK(gpubench_file_create(folder, 0, 4096, &facts, &file) == GPUBENCH_HOST_ERROR_ARGUMENT, "no bytes");
    CHECK(gpubench_file_create(folder, UINT64_MAX, 4096, &facts, &file) == GPUBENCH_HOST_ERROR_ARGUMENT, "all bytes");
    CHECK(gpubench_file_create(folder, 1, 4100, &facts, &file) == GPUBENCH_HOST_ERROR_ARGUMENT, "size of pages");
    CHECK(gpubench_file_create(folder, 1, 4096, NULL, &file) == GPUBENCH_HOST_ERROR_ARGUMENT, "no facts");
    CHECK(gpubench_file_create(folder, 1, 4096, &facts, NULL) == GPUBENCH_HOST_ERROR_ARGUMENT, "no file");
    gpubench_file_destroy(NULL);
    gpubench_ring_destroy(NULL);

    file = file_in(folder, 4 * 4096, &facts);
    uint64_t *memory = memory_of(8 * 4096);
    uint32_t frames[] = {0, 3};
    uint32_t beyond[] = {0, 4};
    const gpubench_page_batch good = {.count = 2, .from = memory, .from_frames = frames, .to_file = file, .to_frames = frames};
    gpubench_page_batch bad[8] = {good, good, good, good, good, good, good, good};
    bad[0].from = NULL;
    bad[1].to = memory;
    bad[2].to_file = NULL;
    bad[3].to_frames = beyond;
    bad[4].from_frames = NULL;
    bad[5].count = GPUBENCH_MAX_PAGES + 1;
    bad[6].from = (char *)memory + (facts.memory_alignment > 1 ? 1 : 0);
    bad[7].from_file = file;
    gpubench_move_failure failure;
    gpubench_ring *ring = NULL;
    int32_t error;
    CHECK(no_ring || gpubench_ring_create(2, 4096, 4096, &ring, &error) == GPUBENCH_HOST_OK, "errno %d", error);
    for (int i = 0; i < 8; i++) {
        if (i == 6 && facts.memory_alignment == 1) {
            continue;
        }
        CHECK(gpubench_files_move(NULL, 1, &bad[i], 4096, NULL, 0, &failure) == GPUBENCH_HOST_ERROR_ARGUMENT, "batch %d", i);
        CHECK(no_ring || gpubench_ring_move(ring, 1, &bad[i], &failure) == GPUBENCH_HOST_ERROR_ARGUMENT, "ring, batch %d", i);
    }
    const uint64_t sizes[] = {0, 4, 12, GPUBENCH_MAX_PAGE_BYTES + 4096, facts.granularity > 1 ? 4096 + facts.granularity / 2 : 12};
    for (int i = 0; i < 5; i++) {
        CHECK(gpubench_files_move(NULL, 1, &good, sizes[i], NULL, 0, &failure) == GPUBENCH_HOST_ERROR_ARGUMENT, "size %d", i);
    }
    /* From file to file without memory for it. */
    const gpubench_page_batch across = {.count = 1, .from_file = file, .from_frames = frames, .to_file = file, .to_frames = frames + 1};
    CHECK(gpubench_files_move(NULL, 1, &across, 4096, NULL, 0, &failure) == GPUBENCH_HOST_ERROR_ARGUMENT, "no staging");
    CHECK(gpubench_files_move(NULL, 1, &across, 4096, memory, 4096 - 8, &failure) == GPUBENCH_HOST_ERROR_ARGUMENT, "too little");
    if (!no_ring) {
        CHECK(gpubench_ring_move(ring, 1, &across, &failure) == GPUBENCH_HOST_ERROR_ARGUMENT, "no staging");
        CHECK(gpubench_ring_move(ring, 0, NULL, &failure) == GPUBENCH_HOST_OK, "none asked for");
        CHECK(gpubench_ring_add_memory(ring, NULL, 1) == GPUBENCH_HOST_ERROR_ARGUMENT, "no memory");
        CHECK(gpubench_ring_add_staging(ring, (char *)memory + 8, 4096) == GPUBENCH_HOST_ERROR_ARGUMENT, "unaligned");
        /* Memory that is none: the kernel says so, and what was known before stays known. */
        CHECK(gpubench_ring_add_memory(ring, memory, 8 * 4096) >= 0, "memory");
        CHECK(gpubench_ring_add_memory(ring, (void *)(uintptr_t)4096, 4096) == 0, "memory that is none");
        CHECK(gpubench_ring_move(ring, 1, &good, &failure) == GPUBENCH_HOST_OK, "errno %d", failure.error);
        for (int i = 0; i < GPUBENCH_MAX_BATCHES; i++) {
            CHECK(gpubench_ring_add_file(ring, file) == 1, "file %d", i);
        }
        CHECK(gpubench_ring_add_file(ring, file) == GPUBENCH_HOST_ERROR_ARGUMENT, "one too many");
        gpubench_ring *none;
        CHECK(gpubench_ring_create(0, 4096, 4096, &none, &error) == GPUBENCH_HOST_ERROR_ARGUMENT, "depth");
        CHECK(gpubench_ring_create(GPUBENCH_MAX_DEPTH + 1, 4096, 4096, &none, &error) == GPUBENCH_HOST_ERROR_ARGUMENT, "depth");
        CHECK(gpubench_ring_create(1, 4097, 4096, &none, &error) == GPUBENCH_HOST_ERROR_ARGUMENT, "size of requests");
        CHECK(gpubench_ring_create(1, 4096, 4097, &none, &error) == GPUBENCH_HOST_ERROR_ARGUMENT, "size of pages");
    }
    gpubench_ring_destroy(ring);

    /* An address where nothing is: EFAULT, by both means, with the place where it happened. */
    gpubench_page_batch nowhere = {.count = 2, .from_file = file, .from_frames = frames, .to = (void *)(uintptr_t)4096, .to_frames = frames};
    CHECK(gpubench_files_move(pool, 1, &nowhere, 4096, NULL, 0, &failure) == GPUBENCH_HOST_ERROR_SYSTEM, "read to nowhere");
    CHECK(failure.error == EFAULT && failure.batch == 0 && !failure.writing, "errno %d", failure.error);
    if (!no_ring) {
        gpubench_page_batch both[2] = {good, nowhere};
        CHECK(gpubench_ring_create(1, 4096, 4096, &ring, &error) == GPUBENCH_HOST_OK, "errno %d", error);
        CHECK(gpubench_ring_move(ring, 2, both, &failure) == GPUBENCH_HOST_ERROR_SYSTEM, "read to nowhere");
        CHECK(failure.error == EFAULT && failure.batch == 1 && !failure.writing, "errno %d", failure.error);
        CHECK(gpubench_ring_move(ring, 1, &good, &failure) == GPUBENCH_HOST_OK, "afterwards: errno %d", failure.error);
        gpubench_ring_destroy(ring);
    }
    /* A file that has become shorter: what is left of a page is read, and then there is no more. */
    const gpubench_page_batch last = {.count = 1, .from_file = file, .from_frames = frames + 1, .to = memory, .to_frames = frames};
    CHECK(ftruncate(file->descriptor, 3 * 4096 + 512) == 0, "errno %d", errno);
    CHECK(gpubench_files_move(NULL, 1, &last, 4096, NULL, 0, &failure) == GPUBENCH_HOST_ERROR_SYSTEM && failure.error == EIO,
          "errno %d", failure.error);
    if (!no_ring) {
        CHECK(gpubench_ring_create(1, 4096, 4096, &ring, &error) == GPUBENCH_HOST_OK, "errno %d", error);
        CHECK(gpubench_ring_move(ring, 1, &last, &failure) == GPUBENCH_HOST_ERROR_SYSTEM && failure.error == EIO, "errno %d",
              failure.error);
        gpubench_ring_destroy(ring);
    }
    free(memory);
    gpubench_file_destroy(file);
}

/* What a file took is there again when it is gone, whatever ring knew it. */
static void gives_back(const char *folder)
{
    const uint64_t bytes = 64 << 20;
    struct statvfs before;
    struct statvfs after;
    CHECK(statvfs(folder, &before) == 0, "errno %d", errno);
    gpubench_file_facts facts;
    gpubench_file *file = file_in(folder, bytes, &facts);
    gpubench_ring *ring;
    int32_t error;
    if (!no_ring) {
        CHECK(gpubench_ring_create(2, 4096, 4096, &ring, &error) == GPUBENCH_HOST_OK, "errno %d", error);
        CHECK(gpubench_ring_add_file(ring, file) == 1, "file");
        gpubench_ring_destroy(ring);
    }
    gpubench_file_destroy(file);
    CHECK(statvfs(folder, &after) == 0, "errno %d", errno);
    const int64_t missing = ((int64_t)before.f_bfree - (int64_t)after.f_bfree) * (int64_t)before.f_frsize;
    CHECK(missing < (int64_t)bytes / 2, "%lld bytes", (long long)missing); /* others may write meanwhile */
}

static void refuses_places(const char *folder)
{
    char path[512];
    snprintf(path, sizeof path, "%s/missing", folder);
    refused(path, 4096, GPUBENCH_FILE_FOLDER, ENOENT);
    snprintf(path, sizeof path, "%s/file", folder);
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fclose(file) == 0, "%s", path);
    refused(path, 4096, GPUBENCH_FILE_FOLDER, ENOTDIR);
    gpubench_file_facts facts;
    gpubench_file *none;
    const int32_t code = gpubench_file_create(folder, UINT64_C(1) << 61, 4096 + 8, &facts, &none);
    CHECK(code == GPUBENCH_HOST_ERROR_SYSTEM && none == NULL, "pages of 4104 bytes: code %d", code);
    CHECK(facts.step == (facts.granularity > 8 ? GPUBENCH_FILE_PAGES : GPUBENCH_FILE_ALLOCATE), "step %d", facts.step);
    CHECK(unlink(path) == 0, "%s", path);
    snprintf(path, sizeof path, "%s/shut", folder);
    CHECK(mkdir(path, 0500) == 0, "%s", path);
    if (geteuid() != 0) { /* who may everything */
        refused(path, 4096, GPUBENCH_FILE_CREATE, EACCES);
    }
    CHECK(rmdir(path) == 0, "%s", path);

    /* The limit on the size of files, which is a signal to whoever exceeds it. */
    struct rlimit before;
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0, "limit");
    const struct rlimit limit = {1 << 20, before.rlim_max};
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0, "limit");
    refused(folder, (1 << 20) + 1, GPUBENCH_FILE_ALLOCATE, EFBIG);
    gpubench_file_destroy(file_in(folder, 1 << 20, &facts));
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0, "limit");

    /* File systems of our own, where that is allowed. */
    snprintf(path, sizeof path, "%s/small", folder);
    CHECK(mkdir(path, 0700) == 0, "%s", path);
    /* Where nobody else sees them, and they end with this process. */
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", path, "tmpfs", 0, "size=1m") != 0) {
        printf("not tried: a file system that is full, and one that is read-only\n");
    } else {
        refused(path, 2 << 20, GPUBENCH_FILE_ALLOCATE, ENOSPC);
        gpubench_file *small = file_in(path, 1 << 19, &facts);
        CHECK(facts.access == GPUBENCH_ACCESS_MEMORY && facts.free_bytes == 1 << 20, "access %d", facts.access);
        refused(path, 1 << 20, GPUBENCH_FILE_ALLOCATE, ENOSPC);
        gpubench_file_destroy(small);
        gpubench_file_destroy(file_in(path, 1 << 20, &facts)); /* all of it came back */
        CHECK(mount("none", path, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=1m") == 0, "errno %d", errno);
        refused(path, 4096, GPUBENCH_FILE_CREATE, EROFS);
        CHECK(umount(path) == 0, "errno %d", errno);
    }
    CHECK(rmdir(path) == 0, "%s", path);
}

static char folder[] = "/tmp/gpubench-files-XXXXXX";

static void remove_folder(void)
{
    rmdir(folder);
}

int main(int argc, char **argv)
{
    CHECK(mkdtemp(folder) != NULL, "no folder");
    atexit(remove_folder);
    CHECK(gpubench_pool_create(THREADS, &pool) == GPUBENCH_HOST_OK, "no threads");
    gpubench_ring *ring;
    const int32_t code = gpubench_ring_create(1, 4096, 4096, &ring, &no_ring);
    CHECK(code == GPUBENCH_HOST_OK || (code == GPUBENCH_HOST_ERROR_RING && no_ring != 0 && ring == NULL), "code %d", code);
    gpubench_ring_destroy(ring);
    if (no_ring) {
        printf("no io_uring: %s\n", strerror(no_ring));
    }
    round_trips(folder);
    if (access("/dev/shm", W_OK) == 0) {
        round_trips("/dev/shm");
    }
    if (argc > 1) {
        round_trips(argv[1]);
    }
    gives_back(folder);
    refuses_arguments(folder);
    refuses_places(folder);
    CHECK(entries(folder) == 0, "something is left behind");
    CHECK(rmdir(folder) == 0, "%s", folder);
    gpubench_pool_destroy(pool);
    return EXIT_SUCCESS;
}
