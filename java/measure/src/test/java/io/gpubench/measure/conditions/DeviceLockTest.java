// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.gpubench.measure.conditions.DeviceLock.Acquired;
import io.gpubench.measure.conditions.DeviceLock.Held;
import io.gpubench.measure.conditions.DeviceLock.Result;
import io.gpubench.measure.conditions.DeviceLock.Unavailable;
import io.gpubench.measure.run.Cancellation;
import io.gpubench.measure.spi.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks in this process and, since the system treats these differently, in others. */
@Timeout(60)
class DeviceLockTest {
  private static final String GPU = "gpu-1";
  private static final Duration LONG = Duration.ofSeconds(50);

  @TempDir private Path temp;
  private LockFolder folder;
  private final List<DeviceLock> taken = new ArrayList<>();
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void open() {
    folder = new LockFolder(temp.resolve("locks"));
  }

  @AfterEach
  void endAll() throws InterruptedException {
    taken.forEach(DeviceLock::close);
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private Result attempt(String device, String cpus) {
    Result result = DeviceLock.tryAcquire(folder, Set.of(device), CpuSet.parse(cpus));
    if (result instanceof Acquired(DeviceLock lock)) {
      taken.add(lock);
    }
    return result;
  }

  private DeviceLock take(String device, String cpus) {
    return assertInstanceOf(Acquired.class, attempt(device, cpus)).lock();
  }

  /** Starts a process that attempts the same; its answer. */
  private String elsewhere(String device, String cpus) throws IOException {
    return answer(start(device, cpus));
  }

  private static String answer(Process process) throws IOException {
    BufferedReader out = process.inputReader(UTF_8);
    return String.valueOf(out.readLine());
  }

  private Process start(String device, String cpus) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LockingProcess.class.getName(),
                folder.toString(),
                device,
                cpus)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    started.add(process);
    return process;
  }

  private List<Path> holderFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.path())) {
      return files.filter(file -> file.toString().endsWith(".holder")).toList();
    }
  }

  private static Held heldBy(String device, String by) {
    return new Held(device, by);
  }

  @Test
  void anotherProcessIsRefusedAndToldByWhom() throws IOException {
    take(Session.PROCESSORS, "0-3");
    String refused = elsewhere(Session.PROCESSORS, "3-4");
    long pid = ProcessHandle.current().pid();
    assertTrue(
        refused.matches(
            "device processors is in use by process "
                + pid
                + " \\(.+, since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\)"),
        refused);
    assertEquals("locked", elsewhere(Session.PROCESSORS, "4-7"));
  }

  @Test
  void thisProcessIsRefusedByAnotherUntilThatEnds() throws Exception {
    Process other = start(GPU, "0-1");
    assertEquals("locked", answer(other));
    Result refused = attempt(GPU, "0-1");
    assertTrue(
        refused
            .note()
            .startsWith(
                "device gpu-1 is in use by process "
                    + other.pid()
                    + " (gpubench "
                    + folder
                    + " gpu-1 0-1"),
        refused.note());
    other.getOutputStream().close();
    assertEquals(0, other.waitFor());
    assertEquals(List.of(), holderFiles());
    assertEquals("locked", attempt(GPU, "0-1").note());
  }

  @Test
  void aKilledProcessHoldsNothing() throws Exception {
    Process other = start(Session.PROCESSORS, "0-1");
    assertEquals("locked", answer(other));
    other.destroyForcibly().waitFor();
    assertEquals(1, holderFiles().size(), "what the killed process left");
    assertEquals("locked", attempt(Session.PROCESSORS, "1-2").note());
  }

  @Test
  void whatADeadProcessLeftIsNotBelieved() throws Exception {
    Process dead = start(Session.PROCESSORS, "0-1");
    assertEquals("locked", answer(dead));
    dead.destroyForcibly().waitFor();
    Process living = start(Session.PROCESSORS, "0-1");
    assertEquals("locked", answer(living));
    String note = attempt(Session.PROCESSORS, "0").note();
    assertTrue(note.contains("process " + living.pid() + " ("), note);
  }

  @Test
  void aProcessOfTheSameNumberIsNotBelieved() throws Exception {
    Process other = start(Session.PROCESSORS, "0");
    assertEquals("locked", answer(other));
    Path file = holderFiles().getFirst();
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"started\":\"\\d{4}", "\"started\":\"1999"));
    assertEquals(
        "device processors is in use by another process", attempt("processors", "0").note());
    for (String rubbish : List.of("", "{", "null", "[]", "{\"pid\":1}", "x".repeat(9000))) {
      Files.writeString(file, rubbish);
      assertEquals(
          "device processors is in use by another process", attempt("processors", "0").note());
    }
  }

  @Test
  void whatOthersWroteCannotControlATerminal() throws Exception {
    Process other = start(Session.PROCESSORS, "0");
    assertEquals("locked", answer(other));
    Path file = holderFiles().getFirst();
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst("\"command\":\"gpubench", "\"command\":\"\\\\u001b[2J\\\\n"));
    String note = attempt("processors", "0").note();
    assertTrue(note.contains("(?[2J? "), note);
  }

  @Test
  void runsOnTwoDevicesGoSideBySideAndKeepRunsOnTheProcessorsAway() throws IOException {
    take(GPU, "0-1");
    assertEquals("locked", elsewhere("gpu-2", "0-1"));
    assertTrue(elsewhere(GPU, "2-3").startsWith("device gpu-1 is in use by process "));
    assertTrue(elsewhere("processors", "1").startsWith("device processors is in use by process "));
    assertEquals("locked", elsewhere("processors", "2-3"));
  }

  @Test
  void aRunOnTheProcessorsKeepsRunsOnDevicesAway() throws IOException {
    assertEquals("locked", elsewhere("processors", "0-1"));
    Result refused = attempt(GPU, "1-2");
    assertTrue(
        refused.note().startsWith("device processors is in use by process "), refused.note());
    assertEquals("locked", elsewhere(GPU, "2-3"), "the refused one let the device go");
  }

  @Test
  void inOneProcessAnyTwoExcludeEachOther() throws IOException {
    DeviceLock first = take("processors", "0-1");
    assertEquals(heldBy("processors", "this process"), attempt("processors", "1-2"));
    take("processors", "2-3");
    first.close();
    first.close();
    take("processors", "0");
    // closing one file must not have dropped the locks of the others
    assertTrue(elsewhere("processors", "3").startsWith("device processors is in use"));
    assertTrue(elsewhere("processors", "0").startsWith("device processors is in use"));
    assertEquals("locked", elsewhere("processors", "1"));
  }

  @Test
  void aRefusalInThisProcessDropsNoLock() throws IOException {
    take(GPU, "0");
    assertEquals(heldBy(GPU, "this process"), attempt(GPU, "0"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), folder.path());
    assertEquals(
        heldBy(GPU, "this process"),
        DeviceLock.tryAcquire(new LockFolder(link), Set.of(GPU), CpuSet.parse("0")));
    assertTrue(elsewhere(GPU, "0").startsWith("device gpu-1 is in use by process "));
    Files.delete(link);
  }

  @Test
  void waitingEndsWhenTheLockIsFree() throws Exception {
    Process other = start(GPU, "0");
    assertEquals("locked", answer(other));
    var time =
        new FakeTime() {
          @Override
          public boolean sleep(Duration duration) {
            if (sleeps == 2) {
              other.destroyForcibly();
              try {
                other.waitFor();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
            return super.sleep(duration);
          }
        };
    Result result =
        DeviceLock.acquire(folder, Set.of(GPU), CpuSet.parse("0"), LONG, new Cancellation(), time);
    taken.add(assertInstanceOf(Acquired.class, result).lock());
    assertEquals(3, time.sleeps);
  }

  @Test
  void waitingIsBoundedAndCanBeCancelled() {
    take(GPU, "0");
    var time = new FakeTime();
    long start = time.nanos();
    var patience = Duration.ofMillis(500);
    CpuSet cpus = CpuSet.parse("0");
    assertInstanceOf(
        Held.class,
        DeviceLock.acquire(folder, Set.of(GPU), cpus, patience, new Cancellation(), time));
    assertEquals(patience.toNanos(), time.nanos() - start);
    assertEquals(3, time.sleeps);
    var cancelled = new Cancellation();
    cancelled.request();
    assertInstanceOf(
        Held.class, DeviceLock.acquire(folder, Set.of(GPU), cpus, LONG, cancelled, time));
    assertEquals(3, time.sleeps);
    Thread.currentThread().interrupt();
    assertInstanceOf(
        Held.class, DeviceLock.acquire(folder, Set.of(GPU), cpus, LONG, new Cancellation()));
    assertTrue(Thread.interrupted());
  }

  @Test
  void anInterruptedThreadCanTakeALock() throws IOException {
    take("gpu-2", "1");
    Thread.currentThread().interrupt();
    take(GPU, "0");
    assertTrue(Thread.interrupted());
    assertTrue(elsewhere(GPU, "0").startsWith("device gpu-1 is in use by "));
    assertTrue(elsewhere("gpu-2", "0").startsWith("device gpu-2 is in use by "));
  }

  @Test
  void folderAndFilesAreForAllUsers() throws IOException {
    take(GPU, "0");
    assertEquals(01777, (int) Files.getAttribute(folder.path(), "unix:mode") & 07777);
    for (String file : List.of("gpu-1.lock", "processors.lock")) {
      assertEquals(
          "rw-rw-rw-",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(folder.path().resolve(file))));
    }
    for (Path file : holderFiles()) {
      assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
    assertEquals(2, holderFiles().size());
  }

  @Test
  void anyDeviceIdIsAFileName() throws IOException {
    take("../../a b/ü", "0");
    assertTrue(Files.exists(folder.path().resolve("______a_b__.lock")));
    take("x".repeat(5000), "1");
  }

  @Test
  void withoutAFolderThereIsNoLockAndNoFailure() throws IOException {
    folder = new LockFolder(temp.resolve("absent/locks"));
    assertEquals(new Unavailable(folder + ": no such folder"), attempt("processors", "0"));
    folder = new LockFolder(Files.writeString(temp.resolve("file"), "in the way"));
    assertEquals(
        "no lock: " + folder + ": a file of that name is in the way", attempt(GPU, "0").note());
  }

  @Test
  void aFolderOfSomebodyElseIsNoFailure() throws IOException {
    Path forbidden = Files.createDirectory(temp.resolve("forbidden"));
    Files.setPosixFilePermissions(forbidden, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(forbidden), "root may do everything");
    folder = new LockFolder(forbidden);
    assertEquals("no lock: " + folder + ": permission denied", attempt(GPU, "0").note());
  }

  @Test
  void aLinkInPlaceOfALockFileIsNotFollowed() throws IOException {
    Files.createDirectory(folder.path());
    Path victim = temp.resolve("victim");
    Files.createSymbolicLink(folder.path().resolve("gpu-1.lock"), victim);
    assertInstanceOf(Unavailable.class, attempt(GPU, "0"));
    assertTrue(Files.notExists(victim));
    Files.delete(folder.path().resolve("gpu-1.lock"));
  }

  @Test
  void thePropertyNamesAnotherFolder() {
    String before = System.getProperty(LockFolder.PROPERTY);
    try {
      System.clearProperty(LockFolder.PROPERTY);
      assertEquals(Path.of("/tmp/gpubench-locks"), LockFolder.ofThisMachine().path());
      System.setProperty(LockFolder.PROPERTY, temp.toString());
      assertEquals(temp, LockFolder.ofThisMachine().path());
    } finally {
      if (before == null) {
        System.clearProperty(LockFolder.PROPERTY);
      } else {
        System.setProperty(LockFolder.PROPERTY, before);
      }
    }
  }
}
