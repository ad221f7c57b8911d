// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

/** What the numbers mean by which Linux says why a call failed. */
enum Errno {
  EPERM(1, "not permitted"),
  ENOENT(2, "it does not exist"),
  EIO(5, "input/output error: the device failed, or the file has become shorter"),
  ENOMEM(12, "no memory"),
  EACCES(13, "permission denied"),
  ENODEV(19, "the device is gone"),
  ENOTDIR(20, "it is not a folder"),
  EINVAL(22, "the file system does not take such a request"),
  ENFILE(23, "the system has too many open files"),
  EMFILE(24, "this process has too many open files; see 'ulimit -n'"),
  EFBIG(27, "larger than a file may be; see 'ulimit -f'"),
  ENOSPC(28, "no space left on the device"),
  EROFS(30, "the file system is read-only"),
  ENOSYS(38, "this kernel does not have it"),
  EOPNOTSUPP(95, "the file system does not support it"),
  EDQUOT(122, "the disk quota is exceeded");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** In words, without the place where it happened. */
  static String text(int number) {
    for (Errno errno : values()) {
      if (errno.number == number) {
        return errno.text;
      }
    }
    return "error " + number + " of the system";
  }
}
