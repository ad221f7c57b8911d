// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.arrays;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.Parameter;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.PreparedRun.Work;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrayRotationTest {
  @TempDir private Path folder;

  /** y = 0 / x for the first element alone, which is NaN where x is 0. */
  private static final class Quotient extends ArrayWorkload {
    private final float numerator;

    Quotient(float numerator) {
      this.numerator = numerator;
    }

    @Override
    public String id() {
      return "quotient";
    }

    @Override
    public String summary() {
      return "";
    }

    @Override
    public String unitOfWork() {
      return "elements";
    }

    @Override
    protected List<Parameter> ownParameters() {
      return List.of(new Parameter.Whole("n", "", 1, 1_000, List.of(100L)));
    }

    @Override
    public String sizeParameter() {
      return "n";
    }

    @Override
    public List<ArraySpec> arrays(ParameterValues values) {
      return List.of(
          ArraySpec.input("x", ElementType.INT32, values.whole("n")),
          ArraySpec.inOut("y", ElementType.FP32, values.whole("n")));
    }

    @Override
    public void solve(ParameterValues values, ArraySet arrays) {
      arrays.of("y").setAtIndex(JAVA_FLOAT, 7, numerator / 0f);
    }

    @Override
    public Work work(ParameterValues values) {
      return new Work(1, 1, 0);
    }
  }

  @Test
  void anOracleThatAnswersNaNIsRefused() {
    var workload = new Quotient(0);
    assertEquals(
        "the oracle of quotient with n=100 seed=1 leaves NaN in y[7]",
        assertThrows(EngineException.class, () -> workload.answerDigest(workload.defaults(), 0))
            .getMessage());
    var infinite = new Quotient(1);
    assertNotEquals(0, infinite.answerDigest(infinite.defaults(), 0));
  }

  /** Each place of a batch of 64 sees every input sooner or later. */
  @Test
  void noPlaceInABatchAlwaysHasTheSameInput() {
    for (int position = 0; position < 64; position++) {
      var slots = new HashSet<Integer>();
      for (long sample = 0; sample < ArrayRotation.SLOTS; sample++) {
        slots.add(ArrayRotation.slot(64 * sample + position));
      }
      assertEquals(ArrayRotation.SLOTS, slots.size());
    }
  }

  /** In whatever parts it is computed, and other than that of any small change. */
  @Test
  void theChecksumKnowsEachWordAndItsPlace() {
    var random = new SplittableRandom(3);
    for (int trial = 0; trial < 200; trial++) {
      int[] words = random.ints(2 + random.nextInt(500)).toArray();
      ArrayChecksum all = ArrayChecksum.of(words.length, 0, i -> words[(int) i]);
      int cut = random.nextInt(words.length);
      assertEquals(
          all,
          ArrayChecksum.of(cut, 0, i -> words[(int) i])
              .plus(ArrayChecksum.of(words.length - cut, cut, i -> words[(int) i + cut])));
      int[] changed = words.clone();
      changed[cut] ^= 1 << random.nextInt(32);
      assertNotEquals(
          all.digest(), ArrayChecksum.of(words.length, 0, i -> changed[(int) i]).digest());
    }
  }

  /** As the page for other languages describes it. */
  @Test
  void theFileOfInputsHasAKeyForEachArrayOfEachSlot() throws Exception {
    var workload = new Quotient(1);
    Path file = folder.resolve("inputs");
    var inputs = workload.writeInputs(workload.defaults(), new MachineFacts(1, 1 << 20, 0), file);
    assertEquals(ArrayRotation.SLOTS, inputs.digests().length);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(24 + 8 * ArrayRotation.SLOTS * 2, bytes.limit());
    assertEquals(ArrayRotation.SLOTS, bytes.getLong(8));
    assertEquals(2, bytes.getLong(16));
    long[] keys = new ArrayRotation(workload, workload.defaults()).keys(1);
    assertEquals(keys[0], bytes.getLong(24 + 16));
    assertEquals(keys[1], bytes.getLong(24 + 24));
  }
}
