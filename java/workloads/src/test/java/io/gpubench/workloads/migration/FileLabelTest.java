// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileLabelTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "file:/x | direct     | ext4  | -",
        "file:/x | page cache | ext4  | -",
        "file:/x | page cache | zfs   | -",
        "file:/x | memory     | tmpfs | -",
        "pinned  | -          | -     | -",
        "file:/x | direct     | tmpfs | to=file:/x lies on tmpfs, which is not accessed by 'direct'",
        "file:/x | page cache | ramfs | to=file:/x lies on ramfs, which is not accessed by 'page cache'",
        "file:/x | memory     | ext4  | to=file:/x lies on ext4, which is not accessed by 'memory'",
        "file:/x | direct     | zfs   | to=file:/x lies on zfs, which is not accessed by 'direct'",
        "file:/x | drive      | ext4  | to=file:/x: unknown access 'drive'; known: direct, page cache, memory",
        "file:/x | -          | ext4  | to=file:/x does not say whether that is storage, and of which file system",
        "file:/x | direct     | -     | to=file:/x does not say whether that is storage, and of which file system",
        "pinned  | direct     | ext4  | to=pinned is no file, and is said to be accessed by 'direct'"
      })
  void whatIsNotStorageIsNotCalledSo(
      String tier, String access, String fileSystem, String expected) {
    var configuration = new LinkedHashMap<String, Object>();
    if (access != null) {
      configuration.put("toAccess", access);
    }
    if (fileSystem != null) {
      configuration.put("toFileSystem", fileSystem);
    }
    assertEquals(expected, FileLabel.contradiction("to", Tier.parse(tier), configuration));
  }
}
