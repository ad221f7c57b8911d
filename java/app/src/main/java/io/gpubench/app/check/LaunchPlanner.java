// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import io.gpubench.app.check.Description.Element;
import io.gpubench.app.check.Description.Kernel;
import io.gpubench.app.check.Description.Kind;
import io.gpubench.app.check.Description.Parameter;
import io.gpubench.app.check.LaunchPlan.Argument;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes up what nobody has said of a launch, and brings what was said into form. Used once. */
final class LaunchPlanner {
  /** The most dynamic shared memory of a block. */
  private static final int MOST_SHARED = 232_448;

  private static final int USUAL_SHARED = 16 << 10;
  private static final long USUAL_BLOCKS = 4;
  private static final long MANY_BLOCKS = 64;
  private static final long MANY_THREADS = 1 << 17;

  private final Kernel kernel;
  private final Settings settings;
  private final long memoryBytes;
  private final Guess guess;
  private final Sizes sizes;
  private final List<String> notes = new ArrayList<>();

  private LaunchPlanner(Kernel kernel, KernelText text, Settings settings, long memoryBytes) {
    this.kernel = kernel;
    this.settings = settings;
    this.memoryBytes = memoryBytes;
    this.guess = new Guess(kernel, text);
    this.sizes = new Sizes(kernel, guess);
  }

  /** Nothing can be made up for a parameter, so the kernel cannot be run. */
  static final class Impossible extends Exception {
    private static final long serialVersionUID = 1L;

    Impossible(String reason) {
      super(reason);
    }
  }

  /**
   * The plan of a kernel.
   *
   * @param text of the kernel, from which its block may be seen
   * @param memoryBytes that the device has
   * @throws ConfigException what was said does not fit the kernel or the device
   * @throws Impossible what was not said cannot be made up
   */
  static LaunchPlan plan(Kernel kernel, KernelText text, Settings settings, long memoryBytes)
      throws Impossible {
    return new LaunchPlanner(kernel, text, settings, memoryBytes).plan();
  }

  private LaunchPlan plan() throws Impossible {
    if (settings.positional().size() > kernel.parameters().size()) {
      throw new ConfigException(
          "--args has %d arguments; %s takes %d"
              .formatted(settings.positional().size(), kernel.name(), kernel.parameters().size()));
    }
    var arguments = new ArrayList<@Nullable Argument>();
    for (int i = 0; i < kernel.parameters().size(); i++) {
      arguments.add(kernel.parameters().get(i).integer() ? integer(i) : null);
    }
    Triple block = settings.block() != null ? settings.block() : guess.usualBlock();
    Triple grid = settings.grid() != null ? settings.grid() : usualGrid(block);
    sizes.settle(grid, block);

    long bytes = 0;
    var all = new ArrayList<Argument>();
    for (int i = 0; i < arguments.size(); i++) {
      Argument known = arguments.get(i);
      Argument argument = known != null ? known : other(i);
      all.add(argument);
      bytes += argument.value().memory() == null ? 0 : argument.value().memory().bytes();
      if (bytes > memoryBytes || bytes < 0) {
        throw new ConfigException(
            "%s: argument '%s' of %s does not fit: the simulated device has %d bytes of memory; GPUBENCH_SIM_MEMORY"
                    .formatted(argument.text(), argument.name(), kernel.name(), memoryBytes)
                + " gives it more");
      }
    }
    if (!sizes.vague().isEmpty()) {
      notes.add(
          "the length of %s is a guess, and large: a small overrun would not show; --arg says it"
              .formatted(String.join(", ", sizes.vague())));
    }
    return shaped(grid, block, all);
  }

  private LaunchPlan shaped(Triple grid, Triple block, List<Argument> arguments) {
    if (block.count() > kernel.maxThreads()) {
      throw new ConfigException(
          "block %s: %d threads; %s allows %d at most"
              .formatted(
                  block,
                  block.count(),
                  kernel.bounded() ? "the launch bound of " + kernel.name() : "a device",
                  kernel.maxThreads()));
    }
    if (block.z() > 64 || grid.y() > 65_535 || grid.z() > 65_535) {
      throw new ConfigException(
          "grid %s, block %s: the most are 2147483647,65535,65535 and 1024,1024,64"
              .formatted(grid, block));
    }
    int shared =
        settings.sharedBytes() != null
            ? settings.sharedBytes()
            : kernel.dynamicShared() ? USUAL_SHARED : 0;
    if (shared > MOST_SHARED) {
      throw new ConfigException(
          "shared %d: a block has at most %d bytes of shared memory"
              .formatted(shared, MOST_SHARED));
    }
    var assumed = new ArrayList<String>();
    if (settings.grid() == null) {
      assumed.add("grid");
    }
    if (settings.block() == null) {
      assumed.add("block");
    }
    if (settings.sharedBytes() == null) {
      assumed.add("shared");
    }
    return new LaunchPlan(
        grid,
        block,
        shared,
        Boolean.TRUE.equals(settings.cooperative()),
        assumed,
        arguments,
        notes);
  }

  private @Nullable ArgumentSpec said(int index) {
    ArgumentSpec named = settings.arguments().get(kernel.parameterName(index));
    return named != null
        ? named
        : index < settings.positional().size() ? settings.positional().get(index) : null;
  }

  private Argument argument(int index, String text, boolean assumed, LaunchPlan.Value value) {
    Parameter parameter = kernel.parameters().get(index);
    return new Argument(kernel.parameterName(index), parameter.type(), text, assumed, value);
  }

  /** Integers come first, since the lengths of buffers follow from them. */
  private Argument integer(int index) {
    ArgumentSpec said = said(index);
    String text = said != null ? said.text() : Long.toString(guess.usual(index));
    Parameter parameter = kernel.parameters().get(index);
    byte[] bytes = Scalars.bytes(kernel.parameterName(index), parameter, said, text);
    long value = Scalars.integer(bytes, parameter.kind() == Kind.signed);
    sizes.add(index, value);
    return argument(index, text, said == null, Scalars.value(bytes));
  }

  /**
   * As many blocks as the largest count needs, and two at least, so that they can meet. Blocks that
   * all do the same would only be in each other's way.
   */
  private Triple usualGrid(Triple block) {
    if (!kernel.blockIndex() || (settings.block() == null && block.count() == 1)) {
      return new Triple(1, 1, 1);
    }
    if (sizes.counts().isEmpty()) {
      int blocks = (int) USUAL_BLOCKS;
      return new Triple(
          blocks, kernel.dimensions() > 1 ? blocks : 1, kernel.dimensions() > 2 ? blocks : 1);
    }
    long largest = sizes.counts().stream().mapToLong(count -> count).max().orElse(1);
    long[] threads = {block.x(), block.y(), block.z()};
    long[] blocks = {1, 1, 1};
    for (int i = 0; i < kernel.dimensions(); i++) {
      blocks[i] = Math.max(1, Math.ceilDiv(largest, threads[i]));
    }
    if (kernel.dimensions() == 1) {
      blocks[0] = Math.max(2, blocks[0]);
    }
    long most = Math.max(MANY_BLOCKS, MANY_THREADS / block.count());
    boolean cut = false;
    while (Sizes.product(Sizes.product(blocks[0], blocks[1]), blocks[2]) > most) {
      cut = true;
      int longest = blocks[0] >= blocks[1] ? 0 : 1;
      longest = blocks[2] > blocks[longest] ? 2 : longest;
      long others = Sizes.product(blocks[(longest + 1) % 3], blocks[(longest + 2) % 3]);
      blocks[longest] = Math.max(Math.min(blocks[longest] / 2, most), most / others);
    }
    if (cut) {
      notes.add(
          "the grid is cut to %d,%d,%d, so that it does not take long; --grid gives another"
              .formatted(blocks[0], blocks[1], blocks[2]));
    }
    return new Triple((int) blocks[0], (int) blocks[1], (int) blocks[2]);
  }

  private Argument other(int index) throws Impossible {
    Parameter parameter = kernel.parameters().get(index);
    ArgumentSpec said = said(index);
    String name = kernel.parameterName(index);
    if (parameter.kind() == Kind.pointer) {
      Element element = parameter.element();
      return element == null ? functionPointer(index, said) : pointer(index, element, said);
    }
    if (said == null
        && parameter.kind() == Kind.structure
        && ElementType.in(parameter.kind(), parameter.bytes(), parameter.type()) == null) {
      if (parameter.bytes() > 1) {
        throw new Impossible(
            "its parameter '%s' is a structure of %d bytes (%s) of which nothing is known: give it with --arg %s=hex:.."
                .formatted(name, parameter.bytes(), parameter.type(), name));
      }
      return argument(index, "hex:00", true, Scalars.value(new byte[parameter.bytes()]));
    }
    String text = said != null ? said.text() : Scalars.usual(parameter);
    return argument(
        index, text, said == null, Scalars.value(Scalars.bytes(name, parameter, said, text)));
  }

  private Argument functionPointer(int index, @Nullable ArgumentSpec said) throws Impossible {
    if (said instanceof ArgumentSpec.Null) {
      return argument(index, "null", false, Scalars.value(new byte[Long.BYTES]));
    }
    throw new Impossible(
        "its parameter '%s' points to a function (%s); only null can be given for it"
            .formatted(kernel.parameterName(index), kernel.parameters().get(index).type()));
  }

  private Argument pointer(int index, Element element, @Nullable ArgumentSpec said)
      throws Impossible {
    String name = kernel.parameterName(index);
    String type = kernel.parameters().get(index).type();
    if (said instanceof ArgumentSpec.Null) {
      return argument(index, "null", false, Scalars.value(new byte[Long.BYTES]));
    }
    if (said instanceof ArgumentSpec.Buffer buffer) {
      return buffer(index, name, element, buffer);
    }
    if (said != null) {
      throw new ConfigException(
          "%s=%s: parameter '%s' of %s is a pointer (%s); expected a buffer such as f32[1000], or null"
              .formatted(name, said.text(), name, kernel.name(), type));
    }
    if (element.kind() == Kind.pointer) {
      throw new Impossible(
          "its parameter '%s' points to pointers (%s), which cannot be made up"
              .formatted(name, type));
    }
    return usualBuffer(index, element);
  }

  private Argument usualBuffer(int index, Element element) {
    ElementType type = ElementType.in(element.kind(), element.bytes(), element.type());
    int bytes = element.bytes() == 0 ? Long.BYTES : element.bytes();
    boolean known = type != null;
    String name = kernel.parameterName(index);
    boolean whole = type != null && !type.floating();
    long length = sizes.length(name, whole);
    long total = length * bytes;
    if (type != null
        && whole
        && kernel.dimensions() == 1
        && !sizes.counts().isEmpty()
        && guess.rowBeginnings(name)) {
      return argument(
          index,
          "%s[%d]=0..".formatted(type.word(), total / type.bytes()),
          true,
          memory(total, type, new ArgumentSpec.Fill.Ascending(0)));
    }
    ElementType of = type == null ? ElementType.U8 : type;
    ArgumentSpec.Fill fill =
        !known
            ? new ArgumentSpec.Fill.Zero()
            : element.kind() == Kind.bool
                ? new ArgumentSpec.Fill.Range(0, 1)
                : new ArgumentSpec.Fill.Random();
    String text =
        "%s[%d]=%s"
            .formatted(
                of.word(),
                total / of.bytes(),
                !known ? "zero" : element.kind() == Kind.bool ? "0..1" : "random");
    return argument(index, text, true, memory(total, of, fill));
  }

  private Argument buffer(int index, String name, Element element, ArgumentSpec.Buffer spec) {
    long length;
    try {
      length = Length.of(spec.length(), sizes.integers());
    } catch (ConfigException e) {
      throw new ConfigException(name + "=" + spec.text() + ": " + e.getMessage());
    }
    if (length == 0) {
      throw new ConfigException(name + "=" + spec.text() + ": a buffer has one element at least");
    }
    boolean number =
        element.kind() == Kind.floating
            || element.kind() == Kind.signed
            || element.kind() == Kind.unsigned;
    if (number && element.bytes() != spec.type().bytes()) {
      throw new ConfigException(
          "%s=%s: parameter '%s' of %s points to %s, which has %d bytes; %s has %d"
              .formatted(
                  name,
                  spec.text(),
                  name,
                  kernel.name(),
                  element.type(),
                  element.bytes(),
                  spec.type().word(),
                  spec.type().bytes()));
    }
    return argument(
        index,
        spec.text(),
        false,
        memory(Sizes.product(length, spec.type().bytes()), spec.type(), spec.fill()));
  }

  private LaunchPlan.Value memory(long bytes, ElementType type, ArgumentSpec.Fill fill) {
    var memory =
        switch (fill) {
          case ArgumentSpec.Fill.Uninitialised _ ->
              memory(bytes, type, "uninitialised", 0, 0, null);
          case ArgumentSpec.Fill.Zero _ -> memory(bytes, type, "zero", 0, 0, null);
          case ArgumentSpec.Fill.Random _ ->
              memory(bytes, type, "range", 0, type.floating() ? 1 : sizes.highest(type), null);
          case ArgumentSpec.Fill.Range range ->
              memory(bytes, type, "range", range.low(), range.high(), null);
          case ArgumentSpec.Fill.Ascending ascending ->
              memory(bytes, type, "ascending", ascending.low(), 0, null);
          case ArgumentSpec.Fill.Constant constant ->
              memory(bytes, type, "range", constant.value(), constant.value(), null);
          case ArgumentSpec.Fill.Bytes start -> memory(bytes, type, "bytes", 0, 0, start.hex());
        };
    return new LaunchPlan.Value(null, memory);
  }

  private static LaunchPlan.Memory memory(
      long bytes, ElementType type, String fill, double low, double high, @Nullable String hex) {
    return new LaunchPlan.Memory(bytes, type, fill, low, high, hex);
  }

  /**
   * Whether one of the kernels has a parameter of that name.
   *
   * @throws ConfigException if none has
   */
  static void requireName(String name, List<Kernel> kernels) {
    var names = new ArrayList<String>();
    for (Kernel kernel : kernels) {
      for (int i = 0; i < kernel.parameters().size(); i++) {
        names.add(kernel.parameterName(i));
      }
    }
    if (!names.contains(name)) {
      throw new ConfigException(
          Names.unknown("argument", name, names.stream().distinct().toList()));
    }
  }
}
