// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.Locale;

/** What can be wrong with a stored run. */
public enum Flaw {
  UNSEALED("there is no manifest"),
  MANIFEST("the manifest is damaged or foreign, or is not of this run"),
  ALTERED("a sealed file has other bytes"),
  TRUNCATED("a sealed file, or the samples in it, are fewer than there were"),
  SWAPPED("a file holds what belongs to another"),
  MISSING("a sealed file is not there"),
  UNLISTED("a file is there that was not sealed"),
  IRREGULAR("a path is a link, leads outside, or is no file"),
  UNSIGNED("a signer was demanded, and nobody signed"),
  OTHER_KEY("it was signed by somebody else"),
  SIGNATURE("the signature is not of this manifest"),
  SCHEMA("the document is against its schema"),
  SAMPLES("a sample file is not what gpubench writes"),
  STATISTIC("a derived value does not follow from the samples"),
  UNITS("values are off by a power of ten, or their unit is not the expected one"),
  HISTOGRAM("a histogram does not hold the samples"),
  RECORD("a record does not fit the plan, or its own processes"),
  REDATED("dates and spans of time contradict each other"),
  RENAMED("the directory, the run and the manifest have different names"),
  REPLAYED("the same samples occur twice"),
  DEVICE("what is said of the device contradicts itself"),
  SYNTHETIC("a stand-in is passed off as the hardware that it names"),
  TIMER("times are shorter than their clock can tell, or the clock cannot be"),
  CONSTANT("times do not vary"),
  QUANTISED("times lie on a grid far coarser than the steps of their clock"),
  ORDER("values that have an order are out of it"),
  OVERFULL("more time was measured than has passed"),
  BOUND("more was done than the hardware can do"),
  SHORT("it measured for too short a time to say anything"),
  BACKWARDS("something began before what came before it"),
  TELEMETRY("a sensor says what cannot be"),
  SLEPT("the times are not those of work");

  private final String description;

  Flaw(String description) {
    this.description = description;
  }

  /** The word for it in reports, such as {@code other-key}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it means, in one line. */
  public String description() {
    return description;
  }
}
