/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Development benchmark: pages between memory and a file, by pread and pwrite and by io_uring, against fio, if it is installed, with the
 * same settings on the same file: block size, number in flight, direct I/O, random places. In turn, as ratios.
 *
 *   files_bench FOLDER [rounds [seconds [file_MiB]]]
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../src/files.h"
#include "../test/pages.h"

typedef struct {
    int writing;
    int ring;
    int depth; /* or threads */
    uint64_t page_bytes;
} setting;

static gpubench_file *file;
static double seconds;
static uint64_t file_bytes;

static double now_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* MB/s of batches of scattered pages, each of a 16th of the file. */
static double own_rate(setting what)
{
    const uint32_t frames = (uint32_t)(file_bytes / what.page_bytes);
    const uint32_t pages = frames / 16;
    uint64_t *memory = gpubench_memory_create(pages * what.page_bytes);
    uint32_t *in_file = malloc(frames * sizeof(uint32_t));
    uint32_t *in_memory = malloc(pages * sizeof(uint32_t));
    CHECK(pages > 0 && memory != NULL && in_file != NULL && in_memory != NULL, "no memory");
    uint64_t seed = (uint64_t)(now_seconds() * 1e9);
    deal(in_file, frames, 1, &seed);
    deal(in_memory, pages, 1, &seed);
    for (uint64_t i = 0; i < pages * what.page_bytes / 8; i++) {
        memory[i] = word(seed, i);
    }
    gpubench_pool *pool = NULL;
    gpubench_ring *ring = NULL;
    int32_t error = 0;
    if (what.ring) {
        const int32_t code = gpubench_ring_create((uint32_t)what.depth, 1 << 20, what.page_bytes, &ring, &error);
        CHECK(code == GPUBENCH_HOST_OK, "errno %d", error);
        gpubench_ring_add_file(ring, file);
        gpubench_ring_add_memory(ring, memory, pages * what.page_bytes);
    } else {
        CHECK(gpubench_pool_create(what.depth, &pool) == GPUBENCH_HOST_OK, "no threads");
    }
    const double start = now_seconds();
    double elapsed = 0;
    uint64_t moved = 0;
    for (uint32_t at = 0; elapsed < seconds; at = at + 2 * pages <= frames ? at + pages : 0) {
        gpubench_page_batch batch = {.count = pages};
        if (what.writing) {
            batch.from = memory;
            batch.from_frames = in_memory;
            batch.to_file = file;
            batch.to_frames = in_file + at;
        } else {
            batch.from_file = file;
            batch.from_frames = in_file + at;
            batch.to = memory;
            batch.to_frames = in_memory;
        }
        gpubench_move_failure failure;
        const int32_t code = what.ring ? gpubench_ring_move(ring, 1, &batch, &failure)
                                       : gpubench_files_move(pool, 1, &batch, what.page_bytes, NULL, 0, &failure);
        CHECK(code == GPUBENCH_HOST_OK, "code %d, errno %d", code, failure.error);
        moved += pages * what.page_bytes;
        elapsed = now_seconds() - start;
    }
    gpubench_ring_destroy(ring);
    gpubench_pool_destroy(pool);
    gpubench_memory_destroy(memory, pages * what.page_bytes);
    free(in_file);
    free(in_memory);
    return 1e-6 * (double)moved / elapsed;
}

/* The same of fio, which gets at the file although it has no name. 0 without fio. */
static double fio_rate(setting what)
{
    char command[1024];
    snprintf(command, sizeof command,
             "fio --name=pages --filename=/proc/%ld/fd/%d --allow_file_create=0 --overwrite=1 --size=%llu --direct=1 --bs=%llu "
             "--rw=rand%s --ioengine=%s --iodepth=%d --numjobs=%d --thread --time_based --runtime=%.0f --norandommap "
             "--randrepeat=0 --group_reporting --output-format=terse --terse-version=3 2>/dev/null",
             (long)getpid(), file->descriptor, (unsigned long long)file_bytes, (unsigned long long)what.page_bytes,
             what.writing ? "write" : "read", what.ring ? "io_uring" : "psync", what.ring ? what.depth : 1,
             what.ring ? 1 : what.depth, seconds);
    FILE *output = popen(command, "r");
    char line[8192] = "";
    double rate = 0;
    if (output != NULL && fgets(line, sizeof line, output) != NULL) {
        const char *field = line;
        for (int i = 0; field != NULL && i < (what.writing ? 47 : 6); i++) {
            field = strchr(field, ';');
            field = field == NULL ? NULL : field + 1;
        }
        rate = field == NULL ? 0 : atof(field) * 1024 / 1e6;
    }
    if (output != NULL) {
        pclose(output);
    }
    return rate;
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

int main(int argc, char **argv)
{
    const int rounds = argc > 2 ? atoi(argv[2]) : 5;
    seconds = argc > 3 ? atof(argv[3]) : 1;
    file_bytes = (argc > 4 ? strtoull(argv[4], NULL, 10) : 256) << 20;
    if (argc < 2 || rounds < 1 || seconds < 1 || file_bytes < (16 << 20)) {
        fprintf(stderr, "usage: files_bench FOLDER [rounds [seconds [file_MiB]]]\n");
        return EXIT_FAILURE;
    }
    gpubench_file_facts facts;
    CHECK(gpubench_file_create(argv[1], file_bytes, 1 << 20, &facts, &file) == GPUBENCH_HOST_OK, "errno %d", facts.error);
    static const setting settings[] = {{0, 1, 1, 4096},      {0, 1, 32, 4096},     {0, 0, 2, 4096},      {0, 1, 16, 65536},
                                       {0, 1, 8, 1 << 20},   {0, 0, 2, 1 << 20},   {1, 1, 1, 4096},      {1, 1, 32, 4096},
                                       {1, 0, 2, 4096},      {1, 1, 16, 65536},    {1, 1, 8, 1 << 20},   {1, 0, 2, 1 << 20}};
    printf("%s, access %d, %llu MiB, %d rounds of %.0f s; MB/s, medians\n", argv[1], facts.access,
           (unsigned long long)(file_bytes >> 20), rounds, seconds);
    printf("way    means      page  in flight  gpubench       fio  ratio  of pairs (quartiles)\n");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        double *own = calloc((size_t)rounds * 3, sizeof *own);
        CHECK(own != NULL, "no memory");
        double *fio = own + rounds;
        double *ratios = fio + rounds;
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < 2; turn++) {
                if ((round + turn) % 2 == 0) {
                    own[round] = own_rate(settings[i]);
                } else {
                    fio[round] = fio_rate(settings[i]);
                }
            }
            ratios[round] = fio[round] > 0 ? own[round] / fio[round] : 0;
        }
        const double ratio = median(ratios, rounds);
        const double own_median = median(own, rounds);
        const double fio_median = median(fio, rounds);
        printf("%-6s %-5s %9llu  %9d  %8.1f  %8.1f   %4.2f      %4.2f (%4.2f .. %4.2f)\n", settings[i].writing ? "write" : "read",
               settings[i].ring ? "ring" : "calls", (unsigned long long)settings[i].page_bytes, settings[i].depth, own_median,
               fio_median, fio_median > 0 ? own_median / fio_median : 0, ratio, ratios[rounds / 4], ratios[rounds * 3 / 4]);
        fflush(stdout);
        free(own);
    }
    gpubench_file_destroy(file);
    return EXIT_SUCCESS;
}
