/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A preloaded library that makes writing files fail, to test what becomes of a run whose store does. For the tests
 * alone: no part of an installation.
 *
 *   LD_PRELOAD=libfaultio.so FAULTIO_UNDER=/store[:/more] [FAULTIO_CALL=17 FAULTIO_ERROR=28] COMMAND
 *
 * Counted, from 1 in each process, is every call on a path below one of the folders, and on the folders themselves, that
 * changes a file or a folder: opening for writing, writing and copying into a file, cutting, forcing to the disk, closing
 * what was open for writing, renaming from or to there, linking, making and removing. Modes, times, locks, special files
 * and writing to mapped memory are not. The call with the number FAULTIO_CALL fails with the errno FAULTIO_ERROR, and does
 * nothing; a close closes all the same.
 *
 *   FAULTIO_FOREVER=1    all later calls fail as well
 *   FAULTIO_SHORT=1      the call, if it writes, writes half of its bytes (or parts, if it has several) and says so, instead
 *                        of failing
 *   FAULTIO_TRACE=FILE   a line for each call is added to FILE: PID, number, name, errno (0 if it was let through, -1 if it
 *                        writes half), path
 *
 * A process may also do all this to itself, again and again, with faultio_arm and faultio_disarm.
 *
 * Removing needs no room, so ENOSPC and EDQUOT let it through. What libc itself writes, as with fprintf, passes by here
 * unseen.
 */
#define _GNU_SOURCE
#include "verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char under[2 * PATH_MAX];
static long chosen;
static int error;
static bool forever;
static bool half;
static int trace = -1;
static atomic_long calls;

static long number(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

/* Begins to count anew. To be called while nobody writes; the parameters are the variables of the same names. */
EXPORTED void faultio_arm(const char *folders, long call, int with, int for_ever, int shortly);
/* Lets everything through and counts nothing; returns how many calls were counted. */
EXPORTED long faultio_disarm(void);

void faultio_arm(const char *folders, long call, int with, int for_ever, int shortly)
{
    if (folders && strlen(folders) >= sizeof under) {
        abort();
    }
    strcpy(under, folders ? folders : "");
    chosen = call;
    error = with;
    forever = for_ever != 0;
    half = shortly != 0;
    calls = 0;
}

long faultio_disarm(void)
{
    long counted = calls;
    faultio_arm(NULL, 0, 0, 0, 0);
    return counted;
}

__attribute__((constructor)) static void configure(void)
{
    faultio_arm(getenv("FAULTIO_UNDER"), number("FAULTIO_CALL"), (int)number("FAULTIO_ERROR"),
                number("FAULTIO_FOREVER") != 0, number("FAULTIO_SHORT") != 0);
    const char *file = getenv("FAULTIO_TRACE");
    if (file) {
        REAL(open);
        trace = real(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
}

bool is_armed(void)
{
    return *under != '\0';
}

static bool is_under(const char *path)
{
    const char *folder = under;
    while (*folder) {
        size_t given = strcspn(folder, ":");
        size_t length = given;
        while (length && folder[length - 1] == '/') {
            length--;
        }
        if (given && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0')) {
            return true;
        }
        folder += given + (folder[given] == ':');
    }
    return false;
}

static bool link_target(const char *link, char *target)
{
    ssize_t length = readlink(link, target, PATH_MAX - 1);
    if (length < 0) {
        return false;
    }
    target[length] = '\0';
    return true;
}

/* Where an open file lies; its name may have changed since it was opened. */
static bool path_of(int file, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    return link_target(link, path);
}

/* Makes a path absolute; links in it are not followed, so the folders are to be given without any. */
static bool absolute(int folder, const char *path, char *result)
{
    if (path[0] == '/') {
        return snprintf(result, PATH_MAX, "%s", path) < PATH_MAX;
    }
    char base[PATH_MAX];
    if (folder == AT_FDCWD ? !getcwd(base, sizeof base) : !path_of(folder, base)) {
        return false;
    }
    return snprintf(result, PATH_MAX, "%s/%s", base, path) < PATH_MAX;
}

/* Counts a call; returns the errno with which it is to fail, 0 for none, or -1 when it is to write half. */
static int verdict(sort kind, const char *name, const char *path)
{
    if (!is_under(path)) {
        return 0;
    }
    long call = atomic_fetch_add(&calls, 1) + 1;
    bool struck = chosen && (call == chosen || (forever && call > chosen));
    bool room = kind == REMOVES && (error == ENOSPC || error == EDQUOT);
    int result = struck && !room ? (half ? (kind == WRITES ? -1 : 0) : error) : 0;
    if (trace >= 0) {
        char line[PATH_MAX + 128];
        int length = snprintf(line, sizeof line, "%d %ld %s %d %s\n", (int)getpid(), call, name, result, path);
        REAL(write);
        if (length > 0 && (size_t)length < sizeof line && real(trace, line, (size_t)length) < 0) {
            abort(); /* a test must not take a trace with holes for a whole one */
        }
    }
    return result;
}

int fails_at(sort kind, const char *name, int folder, const char *path)
{
    int before = errno;
    char whole[PATH_MAX];
    int result = is_armed() && absolute(folder, path, whole) ? verdict(kind, name, whole) : 0;
    errno = result ? result : before;
    return result;
}

int fails_to_rename(int from_folder, const char *from, int to_folder, const char *to)
{
    int before = errno;
    char whole[PATH_MAX];
    bool moves_away = is_armed() && !(absolute(to_folder, to, whole) && is_under(whole));
    errno = before;
    return fails_at(MAKES, "rename", moves_away ? from_folder : to_folder, moves_away ? from : to);
}

int fails_on(sort kind, const char *name, int file)
{
    int before = errno;
    char path[PATH_MAX];
    int result = is_armed() && path_of(file, path) ? verdict(kind, name, path) : 0;
    errno = result > 0 ? result : before;
    return result;
}
