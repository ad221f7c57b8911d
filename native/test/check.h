/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GPUBENCH_CHECK_H
#define GPUBENCH_CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* Ends the test with a message if the condition does not hold. */
#define CHECK(condition, ...)                                                  \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);    \
            fprintf(stderr, __VA_ARGS__);                                      \
            fputc('\n', stderr);                                               \
            exit(EXIT_FAILURE);                                                \
        }                                                                      \
    } while (0)

#endif
