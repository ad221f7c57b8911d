/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that change files and that no tool is sure to use, each once; ends with 1 if one of them fails. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

static bool failed;

static void expect(long long expected, long long found, const char *what)
{
    bool unknown_here = found < 0 && (errno == ENOSYS || errno == EOPNOTSUPP || errno == EXDEV);
    if (expected != found && !unknown_here) {
        perror(what);
        failed = true;
    }
}

int main(void)
{
    int file = open("store/a", O_RDWR | O_CREAT | O_EXCL, 0600);
    int source = open("/proc/self/exe", O_RDONLY);
    struct iovec parts[2] = {{"1234", 4}, {"5678", 4}};
    expect(8, pwritev(file, parts, 2, 0), "pwritev");
    loff_t from = 0;
    loff_t to = 8;
    expect(8, copy_file_range(file, &from, file, &to, 8, 0), "copy_file_range");
    lseek(file, 16, SEEK_SET);
    expect(8, sendfile(file, source, NULL, 8), "sendfile");
    expect(0, fallocate(file, 0, 0, 24), "fallocate");
    expect(0, ftruncate(file, 20), "ftruncate");
    expect(0, close(file), "close");
    expect(0, truncate("store/a", 10), "truncate");
    expect(0, linkat(AT_FDCWD, "store/a", AT_FDCWD, "store/b", 0), "linkat");
    expect(0, symlinkat("a", AT_FDCWD, "store/c"), "symlinkat");
    return failed;
}
