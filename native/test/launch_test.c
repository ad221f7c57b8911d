/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of launch.*: who is called how often and with what, and a mailbox that neither hangs nor mixes up answers. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "gpubench_host.h"

#define SECOND INT64_C(1000000000)

static void every_thread_takes_part(void)
{
    enum { THREADS = 3, ROW = 16 };
    gpubench_launch_empty(NULL);
    for (int32_t threads = 1; threads <= THREADS; threads++) {
        gpubench_pool *pool;
        CHECK(gpubench_pool_create(threads, &pool) == GPUBENCH_HOST_OK, "%d threads", threads);
        uint64_t rows[THREADS * ROW] = {0};
        for (uint64_t index = 0; index < ROW; index += 3) {
            gpubench_launch_empty(pool);
            gpubench_launch_touch(pool, rows, ROW, index, 1000 + index);
        }
        for (uint64_t i = 0; i < THREADS * ROW; i++) {
            uint64_t expected = i / ROW < (uint64_t)threads && i % ROW % 3 == 0 ? 1000 + i % ROW : 0;
            CHECK(rows[i] == expected, "%d threads, word %" PRIu64 ": %" PRIu64, threads, i, rows[i]);
        }
        gpubench_pool_destroy(pool);
    }
}

static void copies_just_these_bytes(void)
{
    char from[64];
    char to[64];
    for (int i = 0; i < 64; i++) {
        from[i] = (char)(i + 1);
    }
    for (uint64_t bytes = 0; bytes < 20; bytes++) {
        memset(to, 0, sizeof to);
        gpubench_launch_copy(from, 3, to, 9, bytes);
        for (uint64_t i = 0; i < 64; i++) {
            char expected = i >= 9 && i < 9 + bytes ? (char)(i - 9 + 3 + 1) : 0;
            CHECK(to[i] == expected, "%" PRIu64 " bytes: byte %" PRIu64, bytes, i);
        }
    }
}

/* ---- the submit loop, with functions that know what they were given ---- */

static int64_t launches;
static int64_t synchronizations;
static int64_t failing_launch;
static int32_t synchronize_code;
static int things[3];

static int32_t launch(void *function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z, uint32_t block_x,
                      uint32_t block_y, uint32_t block_z, uint32_t shared_bytes, void *stream, void **parameters,
                      void **extra)
{
    CHECK(synchronizations == 0, "launched after the synchronisation");
    CHECK(function == &things[0] && stream == &things[1] && parameters == (void **)&things[2] && extra == NULL,
          "pointers");
    CHECK(grid_x == 1 && grid_y == 2 && grid_z == 3 && block_x == 4 && block_y == 5 && block_z == 6 &&
              shared_bytes == 7, "sizes");
    launches++;
    return launches == failing_launch ? 719 : 0;
}

static int32_t synchronize(void *stream)
{
    CHECK(stream == &things[1], "stream");
    synchronizations++;
    return synchronize_code;
}

static int32_t submit(int64_t calls)
{
    launches = synchronizations = 0;
    return gpubench_submit_loop(launch, synchronize, &things[0], 1, 2, 3, 4, 5, 6, 7, &things[1],
                                (void **)&things[2], calls);
}

static void submits_until_something_fails(void)
{
    CHECK(submit(5) == 0 && launches == 5 && synchronizations == 1, "%" PRId64, launches);
    CHECK(submit(0) == 0 && launches == 0 && synchronizations == 1, "%" PRId64, launches);
    CHECK(submit(-1) == GPUBENCH_HOST_ERROR_ARGUMENT && launches == 0 && synchronizations == 0, "negative");
    failing_launch = 3;
    CHECK(submit(5) == 719 && launches == 3 && synchronizations == 0, "%" PRId64, launches);
    failing_launch = 0;
    synchronize_code = 700;
    CHECK(submit(5) == 700 && launches == 5 && synchronizations == 1, "%" PRId64, launches);

    uint64_t count = 10;
    uint64_t waits = 20;
    CHECK(gpubench_submit_loop(NULL, gpubench_synchronize_shape, &count, 1, 1, 1, 1, 1, 1, 0, &waits, NULL, 3) ==
              GPUBENCH_HOST_ERROR_ARGUMENT, "no launch");
    CHECK(gpubench_submit_loop(gpubench_launch_shape, NULL, &count, 1, 1, 1, 1, 1, 1, 0, &waits, NULL, 3) ==
              GPUBENCH_HOST_ERROR_ARGUMENT, "no synchronisation");
    CHECK(gpubench_submit_loop(gpubench_launch_shape, gpubench_synchronize_shape, &count, 1, 1, 1, 1, 1, 1, 0, &waits,
                               NULL, 3) == 0, "stubs");
    CHECK(count == 13 && waits == 21, "%" PRIu64 " launches, %" PRIu64 " waits", count, waits);
}

/* ---- the mailbox ---- */

static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static gpubench_mailbox *create(void)
{
    gpubench_mailbox *mailbox;
    CHECK(gpubench_mailbox_create(&mailbox) == GPUBENCH_HOST_OK, "no mailbox");
    return mailbox;
}

static void exchange(gpubench_mailbox *mailbox, uint64_t token)
{
    uint64_t answer = ~mix(token);
    int32_t code = gpubench_mailbox_exchange(mailbox, token, 60 * SECOND, &answer);
    CHECK(code == GPUBENCH_HOST_OK && answer == mix(token), "token %" PRIu64 ": code %d", token, code);
}

static void answers_each_token(void)
{
    gpubench_mailbox *mailbox = create();
    for (uint64_t token = 0; token < 20000; token++) {
        exchange(mailbox, token);
    }
    exchange(mailbox, UINT64_MAX);
    /* Pauses around the time at which the other thread goes to sleep. */
    for (useconds_t pause = 100; pause <= 300; pause += 2) {
        usleep(pause);
        exchange(mailbox, pause);
    }
    uint64_t answer = 1;
    CHECK(gpubench_mailbox_exchange(NULL, 0, 1, &answer) == GPUBENCH_HOST_ERROR_ARGUMENT, "no mailbox");
    CHECK(gpubench_mailbox_exchange(mailbox, 0, 0, &answer) == GPUBENCH_HOST_ERROR_ARGUMENT, "no time");
    CHECK(gpubench_mailbox_exchange(mailbox, 0, 1, NULL) == GPUBENCH_HOST_ERROR_ARGUMENT, "no place");
    CHECK(gpubench_mailbox_create(NULL) == GPUBENCH_HOST_ERROR_ARGUMENT, "no place");
    CHECK(answer == 1, "touched");
    exchange(mailbox, 7);
    gpubench_mailbox_destroy(mailbox);
    gpubench_mailbox_destroy(NULL);
}

/* A token that is given up at once is answered in time, or not at all, and never in place of the next one. */
static void survives_what_is_given_up(void)
{
    gpubench_mailbox *mailbox = create();
    for (uint64_t token = 0; token < 500; token++) {
        if (token % 10 == 0) {
            usleep(300); /* asleep, so that the answer comes late */
        }
        uint64_t answer = 0;
        int32_t code = gpubench_mailbox_exchange(mailbox, token, 1, &answer);
        CHECK(code == GPUBENCH_HOST_OK ? answer == mix(token) : code == GPUBENCH_HOST_ERROR_TIMEOUT && answer == 0,
              "code %d", code);
        exchange(mailbox, token + 1000);
    }
    gpubench_mailbox_destroy(mailbox);
}

static void works_on_one_processor(void)
{
    cpu_set_t before;
    cpu_set_t one;
    CHECK(sched_getaffinity(0, sizeof before, &before) == 0, "affinity");
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0, "affinity");
    gpubench_mailbox *mailbox = create();
    for (uint64_t token = 0; token < 100; token++) {
        exchange(mailbox, token);
    }
    gpubench_mailbox_destroy(mailbox);
    CHECK(sched_setaffinity(0, sizeof before, &before) == 0, "affinity");
}

static void ends_asleep_and_awake(void)
{
    for (int i = 0; i < 50; i++) {
        gpubench_mailbox *mailbox = create();
        if (i % 2 == 0) {
            usleep(500);
        }
        gpubench_mailbox_destroy(mailbox);
    }
}

int main(void)
{
    every_thread_takes_part();
    copies_just_these_bytes();
    submits_until_something_fails();
    answers_each_token();
    survives_what_is_given_up();
    works_on_one_processor();
    ends_asleep_and_awake();
    return EXIT_SUCCESS;
}
