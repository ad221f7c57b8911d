// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A CUDA source in a plugin's jar.
 *
 * @param beside a class of the plugin
 * @param name as that class finds it, which ends in {@code .cu}
 */
record PluginSource(Class<?> beside, String name) {
  PluginSource {
    if (!name.endsWith(".cu")) {
      throw new IllegalArgumentException("'" + name + "' is no name of a CUDA source");
    }
  }

  /** The source's text. */
  String text() {
    byte[] bytes = read(name);
    if (bytes == null) {
      throw new EngineException("there is no %s beside %s".formatted(name, beside.getName()));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Name of the fat binary that may lie beside it. */
  String fatBinaryName() {
    return name.replaceFirst("cu$", "fatbin");
  }

  /** The fat binary; null where there is none. */
  byte @Nullable [] fatBinary() {
    return read(fatBinaryName());
  }

  private byte @Nullable [] read(String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new EngineException(resource + ": cannot be read: " + StoreErrors.text(e), e);
    }
  }
}
