// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.measure.Printable;
import io.gpubench.measure.result.ResultRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where work was done, as every table says it: nobody shall take an engine that could have used a
 * GPU, and worked on the processors, for one that did. Pure.
 */
public final class Place {
  private static final String PROCESSORS = " on the processors";

  private Place() {}

  /** The engine, its device, and whether that only stands for hardware. */
  static String of(ResultRecord record) {
    String engine = Printable.line(record.engine());
    return known(record) ? of(record.engine(), record.device(), record.synthetic()) : engine;
  }

  /**
   * The same of parts of a record.
   *
   * @param device null for the processors
   */
  static String of(String engine, @Nullable String device, boolean synthetic) {
    return Printable.line(engine) + bracketed(engine, device) + (synthetic ? ", SYNTHETIC" : "");
  }

  /** The device in brackets, after a blank; empty for an engine that always is the processors. */
  static String bracketed(String engine, @Nullable String device) {
    String what = what(engine, device);
    return what.isEmpty() ? "" : " (" + what + ")";
  }

  /** The device alone; empty for an engine that always is the processors, or was never opened. */
  static String what(ResultRecord record) {
    return known(record) ? what(record.engine(), record.device()) : "";
  }

  private static String what(String engine, @Nullable String device) {
    return device != null
        ? Printable.line(device)
        : TornadoBackend.ofEngine(engine).map(backend -> backend.title() + PROCESSORS).orElse("");
  }

  /** Whether a process of it opened its engine. */
  private static boolean known(ResultRecord record) {
    return record.device() != null || record.processes().stream().anyMatch(part -> part.pid() != 0);
  }
}
