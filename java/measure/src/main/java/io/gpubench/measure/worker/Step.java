// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import java.time.Duration;

/** The requests of the protocol, and how long a worker may be silent before it is killed. */
public enum Step {
  HELLO("hello", 30),
  SELF_CHECK("self-check", 60),
  PREPARE("prepare", 600),
  VERIFY("verify", 60),
  /** Beyond the time asked for. */
  MEASURE("measure", 60),
  TELEMETRY("telemetry", 10),
  RECORDING("recording", 10),
  BYE("bye", 2);

  private final String word;
  private final Duration patience;

  Step(String word, long seconds) {
    this.word = word;
    this.patience = Duration.ofSeconds(seconds);
  }

  /** The type of its request and reply. */
  public String word() {
    return word;
  }

  /** How long a worker may be silent, unless its engine's configuration says otherwise. */
  public Duration patience() {
    return patience;
  }
}
