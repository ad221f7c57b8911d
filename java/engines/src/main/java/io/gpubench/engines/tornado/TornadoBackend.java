// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.tornado;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What TornadoVM generates code for; the one that is tried first at the front. */
public enum TornadoBackend {
  /** CUDA C, compiled by NVRTC. */
  CUDA("CUDA"),
  /** PTX. */
  PTX("PTX"),
  /** OpenCL C, on whatever has a driver for it, processors too. */
  OPENCL("OpenCL");

  /** The name of an engine that is any of the backends. */
  public static final String ANY = "tornado";

  private final String title;

  TornadoBackend(String title) {
    this.title = title;
  }

  /** As its makers write it. */
  public String title() {
    return title;
  }

  /** As it is written in file names of an SDK, in arguments and in records. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The id of its engine. */
  public String engine() {
    return ANY + ":" + word();
  }

  /** The backend of that word. */
  public static Optional<TornadoBackend> of(String word) {
    return Arrays.stream(values()).filter(backend -> backend.word().equals(word)).findFirst();
  }

  /** The backend of an engine's id; empty for any other engine. */
  public static Optional<TornadoBackend> ofEngine(String id) {
    return Arrays.stream(values()).filter(backend -> backend.engine().equals(id)).findFirst();
  }

  /** All engines' ids, the one that is tried first at the front. */
  public static List<String> engines() {
    return Arrays.stream(values()).map(TornadoBackend::engine).toList();
  }
}
