// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.conditions;

import io.gpubench.measure.spi.Sensor;
import io.gpubench.measure.spi.Sensors;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A sensor whose reading comes from some of the kernel's files, which it holds open. Reading makes
 * no garbage.
 */
abstract class Gauge implements AutoCloseable {
  private final Sensor sensor;
  private final KernelFile[] files;
  private String gap = "";

  /** Takes files that are open, which it closes. */
  Gauge(Sensor sensor, Opened opened) {
    this.sensor = sensor;
    this.files = opened.files().toArray(KernelFile[]::new);
    if (files.length == 0) {
      gap = opened.gap();
    }
  }

  /**
   * Files, or why there are none.
   *
   * @param gap a word of {@link Sensors}
   */
  record Opened(List<KernelFile> files, String gap) {
    /** All of them, or none: a sum without a part would be a wrong number. */
    static Opened all(List<Path> paths) {
      Opened opened = any(paths);
      if (opened.files.size() == paths.size()) {
        return opened;
      }
      opened.files.forEach(KernelFile::close);
      return new Opened(List.of(), opened.gap);
    }

    /** Those that can be opened and read. */
    static Opened any(List<Path> paths) {
      var files = new ArrayList<KernelFile>();
      String gap = Sensors.NOT_SUPPORTED;
      for (Path path : paths) {
        try {
          var file = new KernelFile(path);
          if (file.load()) {
            files.add(file);
          } else {
            file.close();
          }
        } catch (AccessDeniedException _) {
          gap = Sensors.NO_PERMISSION;
        } catch (NoSuchFileException _) {
          // absent, which is the usual reason
        } catch (IOException _) {
          gap = Sensors.FAILED;
        }
      }
      return new Opened(List.copyOf(files), gap);
    }
  }

  Sensor sensor() {
    return sensor;
  }

  /** What {@link Sensors#read} returns of it. */
  double read() {
    return files.length == 0 ? Double.NaN : value(files);
  }

  /** Why the last reading had no number. */
  String gap() {
    return gap;
  }

  /**
   * The reading, or what {@link #gap(String)} returns.
   *
   * @param opened at least one
   */
  abstract double value(KernelFile[] opened);

  /** No number, for a reason of {@link Sensors}. */
  final double gap(String why) {
    gap = why;
    return Double.NaN;
  }

  @Override
  public void close() {
    for (KernelFile file : files) {
      file.close();
    }
  }
}
