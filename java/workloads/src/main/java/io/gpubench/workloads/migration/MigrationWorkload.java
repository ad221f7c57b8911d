// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.migration;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Moves a batch of pages from one tier of memory to another: takes frames in the pool of the
 * target, copies, and gives the frames of the source back.
 */
public final class MigrationWorkload implements Workload {
  /** The workload's id. */
  public static final String ID = "migration";

  /** The smallest page. */
  private static final long LEAST_PAGE = 4096;

  private static final long LARGEST_PAGE = 1L << 30;
  private static final long MOST_PAGES = 4096;

  /** Bytes that do not depend on the pages: code, threads, staging memory. */
  private static final long FIXED_OVERHEAD = 160L << 20;

  /** What goes to a file or comes from it is prepared and looked at in pieces of this size. */
  private static final long PIECE_OF_FILE = 16L << 20;

  /** Inputs for an engine in a process of its own. */
  private static final int SLOTS = 4;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String summary() {
    return "moves a batch of pages from one tier of memory to another";
  }

  @Override
  public String unitOfWork() {
    return "bytes";
  }

  @Override
  public List<String> otherUnits() {
    return List.of(MigrationParameters.PAGES);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        tier("from", "the tier that the pages come from", "pinned"),
        tier("to", "the tier that they go to", "device"),
        new Parameter.Whole(
            "pageBytes",
            "size of a page in bytes; a multiple of 8, and of what a file system asks for",
            LEAST_PAGE,
            LARGEST_PAGE,
            List.of(LEAST_PAGE)),
        new Parameter.Whole("pages", "pages of a batch", 1, MOST_PAGES, List.of(1024L)),
        choice(
            "order",
            "where their frames lie in the pools: anywhere, or one behind the other",
            MigrationParameters.SCATTERED,
            "contiguous"),
        choice("ways", "whether another batch moves back at the same time", "one", "both"),
        choice(
            "sync",
            "when pages are in a file: when the file system has taken them, or on stable storage",
            "none",
            MigrationParameters.DATA),
        new Parameter.Whole("seed", "seed of all inputs", 0, Long.MAX_VALUE, List.of(1L)));
  }

  private static Parameter tier(String name, String summary, String usual) {
    return new Parameter.Text(name, summary, Tier.DOMAIN, List.of(usual));
  }

  private static Parameter choice(String name, String summary, String usual, String other) {
    return new Parameter.Choice(name, summary, List.of(usual, other), List.of(usual));
  }

  @Override
  public String sizeParameter() {
    return "pages";
  }

  @Override
  public void check(ParameterValues values) {
    MigrationParameters.of(values);
  }

  /** {@inheritDoc} As many bytes as were asked for, and pages. */
  @Override
  public @Nullable String contradiction(
      ParameterValues values, PreparedRun.Work work, Map<String, Double> amounts) {
    MigrationParameters setting = MigrationParameters.of(values);
    PreparedRun.Work right = setting.work();
    double pages = (double) setting.ways() * setting.pages();
    if (differ(work.units(), right.units())
        || differ(work.bytes(), right.bytes())
        || work.operations() != right.operations()) {
      return "%.0f pages of %d bytes are %s, and not %s"
          .formatted(pages, setting.pageBytes(), right, work);
    }
    return amounts.size() != 1
            || differ(amounts.getOrDefault(MigrationParameters.PAGES, -1.0), pages)
        ? "a sample that moves %.0f pages has the amounts %s".formatted(pages, amounts)
        : null;
  }

  /** By more than a multiplication by pieces and the division by them can do. */
  private static boolean differ(double said, double right) {
    return !(Math.abs(said - right) <= 1e-9 * right);
  }

  /** {@inheritDoc} Each tier that is a file says whether that is storage, and no other does. */
  @Override
  public @Nullable String contradiction(ParameterValues values, Map<String, Object> configuration) {
    MigrationParameters setting = MigrationParameters.of(values);
    String ofFrom = FileLabel.contradiction("from", setting.from(), configuration);
    return ofFrom == null ? FileLabel.contradiction("to", setting.to(), configuration) : ofFrom;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The pools of both tiers, also where they lie in a device's memory, which may be simulated;
   * of a file only what is prepared and looked at in memory, page by page or {@value
   * #PIECE_OF_FILE} bytes at a time.
   */
  @Override
  public long footprintBytes(ParameterValues values, MachineFacts facts) {
    MigrationParameters setting = MigrationParameters.of(values);
    return FIXED_OVERHEAD + inMemory(setting, setting.from()) + inMemory(setting, setting.to());
  }

  private static long inMemory(MigrationParameters setting, Tier tier) {
    return tier.kind() == Tier.Kind.FILE
        ? 2 * Math.max(setting.pageBytes(), Math.min(setting.batchBytes(), PIECE_OF_FILE))
        : setting.poolBytes();
  }

  @Override
  public long answerDigest(ParameterValues values, long sample) {
    return AnswerDigest.of(answer(MigrationParameters.of(values), sample));
  }

  /** The sums of the batch of each way, as its target has it. */
  private static long[] answer(MigrationParameters setting, long sample) {
    long[] sums = new long[2 * setting.ways()];
    for (int way = 0; way < setting.ways(); way++) {
      Checksum checksum = new MigrationBatch(setting, way).checksum(sample);
      sums[2 * way] = checksum.s0();
      sums[2 * way + 1] = checksum.s1();
    }
    return sums;
  }

  /** {@inheritDoc} The keys only: no engine in another process is asked for tiers. */
  @Override
  public Inputs writeInputs(ParameterValues values, MachineFacts facts, Path file)
      throws IOException {
    MigrationParameters setting = MigrationParameters.of(values);
    long[] digests = new long[SLOTS];
    long[][] keys = new long[SLOTS][setting.ways()];
    for (int slot = 0; slot < SLOTS; slot++) {
      for (int way = 0; way < setting.ways(); way++) {
        keys[slot][way] = new MigrationBatch(setting, way).key(slot);
      }
      digests[slot] = answerDigest(values, slot);
    }
    KeyFile.write(file, keys);
    return new Inputs(digests, setting.work(), verification());
  }

  /** How the inputs change and who checks the answers, for the record. */
  public static Map<String, Object> verification() {
    var map = new LinkedHashMap<String, Object>();
    map.put("freshInputs", true);
    map.put("oracle", MigrationBatch.class.getSimpleName());
    map.put("shareChecked", 1.0);
    return map;
  }
}
