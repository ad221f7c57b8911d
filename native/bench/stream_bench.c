/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For development: the library's memory ceilings against the same loops as STREAM has them, compiled with -O3
 * -march=native, on threads of their own: in plain C, and with stores that go past the caches, as some compilers make of
 * STREAM. Interleaved, so that whatever else the machine does hits all alike; compare within one run. Bytes are counted
 * as STREAM counts them: what the loop reads and writes, without the lines that a store reads first. All use huge pages,
 * which makes this a harder yardstick than STREAM itself.
 *
 * Arguments: [threads [MiB per array [rounds]]], by default all processors, 256 MiB (many times a cache) and 21 rounds.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#if defined(__AVX__)
#include <immintrin.h>
#endif

#include "gpubench_host.h"

enum { READ, COPY, TRIAD, KINDS };
enum { PLAIN, STREAMED, LIBRARY, SIDES };

static const char *const names[KINDS] = {"read", "copy", "triad"};
static const double arrays_moved[KINDS] = {1, 2, 3};

typedef struct {
    double *a;
    double *b;
    double *c;
} arrays;

static arrays plain;
static uint64_t count;
static int threads;
static int kind; /* -1: touch */
static bool streamed;
static pthread_barrier_t asleep;
static atomic_uint arrived;
static _Atomic uint64_t total;

static double now_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* All threads begin and end together: they are woken first, and then wait for each other without sleeping. */
static void meet(unsigned meeting)
{
    atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < meeting * (unsigned)threads) {
    }
}

#if defined(__AVX__)
static void streamed_part(uint64_t first, uint64_t end)
{
    const __m256d three = _mm256_set1_pd(3);
    for (uint64_t i = first; i < end; i += 4) {
        __m256d value = _mm256_load_pd(plain.b + i);
        value = kind == COPY ? value : _mm256_add_pd(value, _mm256_mul_pd(three, _mm256_load_pd(plain.c + i)));
        _mm256_stream_pd(plain.a + i, value);
    }
    _mm_sfence();
}
#endif

static void plain_part(uint64_t first, uint64_t end)
{
    double *restrict a = plain.a;
    double *restrict b = plain.b;
    double *restrict c = plain.c;
    const uint64_t *restrict words = (const uint64_t *)plain.b;
    uint64_t sum = 0;
    switch (kind) {
    case READ:
        for (uint64_t i = first; i < end; i++) {
            sum += words[i];
        }
        atomic_fetch_add(&total, sum);
        break;
    case COPY:
        for (uint64_t i = first; i < end; i++) {
            a[i] = b[i];
        }
        break;
    case TRIAD:
        for (uint64_t i = first; i < end; i++) {
            a[i] = b[i] + 3.0 * c[i];
        }
        break;
    default:
        for (uint64_t i = first; i < end; i++) {
            a[i] = 0;
            b[i] = 0.7 * (double)i;
            c[i] = 2;
        }
    }
}

static void part(int thread)
{
    const uint64_t share = count / (uint64_t)threads / 4 * 4;
    const uint64_t first = share * (uint64_t)thread;
    const uint64_t end = thread + 1 == threads ? count : first + share;
#if defined(__AVX__)
    if (streamed && kind > READ) {
        streamed_part(first, end);
        return;
    }
#endif
    plain_part(first, end);
}

/* Returns the seconds from the first meeting to the last. */
static double take_part(int thread)
{
    pthread_barrier_wait(&asleep);
    meet(1);
    double start = now_seconds();
    part(thread);
    meet(2);
    double seconds = now_seconds() - start;
    pthread_barrier_wait(&asleep);
    return seconds;
}

static void *work(void *argument)
{
    for (;;) {
        take_part((int)(intptr_t)argument);
    }
    return NULL;
}

static double own_seconds(int which, bool stream)
{
    kind = which;
    streamed = stream;
    atomic_store(&arrived, 0);
    return take_part(0);
}

static double library_seconds(gpubench_pool *pool, const arrays *own, int which)
{
    const int32_t level = gpubench_host_simd_best();
    uint64_t sum = 0;
    gpubench_pool_wake(pool);
    double start = now_seconds();
    if (which == READ) {
        gpubench_ceiling_read(pool, level, (const uint64_t *)own->b, count, &sum);
    } else if (which == COPY) {
        gpubench_ceiling_copy(pool, level, (const uint64_t *)own->b, (uint64_t *)own->a, count);
    } else {
        gpubench_ceiling_triad(pool, level, own->a, own->b, own->c, count);
    }
    double seconds = now_seconds() - start;
    total += sum;
    return seconds;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static int number(int argc, char **argv, int index, int otherwise)
{
    return argc > index ? atoi(argv[index]) : otherwise;
}

static double *create(uint64_t bytes)
{
    double *memory = gpubench_memory_create(bytes);
    if (memory == NULL) {
        fprintf(stderr, "no memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

int main(int argc, char **argv)
{
    threads = number(argc, argv, 1, (int)sysconf(_SC_NPROCESSORS_ONLN));
    const uint64_t bytes = (uint64_t)number(argc, argv, 2, 256) << 20;
    const int rounds = number(argc, argv, 3, 21);
    gpubench_pool *pool;
    if (threads < 1 || bytes == 0 || rounds < 1 || gpubench_pool_create(threads, &pool) != GPUBENCH_HOST_OK) {
        fprintf(stderr, "usage: stream_bench [threads [MiB per array [rounds]]]\n");
        return EXIT_FAILURE;
    }
    count = bytes / sizeof(double);
    plain = (arrays){create(bytes), create(bytes), create(bytes)};
    arrays own = {create(bytes), create(bytes), create(bytes)};
    gpubench_memory_touch(pool, own.a, count);
    gpubench_memory_touch(pool, own.b, count);
    gpubench_memory_touch(pool, own.c, count);
    pthread_barrier_init(&asleep, NULL, (unsigned)threads);
    for (int thread = 1; thread < threads; thread++) {
        pthread_t started;
        if (pthread_create(&started, NULL, work, (void *)(intptr_t)thread) != 0) {
            fprintf(stderr, "no thread\n");
            return EXIT_FAILURE;
        }
    }
    own_seconds(-1, false);
    gpubench_ceiling_copy(pool, 0, (const uint64_t *)plain.b, (uint64_t *)own.b, count);
    gpubench_ceiling_copy(pool, 0, (const uint64_t *)plain.c, (uint64_t *)own.c, count);

    double *seconds[KINDS][SIDES];
    for (int which = 0; which < KINDS; which++) {
        for (int side = 0; side < SIDES; side++) {
            seconds[which][side] = malloc((size_t)rounds * sizeof(double));
        }
    }
    for (int round = 0; round < rounds; round++) {
        for (int which = 0; which < KINDS; which++) {
            for (int turn = 0; turn < SIDES; turn++) {
                int side = (round + turn) % SIDES; /* none always comes first */
                seconds[which][side][round] =
                    side == LIBRARY ? library_seconds(pool, &own, which) : own_seconds(which, side == STREAMED);
            }
        }
    }

    printf("%d threads, %d MiB per array, %d rounds, GB/s (checked %016llx)\n", threads, (int)(bytes >> 20), rounds,
           (unsigned long long)total);
    printf("              plain C         streamed          library    library / the better of both\n");
    printf("        best   median    best   median    best   median          best   median\n");
    for (int which = 0; which < KINDS; which++) {
        double rate[2][SIDES]; /* best and median */
        printf("%-6s", names[which]);
        for (int side = 0; side < SIDES; side++) {
            qsort(seconds[which][side], (size_t)rounds, sizeof(double), compare);
            double gigabytes = 1e-9 * arrays_moved[which] * (double)bytes;
            rate[0][side] = gigabytes / seconds[which][side][0];
            rate[1][side] = gigabytes / seconds[which][side][rounds / 2];
            printf("%6.1f   %6.1f  ", rate[0][side], rate[1][side]);
        }
        printf("      ");
        for (int i = 0; i < 2; i++) {
            double better = rate[i][PLAIN] > rate[i][STREAMED] ? rate[i][PLAIN] : rate[i][STREAMED];
            printf("%6.2f   ", rate[i][LIBRARY] / better);
        }
        printf("\n");
    }
    return EXIT_SUCCESS;
}
