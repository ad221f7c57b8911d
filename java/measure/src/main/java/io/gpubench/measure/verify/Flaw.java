// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import java.util.Locale;

/** What can be wrong with a stored run. */
public enum Flaw {
  /** There is no manifest. */
  UNSEALED,
  /** The manifest is damaged or foreign, or is not of this run. */
  MANIFEST,
  /** A sealed file has other bytes. */
  ALTERED,
  /** A sealed file, or the samples in it, are fewer than there were. */
  TRUNCATED,
  /** A file holds what belongs to another. */
  SWAPPED,
  /** A sealed file is not there. */
  MISSING,
  /** A file is there that was not sealed. */
  UNLISTED,
  /** A path is a link, leads outside, or is no file. */
  IRREGULAR,
  /** A signer was demanded, and nobody signed. */
  UNSIGNED,
  /** It was signed by somebody else. */
  OTHER_KEY,
  /** The signature is not of this manifest. */
  SIGNATURE,
  /** The document is against its schema. */
  SCHEMA,
  /** A sample file is not what gpubench writes. */
  SAMPLES,
  /** A derived value does not follow from the samples. */
  STATISTIC,
  /** Values are off by a power of ten, or their unit is not the expected one. */
  UNITS,
  /** A histogram does not hold the samples. */
  HISTOGRAM,
  /** A record does not fit the plan, or its own processes. */
  RECORD,
  /** Dates and spans of time contradict each other. */
  REDATED,
  /** The directory, the run and the manifest have different names. */
  RENAMED,
  /** The same samples occur twice. */
  REPLAYED,
  /** What is said of the device contradicts itself. */
  DEVICE,
  /** A stand-in is passed off as the hardware that it names. */
  SYNTHETIC,
  /** Times are shorter than their clock can tell, or the clock cannot be. */
  TIMER,
  /** Times do not vary. */
  CONSTANT,
  /** Times lie on a grid far coarser than the steps of their clock. */
  QUANTISED,
  /** Values that have an order are out of it. */
  ORDER,
  /** More time was measured than has passed. */
  OVERFULL,
  /** More was done than the hardware can do. */
  BOUND,
  /** It measured for too short a time to say anything. */
  SHORT,
  /** Something began before what came before it. */
  BACKWARDS,
  /** A sensor says what cannot be. */
  TELEMETRY,
  /** The times are not those of work. */
  SLEPT;

  /** The word for it in reports, such as {@code other-key}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
