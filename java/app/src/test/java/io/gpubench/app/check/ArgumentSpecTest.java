// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.check.ArgumentSpec.Buffer;
import io.gpubench.app.check.ArgumentSpec.Fill;
import io.gpubench.measure.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentSpecTest {
  private static final Map<String, Long> NAMES = Map.of("n", 1000L, "m", 7L, "big", 1L << 61);

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "+7", "2.5", ".5", "1e6", "-1.5E-3", "0x1F", "true", "false"})
  void numbers(String text) {
    assertEquals(new ArgumentSpec.Scalar(text), ArgumentSpec.parse(" " + text + " "));
  }

  @Test
  void nullAndBytes() {
    assertEquals(new ArgumentSpec.Null("null"), ArgumentSpec.parse("nullptr"));
    assertEquals(new ArgumentSpec.Bytes("hex:00fF", "00ff"), ArgumentSpec.parse("hex:00fF"));
  }

  @Test
  void buffersAndWhatFillsThem() {
    Map<String, Fill> fills =
        Map.of(
            "f32[10]", new Fill.Random(),
            "F32[10] = random", new Fill.Random(),
            "i8[n]=zero", new Fill.Zero(),
            "u64[n*m]=uninitialised", new Fill.Uninitialised(),
            "u64[n*m]=uninitialized", new Fill.Uninitialised(),
            "f64[3]=-0.5..2.5", new Fill.Range(-0.5, 2.5),
            "u32[3]=4..9", new Fill.Range(4, 9),
            "u16[3]=5..", new Fill.Ascending(5),
            "i16[3]=-17", new Fill.Constant(-17),
            "bf16[3]=hex:0a0b", new Fill.Bytes("0a0b"));
    fills.forEach((text, fill) ->
        assertEquals(fill, assertInstanceOf(Buffer.class, ArgumentSpec.parse(text)).fill()));
    assertEquals(
        new Buffer("u8[ n + 1 ]=0..", ElementType.U8, "n + 1", new Fill.Ascending(0)),
        ArgumentSpec.parse("u8[ n + 1 ]=0.."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|'' is no argument; expected a number, null",
        "f32|'f32' is no argument",
        "f32[n|'f32[n' is no argument",
        "f32[]|'f32[]' has no length; expected such as f32[1000]",
        "f31[5]|'f31' is no type of elements; expected one of i8, u8",
        "f32[5]=|'' is nothing to fill a buffer with; expected zero",
        "f32[5]=ones|'ones' is nothing to fill",
        "u8[5]=256|'256' is not a number that u8 holds",
        "u8[5]=-1|'-1' is not a number that u8 holds",
        "i32[5]=0.5|'0.5' is not a number that i32 holds",
        "i32[5]=9..3|'9..3' ends before it begins",
        "i32[5]=a..3|'a' is not a number",
        "hex:0|'hex:0' is not hexadecimal; expected pairs of digits",
        "f32[5]=hex:xy|'hex:xy' is not hexadecimal",
        "0x|'0x' is no argument",
      })
  void mistakes(String text, String expected) {
    var failure = assertThrows(ConfigException.class, () -> ArgumentSpec.parse(text));
    String said = String.valueOf(failure.getMessage());
    assertTrue(said.startsWith(expected), said);
  }

  @ParameterizedTest
  @CsvSource({
    "12,12",
    "n,1000",
    "n+1,1001",
    "n*m+3,7003",
    "n-m*2,986",
    "n/m,142",
    "2*n/m*3,855",
    "' n * 2 ',2000"
  })
  void lengths(String text, long expected) {
    assertEquals(expected, Length.of(text, NAMES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n+|the length 'n+' is not understood",
        "n n|unknown whole number 'nn'; did you mean 'n'?",
        "n)|the length 'n)' is not understood from ')' on",
        "(n)|the length '(n)' is not understood from '(n)' on",
        "2n|the length '2n' is not understood from '2n' on",
        "k|unknown whole number 'k'",
        "m-n|the length m-n is -993",
        "n/0|the length n/0 is no number",
        "big*big|the length big*big is no number",
        "99999999999999999999|the length '99999999999999999999' is not understood",
      })
  void badLengths(String text, String expected) {
    var failure = assertThrows(ConfigException.class, () -> Length.of(text, NAMES));
    String said = String.valueOf(failure.getMessage());
    assertTrue(said.startsWith(expected), said);
  }

  /** Whatever is typed is understood or refused in one line, and nothing takes long. */
  @Test
  void mutationsAreRefusedInOneLineOrUnderstood() {
    List<String> seeds =
        List.of(
            "f32[n*2+1]=0..17", "u8[4096]=hex:00ff", "0x7fff", "-1.5e10", "i64[n/m]=-3", "null");
    String alphabet = "f3u[]n*+-/=.,:hex0189 e_\u00e9\u0000\n(";
    var random = new SplittableRandom(20);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
      for (int change = random.nextInt(1, 5); change > 0; change--) {
        int at = random.nextInt(text.length() + 1);
        char letter = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.insert(at, letter);
          case 1 ->
              text.replace(
                  Math.min(at, text.length()), Math.min(at + 1, text.length()), "" + letter);
          default -> text.delete(at, Math.min(at + 2, text.length()));
        }
      }
      try {
        if (ArgumentSpec.parse(text.toString()) instanceof Buffer buffer) {
          assertTrue(Length.of(buffer.length(), NAMES) >= 0);
        }
      } catch (ConfigException e) {
        assertFalse(String.valueOf(e.getMessage()).isBlank());
      }
    }
  }

  @Test
  void sizes() {
    assertEquals(new Triple(4, 1, 1), Triple.parse("4"));
    assertEquals(new Triple(4, 5, 6), Triple.parse(" 4,5,6"));
    assertEquals(new Triple(16, 16, 1), Triple.parse("16x16"));
    assertEquals(
        List.of("4", "4,5", "1,1,3"),
        Arrays.asList(
            Triple.parse("4,1,1") + "", Triple.parse("4,5") + "", Triple.parse("1,1,3") + ""));
    assertEquals(Long.MAX_VALUE, new Triple(Integer.MAX_VALUE, Integer.MAX_VALUE, 3).count());
    for (String text : List.of("", "0", "-1", "1,", "1,2,3,4", "a", "9999999999", "1.5")) {
      assertThrows(ConfigException.class, () -> Triple.parse(text), text);
    }
  }
}
