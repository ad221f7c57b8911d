// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Honest runs by every clock, cold, and next to a baseline, raise nothing either. */
@Timeout(120)
@ExtendWith(RecordedClasses.Ready.class)
class HonestModesTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "launch.empty --engine=java --clock=batch --set=work=touch",
        "launch.mailbox --engine=host",
        "launch.copy --engine=host --set=bytes=8,4096",
        "launch.ffm --engine=host --set=calls=100",
        "ceiling.hostread --engine=java --cache=cold --set=bytes=100000",
        "migration --engine=java --set=from=pageable --set=to=pageable,file:. --set=pages=7 --set=ways=both",
        "migration --engine=host --set=from=file:.,pageable --set=to=pageable --set=pages=9 --set=pageBytes=8192",
        "synthesis.match synthesis.expand synthesis.rewrite --engine=host --set=nodes=3001 --set=synthesis.match.output=list",
        "synthesis.match synthesis.rewrite --engine=java --cache=cold --set=nodes=1,3001 --set=synthesis.match.variant=brute,index --set=synthesis.match.patterns=33"
      })
  void raiseNothing(String command) {
    measured(command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consensus --set=validators=100 --clock=device --cache=cold",
        "ceiling.copy --set=bytes=10008 --clock=batch",
        "ceiling.h2d --set=bytes=65544 --clock=host",
        "launch.empty launch.graph launch.copy launch.event launch.mailbox",
        "migration --set=pages=16 --path=kernel --set=to=device,pinned --set=from=pinned",
        "utilization --set=utilization.bytes=65536 --set=utilization.passes=2 --clock=host",
        "synthesis.match --set=nodes=1001 --set=patterns=33 --clock=batch --path=graph"
      })
  void norDoTheyOnTheSimulatedDevice(String command) {
    measured(command + " --device=sim");
  }

  private void measured(String command) {
    var line = new CommandLineFixture(temp);
    var args = new ArrayList<>(List.of("run"));
    args.addAll(List.of(command.split(" ")));
    args.addAll(
        List.of(
            "--in-process",
            "--samples=40",
            "--warmup=5",
            "--duration=4s",
            "--anyway",
            "--no-key",
            "--out=" + line.store));
    Answer answer = OwnProcess.measure(temp, args.toArray(String[]::new));
    boolean there =
        !answer.err().contains("no engine: ") && !answer.err().contains("native library");
    assertTrue(there || System.getenv("GPUBENCH_REQUIRE_HOST") == null, answer.err());
    assumeTrue(there, answer.err());
    assertEquals(0, answer.exit(), answer.err());
    Answer verified = Evidence.verify(List.of(line.onlyRun()), List.of());
    assertEquals(0, verified.exit(), verified.out());
  }
}
