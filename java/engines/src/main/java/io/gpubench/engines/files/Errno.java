// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

/** What the numbers mean by which Linux says why a call failed. */
enum Errno {
  EPERM(1, "not permitted"),
  ENOENT(2, "it does not exist"),
  EIO(5, "input/output error: the device failed, or the file has become shorter"),
  EAGAIN(11, "the system has no means for it now"),
  ENOMEM(12, "no memory"),
  EACCES(13, "permission denied"),
  EFAULT(14, "an address without memory"),
  ENODEV(19, "the device is gone"),
  ENOTDIR(20, "it is not a folder"),
  EINVAL(22, "the file system does not take such a request"),
  ENFILE(23, "the system has too many open files"),
  EMFILE(24, "this process has too many open files; see 'ulimit -n'"),
  EFBIG(27, "larger than a file may be; see 'ulimit -f'"),
  ENOSPC(28, "no space left on the device"),
  EROFS(30, "the file system is read-only"),
  ENAMETOOLONG(36, "the path is too long"),
  ENOSYS(38, "this kernel does not have it"),
  ELOOP(40, "too many symbolic links"),
  EOPNOTSUPP(95, "the file system does not support it"),
  ETIMEDOUT(110, "the device did not answer in time"),
  ESTALE(116, "the file system's server has lost the file"),
  EDQUOT(122, "the disk quota is exceeded");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** Whether there was no room. */
  static boolean isLackOfRoom(int number) {
    return number == ENOSPC.number || number == EDQUOT.number;
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
