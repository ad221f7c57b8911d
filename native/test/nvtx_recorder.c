// SPDX-License-Identifier: Apache-2.0
//
// A tool that attaches as profilers do, by NVTX_INJECTION64_PATH, and writes what it is told into the file that
// GPUBENCH_NVTX_LOG names, with a dot and the number of the process after it, a line each: "thread domain push range" or
// "thread domain pop", where threads are numbered by their first range. It takes registered messages only, which is what a profiler's capture range goes by; another message
// is recorded as "unregistered". Written against the binary interface of NVTX 3, without its headers; nvtx_client.c checks
// it against them where there are any.
#define _POSIX_C_SOURCE 200809L // strdup
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXPORT_CALLBACKS = 1, EXPORT_VERSION = 3, MODULE_CORE2 = 5 };
enum { RANGE_PUSH = 4, RANGE_POP = 5, REGISTER_STRING = 10, DOMAIN_CREATE = 12 };
enum { REGISTERED = 3, NO_TRACKING = -2 };

typedef void (*function)(void);

struct callbacks {
    size_t size;
    int (*table)(int module, function ***table, unsigned *size);
};

struct version {
    size_t size;
    uint32_t version, reserved;
    void (*tell)(uint32_t version);
};

struct attributes {
    uint16_t version, size;
    uint32_t category;
    int32_t color_type;
    uint32_t color;
    int32_t payload_type, reserved;
    uint64_t payload;
    int32_t message_type;
    const void *message;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int threads;
static _Thread_local int thread;
static _Thread_local int depth;

static void record(const void *domain, const char *what, const char *range) {
    const char *name = getenv("GPUBENCH_NVTX_LOG");
    char file[4096];
    int length = snprintf(file, sizeof file, "%s.%d", name == NULL ? "" : name, (int)getpid());
    int whole = name != NULL && length > 0 && (size_t)length < sizeof file;
    pthread_mutex_lock(&lock);
    if (thread == 0) {
        thread = ++threads;
    }
    FILE *log = whole ? fopen(file, "a") : NULL;
    if (log != NULL) {
        fprintf(log, "%d %s %s%s%s\n", thread, domain == NULL ? "-" : (const char *)domain, what, *range ? " " : "", range);
        fclose(log);
    }
    pthread_mutex_unlock(&lock);
}

static void *domain_create(const char *name) { return strdup(name); }

static void *register_string(void *domain, const char *text) {
    (void)domain;
    return strdup(text);
}

static int push(void *domain, const struct attributes *event) {
    int whole = event->size == sizeof *event && event->message_type == REGISTERED;
    record(domain, "push", whole ? (const char *)event->message : "unregistered");
    return depth++;
}

static int pop(void *domain) {
    if (depth == 0) {
        record(domain, "pop", "nothing");
        return NO_TRACKING;
    }
    record(domain, "pop", "");
    return --depth;
}

__attribute__((visibility("default"))) int InitializeInjectionNvtx2(const void *(*exported)(uint32_t table)) {
    const struct callbacks *callbacks = exported(EXPORT_CALLBACKS);
    const struct version *version = exported(EXPORT_VERSION);
    function **table = NULL;
    unsigned size = 0;
    if (exported(0) != NULL || callbacks == NULL || callbacks->size < sizeof *callbacks || version == NULL ||
        version->version < 3 || !callbacks->table(MODULE_CORE2, &table, &size) || size <= DOMAIN_CREATE || table[0] != NULL ||
        table[size] != NULL || callbacks->table(99, &table, &size)) {
        return 0;
    }
    version->tell(3);
    callbacks->table(MODULE_CORE2, &table, &size);
    *table[RANGE_PUSH] = (function)push;
    *table[RANGE_POP] = (function)pop;
    *table[REGISTER_STRING] = (function)register_string;
    *table[DOMAIN_CREATE] = (function)domain_create;
    return 1;
}
