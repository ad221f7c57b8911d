// SPDX-License-Identifier: Apache-2.0
package io.gpubench.tornado;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.Printable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps stdout for the worker protocol alone, and reads what else goes there. TornadoVM and its
 * native libraries print past {@link System#out}, and where a call of a driver fails, some of them
 * print that and tell nobody. So the file descriptor itself becomes that of a file in memory, and
 * the protocol goes on by a copy of the old one. Used by one thread.
 */
final class ProtocolOutput {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final FunctionDescriptor TWO = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT);

  /** What the native libraries begin a line with when a call has failed. */
  private static final String FAILED = "-JNI] ERROR : ";

  /** More bytes at once are not looked at. */
  private static final int MOST = 1 << 20;

  private static @Nullable FileChannel printed;
  private static long read;

  private ProtocolOutput() {}

  /** What goes to the process that asked for this one. To be called once, before TornadoVM is. */
  static OutputStream take() throws IOException {
    int copy = call("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT), STDOUT);
    int file;
    try (var arena = Arena.ofConfined()) {
      file =
          call(
              "memfd_create",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
              arena.allocateFrom("stdout"),
              0);
    }
    call("dup2", TWO, file, STDOUT);
    printed = FileChannel.open(Path.of("/dev/fd/" + file));
    System.setOut(System.err);
    return new FileOutputStream("/dev/fd/" + copy);
  }

  /**
   * Passes on to stderr what was printed since.
   *
   * @throws EngineException when it says that a call has failed
   */
  static void check() {
    String text = printedSince();
    if (text.isEmpty()) {
      return;
    }
    System.err.print(text);
    text.lines()
        .filter(line -> line.contains(FAILED))
        .findFirst()
        .ifPresent(line -> {
          throw new EngineException(
              "TornadoVM: "
                  + Printable.line(line.substring(line.indexOf(FAILED) + FAILED.length())));
        });
  }

  /**
   * Does something of which nobody shall read what it prints, also past {@link System#err}.
   *
   * @throws IOException when there are no file descriptors left
   */
  static void silently(Runnable step) throws IOException {
    if (printed == null) {
      step.run();
      return;
    }
    PrintStream java = System.err;
    int copy = call("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT), STDERR);
    call("dup2", TWO, STDOUT, STDERR);
    try {
      step.run();
    } finally {
      java.flush();
      call("dup2", TWO, copy, STDERR);
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), copy);
      printedSince();
    }
  }

  private static String printedSince() {
    if (printed == null) {
      return "";
    }
    try {
      long size = printed.size();
      if (size == read) {
        return "";
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size - read, MOST));
      printed.read(bytes, read);
      read = size;
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("restricted") // functions of the C library
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
