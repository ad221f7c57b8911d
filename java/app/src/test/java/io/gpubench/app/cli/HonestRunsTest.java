// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.cli.HonestRun.Kind;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.seal.SigningKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Honest runs of every engine, of all sizes and ends, raise nothing. There are 30, or as many as
 * the property {@code gpubench.honest} says; of each ten, one is of each kind.
 */
@Timeout(180)
@ExtendWith(RecordedClasses.Ready.class)
class HonestRunsTest {
  private static final int RUNS = Integer.getInteger("gpubench.honest", 30);

  @TempDir private static Path folder;
  private static SigningKey key;

  @TempDir private Path temp;

  @BeforeAll
  static void makeKey() {
    key = SigningKey.create(folder.resolve("key.pem"));
  }

  static Stream<HonestRun> runs() {
    return IntStream.range(0, RUNS).mapToObj(HonestRun::draw);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void raisesNothing(HonestRun run) {
    var line = new CommandLineFixture(temp);
    Answer answer = measure(run, line);
    boolean there =
        !answer.err().contains("cannot start the worker")
            && !answer.err().contains("no engine: ")
            && !answer.err().contains("native library");
    assertTrue(there || System.getenv("GPUBENCH_REQUIRE_HOST") == null, answer.err());
    assumeTrue(there, answer.err());
    assertNotEquals(1, answer.exit(), answer.err());
    assertNotEquals(2, answer.exit(), answer.err());
    Path directory = line.onlyRun();
    boolean signed = isSigned(run);
    List<String> options = signed ? List.of("--signer=" + key.signer().fingerprint()) : List.of();
    Answer verified = Evidence.verify(List.of(directory), options);
    assertEquals(0, verified.exit(), run + "\n" + verified.out() + verified.err());
  }

  private static boolean isSigned(HonestRun run) {
    return run.number() % 3 == 0;
  }

  private Answer measure(HonestRun run, CommandLineFixture line) {
    boolean duet = run.kind() == Kind.DUET || run.kind() == Kind.FOREIGN_DUET;
    var args = new ArrayList<>(List.of(duet ? "duet" : "run"));
    args.addAll(run.options().subList(0, duet ? 2 : 0));
    args.add("consensus");
    args.addAll(run.options().subList(duet ? 2 : 0, run.options().size()));
    args.add("--out=" + line.store);
    args.add("--anyway");
    args.add(isSigned(run) ? "--key=" + folder.resolve("key.pem") : "--no-key");
    if (run.brief()) {
      args.add(line.profile());
    }
    String[] command = args.toArray(String[]::new);
    return switch (run.kind()) {
      case JAVA, HOST, PYTHON, CPP, DUET, FOREIGN_DUET -> Evidence.execute(command);
      case SIMULATED, WORKERS -> OwnProcess.measure(temp, command);
      case INTERRUPTED ->
          OwnProcess.interrupt(temp, line.store, 37L * (run.number() % 40), command);
      case FAKE -> {
        line.engines = List.of(fake(run.number()));
        args.remove("--in-process"); // the fixture adds it
        yield line.execute(args.toArray(String[]::new));
      }
    };
  }

  /** An engine that fails in one of the ways in which engines do, or not at all. */
  private static FakeEngine fake(int number) {
    FakeEngine engine = FakeEngine.passing("fake");
    switch (number / 10 % 7) {
      case 0 -> engine.right = sample -> sample < 30;
      case 1 ->
          engine.work =
              sample -> {
                if (sample >= 40) {
                  throw new EngineException("the device is lost");
                }
              };
      case 2 ->
          engine.preparing =
              () -> {
                throw new EngineException("out of memory");
              };
      case 3 -> engine.physicalOperationsPerSecond = 1e6;
      case 4 -> {
        engine.device = "fake 0";
        engine.synthetic = true;
      }
      case 5 -> engine.right = sample -> sample < 1;
      default -> {} // spins for 20 us, and that is that
    }
    return engine;
  }
}
