// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.run.Timer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of forgery is found in each process to which it is done. */
class ForgedSamplesTest {
  private static final int SEEDS = 100;

  /** What somebody may do to the samples of an honest process, or what an engine may make up. */
  enum Forgery {
    MULTIPLES(Flaw.QUANTISED) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        onGrid(draft, random, roundWidth(draft), 0, 1);
      }
    },
    MULTIPLES_WITH_STARTS(Flaw.QUANTISED) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long width = roundWidth(draft);
        long[] gaps = draft.gaps();
        onGrid(draft, random, width, 0, 1);
        draft.relay(Arrays.stream(gaps).map(gap -> gap / width * width).toArray());
      }
    },
    MULTIPLES_WITH_OFFSET(Flaw.QUANTISED) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long width = roundWidth(draft);
        onGrid(draft, random, width, random.nextLong(width), 1);
      }
    },
    MULTIPLES_OF_A_POWER_OF_TWO(Flaw.QUANTISED) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long width = Long.highestOneBit(2 * width(draft));
        onGrid(draft, random, width, random.nextLong(width), 0.6);
      }
    },
    MULTIPLES_OF_ANYTHING(Flaw.QUANTISED) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long width = random.nextLong(width(draft), 2 * width(draft)) | 1;
        onGrid(draft, random, width, random.nextLong(width), 1);
      }
    },
    MOSTLY_MULTIPLES(Flaw.QUANTISED) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        onGrid(draft, random, roundWidth(draft), 0, 0.6);
      }
    },
    MOSTLY_MULTIPLES_WITH_OFFSET(Flaw.QUANTISED) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long width = roundWidth(draft);
        onGrid(draft, random, width, random.nextLong(width), 0.6);
      }
    },
    CONSTANT(Flaw.CONSTANT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        Arrays.fill(draft.durations, (long) draft.median());
      }
    },
    TEN_EQUAL_ONES(Flaw.CONSTANT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.starts = Arrays.copyOf(draft.starts, 10);
        draft.durations = new long[10];
        Arrays.fill(draft.durations, random.nextLong(2_000_000, 1_000_000_000));
      }
    },
    CONSTANT_BUT_FOR_ONE(Flaw.CONSTANT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long first = draft.durations[0];
        Arrays.fill(draft.durations, (long) draft.median() + 1);
        draft.durations[random.nextInt(draft.durations.length)] = first;
      }
    },
    OVERLAPPING(Flaw.BACKWARDS) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        int which = 1 + random.nextInt(draft.starts.length - 1);
        draft.starts[which] = draft.starts[which - 1] + draft.durations[which - 1] - 1;
      }
    },
    SWAPPED_LINES(Flaw.BACKWARDS) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        int which = 1 + random.nextInt(draft.starts.length - 1);
        long start = draft.starts[which];
        draft.starts[which] = draft.starts[which - 1];
        draft.starts[which - 1] = start;
      }
    },
    NO_STARTS(Flaw.BACKWARDS) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        Arrays.fill(draft.starts, 0);
      }
    },
    SLOWED_DOWN(Flaw.BACKWARDS) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        for (int i = 0; i < draft.durations.length; i++) {
          draft.durations[i] += 60_000;
        }
      }
    },
    MORE_TIME_THAN_THERE_WAS(Flaw.OVERFULL) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        for (int i = 0; i < draft.durations.length; i++) {
          draft.durations[i] *= 3;
        }
        double seconds = 1 + draft.span() / 1e9;
        draft.relay(draft.gaps());
        draft.measureSeconds = Math.min(seconds, draft.measureSeconds / 2);
      }
    },
    BEYOND_THE_END(Flaw.OVERFULL) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.measureSeconds = draft.span() / 1e9 * 0.9 - 0.01;
      }
    },
    EVEN_GAPS(Flaw.SLEPT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long gap = random.nextInt(12_000, 50_000);
        draft.relay(Arrays.stream(draft.gaps()).map(_ -> gap).toArray());
      }
    },
    NO_GAPS(Flaw.SLEPT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.timer = new Timer(10, 20);
        draft.relay(new long[draft.durations.length]);
      }
    },
    EVEN_GAPS_BUT_FOR_PAUSES(Flaw.SLEPT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long gap = random.nextInt(40_000, 90_000);
        long[] gaps = draft.gaps();
        for (int i = 0; i < gaps.length; i++) {
          gaps[i] = i % 25 == 24 ? 2_000_000L + random.nextInt(100_000) : gap;
        }
        draft.relay(gaps);
      }
    },
    EVEN_STARTS(Flaw.SLEPT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long period = Arrays.stream(draft.durations).max().orElseThrow() + 1_000;
        for (int i = 0; i < draft.starts.length; i++) {
          draft.starts[i] = i * period;
        }
        draft.measureSeconds = draft.span() / 1e9;
      }
    },
    IDLE_PROCESSORS(Flaw.SLEPT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        long factor = 1 + (long) (3e8 / draft.median() / draft.durations.length);
        for (int i = 0; i < draft.durations.length; i++) {
          draft.durations[i] = draft.durations[i] * factor + random.nextInt(1_000);
        }
        draft.relay(draft.gaps());
        draft.processorSeconds = 0.01;
      }
    },
    FASTER_THAN_THE_TIMER(Flaw.TIMER) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.timer = new Timer(30, 1 + (long) draft.median());
      }
    },
    NO_TIMER(Flaw.TIMER) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.timer = null;
      }
    },
    COARSE_TIMER(Flaw.TIMER) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.timer = new Timer(random.nextInt(100, 1_000_000), 1 + random.nextInt(99));
      }
    },
    STANDING_TIMER(Flaw.TIMER) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.timer = new Timer(0, 0);
        draft.durations[0] = 1L + random.nextInt(90_000);
      }
    },
    MORE_THAN_CAN_BE_DONE(Flaw.BOUND) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.operations = 1e6;
        draft.operationsPerSecond = 1e6 / draft.median() * 1e9 * random.nextDouble(0.1, 0.999);
      }
    },
    HURRIED(Flaw.SHORT) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        draft.measureSeconds = random.nextInt(10) / 1e3;
        draft.underSampled = false;
      }
    },
    WITHOUT_THE_FIRST(Flaw.SAMPLES) {
      @Override
      void apply(ProcessDraft draft, Random random) {
        int from = 1 + random.nextInt(20);
        draft.starts = Arrays.copyOfRange(draft.starts, from, draft.starts.length);
        draft.durations = Arrays.copyOfRange(draft.durations, from, draft.durations.length);
      }
    };

    final Flaw flaw;

    Forgery(Flaw flaw) {
      this.flaw = flaw;
    }

    abstract void apply(ProcessDraft draft, Random random);

    /** Rounds a share of the durations. */
    static void onGrid(ProcessDraft draft, Random random, long width, long offset, double share) {
      int count = draft.durations.length;
      int rounded = 0;
      for (int i = 0; i < count; i++) {
        // exactly the share, anywhere
        if (random.nextInt(count - i) < Math.ceil(share * count) - rounded) {
          rounded++;
          long steps = Math.max(1, (draft.durations[i] - offset) / width);
          draft.durations[i] = steps * width + offset;
        }
      }
    }

    /** Far coarser than the clock, and the times still take ten values or more. */
    static long width(ProcessDraft draft) {
      return Math.max(10 * draft.timer().resolutionNanos(), (long) draft.median() / 60);
    }

    static long roundWidth(ProcessDraft draft) {
      long power = 1;
      while (10 * power < width(draft)) {
        power *= 10;
      }
      long least = power;
      return LongStream.of(1, 2, 5, 10)
          .map(factor -> factor * least)
          .filter(width -> width >= width(draft))
          .findFirst()
          .orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void forgeriesAreFound(Forgery forgery) {
    for (int seed = 0; seed < SEEDS; seed++) {
      ProcessDraft draft = HonestSamples.rich(seed);
      if (!draft.outcome.equals("Measured") || draft.foreign || draft.device != null) {
        continue; // less is known of such
      }
      assertTrue(draft.flaws().isEmpty(), "before, seed " + seed + ": " + draft.findings());
      forgery.apply(draft, new Random(seed));
      assertTrue(draft.flaws().contains(forgery.flaw), "seed " + seed + ": " + draft.findings());
    }
  }
}
