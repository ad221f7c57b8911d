// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaDevice;
import io.gpubench.gpu.CudaDriver;
import io.gpubench.gpu.CudaException;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaModule;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.DeviceMemory;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.gpu.NativeException;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process in which a user's kernels run: they may take it down. Loads an image, then launches
 * what its stdin asks for, a line of JSON each, and answers in lines of JSON to the file that it
 * was given, since stdout is for what kernels print.
 */
public final class LauncherMain {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern ALLOCATION =
      Pattern.compile("(\\d+ bytes?) at 0x([0-9a-f]+) of cuMemAlloc_v2, call \\d+");
  private static final Pattern ADDRESS = Pattern.compile(" at 0x[0-9a-f]+");
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int SHARED_WITHOUT_ASKING = 48 << 10;

  private final CudaDevice device;
  private final String name;
  private final byte[] image;

  private LauncherMain(CudaDevice device, Path image) throws IOException {
    this.device = device;
    this.name = image.getFileName() + "";
    this.image = Files.readAllBytes(image);
  }

  /**
   * Serves until the end of stdin.
   *
   * @param args the image, and the file for answers
   */
  public static void main(String[] args) throws IOException {
    try (var answers = new FileOutputStream(args[1]);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      LauncherMain launcher;
      try {
        launcher =
            new LauncherMain(CudaDriver.openSimulator().devices().getFirst(), Path.of(args[0]));
        write(answers, new LaunchAnswer(launcher.describe(), null, null));
      } catch (NativeException e) {
        write(answers, new LaunchAnswer(null, null, e.getMessage()));
        return;
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        write(answers, launcher.answer(JSON.readValue(line, LaunchOrder.class)));
      }
    }
  }

  private static void write(OutputStream answers, LaunchAnswer answer) throws IOException {
    answers.write((JSON.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8));
    answers.flush();
  }

  private String describe() {
    try (CudaContext context = CudaContext.open(device);
        CudaModule module = context.loadModule(name, image);
        Arena arena = Arena.ofConfined()) {
      DeviceMemory description = module.global("gpubench_simt_description");
      MemorySegment text = arena.allocate(description.bytes());
      description.download(text);
      return new String(text.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  private LaunchAnswer answer(LaunchOrder order) {
    var names = new TreeMap<Long, String>();
    try {
      launch(order, names);
      return new LaunchAnswer(null, null, null);
    } catch (CudaException e) {
      return e.contextLost()
          ? new LaunchAnswer(null, inWordsOfTheUser(e.text(), names), null)
          : new LaunchAnswer(null, null, e.getMessage());
    } catch (NativeException e) {
      return new LaunchAnswer(null, null, e.getMessage());
    }
  }

  /** Addresses change from process to process, and nobody but us knows what was allocated where. */
  private static String inWordsOfTheUser(String report, Map<Long, String> names) {
    return ADDRESS
        .matcher(
            ALLOCATION
                .matcher(report)
                .replaceAll(found -> {
                  String name = names.get(Long.parseUnsignedLong(found.group(2), 16));
                  return Matcher.quoteReplacement(
                      name == null ? found.group() : found.group(1) + " of argument " + name);
                }))
        .replaceAll("");
  }

  /**
   * A context for each launch, since one in which a kernel has failed is of no use.
   *
   * @param names gets the arguments that are memory, by their addresses
   */
  private void launch(LaunchOrder order, Map<Long, String> names) {
    try (CudaContext context = CudaContext.open(device);
        CudaModule module = context.loadModule(name, image);
        CudaStream stream = context.newStream()) {
      try (Arena arena = Arena.ofConfined()) {
        module
            .global("gpubench_simt_seed")
            .upload(arena.allocateFrom(ValueLayout.JAVA_LONG, order.seed()));
      }
      CudaFunction function = module.function(order.symbol());
      if (order.sharedBytes() > SHARED_WITHOUT_ASKING) {
        function.allowDynamicShared(order.sharedBytes());
      }
      var buffers = new ArrayDeque<DeviceBuffer>();
      var arguments = new ArrayList<Object>();
      var random = new SplittableRandom(order.seed());
      for (int i = 0; i < order.arguments().size(); i++) {
        Object argument = argument(context, order.arguments().get(i), random.split(), buffers);
        arguments.add(argument);
        if (argument instanceof DeviceBuffer buffer) {
          names.put(buffer.address(), order.names().get(i));
        }
      }
      function.launch(shape(order), arguments.toArray()).enqueue(stream);
      stream.synchronize();
      buffers.forEach(DeviceBuffer::close);
    }
  }

  private static LaunchShape shape(LaunchOrder order) {
    return new LaunchShape(
        order.grid().x(),
        order.grid().y(),
        order.grid().z(),
        order.block().x(),
        order.block().y(),
        order.block().z(),
        order.sharedBytes(),
        order.cooperative(),
        false);
  }

  private static Object argument(
      CudaContext context,
      LaunchPlan.Value value,
      SplittableRandom random,
      ArrayDeque<DeviceBuffer> buffers) {
    LaunchPlan.Memory memory = value.memory();
    if (memory == null) {
      return MemorySegment.ofArray(HexFormat.of().parseHex(String.valueOf(value.hex())));
    }
    DeviceBuffer buffer = context.allocate(memory.bytes());
    buffers.push(buffer);
    if (!memory.fill().equals("uninitialised")) {
      fill(buffer, memory, random);
    }
    return buffer;
  }

  private static void fill(DeviceBuffer buffer, LaunchPlan.Memory memory, SplittableRandom random) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(Math.min(CHUNK_BYTES, memory.bytes()));
      byte[] start = memory.hex() == null ? new byte[0] : HexFormat.of().parseHex(memory.hex());
      for (long at = 0; at < memory.bytes(); at += chunk.byteSize()) {
        MemorySegment part = chunk.asSlice(0, Math.min(chunk.byteSize(), memory.bytes() - at));
        part.fill((byte) 0);
        if (memory.fill().equals("bytes")) {
          if (at < start.length) {
            long count = Math.min(part.byteSize(), start.length - at);
            MemorySegment.copy(start, (int) at, part, ValueLayout.JAVA_BYTE, 0, (int) count);
          }
        } else if (!memory.fill().equals("zero")) {
          number(part, at, memory, random);
        }
        buffer.slice(at, part.byteSize()).upload(part);
      }
    }
  }

  private static void number(
      MemorySegment part, long offset, LaunchPlan.Memory memory, SplittableRandom random) {
    int size = memory.type().bytes();
    boolean ascending = memory.fill().equals("ascending");
    boolean whole = !memory.type().floating();
    double width = memory.high() - memory.low();
    for (long at = 0; at + size <= part.byteSize(); at += size) {
      long index = (offset + at) / size;
      double value =
          ascending
              ? memory.low() + (double) index
              : width == 0
                  ? memory.low()
                  : whole
                      ? memory.low() + Math.floor(random.nextDouble() * (width + 1))
                      : memory.low() + random.nextDouble() * width;
      memory.type().write(part, at, value);
    }
  }
}
