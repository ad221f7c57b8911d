// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One run as a user might ask for it, drawn by its number: the same number, the same run.
 *
 * @param kind what measures, and how it ends
 * @param options of the command, without the store and the profile
 * @param brief whether it has the profile that is as short as it gets
 */
record HonestRun(int number, Kind kind, List<String> options, boolean brief) {
  private static final long SEED = 20_261_121;

  /** Numbers that follow each other are of different kinds. */
  enum Kind {
    JAVA,
    HOST,
    SIMULATED,
    PYTHON,
    CPP,
    DUET,
    WORKERS,
    FAKE,
    INTERRUPTED,
    FOREIGN_DUET
  }

  private static final List<Kind> KINDS = List.of(Kind.values());

  static HonestRun draw(int number) {
    return new Draw(number).draw();
  }

  @Override
  public String toString() {
    return number + " " + kind + (brief ? " brief " : " ") + String.join(" ", options);
  }

  private static final class Draw {
    private final int number;
    private final SplittableRandom random;
    private final List<String> options = new ArrayList<>();
    private final boolean brief;

    Draw(int number) {
      this.number = number;
      this.random = new SplittableRandom(SEED + number);
      this.brief = random.nextBoolean();
    }

    HonestRun draw() {
      Kind kind = KINDS.get(number % KINDS.size());
      options.add("--seed=" + random.nextInt(1, 1_000));
      switch (kind) {
        case JAVA -> suite("--engine=java", "--in-process");
        case HOST -> suite("--engine=host", "--in-process");
        case SIMULATED -> suite("--device=sim", "--in-process", path());
        case PYTHON -> suite("--engine=example-python", repetitions(3));
        case CPP -> suite("--engine=example-cpp", repetitions(6));
        case WORKERS -> workers();
        case FAKE -> suite("--engine=fake", "--in-process");
        case INTERRUPTED -> interrupted();
        case DUET -> duet(side("java"), side("host"), "--in-process");
        case FOREIGN_DUET -> duet(side("example-cpp"), side("example-cpp"), "--cpus=0");
      }
      if (kind == Kind.PYTHON) {
        options.add("--set=consensus.validators=" + log(4, 300)); // a slow language
      } else {
        options.add("--set=consensus.validators=" + sizes(kind));
      }
      return new HonestRun(number, kind, List.copyOf(options), brief);
    }

    private void suite(String... more) {
      options.addAll(List.of(more));
      if (random.nextInt(4) > 0) {
        options.add("--samples=" + log(1, 2_000));
      }
      if (!brief) {
        options.add("--duration=" + random.nextInt(50, 500) + "ms");
      }
      if (random.nextBoolean()) {
        options.add("--warmup=" + log(1, 200));
      }
      options.add("--set=consensus.tags=" + tags());
    }

    private void workers() {
      if (random.nextBoolean()) {
        suite("--device=sim", path(), repetitions(6));
      } else {
        suite("--engine=" + (random.nextBoolean() ? "java" : "host"), repetitions(2));
      }
      if (random.nextBoolean()) {
        options.add("--cpus=" + random.nextInt(2));
      }
    }

    private void interrupted() {
      options.add(random.nextBoolean() ? "--engine=host" : "--device=sim");
      options.add(random.nextBoolean() ? "--in-process" : repetitions(2));
      options.add("--duration=20s");
    }

    private void duet(String a, String b, String more) {
      options.addFirst(b);
      options.addFirst(a);
      options.add(more);
      options.add("--duets=" + random.nextInt(1, 4));
      options.add("--samples=" + log(10, 500));
    }

    private String side(String engine) {
      return "engine=" + engine + ",consensus.tags=" + tags();
    }

    private String sizes(Kind kind) {
      boolean two = kind == Kind.FAKE || kind == Kind.SIMULATED || kind == Kind.CPP;
      long size = log(4, kind == Kind.WORKERS ? 3_000 : 10_000); // each process prepares anew
      return two && random.nextBoolean() ? size + "," + (size + log(1, 10_000)) : "" + size;
    }

    private String path() {
      return "--path=" + (random.nextBoolean() ? "launch" : "graph");
    }

    private String tags() {
      return random.nextBoolean() ? "none" : "siphash";
    }

    private String repetitions(int most) {
      return "--repetitions=" + random.nextInt(1, most + 1);
    }

    /** Every order of magnitude as often as another. */
    private long log(long least, long most) {
      return Math.round(
          Math.exp(random.nextDouble(Math.log((double) least), Math.log((double) most))));
    }
  }
}
