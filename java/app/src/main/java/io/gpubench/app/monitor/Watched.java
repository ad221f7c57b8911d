// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.measure.conditions.MachineSensors;
import io.gpubench.measure.spi.Sensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that has sensors.
 *
 * @param name for people, the same for as long as the machine is: {@code gpu 0}
 * @param about more of it, in a line; empty where there is no more
 * @param labels by which Prometheus tells it from others, in their order
 * @param source of its sensors
 */
public record Watched(
    String name, String about, Map<String, String> labels, Sensors.Source source) {
  /** The name of this machine's processors. */
  public static final String PROCESSORS = "processors";

  public Watched {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** This machine's processors. */
  public static Watched processors(String host) {
    var labels = new LinkedHashMap<String, String>();
    labels.put("device", PROCESSORS);
    labels.put("Hostname", host);
    return new Watched(PROCESSORS, "", labels, MachineSensors.source());
  }
}
