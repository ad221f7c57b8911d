// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.engines.tornado.TornadoSdk;
import io.gpubench.measure.conditions.CpuSet;
import io.gpubench.measure.conditions.DeviceLock;
import io.gpubench.measure.conditions.LockFolder;
import io.gpubench.measure.spi.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows about the conditions of a measurement. */
class DoctorTest {
  @TempDir private Path temp;

  private final String before = System.getProperty(LockFolder.PROPERTY, "");

  @BeforeEach
  void useOwnLocks() {
    System.setProperty(LockFolder.PROPERTY, temp.resolve("locks").toString());
  }

  @AfterEach
  void useTheUsualLocks() {
    if (before.isEmpty()) {
      System.clearProperty(LockFolder.PROPERTY);
    } else {
      System.setProperty(LockFolder.PROPERTY, before);
    }
  }

  /** The line that begins so, its columns separated by two blanks. */
  private String row(String what) {
    String out = new CommandLineFixture(temp).execute("doctor").out();
    return out.lines()
        .filter(line -> line.startsWith(what + "  "))
        .map(line -> line.replaceAll(" {2,}", "  "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(out));
  }

  @Test
  void locksAreFree() {
    assertEquals("device locks  ok  " + temp.resolve("locks") + ": all free", row("device locks"));
  }

  @Test
  void aLockIsHeld() {
    var acquired =
        assertInstanceOf(
            DeviceLock.Acquired.class,
            DeviceLock.tryAcquire(
                LockFolder.ofThisMachine(), Set.of(Session.PROCESSORS), CpuSet.allowed()));
    try (DeviceLock _ = acquired.lock()) {
      assertEquals(
          "device locks  warning  device processors is in use by this process",
          row("device locks"));
    }
    assertTrue(row("device locks").endsWith("all free"));
  }

  @Test
  void noLockIsPossible() {
    Path absent = temp.resolve("absent/locks");
    System.setProperty(LockFolder.PROPERTY, absent.toString());
    assertEquals(
        "device locks  warning  no lock: "
            + absent
            + ": no such folder; -Dgpubench.locks=DIR in GPUBENCH_JAVA_OPTS chooses another",
        row("device locks"));
  }

  @Test
  void theTemperatureOrThatThereIsNone() {
    String row = row("processor temperature");
    assertTrue(row.matches("processor temperature  (ok  \\d+ C|unknown  no sensor; .*)"), row);
  }

  @Test
  void theProcessorsAreJudged() {
    assertTrue(row("threads of a core").matches("threads of a core  (ok|warning|unknown)  .*"));
    assertTrue(row("CPU quota").matches("CPU quota  (ok|warning)  .*"));
    assertTrue(row("frequency governor").matches("frequency governor  (ok|warning|unknown)  .*"));
  }

  @Test
  void aProgramReadsTheSame() {
    var answer = new CommandLineFixture(temp).execute("doctor", "--format", "json");
    assertEquals(0, answer.exit(), answer.err());
    var document = CommandLineFixture.json(answer.out());
    assertEquals("gpubench.doctor/1", document.path("schema").asString());
    assertTrue(document.path("usable").asBoolean());
    assertEquals(
        new CommandLineFixture(temp)
            .execute("doctor")
            .out()
            .lines()
            .skip(1)
            .takeWhile(line -> !line.isEmpty())
            .count(),
        document.path("findings").size());
  }

  @Test
  void commandsForAShellAreNotForAProgram() {
    var answer =
        new CommandLineFixture(temp).execute("doctor", "--lock-clocks", "--format", "json");
    assertEquals(2, answer.exit());
    assertEquals("", answer.out());
    assertEquals(
        "gpubench: --lock-clocks prints commands for a shell, and does not go with --format json\n",
        answer.err());
  }

  @Test
  void whatThereIsOfTornadoAndHowToGetIt() {
    var line = new CommandLineFixture(temp);
    line.engines = List.of(FakeEngine.passing("fake"), new TornadoEngine(TornadoBackend.OPENCL));
    line.environment.put(TornadoSdk.VARIABLE, temp.toString());
    String out = line.execute("doctor").out();
    assertTrue(
        out.replaceAll(" {2,}", "  ")
            .contains(
                "\nTornadoVM  missing  TORNADOVM_HOME names %s, which is no TornadoVM SDK: "
                    .formatted(temp)),
        out);
    assertTrue(out.contains("; 'sdk install tornadovm', or unpack a release"), out);
    assertTrue(out.contains("\nengine tornado:opencl"), out);
  }
}
