// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  /** At most a third of the longer name's characters differ, and one may always. */
  @ParameterizedTest
  @CsvSource({
    "host, host",
    "HOST, host",
    "hst, host",
    "xhost, host",
    "hosd, host",
    "hots,",
    "consnesus, consensus",
    "comsenzuz, consensus",
    "komsenzuz,",
    "h,",
  })
  void aNearNameIsFound(String asked, @Nullable String expected) {
    assertEquals(
        Optional.ofNullable(expected), Names.nearest(asked, List.of("host", "cuda", "consensus")));
  }

  @Test
  void theNearestOfSeveralIsFound() {
    assertEquals(
        Optional.of("ceiling.l2"),
        Names.nearest("ceiling.l3", List.of("ceiling.read", "ceiling.l2")));
  }

  @Test
  void aMessageNamesAllWhereNoneIsNear() {
    assertEquals(
        "unknown engine 'tpu'; known: cuda, host",
        Names.unknown("engine", "tpu", List.of("cuda", "host")));
    assertEquals("unknown engine 'tpu'; there is none", Names.unknown("engine", "tpu", List.of()));
  }
}
