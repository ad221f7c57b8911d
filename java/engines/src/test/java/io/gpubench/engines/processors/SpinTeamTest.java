// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpinTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everyMemberRunsOncePerCall(int members) {
    var runs = new AtomicIntegerArray(members);
    try (var team = new SpinTeam(members)) {
      for (int call = 1; call <= 300; call++) {
        team.run((member, of) -> runs.addAndGet(member, of));
        for (int member = 0; member < members; member++) {
          assertEquals(call * members, runs.get(member));
        }
      }
    }
  }

  @Test
  void wakesMembersThatParked() throws InterruptedException {
    var runs = new AtomicIntegerArray(2);
    try (var team = new SpinTeam(2)) {
      for (int call = 1; call <= 20; call++) {
        Thread.sleep(2); // beyond the spinning
        team.run((member, of) -> runs.incrementAndGet(member));
        assertEquals(call, runs.get(1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aFailureReachesTheCallerAndTheTeamGoesOn(int failing) {
    var failure = new IllegalArgumentException("part");
    try (var team = new SpinTeam(2)) {
      var thrown =
          assertThrows(
              RuntimeException.class,
              () ->
                  team.run((member, of) -> {
                    if (member == failing) {
                      throw failure;
                    }
                  }));
      assertSame(failure, failing == 0 ? thrown : thrown.getCause());
      var runs = new AtomicIntegerArray(2);
      team.run((member, of) -> runs.incrementAndGet(member));
      assertEquals(1, runs.get(1));
    }
  }
}
