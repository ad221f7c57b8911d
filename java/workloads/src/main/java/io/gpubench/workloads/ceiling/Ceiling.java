// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.ceiling;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import io.gpubench.workloads.words.SampleKeys;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The ceilings: for each what a sample does, its parameters and its work. What the answers are is
 * in {@link CeilingOracle}. {@link #id} names the workload and its rate alike.
 */
public enum Ceiling {
  /** Device memory, read. */
  READ("read", "sums up the words of a buffer in device memory", Kind.SUM, 1),
  /** Device memory, read and written. */
  COPY("copy", "copies a buffer in device memory", Kind.COPY, 1),
  /** Memory of the device or of the processors; STREAM's triad (McCalpin, 1995). */
  TRIAD("triad", "computes a = b + 3 c over three arrays of doubles in memory", Kind.TRIAD, 2),
  /** The cache of a device or of the processors' cores. */
  L2("l2", "reads a buffer again and again from the second-level cache", Kind.AGAIN, 1),
  /** Fused multiply-adds of single precision. */
  FP32("fp32", "iterates fused multiply-adds of 32-bit floats in many chains", Kind.CHAINS, 2),
  /** Multiply-adds of 32-bit integers. */
  INT32("int32", "iterates multiply-adds of 32-bit integers in many chains", Kind.CHAINS, 2),
  /** Atomic additions to memory that all threads share. */
  ATOMIC("atomic", "adds words to cells by 64-bit atomic additions", Kind.ATOMIC, 1),
  /** The link to a device. */
  H2D("h2d", "copies pinned host memory to the device", Kind.LINK, 1),
  /** The link from a device. */
  D2H("d2h", "copies device memory to pinned host memory", Kind.LINK, 1),
  /** The link, both ways at once. */
  BIDIR("bidir", "copies to the device and back at the same time", Kind.BOTH_WAYS, 2),
  /** Memory of the processors, read. */
  HOSTREAD("hostread", "sums up the words of a buffer in main memory", Kind.SUM, 1),
  /** Memory of the processors, read and written. */
  HOSTCOPY("hostcopy", "copies a buffer in main memory", Kind.COPY, 1);

  /** What the workload does, whatever with. */
  enum Kind {
    SUM,
    COPY,
    TRIAD,
    AGAIN,
    CHAINS,
    ATOMIC,
    LINK,
    BOTH_WAYS
  }

  /** How many chains the answer of {@link #FP32} and {@link #INT32} shows. */
  public static final int CHAINS_SHOWN = 64;

  /** So many additions to a cell can be checked in a moment. */
  private static final long MOST_PER_CELL = 1 << 22;

  private static final Parameter SEED =
      new Parameter.Whole("seed", "seed of all inputs", 0, Long.MAX_VALUE, List.of(1L));

  private final String id;
  private final String summary;
  private final Kind kind;
  private final int streams;

  Ceiling(String name, String summary, Kind kind, int streams) {
    this.id = "ceiling." + name;
    this.summary = summary;
    this.kind = kind;
    this.streams = streams;
  }

  /** The id of the workload, {@code ceiling.…}. */
  public String id() {
    return id;
  }

  /** The ceiling that a workload measures; empty when it measures none. */
  public static Optional<Ceiling> of(String workloadId) {
    return Arrays.stream(values()).filter(ceiling -> ceiling.id.equals(workloadId)).findFirst();
  }

  String summary() {
    return summary;
  }

  Kind kind() {
    return kind;
  }

  /** How many keys a sample has: streams 0 .. streams - 1 of {@link SampleKeys}. */
  public int streams() {
    return streams;
  }

  /** How many buffers of input in memory a sample has; buffer j is made from stream j. */
  public int inputs() {
    return kind == Kind.CHAINS || kind == Kind.ATOMIC ? 0 : streams;
  }

  String unitOfWork() {
    return switch (kind) {
      case CHAINS, ATOMIC -> "operations";
      default -> "bytes";
    };
  }

  List<Parameter> parameters() {
    return switch (kind) {
      case AGAIN ->
          List.of(
              bytes("size of the buffer in bytes; a multiple of 8", 1L << 34, 1L << 20),
              new Parameter.Whole(
                  "passes", "how often a sample reads the buffer", 1, 1 << 20, List.of(64L)),
              SEED);
      case CHAINS ->
          List.of(
              new Parameter.Whole(
                  "chains", "chains, independent of each other", 1, 1 << 26, List.of(131_072L)),
              new Parameter.Whole("steps", "steps of each chain", 1, 1 << 24, List.of(8_192L)),
              SEED);
      case ATOMIC ->
          List.of(
              new Parameter.Whole(
                  "cells", "64-bit cells; a power of two", 1, 1 << 26, List.of(65_536L)),
              new Parameter.Whole(
                  "operations",
                  "additions of a sample; a multiple of cells",
                  1,
                  1L << 34,
                  List.of(1L << 20)),
              SEED);
      default ->
          List.of(bytes("size of a buffer in bytes; a multiple of 8", 1L << 38, 1L << 28), SEED);
    };
  }

  private static Parameter bytes(String summary, long most, long usual) {
    return new Parameter.Whole("bytes", summary, Long.BYTES, most, List.of(usual));
  }

  String sizeParameter() {
    return switch (kind) {
      case CHAINS -> "chains";
      case ATOMIC -> "cells";
      default -> "bytes";
    };
  }

  void check(ParameterValues values) {
    switch (kind) {
      case ATOMIC -> {
        long cells = values.whole("cells");
        long operations = values.whole("operations");
        if (Long.bitCount(cells) != 1) {
          throw new ConfigException("cells=" + cells + " is not a power of two");
        }
        if (operations % cells != 0) {
          throw new ConfigException(
              "operations=%d is not a multiple of cells=%d".formatted(operations, cells));
        }
        if (operations / cells > MOST_PER_CELL) {
          throw new ConfigException(
              "operations=%d are more than %d for each of %d cells, which nobody could check"
                  .formatted(operations, MOST_PER_CELL, cells));
        }
      }
      case CHAINS -> {}
      default -> {
        long bytes = values.whole("bytes");
        if (bytes % Long.BYTES != 0) {
          throw new ConfigException("bytes=" + bytes + " is not a multiple of 8");
        }
      }
    }
  }

  /**
   * The work of one sample. A multiply-add of integers is one operation, one of floats is two; as
   * 64-bit integer operations count the additions of a sum, the multiply-adds of integers and the
   * atomic additions.
   */
  public Work work(ParameterValues values) {
    if (kind == Kind.CHAINS) {
      double pairs = (double) values.whole("chains") * values.whole("steps");
      double bytes = (double) Integer.BYTES * values.whole("chains");
      return this == FP32 ? new Work(2 * pairs, bytes, 0) : new Work(pairs, bytes, pairs);
    }
    if (kind == Kind.ATOMIC) {
      double operations = values.whole("operations");
      return new Work(operations, (double) Long.BYTES * values.whole("cells"), operations);
    }
    double bytes = values.whole("bytes");
    return switch (kind) {
      case SUM -> new Work(bytes, bytes, bytes / Long.BYTES);
      case COPY -> new Work(2 * bytes, 2 * bytes, 0);
      case TRIAD -> new Work(3 * bytes, 3 * bytes, 0);
      case AGAIN -> {
        double read = values.whole("passes") * bytes;
        yield new Work(read, read, read / Long.BYTES);
      }
      case LINK -> new Work(bytes, 2 * bytes, 0);
      case BOTH_WAYS -> new Work(2 * bytes, 4 * bytes, 0);
      default -> throw new IllegalStateException(id);
    };
  }

  /** Bytes of one output in memory. */
  public long outputBytes(ParameterValues values) {
    return switch (kind) {
      case SUM, AGAIN -> Long.BYTES;
      case CHAINS -> Integer.BYTES * values.whole("chains");
      case ATOMIC -> Long.BYTES * values.whole("cells");
      default -> values.whole("bytes");
    };
  }

  /** Bytes of one input buffer in memory; 0 when there is none. */
  public long inputBytes(ParameterValues values) {
    return inputs() == 0 ? 0 : values.whole("bytes");
  }

  /** Whether it is about memory, so that it is no such ceiling where the data lie in a cache. */
  public boolean ofMemory() {
    return kind == Kind.SUM || kind == Kind.COPY || kind == Kind.TRIAD;
  }
}
