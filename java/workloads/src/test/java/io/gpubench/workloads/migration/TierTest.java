// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.workloads.migration.Tier.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TierTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "device",
        "pinned",
        "pageable",
        "mapped",
        "file:/mnt/a b",
        "file:.",
        "peer",
        "peer:1",
        "peer:GPU-00:1"
      })
  void isWrittenAsItIsRead(String text) {
    assertEquals(text, Tier.parse(text).toString());
  }

  @Test
  void parts() {
    assertEquals(new Tier(Kind.FILE, "/mnt/x:y"), Tier.parse(" file: /mnt/x:y "));
    assertEquals(new Tier(Kind.PEER, null), Tier.parse("peer"));
    assertEquals(new Tier(Kind.PEER, "1"), Tier.parse("peer:1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pined|did you mean 'pinned'",
        "''|''",
        "DEVICE|'DEVICE'",
        "file|needs a folder, such as file:/mnt/nvme",
        "file:|needs a folder",
        "peer:|index or UUID",
        "device:1|write device without ':1'",
        "pinned:/x|no place"
      })
  void mistakesAreNamed(String text, String part) {
    String message = assertThrows(ConfigException.class, () -> Tier.parse(text)).getMessage();
    assertTrue(String.valueOf(message).contains(part), message);
  }
}
