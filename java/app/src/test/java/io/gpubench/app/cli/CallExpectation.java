// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.cli.CallSweep.Form;
import io.gpubench.app.cli.CallSweep.Point;
import io.gpubench.app.cli.CallSweep.Result;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What has to be so after a run in which a call failed: a named outcome or one clear line, the
 * documented exit code, everything given back, nobody left behind, and a store as good as before.
 */
final class CallExpectation {
  private static final String NOTHING_LEFT =
      "end contexts=0 bytes=0 pinned=0 streams=0 events=0 modules=0 graphs=0";

  private final Point point;
  private final Path store;
  private final Path earlier;
  private final Path trace;
  private final List<String> found = new ArrayList<>();

  CallExpectation(Point point, Path store, Path earlier, Path trace) {
    this.point = point;
    this.store = store;
    this.earlier = earlier;
    this.trace = trace;
  }

  /** What is not as it has to be; empty when all is well. */
  List<String> violations(Result answer, Set<Long> living) throws IOException {
    demand(living.isEmpty(), "a process is left: " + living);
    demand(answer.exit() == 0 || answer.exit() == 3, "exit code " + answer.exit() + answer.said());
    String said = answer.said();
    demand(
        !said.contains("\tat ") && !said.contains("Exception") && !said.contains("internal error"),
        "a trace: " + said);
    List<SimulatedCall> struck =
        SimulatedCall.read(trace).stream()
            .filter(call -> call.isLike(point.call(), point.form().isWorker()))
            .toList();
    demand(
        !struck.isEmpty() && struck.stream().allMatch(call -> call.result() == point.code()),
        "the fault did not strike: " + struck);
    boolean dispensable =
        point.call().releases()
            || point.call().library().equals("nvml")
            || point.call().function().equals("cuCtxSetCurrent"); // to none, in the end
    demand(dispensable || answer.exit() != 0, "nobody cares about the failure");
    released();
    outcome(answer);
    verified();
    return found;
  }

  private void released() throws IOException {
    List<String> ends = SimulatedCall.ends(trace);
    long processes =
        SimulatedCall.read(trace).stream()
            .filter(call -> call.library().equals("cuda"))
            .mapToLong(SimulatedCall::process)
            .distinct()
            .count();
    demand(ends.size() == processes, processes + " processes, and ends: " + ends);
    // what could not be released by itself goes with its context
    String context = NOTHING_LEFT.replace("contexts=0", "contexts=1");
    boolean kept = point.call().function().startsWith("cuDevicePrimaryCtxRelease");
    demand(
        ends.stream().allMatch(end -> end.equals(NOTHING_LEFT) || (kept && end.equals(context))),
        "left: " + ends);
  }

  private void outcome(Result answer) throws IOException {
    List<Path> runs;
    try (Stream<Path> all = Files.list(store)) {
      runs = all.filter(run -> !run.equals(earlier)).toList();
    }
    if (runs.isEmpty()) {
      boolean measured = answer.exit() == 0 && point.form() == Form.SELF_CHECK;
      demand(
          measured || (answer.exit() == 3 && answer.said().lines().count() == 1),
          "not one line after %d: %s".formatted(answer.exit(), answer.said()));
      demand(measured || names(answer.said()), "the failure is not named: " + answer.said());
      return;
    }
    demand(runs.size() == 1, runs.toString());
    JsonNode run =
        CommandLineFixture.validRun(CommandLineFixture.read(runs.getFirst().resolve("run.json")));
    demand(run.at("/status").asString().equals("complete"), run.at("/status").asString());
    for (JsonNode record : run.at("/records")) {
      String outcome = record.at("/outcome").asString();
      // in one process, engines are closed when the run has ended
      boolean afterwards =
          point.form() == Form.IN_PROCESS && point.call().releases() && names(answer.said());
      demand(
          outcome.equals(answer.exit() == 0 || afterwards ? "Measured" : "Failed"),
          "%s after %d: %s".formatted(outcome, answer.exit(), answer.said()));
      String reason = record.at("/reason").asString("");
      demand(outcome.equals("Measured") || names(reason), "the failure is not named: " + reason);
    }
  }

  /** Says which call failed and how. */
  private boolean names(String text) {
    String function = point.call().function();
    return text.contains(function.replaceFirst("_v[0-9]+$", ""))
        && text.contains("(" + point.code() + ")");
  }

  /** Whatever is in the store is evidence: also that a run failed. */
  private void verified() {
    Answer verified = Evidence.verify(List.of(store), List.of());
    demand(
        verified.exit() == 0 && verified.err().isEmpty(),
        "verify: " + verified.out() + verified.err());
    Answer list = Evidence.execute("list", "runs", "--out=" + store);
    demand(list.exit() == 0 && !list.out().contains("unreadable"), "list: " + list);
  }

  private void demand(boolean holds, String otherwise) {
    if (!holds) {
      found.add(otherwise.strip().replace("\n", " | "));
    }
  }
}
