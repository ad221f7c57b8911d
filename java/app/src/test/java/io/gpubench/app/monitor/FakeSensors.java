// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.monitor;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensor.Kind;
import io.gpubench.measure.spi.Sensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sensors that say what a test sets; their readings are counted. */
final class FakeSensors implements Sensors {
  static final Sensor POWER = level(Sensor.POWER_INSTANT, "W", "power of the moment");
  static final Sensor ENERGY =
      Sensor.of(
          Sensor.ENERGY, "J", Kind.COUNTER, true, "nvml", "energy since the driver was loaded");
  static final Sensor MEMORY_HEAT = level(Sensor.MEMORY_TEMPERATURE, "C", "of the memory");
  static final Sensor THROTTLED =
      new Sensor(
          Sensor.THROTTLED_BY,
          "",
          Kind.REASONS,
          false,
          "nvml",
          "why it is slower than its settings ask for",
          List.of("sw-power-cap", "hw-slowdown"));
  static final Sensor STEAL =
      Sensor.of("stealSeconds", "s", Kind.COUNTER, false, "proc", "CPU time that others got");

  final Map<Sensor, Object> says = new LinkedHashMap<>();
  final List<String> asked = new ArrayList<>();
  boolean closed;
  private String gap = "";

  static Sensor level(String id, String unit, String about) {
    return Sensor.of(id, unit, Kind.LEVEL, false, "nvml", about);
  }

  /** A number, or a word for a gap. */
  FakeSensors with(Sensor sensor, Object answer) {
    says.put(sensor, answer);
    return this;
  }

  /** A GPU that has them. */
  Watched gpu() {
    var labels = new LinkedHashMap<String, String>();
    labels.put("gpu", "0");
    labels.put("UUID", "GPU-1");
    labels.put("modelName", "a \"quoted\" \\ name");
    return new Watched("gpu 0", "A GPU, GPU-1", labels, () -> this);
  }

  @Override
  public List<Sensor> all() {
    return List.copyOf(says.keySet());
  }

  @Override
  public double read(int index) {
    Sensor sensor = all().get(index);
    asked.add(sensor.id());
    Object answer = says.get(sensor);
    gap = answer instanceof String word ? word : "";
    return answer instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  @Override
  public String gap() {
    return gap;
  }

  @Override
  public void close() {
    closed = true;
  }
}
