// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import io.gpubench.measure.result.ProcessPart;
import io.gpubench.measure.run.StoppingRule;
import io.gpubench.measure.run.Throttling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Doubts about samples that are said to have been discarded since the device was throttled: who
 * leaves out what he does not like needs a device that said so, and more time than the bound gives.
 */
final class ThrottleDoubts {
  /** A pause ends with a look at the sensors, which takes some milliseconds, or many when busy. */
  private static final double SLACK_SECONDS = 0.5;

  private final String subject;
  private final ProcessPart part;
  private final List<Finding> findings = new ArrayList<>();

  private ThrottleDoubts(String subject, ProcessPart part) {
    this.subject = subject;
    this.part = part;
  }

  /**
   * What cannot be.
   *
   * @param subject what a finding is about
   * @param rule of the process; null where it is not known
   * @param duet whether it measured in turn with another, where nothing is discarded
   */
  static List<Finding> of(
      String subject, ProcessPart part, @Nullable StoppingRule rule, boolean duet) {
    var doubts = new ThrottleDoubts(subject, part);
    Throttling throttling = part.throttling();
    long discarded = doubts.discarded(throttling, duet);
    if (throttling != null) {
      doubts.told(throttling, discarded, rule);
    }
    return doubts.findings;
  }

  private void add(String format, Object... arguments) {
    findings.add(Finding.of(Flaw.RECORD, subject, format, arguments));
  }

  /** How many samples were discarded for it. */
  private long discarded(@Nullable Throttling throttling, boolean duet) {
    long sum = 0;
    for (Map.Entry<String, Long> one : part.discards().entrySet()) {
      boolean slow = one.getKey().startsWith(Throttling.DISCARDED);
      if (!slow && !one.getKey().equals(Throttling.AFTER_PAUSE)) {
        continue;
      }
      sum += one.getValue();
      if (throttling == null || duet) {
        add(
            "%,d samples were discarded as '%s', and %s",
            one.getValue(),
            one.getKey(),
            duet ? "in a duet none is" : "no device said anything of throttling");
      } else if (slow && !reasons(one.getKey()).stream().allMatch(throttling.seen()::containsKey)) {
        add(
            "%,d samples were discarded as '%s', and the device gave the reasons %s",
            one.getValue(), one.getKey(), throttling.seen().keySet());
      }
    }
    return sum;
  }

  private static List<String> reasons(String discard) {
    return Arrays.asList(discard.substring(Throttling.DISCARDED.length()).split(", ", -1));
  }

  private void told(Throttling throttling, long discarded, @Nullable StoppingRule rule) {
    double lost = throttling.lostSeconds();
    if (part.stop() != null && lost > part.measureSeconds() + SLACK_SECONDS) {
      add(
          "it lost %.3f s to throttling, and measured for %.3f s in all",
          lost, part.measureSeconds());
    }
    boolean slow = throttling.seen().keySet().stream().anyMatch(Throttling.SLOWDOWNS::contains);
    if (!slow && (lost > 0 || discarded > 0 || throttling.throttledSamples() > 0)) {
      add(
          "%,d samples were discarded, %,d kept and %.3f s lost since the device was slowed down, and it gave no reason that does so",
          discarded, throttling.throttledSamples(), lost);
    }
    if (throttling.throttledSamples() > part.sampleCount()) {
      add(
          "%,d samples were taken while it was slowed down, of %,d",
          throttling.throttledSamples(), part.sampleCount());
    }
    if (throttling.seen().values().stream().anyMatch(count -> count > throttling.looks())) {
      add("a reason was seen more often than the %,d times it was asked", throttling.looks());
    }
    if (rule == null) {
      return;
    }
    double most = Throttling.MOST_LOST * rule.maxNanos() / 1e9;
    if (lost > most + SLACK_SECONDS) {
      add("it lost %.3f s to throttling, and more than %.3f s are never given up", lost, most);
    }
  }
}
