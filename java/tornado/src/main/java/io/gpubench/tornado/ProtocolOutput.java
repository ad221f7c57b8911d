// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/**
 * Keeps stdout for the worker protocol alone. TornadoVM and its native libraries print there, past
 * {@link System#out}, so the file descriptor itself becomes stderr's, and the protocol goes on by a
 * copy of the old one.
 */
final class ProtocolOutput {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private ProtocolOutput() {}

  /** What goes to the process that asked for this one. To be called once, before TornadoVM is. */
  static OutputStream take() throws IOException {
    int copy = call("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT), STDOUT);
    call("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), STDERR, STDOUT);
    System.setOut(System.err);
    return new FileOutputStream("/dev/fd/" + copy);
  }

  @SuppressWarnings("restricted") // two functions of the C library, with numbers alone
  private static int call(String name, FunctionDescriptor type, Object... arguments)
      throws IOException {
    Linker linker = Linker.nativeLinker();
    try {
      int result =
          (int)
              linker
                  .downcallHandle(linker.defaultLookup().findOrThrow(name), type)
                  .invokeWithArguments(arguments);
      if (result < 0) {
        throw new IOException(name + " failed on stdout");
      }
      return result;
    } catch (IOException | RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable other) {
      throw new IllegalStateException(other);
    }
  }
}
