// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizesTest {
  @ParameterizedTest
  @CsvSource({
    "1B, 1",
    "512MiB, 536870912",
    "4GiB, 4294967296",
    "1.5 KiB, 1536",
    "1024TiB, 1125899906842624"
  })
  void parses(String text, long expected) {
    assertEquals(expected, ByteSizes.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "512     | '512' has no unit; expected one of B, KiB, MiB, GiB, TiB",
        "512MB   | unknown unit 'MB'; did you mean 'MiB'?",
        "-1MiB   | '-1MiB' is not a size; expected a number with a unit, such as 512MiB or 4GiB",
        "MiB     | 'MiB' is not a size; expected a number with a unit, such as 512MiB or 4GiB",
        "0MiB    | '0MiB' is out of range; expected 1 B .. 1024 TiB",
        "1025TiB | '1025TiB' is out of range; expected 1 B .. 1024 TiB"
      })
  void refuses(String text, String expected) {
    assertEquals(expected, message(() -> ByteSizes.parse(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1 KiB",
    "1536, 1.5 KiB",
    "67108864, 64 MiB",
    "9223372036854775807, 8388608 TiB"
  })
  void formats(long bytes, String expected) {
    assertEquals(expected, ByteSizes.format(bytes));
  }

  @Test
  void aNeedIsRoundedUpAndWhatIsThereDown() {
    long justAbove = (64L << 20) + 1;
    assertEquals("64.1 MiB", ByteSizes.format(justAbove, RoundingMode.UP));
    assertEquals("64 MiB", ByteSizes.format(justAbove, RoundingMode.DOWN));
  }

  @Test
  void whatIsFormattedIsReadBackToWithinATwentieth() {
    var random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      long bytes = 1 + (random.nextLong() >>> (14 + random.nextInt(49)));
      long back = ByteSizes.parse(ByteSizes.format(bytes));
      assertTrue(Math.abs(back - bytes) <= 0.05 * bytes, () -> bytes + " became " + back);
    }
  }
}
