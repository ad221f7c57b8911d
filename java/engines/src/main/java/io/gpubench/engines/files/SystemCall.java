// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the C library that Java has no other name for. Each call looks its function up and
 * allocates: none is for timed windows. Any thread may call them.
 */
final class SystemCall {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final String ERRNO = "errno";
  private static final long SMALLEST_PAGE = 4096;
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private SystemCall() {}

  /**
   * {@code mlock}.
   *
   * @return the error's number; 0 when there is none
   */
  static int lock(MemorySegment memory) {
    MethodHandle function = function("mlock", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    try (var arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int code = (int) function.invokeExact(state, memory, memory.byteSize());
      return code == 0 ? 0 : error(state);
    } catch (Throwable impossible) { // a function of C throws nothing
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * {@code mmap} of memory that is in no file, zeroed.
   *
   * @return where it begins, at a multiple of a page; -1 when there is none
   */
  static long map(long bytes) {
    MethodHandle function =
        function(
            "mmap",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    try (var arena = Arena.ofConfined()) {
      return ((MemorySegment)
              function.invokeExact(
                  arena.allocate(STATE),
                  MemorySegment.NULL,
                  bytes,
                  READ_WRITE,
                  PRIVATE_ANONYMOUS,
                  -1,
                  0L))
          .address();
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** {@code munmap}. */
  static void unmap(long address, long bytes) {
    MethodHandle function = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    try (var arena = Arena.ofConfined()) {
      int _ =
          (int)
              function.invokeExact(arena.allocate(STATE), MemorySegment.ofAddress(address), bytes);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** {@code madvise}, of which nothing depends on whether it is heard. */
  static void advise(long address, long bytes, int advice) {
    MethodHandle function =
        function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      int _ =
          (int)
              function.invokeExact(
                  arena.allocate(STATE), MemorySegment.ofAddress(address), bytes, advice);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * {@code mincore}: whether any page of memory that stands for a file is in the page cache. Where
   * nobody tells, none is.
   */
  static boolean resident(MemorySegment view) {
    MethodHandle function =
        function("mincore", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
    try (var arena = Arena.ofConfined()) {
      MemorySegment pages = arena.allocate(Math.ceilDiv(view.byteSize(), SMALLEST_PAGE));
      int _ = (int) function.invokeExact(arena.allocate(STATE), view, view.byteSize(), pages);
      boolean any = false;
      for (long i = 0; i < pages.byteSize(); i++) {
        any |= (pages.get(JAVA_BYTE, i) & 1) != 0;
      }
      return any;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @SuppressWarnings("restricted") // functions of the C library
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState(ERRNO));
  }

  private static int error(MemorySegment state) {
    return state.get(JAVA_INT, STATE.byteOffset(MemoryLayout.PathElement.groupElement(ERRNO)));
  }
}
