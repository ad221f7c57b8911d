/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For development: median time of a round per SIMD level and number of threads, interleaved, so that a change of the
 * clock hits all alike. Arguments: [validators [proposals [faults per mille [rounds [MiB of inputs]]]]]. Inputs rotate:
 * with 64 MiB, the default, they come from memory, with 1 from a cache.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "consensus_reference.h"

enum { LEVELS = 3, TAGS = 2, MAX_THREADS = 2 };

static int64_t now_nanos(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static uint32_t number(int argc, char **argv, int index, uint32_t otherwise)
{
    return argc > index ? (uint32_t)strtoul(argv[index], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    const uint32_t validators = number(argc, argv, 1, 10000);
    const uint32_t proposals = number(argc, argv, 2, 2);
    const uint32_t faults = number(argc, argv, 3, 330);
    const uint32_t rounds = number(argc, argv, 4, 2001);
    const uint64_t memory = (uint64_t)number(argc, argv, 5, 64) << 20;
    const uint64_t input_bytes = validators * sizeof(gpubench_message);
    const uint32_t inputs = 2 + (uint32_t)(memory / input_bytes);
    const int32_t levels = gpubench_host_simd_best() + 1;
    static gpubench_consensus *contexts[TAGS][LEVELS][MAX_THREADS];
    static int64_t *nanos[TAGS][LEVELS][MAX_THREADS];
    gpubench_pool *pools[MAX_THREADS];

    reference_epoch epoch = reference_epoch_create(validators, 0, 1);
    gpubench_consensus_header header = {1, 2, validators, proposals, {0}};
    for (uint32_t k = 0; k < proposals; k++) {
        header.digests[k] = k + 1;
    }
    gpubench_message *messages = gpubench_memory_create(inputs * input_bytes);
    for (uint64_t i = 0; i < inputs; i++) {
        reference_votes(&epoch, &header, messages + i * validators, faults, i);
    }
    for (int t = 0; t < MAX_THREADS; t++) {
        if (gpubench_pool_create(t + 1, &pools[t]) != GPUBENCH_HOST_OK) {
            fprintf(stderr, "no pool of %d threads\n", t + 1);
            return EXIT_FAILURE;
        }
        for (int tags = 0; tags < TAGS; tags++) {
            for (int level = 0; level < levels; level++) {
                contexts[tags][level][t] = gpubench_consensus_create(pools[t], level, validators, epoch.weights,
                                                                     epoch.keys, tags, validators);
                nanos[tags][level][t] = malloc(rounds * sizeof(int64_t));
            }
        }
    }
    uint64_t *result = malloc(reference_result_words(validators) * sizeof *result);

    uint64_t next = 0;
    for (uint32_t round = 0; round < rounds; round++) {
        for (int tags = 0; tags < TAGS; tags++) {
            for (int level = 0; level < levels; level++) {
                for (int t = 0; t < MAX_THREADS; t++) {
                    const gpubench_message *input = messages + next++ % inputs * validators;
                    gpubench_pool_wake(pools[t]);
                    int64_t start = now_nanos();
                    gpubench_consensus_round(contexts[tags][level][t], &header, input, result);
                    nanos[tags][level][t][round] = now_nanos() - start;
                }
            }
        }
    }

    printf("V = M = %u, K = %u, %u per mille faulty, medians of %u rounds\n", validators, proposals, faults, rounds);
    printf("tags  level  threads  us/round  ns/message  speed-up  fastest tenth, us\n");
    for (int tags = 0; tags < TAGS; tags++) {
        for (int level = 0; level < levels; level++) {
            double one = 0;
            for (int t = 0; t < MAX_THREADS; t++) {
                qsort(nanos[tags][level][t], rounds, sizeof(int64_t), compare);
                double median = (double)nanos[tags][level][t][rounds / 2];
                one = t == 0 ? median : one;
                printf("%4d  %5d  %7d  %8.2f  %10.3f  %8.2f  %17.2f\n", tags, level,
                       gpubench_consensus_threads(contexts[tags][level][t], validators), median / 1000,
                       median / validators, one / median, (double)nanos[tags][level][t][rounds / 10] / 1000);
            }
        }
    }
    return EXIT_SUCCESS;
}
