// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import io.gpubench.engines.cuda.SynthesisMatchTuning.Variant;
import io.gpubench.gpu.CudaContext;
import io.gpubench.gpu.CudaFunction;
import io.gpubench.gpu.CudaStream;
import io.gpubench.gpu.DeviceBuffer;
import io.gpubench.gpu.KernelLaunch;
import io.gpubench.gpu.LaunchShape;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.synthesis.Pattern;
import io.gpubench.workloads.synthesis.PatternSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the patterns of a set in forests of one size on a device: the launches of
 * synthesis_match.cuh and synthesis_list.cuh. Owns the tables of the patterns; used by the
 * context's thread.
 */
final class SynthesisMatcher implements AutoCloseable {
  /** Nodes of a segment, as in synthesis_list.cuh. */
  static final int SEGMENT = 8192;

  private static final int WARP = 32;
  private static final int SYMBOLS = 4096;

  /** Pairs that a warp has room for, as in synthesis_pairs.cuh. */
  private static final int PAIRS = 576;

  /** Threads of a block of synthesis_match_places, and words that it sums up. */
  private static final int PLACE_THREADS = 256;

  private static final int PLACES_OF_BLOCK = 8 * PLACE_THREADS;

  /** From so many pairs a node on that look at children, all of first_child is worth asking for. */
  private static final double MANY = 0.05;

  /** Of the nodes of usual forests about so many have a certain kind, or kind and symbol. */
  private static final double SHARE_OF_KIND = 0.06;

  private static final double SHARE_OF_BOTH = 0.0023;

  private static final String PREFIX = "synthesis_match_";

  /** Behind the forest's arrays and the number of its nodes come the tables, which never change. */
  private static final int TOTALS = 13;

  private final Closer closer = new Closer();
  private final CudaContext context;
  private final SynthesisMatchTuning tuning;
  private final int patterns;
  private final boolean listed;
  private final long nodes;
  private final DeviceBuffer words;
  private final DeviceBuffer order;
  private final DeviceBuffer filter;
  private final DeviceBuffer directory;
  private final int tableWords;
  private final boolean childrenWanted;
  private final LinkedHashMap<String, Object> configuration = new LinkedHashMap<>();
  private boolean inShared;

  /** Counts, or the survey before a list. */
  private final KernelLaunch find;

  private final @Nullable KernelLaunch places;
  private final @Nullable KernelLaunch scatter;

  /**
   * What a sample writes.
   *
   * @param totals zero, and left zero
   * @param counts two words of 64 bits for each pattern
   * @param starts where the list of each pattern begins, and the one behind the last
   * @param list nodes
   * @param places of the list, for each pattern and segment
   * @param scan zero before the first sample
   */
  record Output(
      DeviceBuffer totals,
      DeviceBuffer counts,
      @Nullable DeviceBuffer starts,
      @Nullable DeviceBuffer list,
      @Nullable DeviceBuffer places,
      @Nullable DeviceBuffer scan) {
    /** The arrays of the answer. */
    List<DeviceBuffer> parts() {
      var parts = new ArrayList<DeviceBuffer>();
      parts.add(counts);
      if (starts != null && list != null) {
        parts.add(starts);
        parts.add(list);
      }
      return parts;
    }
  }

  /**
   * Uploads the tables, and loads the kernels.
   *
   * @param listed whether a list is wanted
   * @param nodes of each forest
   */
  SynthesisMatcher(
      CudaKernels kernels,
      PatternSet set,
      boolean listed,
      SynthesisMatchTuning tuning,
      long nodes) {
    this.context = kernels.context();
    this.tuning = tuning;
    this.listed = listed;
    this.nodes = nodes;
    patterns = set.size();
    var tables = SynthesisMatchTables.of(set, tuning.variant());
    tableWords = tables.words().length;
    childrenWanted = looksAtChildren(set) > MANY;
    try (var arena = Arena.ofConfined()) {
      words = uploaded(arena, tables.words());
      order = uploaded(arena, tables.order());
      filter = uploaded(arena, tables.filter());
      directory = uploaded(arena, tables.directory());
      String name = PREFIX + tuning.variant().word();
      if (listed) {
        find = launch(kernels.function(name + "_survey"), words, words, words, segments());
        places = places(kernels);
        scatter = launch(kernels.function(name + "_scatter"), words, segments(), words, words);
      } else {
        find = launch(kernels.function(name + "_n" + tuning.nodes(false)), words, words);
        places = null;
        scatter = null;
      }
    } catch (RuntimeException | Error failure) {
      throw closer.closing(failure);
    }
    configuration.put("variant", tuning.variant().word());
    configuration.put("filter", tuning.variant().filter().name());
    configuration.put("nodesPerThread", (long) tuning.nodes(listed));
    configuration.put("tableBytes", tableWords * (long) Integer.BYTES);
    configuration.put("tablesInSharedMemory", inShared);
  }

  /** In how many pairs a node children are looked at, about. */
  private static double looksAtChildren(PatternSet set) {
    double sum = 0;
    for (int p = 0; p < set.size(); p++) {
      if (set.pattern(p).root() instanceof Pattern.Asked asked && !asked.children().isEmpty()) {
        sum += asked.symbol() == Pattern.ANY ? SHARE_OF_KIND : SHARE_OF_BOTH;
      }
    }
    return sum;
  }

  private DeviceBuffer uploaded(Arena arena, int[] table) {
    MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_INT, table);
    DeviceBuffer buffer = closer.closes(context.allocate(segment.byteSize()));
    buffer.upload(segment);
    return buffer;
  }

  /** With the arguments that all of these kernels have first; the forest's are set later. */
  private KernelLaunch launch(CudaFunction function, Object... last) {
    LaunchShape shape = shape(function);
    var all = new ArrayList<>(List.<Object>of(words, words, words, words, (int) nodes));
    all.addAll(List.of(words, tableWords, inShared ? 1 : 0, childrenWanted ? 1 : 0));
    all.addAll(List.of(patterns, order, filter, directory));
    all.addAll(List.of(last));
    return function.launch(shape, all.toArray());
  }

  /** As many blocks as fit; the tables are in shared memory where two blocks of all can be. */
  private LaunchShape shape(CudaFunction function) {
    int most = context.device().sharedBytesPerBlockOptIn() - function.sharedBytes();
    int block = block(most);
    long without = Integer.BYTES * sharedWords(block);
    if (without > most) {
      throw new EngineException(
          "synthesis.match with patterns=%d and block=%d takes %,d bytes of shared memory, of which a block has %,d: %s"
              .formatted(patterns, block, without, most, fitting(block, most)));
    }
    long with = without + (long) Integer.BYTES * tableWords;
    function.allowDynamicShared((int) Math.min(with, most));
    inShared = with <= most && function.blocksPerMultiprocessor(block, (int) with) >= 2;
    int shared = (int) (inShared ? with : without);
    function.allowDynamicShared(shared);
    int fitting = Math.max(1, function.blocksPerMultiprocessor(block, shared));
    long resident = (long) fitting * context.device().multiprocessors();
    long work = listed ? segments() : Math.ceilDiv(nodes, (long) block * tuning.nodes(false));
    int blocks = (int) Math.clamp(tuning.grid() > 0 ? tuning.grid() : resident, 1, work);
    configuration.put("threadsPerBlock", (long) block);
    configuration.put("blocks", (long) blocks);
    configuration.put("sharedBytes", (long) shared);
    return LaunchShape.of(blocks, block).withDynamicShared(shared);
  }

  /** The first of those to try of which there is room for two, or for one, or the last. */
  private int block(int most) {
    for (int part = 2; part > 0; part--) {
      for (int block : tuning.blocks()) {
        if (Integer.BYTES * sharedWords(block) <= most / part) {
          return block;
        }
      }
    }
    return tuning.blocks().getLast();
  }

  /** Of a block without tables. */
  private long sharedWords(int block) {
    boolean grouped = tuning.variant().grouped();
    int ofWarp = PAIRS + (grouped ? WARP * tuning.nodes(listed) : 0);
    return (listed ? 4L : 3L) * patterns + (grouped ? SYMBOLS : 0) + (long) block / WARP * ofWarp;
  }

  private String fitting(int asked, int most) {
    for (int block = asked; block >= 2 * WARP; block -= WARP) {
      if (Integer.BYTES * sharedWords(block) <= most) {
        return "block=" + block + " fits";
      }
    }
    return "fewer patterns fit";
  }

  private KernelLaunch places(CudaKernels kernels) {
    long count = patterns * (long) segments() + 1;
    return kernels
        .function("synthesis_match_places")
        .launch(LaunchShape.of(placeBlocks(), PLACE_THREADS), words, count, words);
  }

  private int segments() {
    return segments(nodes);
  }

  private static int segments(long nodes) {
    return (int) Math.ceilDiv(nodes, (long) SEGMENT);
  }

  private int placeBlocks() {
    return placeBlocks(nodes, patterns);
  }

  private static int placeBlocks(long nodes, int patterns) {
    return (int) Math.ceilDiv(patterns * (long) segments(nodes) + 1, (long) PLACES_OF_BLOCK);
  }

  /**
   * What an output takes of a device's memory, in bytes.
   *
   * @param listBytes of the longest list; -1 where there is none
   */
  static long bytes(long nodes, int patterns, long listBytes) {
    long counts = (4L * patterns + 1) * Long.BYTES;
    return listBytes < 0
        ? counts
        : counts
            + (patterns + 1L) * Long.BYTES
            + Math.max(Long.BYTES, listBytes)
            + (patterns * (long) segments(nodes) + 1) * Long.BYTES
            + scanBytes(nodes, patterns);
  }

  private static long scanBytes(long nodes, int patterns) {
    return (2L + placeBlocks(nodes, patterns)) * Long.BYTES;
  }

  /** Allocates an output, which is closed with this. */
  Output allocate(long listBytes) {
    DeviceBuffer totals = zeros((2L * patterns + 1) * Long.BYTES);
    DeviceBuffer counts = closer.closes(context.allocate(2L * patterns * Long.BYTES));
    if (!listed) {
      return new Output(totals, counts, null, null, null, null);
    }
    return new Output(
        totals,
        counts,
        closer.closes(context.allocate((patterns + 1L) * Long.BYTES)),
        closer.closes(
            context.allocate(Math.ceilDiv(Math.max(1, listBytes), (long) Long.BYTES) * Long.BYTES)),
        closer.closes(context.allocate((patterns * (long) segments() + 1) * Long.BYTES)),
        zeros(scanBytes(nodes, patterns)));
  }

  private DeviceBuffer zeros(long bytes) {
    DeviceBuffer buffer = closer.closes(context.allocate(bytes));
    try (var arena = Arena.ofConfined()) {
      buffer.upload(arena.allocate(bytes, Long.BYTES));
    }
    return buffer;
  }

  /** Enqueues the search. */
  void enqueue(CudaStream stream, CudaForest forest, Output output) {
    set(find, forest);
    find.arguments().set(TOTALS, output.totals());
    find.arguments().set(TOTALS + 1, output.counts());
    if (places == null
        || scatter == null
        || output.starts() == null
        || output.list() == null
        || output.places() == null
        || output.scan() == null) {
      find.enqueue(stream);
      return;
    }
    find.arguments().set(TOTALS + 2, output.places());
    find.enqueue(stream);
    places.arguments().set(0, output.places());
    places.arguments().set(2, output.scan());
    places.enqueue(stream);
    set(scatter, forest);
    scatter.arguments().set(TOTALS, output.places());
    scatter.arguments().set(TOTALS + 2, output.starts());
    scatter.arguments().set(TOTALS + 3, output.list());
    scatter.enqueue(stream);
  }

  private static void set(KernelLaunch launch, CudaForest forest) {
    var arguments = launch.arguments();
    arguments.set(0, forest.kind());
    arguments.set(1, forest.arity());
    arguments.set(2, forest.symbol());
    arguments.set(3, forest.firstChild());
  }

  /** What was chosen, for the record. */
  Map<String, Object> configuration() {
    return configuration;
  }

  Variant variant() {
    return tuning.variant();
  }

  @Override
  public void close() {
    closer.close();
  }
}
