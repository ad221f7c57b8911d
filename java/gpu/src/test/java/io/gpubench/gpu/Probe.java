// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The kernels in {@code probe.cu}, compiled once for each kind of device. */
final class Probe {
  private static final Map<ComputeCapability, KernelImage> IMAGES = new ConcurrentHashMap<>();

  private Probe() {}

  static byte[] image(ComputeCapability device) {
    return IMAGES
        .computeIfAbsent(
            device,
            capability ->
                NvrtcCompiler.open()
                    .compile("probe.cu", text("probe.cu"), headers(), List.of(), capability))
        .bytes();
  }

  static Map<String, String> headers() {
    return Map.of("probe.cuh", text("probe.cuh"));
  }

  static String text(String file) {
    try (InputStream stream = Objects.requireNonNull(Probe.class.getResourceAsStream(file))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
