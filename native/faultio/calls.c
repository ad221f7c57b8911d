/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of libc that this library hides. */
#define _GNU_SOURCE
#include "verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

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
    int flags = is_armed() ? fcntl(file, F_GETFL) : -1;
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
