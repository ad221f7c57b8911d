// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gpubench.engines.processors.SpinTeam;
import io.gpubench.engines.synthesis.MatchVariant;
import io.gpubench.engines.synthesis.SynthesisKernels;
import io.gpubench.measure.EngineException;
import io.gpubench.workloads.synthesis.Filter;
import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.PatternSet;
import io.gpubench.workloads.synthesis.TemplateSet;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Matching, expanding and rewriting in Java. Matches are counted by each member of a team in whole
 * trees of its own; where they are listed too, that is done once more after the counts of all
 * members have told where each one's matches of a pattern go. What is rewritten, members take in
 * turns of some trees, and store in the order of these turns.
 */
final class JavaSynthesisKernels implements SynthesisKernels {
  /** Apart from each other, so that each has a cache line and its prefetched neighbour. */
  private static final int TAKEN = 32;

  private static final int STORED = 64;
  private static final int PLACE = STORED + 1;

  /** Of {@link #STORED}: a member has failed, and nobody may wait for it. */
  private static final int FAILED = -1;

  private static final int SPINS = 10_000;

  private final NativeMemory memory = new NativeMemory();
  private final SpinTeam team;
  private final SpinTeam.Task count = this::countPart;
  private final SpinTeam.Task list = this::listPart;
  private final SpinTeam.Task expand = this::expandPart;
  private final SpinTeam.Task rewrite = this::rewritePart;
  private final AtomicIntegerArray turns = new AtomicIntegerArray(3 * TAKEN);
  private SynthesisMatcher[] matchers = {};
  private Filter filter = Filter.NONE;
  private SynthesisFolder[] folders = {};
  private @Nullable SynthesisExpander expander;

  // what the current task works on; the team publishes it
  private @Nullable Forest forest;
  private @Nullable Forest folded;
  private MemorySegment nodes = MemorySegment.NULL;
  private MemorySegment offsets = MemorySegment.NULL;
  private MemorySegment text = MemorySegment.NULL;

  JavaSynthesisKernels(int threads) {
    team = new SpinTeam(threads);
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return memory.allocate(bytes);
  }

  @Override
  public void wake() {
    team.wake();
  }

  @Override
  public MatchVariant patterns(PatternSet patterns, @Nullable MatchVariant asked) {
    MatchVariant variant = asked == null ? MatchVariant.INDEX : asked;
    filter = variant == MatchVariant.INDEX ? Filter.KIND_SYMBOL : Filter.NONE;
    var compiled = new SynthesisPatterns(patterns);
    matchers =
        Stream.generate(() -> new SynthesisMatcher(compiled, variant == MatchVariant.INDEX))
            .limit(team.members())
            .toArray(SynthesisMatcher[]::new);
    return variant;
  }

  @Override
  public Filter filter() {
    return filter;
  }

  @Override
  public void templates(TemplateSet templates) {
    byte[] bytes = templates.images();
    MemorySegment images = allocate(Math.max(Long.BYTES, bytes.length));
    MemorySegment.copy(bytes, 0, images, JAVA_BYTE, 0, bytes.length);
    expander = new SynthesisExpander(templates, images, team.members());
  }

  @Override
  public void match(Forest of, MemorySegment counts) {
    forest = of;
    team.run(count);
    int words = matchers[0].counts.length;
    for (int i = 0; i < words; i++) {
      long sum = 0;
      for (SynthesisMatcher matcher : matchers) {
        sum += matcher.counts[i];
      }
      counts.set(JAVA_LONG, Long.BYTES * (long) i, sum);
    }
  }

  private void countPart(int member, int members) {
    Forest of = Objects.requireNonNull(forest);
    matchers[member].count(of, firstTree(of, member, members), firstTree(of, member + 1, members));
  }

  /** Where the part of a member begins: the first tree behind its share of the nodes. */
  private static int firstTree(Forest forest, int member, int members) {
    long before = forest.nodes() * member / members;
    return firstTreeFrom(forest, before);
  }

  /** The first tree that begins at a node or behind it. */
  private static int firstTreeFrom(Forest forest, long node) {
    int low = 0;
    int high = forest.trees();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (SynthesisFolder.start(forest.treeStart(), middle) < node) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void list(Forest of, MemorySegment counts, MemorySegment starts, MemorySegment into) {
    match(of, counts);
    int patterns = matchers[0].next.length;
    long place = 0;
    for (int p = 0; p < patterns; p++) {
      starts.set(JAVA_LONG, Long.BYTES * (long) p, place);
      for (SynthesisMatcher matcher : matchers) {
        matcher.next[p] = place;
        place += matcher.counts[2 * p];
      }
    }
    starts.set(JAVA_LONG, Long.BYTES * (long) patterns, place);
    requireRoom("list of matches", Integer.BYTES * place, into);
    nodes = into;
    team.run(list);
  }

  private static void requireRoom(String what, long bytes, MemorySegment in) {
    if (bytes > in.byteSize()) {
      throw new EngineException(
          "the %s takes %d bytes, but there are only %d".formatted(what, bytes, in.byteSize()));
    }
  }

  private void listPart(int member, int members) {
    Forest of = Objects.requireNonNull(forest);
    int first = firstTree(of, member, members);
    matchers[member].list(of, first, firstTree(of, member + 1, members), nodes);
  }

  @Override
  public void expand(
      Forest of,
      MemorySegment starts,
      MemorySegment matches,
      MemorySegment begins,
      MemorySegment into) {
    forest = of;
    nodes = matches;
    offsets = begins;
    text = into;
    requireRoom("text", Objects.requireNonNull(expander).plan(starts), into);
    team.run(expand);
  }

  private void expandPart(int member, int members) {
    Objects.requireNonNull(expander)
        .part(member, members, Objects.requireNonNull(forest), nodes, offsets, text);
  }

  @Override
  public void rewriting(long most, int trees) {
    folders =
        Stream.generate(SynthesisFolder::new).limit(team.members()).toArray(SynthesisFolder[]::new);
  }

  @Override
  public void rewrite(Forest of, Forest into) {
    forest = of;
    folded = into;
    turns.set(TAKEN, 0);
    turns.set(STORED, 0);
    turns.set(PLACE, 0);
    team.run(rewrite);
    into.treeStart().set(JAVA_INT_UNALIGNED, Integer.BYTES * (long) of.trees(), turns.get(PLACE));
  }

  private void rewritePart(int member, int members) {
    try {
      rewrite(folders[member], Objects.requireNonNull(forest), Objects.requireNonNull(folded));
    } catch (RuntimeException | Error failure) {
      turns.set(STORED, FAILED);
      throw failure;
    }
  }

  private void rewrite(SynthesisFolder folder, Forest from, Forest to) {
    long all = from.nodes();
    for (int turn = turns.getAndIncrement(TAKEN);
        (long) turn * SynthesisFolder.TURN < all;
        turn = turns.getAndIncrement(TAKEN)) {
      int first = firstTreeFrom(from, (long) turn * SynthesisFolder.TURN);
      int end = firstTreeFrom(from, (turn + 1L) * SynthesisFolder.TURN);
      int left = first < end ? folder.fold(from, first, end) : 0;
      if (!await(turn)) {
        return;
      }
      int place = turns.getPlain(PLACE);
      turns.setPlain(PLACE, place + left);
      turns.setRelease(STORED, turn + 1);
      if (first < end) {
        folder.store(to, place);
      }
    }
  }

  /** Waits until all turns before have found their place; false when a member has failed. */
  @SuppressWarnings("ThreadPriorityCheck") // yields only so that waiting costs others less
  private boolean await(int turn) {
    long spins = 0;
    for (int stored = turns.getAcquire(STORED); stored != turn; stored = turns.getAcquire(STORED)) {
      if (stored == FAILED) {
        return false;
      }
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // more members than free processors
      }
    }
    return true;
  }

  @Override
  public Map<String, Object> configuration() {
    return Map.of("threads", (long) team.members());
  }

  @Override
  public void close() {
    try (memory) {
      team.close();
    }
  }
}
