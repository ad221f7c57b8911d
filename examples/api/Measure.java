// SPDX-License-Identifier: Apache-2.0
// Measures from Java. In a checkout that has been built:
//   java -cp 'java/app/target/gpubench/lib/*' examples/api/Measure.java

import io.gpubench.app.measuring.Gpubench;

void main() {
  var request = Gpubench.here().run("consensus").engine("java").set("validators", 1_000).samples(2_000);
  var run = request.measure();
  for (var record : run.records()) {
    IO.println(record.workload() + " " + record.parameters() + ": " + record.outcome());
    if (record.statistics() != null) {
      IO.println("median %.0f ns, p99 %.0f ns".formatted(record.statistics().median(), record.statistics().p99()));
    }
  }
  IO.println("evidence: " + run.directory());
}
