/* SPDX-License-Identifier: Apache-2.0 */
/* What decides whether a counted call fails, for those that hide the functions of libc. */
#ifndef GPUBENCH_FAULTIO_VERDICT_H
#define GPUBENCH_FAULTIO_VERDICT_H

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

/* The function that this library hides. ISO C knows no conversion of what dlsym returns, POSIX demands one. */
#define REAL(function)                                                                                                 \
    __typeof__(function) *real;                                                                                        \
    void *found = dlsym(RTLD_NEXT, #function);                                                                         \
    memcpy(&real, &found, sizeof real)

typedef enum { MAKES, WRITES, REMOVES } sort;

/* Whether there is a folder below which calls are counted. */
bool is_armed(void);

/*
 * Each counts a call, if it is one to count, and returns the errno with which it is to fail, in errno as well; 0 for
 * none, which leaves errno as it was. Of a path below an open folder or AT_FDCWD.
 */
int fails_at(sort kind, const char *name, int folder, const char *path);

/* Counted once, also if both are under a folder. */
int fails_to_rename(int from_folder, const char *from, int to_folder, const char *to);

/* Of an open file; -1 when the call is to write half. */
int fails_on(sort kind, const char *name, int file);

#endif
