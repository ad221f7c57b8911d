// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.arrays;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.StoreErrors;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A native library that lies in a plugin's jar. Opened when a function is first asked for, and open
 * until the process ends. Any thread may use it.
 */
public final class NativeCode {
  private final Class<?> beside;
  private final String resource;
  private final Object lock = new Object();
  private volatile SymbolLookup symbols = _ -> java.util.Optional.empty();
  private volatile boolean open;

  /**
   * Opens nothing yet.
   *
   * @param beside a class of the plugin
   * @param resource the library's name as that class finds it, such as {@code libsaxpy.so}
   */
  public NativeCode(Class<?> beside, String resource) {
    this.beside = beside;
    this.resource = resource;
  }

  /**
   * A function of the library.
   *
   * @throws EngineException when the library is not there or cannot be opened, or has no such
   *     function
   */
  @SuppressWarnings("restricted") // calls what the plugin's author wrote
  public MethodHandle function(String name, FunctionDescriptor type) {
    return Linker.nativeLinker()
        .downcallHandle(
            opened()
                .find(name)
                .orElseThrow(() -> new EngineException(resource + " has no function " + name)),
            type);
  }

  private SymbolLookup opened() {
    synchronized (lock) {
      if (!open) {
        symbols = load();
        open = true;
      }
      return symbols;
    }
  }

  /** The system's loader takes files only; an open one may be deleted. */
  @SuppressWarnings("restricted")
  private SymbolLookup load() {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new EngineException(
            EngineException.Kind.UNAVAILABLE,
            "there is no %s beside %s".formatted(resource, beside.getName()),
            "build the plugin with its native code",
            null);
      }
      Path file = Files.createTempFile("gpubench-", ".so");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return SymbolLookup.libraryLookup(file, Arena.global());
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new EngineException(resource + ": cannot be copied: " + StoreErrors.text(e), e);
    } catch (IllegalArgumentException e) {
      throw new EngineException(
          EngineException.Kind.UNAVAILABLE,
          "%s cannot be opened: %s".formatted(resource, e.getMessage()),
          "build the plugin on this system",
          e);
    }
  }
}
