// SPDX-License-Identifier: Apache-2.0
package io.gpubench.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One library: its symbols, its file unless the system's loader searched for it, and why it is
 * absent if it is. It is never unloaded, since handles to its functions live in static fields.
 */
record NativeLibrary(SymbolLookup symbols, @Nullable Path file, @Nullable String problem) {
  private static final int RTLD_NOW = 2;
  private static final SymbolLookup NOTHING = symbol -> Optional.empty();

  /** Opens the first candidate that the loader accepts. */
  static NativeLibrary open(String name, List<String> candidates) {
    if (candidates.isEmpty()) {
      return absent(
          "native library '%s' not found: neither gpubench.library.%s nor gpubench.home is set"
              .formatted(name, name));
    }
    var refused = new LinkedHashMap<String, StringJoiner>();
    for (String candidate : candidates) {
      boolean isFile = candidate.contains("/");
      String reason;
      if (isFile && !Files.exists(Path.of(candidate))) {
        reason = "no such file";
      } else {
        try {
          SymbolLookup symbols =
              isFile
                  ? SymbolLookup.libraryLookup(Path.of(candidate), Arena.global())
                  : SymbolLookup.libraryLookup(candidate, Arena.global());
          return new NativeLibrary(symbols, isFile ? Path.of(candidate) : null, null);
        } catch (IllegalArgumentException e) {
          reason = loaderMessage(candidate).orElse(String.valueOf(e.getMessage()));
        }
      }
      refused.computeIfAbsent(reason, same -> new StringJoiner(", ")).add(candidate);
    }
    var tried = new StringJoiner("; ");
    refused.forEach((reason, those) -> tried.add(those + ": " + reason));
    return absent("native library '%s' not found; tried %s".formatted(name, tried));
  }

  /** The same, in which these symbols are not found. */
  NativeLibrary without(Set<String> lacked) {
    return lacked.isEmpty()
        ? this
        : new NativeLibrary(
            symbol -> lacked.contains(symbol) ? Optional.empty() : symbols.find(symbol),
            file,
            problem);
  }

  /** One in which nothing is found, for that reason. */
  static NativeLibrary absent(String problem) {
    return new NativeLibrary(NOTHING, null, problem);
  }

  /**
   * What the system's loader says about a library that it refuses ("invalid ELF header", "version
   * `GLIBC_2.38' not found"). SymbolLookup keeps that to itself.
   */
  private static Optional<String> loaderMessage(String candidate) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle dlopen =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("dlopen"),
              FunctionDescriptor.of(
                  ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
      MethodHandle dlerror =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("dlerror"),
              FunctionDescriptor.of(ValueLayout.ADDRESS));
      MemorySegment handle =
          (MemorySegment) dlopen.invokeExact(arena.allocateFrom(candidate), RTLD_NOW);
      MemorySegment message = (MemorySegment) dlerror.invokeExact();
      return handle.address() != 0 || message.address() == 0
          ? Optional.empty()
          : Optional.of(
              message
                  .reinterpret(Long.MAX_VALUE)
                  .getString(0)
                  .replaceFirst("^" + Pattern.quote(candidate + ": "), ""));
    } catch (Throwable e) {
      return Optional.empty();
    }
  }
}
