// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.app.cli.CallSweep.Form;
import io.gpubench.app.cli.CallSweep.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call of the driver and of NVML fails in turn. An ordinary build takes each function once,
 * the last call, and a few by chance. The test tagged {@code sweep} takes each call of a worker
 * that measures with each code, and of a self-check with one; or only every n-th point, where the
 * property {@code gpubench.sweep.step} says n.
 */
@ExtendWith(RecordedClasses.Ready.class)
class CallSweepTest {
  private static final Path DRIVER =
      CommandLineFixture.ROOT.resolve("native/build/cudasim/libcuda.so.1");
  private static final int STEP = Integer.getInteger("gpubench.sweep.step", 1);
  private static final int LANES = Integer.getInteger("gpubench.sweep.lanes", 2);
  private static final long SEED = 20_261_121;

  /** No value, no memory, a dead context, ECC, assertion, launch failure, and whatever. */
  private static final List<Integer> CUDA = List.of(1, 2, 201, 46, 214, 700, 719, 999);

  /** Not initialised, not supported, no permission, a lost GPU, and whatever. */
  private static final List<Integer> NVML = List.of(1, 3, 9, 15, 999);

  @TempDir private Path temp;
  private CallSweep sweep;

  @BeforeEach
  void open() throws Exception {
    boolean built = Files.exists(DRIVER);
    assertTrue(built || System.getenv("GPUBENCH_REQUIRE_HOST") == null, DRIVER + " is not built");
    assumeTrue(built, DRIVER + " is not built");
    sweep = new CallSweep(temp, LANES);
  }

  @AfterEach
  void close() {
    if (sweep != null) {
      sweep.close();
    }
  }

  @Test
  @Timeout(600)
  void aCallThatFailsIsNamedAndEverythingIsReleased() throws Exception {
    var random = new SplittableRandom(SEED);
    var points = new ArrayList<Point>();
    var seen = new HashSet<String>();
    for (Form form : List.of(Form.GRAPH, Form.LAUNCH)) {
      List<SimulatedCall> calls = sweep.calls(form);
      for (SimulatedCall call : calls) {
        if (seen.add(call.function())) {
          points.add(point(form, call, points.size()));
        }
      }
      points.add(point(form, calls.getLast(), 1));
      for (int i = 0; i < 4; i++) {
        points.add(point(form, calls.get(random.nextInt(calls.size())), i));
      }
    }
    // all of gpubench
    List<SimulatedCall> calls = sweep.calls(Form.IN_PROCESS);
    points.add(point(Form.IN_PROCESS, calls.getFirst(), 7));
    points.add(point(Form.IN_PROCESS, calls.getLast(), 1));
    points.add(point(Form.WORKERS, points.getFirst().call(), 3));
    verdict(points);
  }

  @Test
  @Tag("sweep")
  @Timeout(14_400)
  void whicheverCallFails() throws Exception {
    var points = new ArrayList<Point>();
    for (Form form : List.of(Form.LAUNCH, Form.GRAPH)) {
      List<SimulatedCall> calls = sweep.calls(form);
      assertTrue(calls.size() <= 300, calls.size() + " calls");
      for (SimulatedCall call : calls) {
        codes(call).forEach(code -> points.add(new Point(form, call, code)));
      }
    }
    int number = 0;
    for (SimulatedCall call : sweep.calls(Form.SELF_CHECK)) {
      points.add(point(Form.SELF_CHECK, call, number++));
    }
    // all of gpubench, where it matters: each function once
    for (Form form : List.of(Form.IN_PROCESS, Form.WORKERS)) {
      var seen = new HashSet<String>();
      for (SimulatedCall call : sweep.calls(form)) {
        if (seen.add(call.function())) {
          points.add(point(form, call, number++));
        }
      }
    }
    var chosen = new ArrayList<Point>();
    for (int i = 0; i < points.size(); i += STEP) {
      chosen.add(points.get(i));
    }
    verdict(chosen);
  }

  private void verdict(List<Point> points) throws Exception {
    long begin = System.nanoTime();
    List<String> findings = sweep.sweep(points);
    System.out.printf(
        "call sweep: %d points in %.0f s; survived: %s%n",
        points.size(), (System.nanoTime() - begin) / 1e9, new TreeMap<>(sweep.survived()));
    assertEquals("", String.join("\n", findings));
  }

  private static Point point(Form form, SimulatedCall call, int number) {
    List<Integer> codes = codes(call);
    return new Point(form, call, codes.get(number % codes.size()));
  }

  private static List<Integer> codes(SimulatedCall call) {
    return call.library().equals("cuda") ? CUDA : NVML;
  }
}
