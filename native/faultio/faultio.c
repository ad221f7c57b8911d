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
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

/* The function that this library hides. ISO C knows no conversion of what dlsym returns, POSIX demands one. */
#define REAL(function)                                                                                                 \
    __typeof__(function) *real;                                                                                        \
    void *found = dlsym(RTLD_NEXT, #function);                                                                         \
    memcpy(&real, &found, sizeof real)

typedef enum { MAKES, WRITES, REMOVES } sort;

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

static int fails_at(sort kind, const char *name, int folder, const char *path)
{
    int before = errno;
    char whole[PATH_MAX];
    int result = *under && absolute(folder, path, whole) ? verdict(kind, name, whole) : 0;
    errno = result ? result : before;
    return result;
}

/* Counted once, also if both are under a folder. */
static int fails_to_rename(int from_folder, const char *from, int to_folder, const char *to)
{
    int before = errno;
    char whole[PATH_MAX];
    bool moves_away = *under && !(absolute(to_folder, to, whole) && is_under(whole));
    errno = before;
    return fails_at(MAKES, "rename", moves_away ? from_folder : to_folder, moves_away ? from : to);
}

static int fails_on(sort kind, const char *name, int file)
{
    int before = errno;
    char path[PATH_MAX];
    int result = *under && path_of(file, path) ? verdict(kind, name, path) : 0;
    errno = result > 0 ? result : before;
    return result;
}

static bool changes(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

static mode_t mode_of(int flags, va_list more)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
}

#define OPEN(function)                                                                                                 \
    EXPORTED int function(const char *path, int flags, ...)                                                            \
    {                                                                                                                  \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = mode_of(flags, more);                                                                            \
        va_end(more);                                                                                                  \
        REAL(function);                                                                                                \
        return changes(flags) && fails_at(MAKES, "open", AT_FDCWD, path) ? -1 : real(path, flags, mode);               \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(function)                                                                                               \
    EXPORTED int function(int folder, const char *path, int flags, ...)                                                \
    {                                                                                                                  \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = mode_of(flags, more);                                                                            \
        va_end(more);                                                                                                  \
        REAL(function);                                                                                                \
        return changes(flags) && fails_at(MAKES, "open", folder, path) ? -1 : real(folder, path, flags, mode);         \
    }
OPENAT(openat)
OPENAT(openat64)

#define CREAT(function)                                                                                                \
    EXPORTED int function(const char *path, mode_t mode)                                                               \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        return fails_at(MAKES, "open", AT_FDCWD, path) ? -1 : real(path, mode);                                        \
    }
CREAT(creat)
CREAT(creat64)

EXPORTED ssize_t write(int file, const void *bytes, size_t count)
{
    REAL(write);
    int how = fails_on(WRITES, "write", file);
    return how > 0 ? -1 : real(file, bytes, how < 0 && count > 1 ? count / 2 : count);
}

#define PWRITE(function, offset_type)                                                                                  \
    EXPORTED ssize_t function(int file, const void *bytes, size_t count, offset_type at)                               \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        int how = fails_on(WRITES, "pwrite", file);                                                                    \
        return how > 0 ? -1 : real(file, bytes, how < 0 && count > 1 ? count / 2 : count, at);                         \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

EXPORTED ssize_t writev(int file, const struct iovec *parts, int count)
{
    REAL(writev);
    int how = fails_on(WRITES, "writev", file);
    return how > 0 ? -1 : real(file, parts, how < 0 && count > 1 ? count / 2 : count);
}

#define PWRITEV(function, offset_type)                                                                                 \
    EXPORTED ssize_t function(int file, const struct iovec *parts, int count, offset_type at)                          \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        int how = fails_on(WRITES, "pwritev", file);                                                                   \
        return how > 0 ? -1 : real(file, parts, how < 0 && count > 1 ? count / 2 : count, at);                         \
    }
PWRITEV(pwritev, off_t)
#ifdef __GLIBC__
PWRITEV(pwritev64, off64_t)

EXPORTED ssize_t pwritev2(int file, const struct iovec *parts, int count, off_t at, int flags)
{
    REAL(pwritev2);
    int how = fails_on(WRITES, "pwritev", file);
    return how > 0 ? -1 : real(file, parts, how < 0 && count > 1 ? count / 2 : count, at, flags);
}

EXPORTED ssize_t pwritev64v2(int file, const struct iovec *parts, int count, off64_t at, int flags)
{
    REAL(pwritev64v2);
    int how = fails_on(WRITES, "pwritev", file);
    return how > 0 ? -1 : real(file, parts, how < 0 && count > 1 ? count / 2 : count, at, flags);
}
#endif

EXPORTED ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t count, unsigned flags)
{
    REAL(copy_file_range);
    int how = fails_on(WRITES, "copy", to);
    return how > 0 ? -1 : real(from, from_at, to, to_at, how < 0 && count > 1 ? count / 2 : count, flags);
}

#define SENDFILE(function, offset_type)                                                                                \
    EXPORTED ssize_t function(int to, int from, offset_type *from_at, size_t count)                                    \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        int how = fails_on(WRITES, "copy", to);                                                                        \
        return how > 0 ? -1 : real(to, from, from_at, how < 0 && count > 1 ? count / 2 : count);                       \
    }
SENDFILE(sendfile, off_t)
SENDFILE(sendfile64, off64_t)

#define ON_FILE(function, name)                                                                                        \
    EXPORTED int function(int file)                                                                                    \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        return fails_on(MAKES, name, file) > 0 ? -1 : real(file);                                                      \
    }
ON_FILE(fsync, "fsync")
ON_FILE(fdatasync, "fsync")

EXPORTED int close(int file)
{
    REAL(close);
    int before = errno;
    int flags = *under ? fcntl(file, F_GETFL) : -1;
    errno = before;
    int how = flags >= 0 && (flags & O_ACCMODE) != O_RDONLY ? fails_on(MAKES, "close", file) : 0;
    int result = real(file);
    if (how > 0) {
        errno = how;
        return -1;
    }
    return result;
}

#define FTRUNCATE(function, offset_type)                                                                               \
    EXPORTED int function(int file, offset_type length)                                                                \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        return fails_on(MAKES, "truncate", file) > 0 ? -1 : real(file, length);                                        \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define TRUNCATE(function, offset_type)                                                                                \
    EXPORTED int function(const char *path, offset_type length)                                                        \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        return fails_at(MAKES, "truncate", AT_FDCWD, path) ? -1 : real(path, length);                                  \
    }
TRUNCATE(truncate, off_t)
TRUNCATE(truncate64, off64_t)

#define FALLOCATE(function, offset_type)                                                                               \
    EXPORTED int function(int file, int mode, offset_type at, offset_type length)                                      \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        return fails_on(MAKES, "truncate", file) > 0 ? -1 : real(file, mode, at, length);                              \
    }
FALLOCATE(fallocate, off_t)
FALLOCATE(fallocate64, off64_t)

#define ON_TWO(function, name)                                                                                         \
    EXPORTED int function(const char *from, const char *to)                                                            \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        return fails_at(MAKES, name, AT_FDCWD, to) ? -1 : real(from, to);                                              \
    }
ON_TWO(link, "link")
ON_TWO(symlink, "link")

EXPORTED int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    REAL(linkat);
    return fails_at(MAKES, "link", to_folder, to) ? -1 : real(from_folder, from, to_folder, to, flags);
}

EXPORTED int symlinkat(const char *from, int to_folder, const char *to)
{
    REAL(symlinkat);
    return fails_at(MAKES, "link", to_folder, to) ? -1 : real(from, to_folder, to);
}

EXPORTED int rename(const char *from, const char *to)
{
    REAL(rename);
    return fails_to_rename(AT_FDCWD, from, AT_FDCWD, to) ? -1 : real(from, to);
}

EXPORTED int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    REAL(renameat);
    return fails_to_rename(from_folder, from, to_folder, to) ? -1 : real(from_folder, from, to_folder, to);
}

EXPORTED int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    REAL(renameat2);
    return fails_to_rename(from_folder, from, to_folder, to) ? -1 : real(from_folder, from, to_folder, to, flags);
}

EXPORTED int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    return fails_at(MAKES, "mkdir", AT_FDCWD, path) ? -1 : real(path, mode);
}

EXPORTED int mkdirat(int folder, const char *path, mode_t mode)
{
    REAL(mkdirat);
    return fails_at(MAKES, "mkdir", folder, path) ? -1 : real(folder, path, mode);
}

#define REMOVE(function)                                                                                               \
    EXPORTED int function(const char *path)                                                                            \
    {                                                                                                                  \
        REAL(function);                                                                                                \
        return fails_at(REMOVES, "remove", AT_FDCWD, path) ? -1 : real(path);                                          \
    }
REMOVE(unlink)
REMOVE(rmdir)

EXPORTED int unlinkat(int folder, const char *path, int flags)
{
    REAL(unlinkat);
    return fails_at(REMOVES, "remove", folder, path) ? -1 : real(folder, path, flags);
}
