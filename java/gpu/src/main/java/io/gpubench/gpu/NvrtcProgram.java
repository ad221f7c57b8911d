// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import io.gpubench.ffi.nvrtc.NvrtcApi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** One compilation. Owns NVRTC's program and the texts that it reads; its creator closes it. */
final class NvrtcProgram implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final String name;
  private final MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
  private final MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);

  NvrtcProgram(String name, String source, Map<String, String> headers) {
    this.name = name;
    int code =
        NvrtcApi.nvrtcCreateProgram(
            handle,
            arena.allocateFrom(source),
            arena.allocateFrom(name),
            headers.size(),
            strings(headers.values()),
            strings(headers.keySet()));
    if (code != NvrtcApi.NVRTC_SUCCESS()) {
      arena.close();
      throw failure(code, "nvrtcCreateProgram(%s)".formatted(name), "");
    }
  }

  private MemorySegment strings(Collection<String> texts) {
    MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, Math.max(1, texts.size()));
    int index = 0;
    for (String text : texts) {
      pointers.setAtIndex(ValueLayout.ADDRESS, index++, arena.allocateFrom(text));
    }
    return pointers;
  }

  void compile(String architecture, List<String> options) {
    var all = new ArrayList<>(List.of("--gpu-architecture=" + architecture));
    all.addAll(options);
    int code = NvrtcApi.nvrtcCompileProgram(program(), all.size(), strings(all));
    if (code != NvrtcApi.NVRTC_SUCCESS()) {
      throw failure(code, "nvrtcCompileProgram(%s for %s)".formatted(name, architecture), log());
    }
  }

  /** What the compiler said so far. */
  String log() {
    check(NvrtcApi.nvrtcGetProgramLogSize(program(), size), "nvrtcGetProgramLogSize()");
    MemorySegment log = arena.allocate(sizeValue() + 1);
    check(NvrtcApi.nvrtcGetProgramLog(program(), log), "nvrtcGetProgramLog()");
    return log.getString(0).strip();
  }

  byte[] cubin() {
    check(NvrtcApi.nvrtcGetCUBINSize(program(), size), "nvrtcGetCUBINSize()");
    MemorySegment cubin = arena.allocate(sizeValue());
    check(NvrtcApi.nvrtcGetCUBIN(program(), cubin), "nvrtcGetCUBIN()");
    return cubin.toArray(ValueLayout.JAVA_BYTE);
  }

  byte[] ptx() {
    check(NvrtcApi.nvrtcGetPTXSize(program(), size), "nvrtcGetPTXSize()");
    MemorySegment ptx = arena.allocate(sizeValue());
    check(NvrtcApi.nvrtcGetPTX(program(), ptx), "nvrtcGetPTX()");
    return ptx.toArray(ValueLayout.JAVA_BYTE);
  }

  private MemorySegment program() {
    return handle.get(ValueLayout.ADDRESS, 0);
  }

  private long sizeValue() {
    return size.get(ValueLayout.JAVA_LONG, 0);
  }

  @Override
  public void close() {
    int code = NvrtcApi.nvrtcDestroyProgram(handle);
    arena.close();
    check(code, "nvrtcDestroyProgram()");
  }

  static void check(int code, String call) {
    if (code != NvrtcApi.NVRTC_SUCCESS()) {
      throw failure(code, call, "");
    }
  }

  private static NvrtcException failure(int code, String call, String log) {
    return new NvrtcException(call, code, NativeText.at(NvrtcApi.nvrtcGetErrorString(code)), log);
  }
}
