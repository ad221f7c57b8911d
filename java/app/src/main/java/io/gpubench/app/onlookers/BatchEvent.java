// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.onlookers;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A batch of samples, in a flight recording. */
@Name("gpubench.Batch")
@Label("Batch")
@Category("gpubench")
@Description("Samples taken without a pause in between")
@StackTrace(false)
final class BatchEvent extends Event {
  @Label("Record")
  @Description("The id of the planned run, as in run.json; in a duet without its side")
  String record = "";

  @Label("First Sample")
  @Description("Counted from 0 since the run was prepared")
  long first;

  @Label("Samples")
  @Description("Taken, and right")
  int samples;

  @Label("Left Out")
  @Description("Samples before these, which follow a pause and are not kept")
  int leftOut;

  @Label("Discarded")
  @Description("Samples that are not kept for another reason")
  long discarded;

  @Label("Why")
  @Description("The reasons for which samples were discarded; empty where none was")
  String why = "";
}
