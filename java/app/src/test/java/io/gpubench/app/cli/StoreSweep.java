// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.app.cli.FaultyFiles.Call;
import io.gpubench.app.cli.FaultyFiles.Code;
import io.gpubench.app.cli.FaultyFiles.Extent;
import io.gpubench.app.cli.FaultyFiles.Fault;
import io.gpubench.measure.seal.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures again and again in one process, and each time another of the calls fails by which the
 * run is written. Prints what should not be so, and at the end how much it tried.
 */
final class StoreSweep {
  private static final List<Code> CODES = List.of(Code.values());

  private final FaultyFiles files;
  private final Path store;
  private final Path rescue;
  private final CommandLineFixture line;
  private final StoreExpectation expectation;
  private final boolean whole;
  private int points;
  private int struck;
  private int findings;

  private StoreSweep(Path temp, Path trace, boolean whole) throws IOException {
    this.whole = whole;
    files = new FaultyFiles(trace);
    store = temp.resolve("store");
    rescue = Path.of(System.getProperty("java.io.tmpdir"));
    SigningKey.create(temp.resolve("key.pem"));
    line = new CommandLineFixture(temp);
    line.environment.put("GPUBENCH_KEY", temp.resolve("key.pem").toString());
    Answer first = measure("run", "consensus", "--set=consensus.validators=7");
    if (first.exit() != 0) {
      throw new IllegalStateException(first.toString());
    }
    expectation = new StoreExpectation(store, rescue, CommandLineFixture.onlyEntry(store));
  }

  /**
   * Sweeps.
   *
   * @param args a folder for everything, the trace of the preloaded library, and {@code whole} when
   *     each call is to fail with each code, or else {@code part}: with one of them
   */
  public static void main(String[] args) throws IOException {
    var sweep = new StoreSweep(Path.of(args[0]), Path.of(args[1]), args[2].equals("whole"));
    sweep.all("run", "consensus", "--set=consensus.validators=4,5");
    sweep.all(
        "duet",
        "engine=fake,consensus.tags=none",
        "engine=fake,consensus.tags=siphash",
        "consensus",
        "--duets=1",
        "--set=consensus.validators=4");
    System.out.println(
        "%d points, %d struck, %d findings".formatted(sweep.points, sweep.struck, sweep.findings));
    if (sweep.findings > 0) {
      System.exit(1);
    }
  }

  private void all(String... command) throws IOException {
    List<Call> calls = point(Fault.NONE, command);
    int point = 0;
    for (Extent extent : Extent.values()) {
      for (int call = 1; call <= calls.size(); call++) {
        boolean half = !whole && extent == Extent.EVERYWHERE && call % 2 == 0;
        if (half || (extent == Extent.SHORT && !calls.get(call - 1).name().equals("write"))) {
          continue;
        }
        List<Code> codes = whole && extent != Extent.SHORT ? CODES : List.of(CODES.get(point % 4));
        point++;
        for (Code code : codes) {
          point(new Fault(call, code, extent), command);
        }
      }
      point++; // so that a call has another code the next time
    }
  }

  /** Measures once; returns the calls that were counted. */
  private List<Call> point(Fault fault, String... command) throws IOException {
    files.arm(fault, store, rescue);
    Answer answer;
    List<Call> calls;
    try {
      answer = measure(command);
    } finally {
      calls = files.disarm();
    }
    points++;
    boolean hit = calls.stream().anyMatch(call -> call.error() != 0);
    struck += hit ? 1 : 0;
    for (String finding : expectation.violations(fault, hit, answer)) {
      findings++;
      System.out.println(
          "%s %s (%s): %s".formatted(command[0], fault, FaultyFiles.struck(calls), finding));
    }
    expectation.forget();
    return calls;
  }

  /** With a fake engine, whose runs take no time to prepare. */
  private Answer measure(String... command) {
    var arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of(line.profile(), "--samples=10", "--format=json", "--out=" + store));
    return line.execute(arguments.toArray(String[]::new));
  }
}
