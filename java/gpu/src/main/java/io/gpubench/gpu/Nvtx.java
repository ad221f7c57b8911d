// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Named ranges that a profiler shows, such as Nsight Systems or Nsight Compute. NVTX has no library
 * of its own: a profiler names one in a variable of the process, which is opened here and asked for
 * its functions; without that variable nothing is opened at all. Ranges nest, on each thread for
 * itself. Names are registered once, which is what profilers want of ranges that they go by.
 *
 * <p>Lives until the process ends. Any thread may call. {@link #push} and {@link #pop} allocate
 * nothing.
 */
public final class Nvtx {
  /** The variable in which a profiler names its library. */
  public static final String VARIABLE = "NVTX_INJECTION64_PATH";

  private static final String ATTACH = "InitializeInjectionNvtx2";
  private static final int PUSH = 4;
  private static final int POP = 5;
  private static final int REGISTER = 10;
  private static final int DOMAIN = 12;

  /** Size of the attributes of an event, and what of them is set: version, size, message. */
  private static final long EVENT_BYTES = 48;

  private static final long MESSAGE_TYPE = 32;
  private static final long MESSAGE = 40;
  private static final int REGISTERED = 3;

  private final MethodHandle push;
  private final MethodHandle pop;
  private final MethodHandle register;
  private final MemorySegment domain;
  private final Map<String, MemorySegment> events = new HashMap<>();

  private Nvtx(NvtxExports exports, String domainName) throws Throwable {
    push =
        function(
            exports,
            PUSH,
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    pop = function(exports, POP, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    register =
        function(
            exports,
            REGISTER,
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    MethodHandle create =
        function(exports, DOMAIN, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    domain = (MemorySegment) create.invokeExact(Arena.global().allocateFrom(domainName));
  }

  /**
   * Lets the profiler attach that a variable names.
   *
   * @param domain of all ranges, as the profiler shows it
   * @param environment variables of this process
   * @return empty when none is named, which costs a look at the variable
   * @throws NativeUnavailableException when one is named and does not attach
   */
  public static Optional<Nvtx> attach(String domain, Map<String, String> environment) {
    String library = environment.getOrDefault(VARIABLE, "");
    return library.isEmpty() ? Optional.empty() : Optional.of(open(library, domain));
  }

  @SuppressWarnings("restricted") // the user's profiler
  private static Nvtx open(String library, String domain) {
    try {
      SymbolLookup symbols =
          library.contains("/")
              ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
              : SymbolLookup.libraryLookup(library, Arena.global());
      MethodHandle attach =
          Linker.nativeLinker()
              .downcallHandle(
                  symbols
                      .find(ATTACH)
                      .orElseThrow(() -> refused(library, "has no function " + ATTACH)),
                  FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      var exports = new NvtxExports();
      if ((int) attach.invokeExact(exports.entry()) == 0) {
        throw refused(library, "did not attach");
      }
      return new Nvtx(exports, domain);
    } catch (IllegalArgumentException _) {
      throw refused(library, "cannot be opened");
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable e) {
      throw new AssertionError(e); // a downcall declares more than it throws
    }
  }

  private static NativeUnavailableException refused(String library, String why) {
    return new NativeUnavailableException(
        "the profiler's library " + library + " " + why,
        "there will be no ranges; unset " + VARIABLE + " where no profiler is meant");
  }

  @SuppressWarnings("restricted") // of the interface's type
  private static MethodHandle function(NvtxExports exports, int number, FunctionDescriptor type) {
    MemorySegment address = exports.function(NvtxExports.CORE2, number);
    if (address.address() == 0) {
      throw new NativeUnavailableException(
          "the profiler's library takes no ranges of domains", "take a newer profiler");
    }
    return Linker.nativeLinker().downcallHandle(address, type);
  }

  /** Begins a range, within the one that this thread is in. */
  public void push(String name) {
    try {
      int _ = (int) push.invokeExact(domain, event(name));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Ends the range that this thread has begun last. */
  public void pop() {
    try {
      int _ = (int) pop.invokeExact(domain);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The event of a name, registered when it is first seen. */
  private MemorySegment event(String name) throws Throwable {
    synchronized (events) {
      MemorySegment event = events.get(name);
      if (event == null) {
        var text = (MemorySegment) register.invokeExact(domain, Arena.global().allocateFrom(name));
        event = Arena.global().allocate(EVENT_BYTES, ValueLayout.ADDRESS.byteAlignment());
        event.set(ValueLayout.JAVA_SHORT, 0, (short) NvtxExports.VERSION);
        event.set(ValueLayout.JAVA_SHORT, Short.BYTES, (short) EVENT_BYTES);
        event.set(ValueLayout.JAVA_INT, MESSAGE_TYPE, REGISTERED);
        event.set(ValueLayout.ADDRESS, MESSAGE, text);
        events.put(name, event);
      }
      return event;
    }
  }
}
