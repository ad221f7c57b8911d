// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.onlookers;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A phase of a measurement, in a flight recording. */
@Name("gpubench.Phase")
@Label("Phase")
@Category("gpubench")
@Description("What gpubench is doing in this process")
@StackTrace(false)
final class PhaseEvent extends Event {
  @Label("Phase")
  String phase = "";

  @Label("Record")
  @Description("The id of the planned run, as in run.json; in a duet without its side")
  String record = "";

  @Label("Workload")
  String workload = "";

  @Label("Engine")
  String engine = "";
}
