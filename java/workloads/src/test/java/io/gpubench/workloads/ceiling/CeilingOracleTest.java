// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.ceiling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.workloads.words.Checksum;
import io.gpubench.workloads.words.SampleKeys;
import io.gpubench.workloads.words.Words;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracles against other formulas for the same numbers. */
class CeilingOracleTest {
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64);

  /** splitmix64 seeded with 1234567, as its authors' program prints it. */
  @Test
  void wordsAreThoseOfSplitmix64() {
    long[] published = {
      6457827717110365317L, 3203168211198807973L, -8629252141511181193L, 4593380528125082431L
    };
    for (int i = 0; i < published.length; i++) {
      assertEquals(published[i], Words.word(1_234_567, i));
    }
  }

  @Test
  void keysDifferBySeedSampleAndStream() {
    long key = new SampleKeys(7).of(3, 1);
    assertEquals(key, new SampleKeys(7).of(3, 1));
    assertNotEquals(key, new SampleKeys(8).of(3, 1));
    assertNotEquals(key, new SampleKeys(7).of(4, 1));
    assertNotEquals(key, new SampleKeys(7).of(3, 0));
    assertNotEquals(key, new SampleKeys(7 + (1L << 32)).of(3, 1));
    assertNotEquals(key, new SampleKeys(7).of(3 + (1L << 32), 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 65_535, 65_536, 65_537, 200_001})
  void aChecksumIsTwoSums(long count) {
    BigInteger s0 = BigInteger.ZERO;
    BigInteger s1 = BigInteger.ZERO;
    for (long i = 0; i < count; i++) {
      BigInteger word = unsigned(Words.word(9, i));
      s0 = s0.add(word);
      s1 = s1.add(word.multiply(BigInteger.valueOf(2 * i + 1)));
    }
    assertEquals(
        new Checksum(s0.longValue(), s1.longValue()), Checksum.of(count, i -> Words.word(9, i)));
  }

  @Test
  void aChecksumTellsWhatIsWrong() {
    long[] words = LongStream.range(0, 1000).map(i -> Words.word(5, i)).toArray();
    Checksum right = Checksum.of(words.length, i -> words[(int) i]);
    var random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      int at = random.nextInt(words.length);
      int other = (at + 1 + random.nextInt(words.length - 1)) % words.length;
      long kept = words[at];
      words[at] ^= 1L << random.nextInt(64);
      assertNotEquals(right, Checksum.of(words.length, i -> words[(int) i]), "a bit");
      words[at] = words[other];
      words[other] = kept;
      assertNotEquals(right, Checksum.of(words.length, i -> words[(int) i]), "two in turn");
      words[other] = words[at];
      words[at] = kept;
    }
    assertEquals(right, Checksum.of(words.length, i -> words[(int) i]));
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 16, 72, 8 * 65_537})
  void sumsOfBuffers(long bytes) {
    long[] keys = {42};
    BigInteger sum = BigInteger.ZERO;
    for (long i = 0; i < bytes / 8; i++) {
      sum = sum.add(unsigned(Words.word(42, i)));
    }
    for (Ceiling ceiling : new Ceiling[] {Ceiling.READ, Ceiling.HOSTREAD}) {
      ParameterValues values = values(ceiling).with("bytes", bytes);
      assertArrayEquals(
          new long[] {sum.mod(MODULUS).longValue()}, CeilingOracle.answer(ceiling, values, keys));
    }
  }

  /** Bit b of w ^ m is set as often as exactly one of both has it: by counts of bits instead. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 64, 100})
  void sumsOfPassesByCountsOfBits(long passes) {
    long words = 513;
    BigInteger sum = BigInteger.ZERO;
    for (int bit = 0; bit < 64; bit++) {
      long inWords = count(words, i -> Words.word(11, i), bit);
      long inMasks = count(passes, p -> Words.mix64(p + 1), bit);
      long different = inWords * (passes - inMasks) + (words - inWords) * inMasks;
      sum = sum.add(BigInteger.valueOf(different).shiftLeft(bit));
    }
    ParameterValues values = values(Ceiling.L2).with("bytes", 8 * words).with("passes", passes);
    assertArrayEquals(
        new long[] {sum.mod(MODULUS).longValue()},
        CeilingOracle.answer(Ceiling.L2, values, new long[] {11}));
  }

  /** b + 3 c in whole numbers, which doubles of this size hold exactly. */
  @Test
  void theTriadIsExact() {
    long words = 70_001;
    BigInteger s0 = BigInteger.ZERO;
    BigInteger s1 = BigInteger.ZERO;
    for (long i = 0; i < words; i++) {
      long whole = (Words.word(3, i) >>> 44) + 3 * (Words.word(4, i) >>> 44);
      assertTrue(whole < 1L << 22);
      BigInteger bits = unsigned(Double.doubleToLongBits((double) whole));
      s0 = s0.add(bits);
      s1 = s1.add(bits.multiply(BigInteger.valueOf(2 * i + 1)));
    }
    ParameterValues values = values(Ceiling.TRIAD).with("bytes", 8 * words);
    assertArrayEquals(
        new long[] {s0.longValue(), s1.longValue()},
        CeilingOracle.answer(Ceiling.TRIAD, values, new long[] {3, 4}));
  }

  /** After n steps x is a^n x0 + b (a^n - 1) / (a - 1), modulo 2^32. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 1_000, 65_537, 16_777_216})
  void chainsOfIntegersHaveAClosedForm(long steps) {
    long[] keys = {17, 18};
    BigInteger a = BigInteger.valueOf(CeilingOracle.INT32_FACTOR & 0xFFFFFFFFL);
    BigInteger less = a.subtract(BigInteger.ONE);
    BigInteger power = a.modPow(BigInteger.valueOf(steps), less.shiftLeft(32));
    BigInteger series = power.subtract(BigInteger.ONE).mod(less.shiftLeft(32)).divide(less);
    assertTrue(CeilingOracle.addend(keys) % 2 != 0);
    for (long chain : new long[] {0, 1, 67_108_863}) {
      BigInteger first = unsigned(Words.word(17, chain));
      BigInteger last =
          power.multiply(first).add(series.multiply(unsigned(CeilingOracle.addend(keys))));
      assertEquals(last.intValue(), CeilingOracle.chain(Ceiling.INT32, keys, chain, steps));
    }
  }

  /** Each step rounded once, by arithmetic without rounding. */
  @Test
  void stepsOfFloatsAreRoundedOnce() {
    long[] keys = {21, 22};
    var factor = new BigDecimal(CeilingOracle.FP32_FACTOR);
    var addend = new BigDecimal(CeilingOracle.FP32_ADDEND);
    boolean fusedDiffers = false;
    for (long chain = 0; chain < 20; chain++) {
      float x = 1 + (Words.word(21, chain) >>> 41) * 0x1p-23f;
      assertTrue(x >= 1 && x < 2);
      for (int step = 1; step <= 50; step++) {
        float product = x * CeilingOracle.FP32_FACTOR;
        float twice = product + CeilingOracle.FP32_ADDEND;
        x = new BigDecimal(x).multiply(factor).add(addend).floatValue();
        fusedDiffers |= twice != x;
        assertEquals(
            Float.floatToRawIntBits(x), CeilingOracle.chain(Ceiling.FP32, keys, chain, step));
      }
      assertTrue(x > 0.24 && x < 2, "stays away from 0 and infinity");
    }
    assertTrue(fusedDiffers, "whether it was fused shows");
  }

  @ParameterizedTest
  @EnumSource(
      value = Ceiling.class,
      names = {"FP32", "INT32"})
  void allChainsTogetherAreEachByItself(Ceiling ceiling) {
    long[] keys = {31, 32};
    for (long chains : new long[] {1, 2, 1023, 1024, 1025, 5000}) {
      ParameterValues values = values(ceiling).with("chains", chains).with("steps", 37L);
      assertEquals(
          Checksum.of(chains, c -> CeilingOracle.chain(ceiling, keys, c, 37) & 0xFFFFFFFFL),
          CeilingOracle.output(ceiling, values, keys));
      long[] shown = CeilingOracle.answer(ceiling, values, keys);
      assertEquals(64, shown.length);
      for (int k = 0; k < shown.length; k++) {
        long chain = CeilingOracle.chainShown(values, keys, k);
        assertTrue(chain >= 0 && chain < chains);
        assertEquals(CeilingOracle.chain(ceiling, keys, chain, 37) & 0xFFFFFFFFL, shown[k]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 1024, 65_536, 1 << 20})
  void eachRoundOfAdditionsReachesEachCellOnce(long cells) {
    for (long round = 0; round < 3; round++) {
      var reached = new BitSet();
      for (long q = round * cells; q < (round + 1) * cells; q++) {
        reached.set((int) CeilingOracle.cell(q, cells));
      }
      assertEquals(cells, reached.cardinality());
    }
    long late = (1L << 34) - 1;
    assertEquals(
        BigInteger.valueOf(late)
            .multiply(BigInteger.valueOf(2_654_435_761L))
            .mod(BigInteger.valueOf(cells))
            .longValue(),
        CeilingOracle.cell(late, cells));
  }

  /** With one cell all words come together; with as many as words each stands by itself. */
  @Test
  void additionsToCells() {
    long[] keys = {51};
    ParameterValues one = values(Ceiling.ATOMIC).with("cells", 1L).with("operations", 1000L);
    long sum = LongStream.range(0, 1000).map(q -> Words.word(51, q)).sum();
    assertArrayEquals(new long[] {sum, sum}, CeilingOracle.answer(Ceiling.ATOMIC, one, keys));
    ParameterValues all = values(Ceiling.ATOMIC).with("cells", 256L).with("operations", 256L);
    long s1 =
        LongStream.range(0, 256)
            .map(q -> (2 * (q * 2_654_435_761L % 256) + 1) * Words.word(51, q))
            .sum();
    assertArrayEquals(
        new long[] {LongStream.range(0, 256).map(q -> Words.word(51, q)).sum(), s1},
        CeilingOracle.answer(Ceiling.ATOMIC, all, keys));
  }

  @Test
  void bothWaysAreTwoCopies() {
    ParameterValues values = values(Ceiling.BIDIR).with("bytes", 800L);
    long[] there = CeilingOracle.answer(Ceiling.H2D, values, new long[] {61});
    long[] back = CeilingOracle.answer(Ceiling.COPY, values, new long[] {62});
    assertArrayEquals(
        new long[] {there[0], there[1], back[0], back[1]},
        CeilingOracle.answer(Ceiling.BIDIR, values, new long[] {61, 62}));
  }

  @ParameterizedTest
  @EnumSource(Ceiling.class)
  void answersDependOnSeedAndSample(Ceiling ceiling) {
    var workload = new CeilingWorkload(ceiling);
    ParameterValues small = small(ceiling);
    long digest = workload.answerDigest(small, 0);
    assertEquals(digest, workload.answerDigest(small, 0));
    assertNotEquals(digest, workload.answerDigest(small, 1));
    assertNotEquals(digest, workload.answerDigest(small.with("seed", 2L), 0));
    long[] keys = CeilingRotation.keys(ceiling, small, 0);
    assertEquals(digest, AnswerDigest.of(CeilingOracle.answer(ceiling, small, keys)));
  }

  /** Few and odd. */
  static ParameterValues small(Ceiling ceiling) {
    ParameterValues values = values(ceiling);
    return switch (ceiling.kind()) {
      case CHAINS -> values.with("chains", 77L).with("steps", 5L);
      case ATOMIC -> values.with("cells", 64L).with("operations", 192L);
      default -> values.with("bytes", 8 * 77L);
    };
  }

  static ParameterValues values(Ceiling ceiling) {
    return new CeilingWorkload(ceiling).defaults();
  }

  private static long count(long n, java.util.function.LongUnaryOperator word, int bit) {
    return LongStream.range(0, n).map(word).filter(w -> (w >>> bit & 1) != 0).count();
  }

  private static BigInteger unsigned(long word) {
    return BigInteger.valueOf(word).mod(MODULUS);
  }

  private static BigInteger unsigned(int word) {
    return BigInteger.valueOf(word & 0xFFFFFFFFL);
  }
}
