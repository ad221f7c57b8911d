// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file is read back here by the page that describes it, not by the code that writes it. */
class ConsensusInputFileTest {
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 64 << 10);

  @TempDir private Path temp;

  /** One slot of a file, by the page's words. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record Slot(int round, int phase, int proposals, long[] digests, long[] messages) {}

  /** A file by the page's words. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record Contents(int[] weights, long[] keys, long total, Slot[] slots, long[] begins) {}

  @ParameterizedTest
  @CsvSource({
    "4, siphash",
    "5, siphash",
    "65, none",
    "1000, siphash",
    "1001, none",
    "20000, siphash"
  })
  void everythingIsWhereThePageSays(int validators, String tags) throws IOException {
    ParameterValues values = values(validators, tags);
    var parameters = ConsensusParameters.of(values);
    Path file = temp.resolve("inputs");
    Workload.Inputs inputs = new ConsensusWorkload().writeInputs(values, FACTS, file);
    Contents contents = read(file);

    var epoch = ConsensusEpoch.of(parameters);
    assertArrayEquals(epoch.weights(), contents.weights);
    assertArrayEquals(epoch.keys(), contents.keys);
    assertEquals(Arrays.stream(contents.weights).asLongStream().sum(), contents.total);
    assertEquals(inputs.digests().length, contents.slots.length);
    assertTrue(contents.slots.length >= 2);
    var generator = new ConsensusGenerator(parameters, epoch);
    for (int s = 0; s < contents.slots.length; s++) {
      ConsensusRound round = generator.round(s);
      Slot slot = contents.slots[s];
      assertEquals(round.round(), slot.round);
      assertEquals(round.phase(), slot.phase);
      assertEquals(round.proposalCount(), slot.proposals);
      assertArrayEquals(round.digests(), slot.digests);
      assertArrayEquals(Arrays.copyOf(round.words(), 4 * round.messageCount()), slot.messages);
      assertEquals(
          AnswerDigest.of(ConsensusOracle.decide(epoch, round)), inputs.digests()[s], "slot " + s);
    }
    assertEquals(inputs.digests()[0], new ConsensusWorkload().answerDigest(values, 0));
    assertEquals(inputs.digests()[1], new ConsensusWorkload().answerDigest(values, 1));
    assertTrue(inputs.work().units() >= 0.5 * validators);
    assertEquals((long) inputs.digests().length, inputs.verification().get("roundsInRotation"));
  }

  @Test
  void aRoundMayBeEmpty() throws IOException {
    var epoch = new ConsensusEpoch(new int[] {1, 2, 3}, new long[0]);
    Path file = temp.resolve("inputs");
    try (var written = new ConsensusInputFile(file, epoch, 2)) {
      written.add(0, new ConsensusRoundBuilder(epoch, -1, 1 << 31, new long[0], 0).build());
      written.add(1, new ConsensusRoundBuilder(epoch, 5, 6, new long[16], 1).vote(2, 0).build());
      written.finish();
    }
    Contents contents = read(file);
    assertEquals(0, contents.slots[0].messages.length);
    assertEquals(-1, contents.slots[0].round);
    assertEquals(1 << 31, contents.slots[0].phase);
    assertArrayEquals(new long[] {2 | 5L << 32, 0, 6, 0}, contents.slots[1].messages);
    assertEquals(16, contents.slots[1].proposals);
    // 32 of the header, 2 slots, 3 weights and 4 zero bytes
    assertEquals(32 + 16 + 16, contents.begins[0]);
    assertEquals(32 + 16 + 16 + 144, contents.begins[1]);
  }

  @Test
  void anExistingFileIsLeftAlone() throws IOException {
    Path file = Files.writeString(temp.resolve("inputs"), "precious");
    assertThrows(
        FileAlreadyExistsException.class,
        () -> new ConsensusWorkload().writeInputs(values(4, "none"), FACTS, file));
    assertEquals("precious", Files.readString(file));
  }

  private static Contents read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertArrayEquals("GBCONS01".getBytes(StandardCharsets.US_ASCII), magic);
    int validators = bytes.getInt(8);
    int tagged = bytes.getInt(12);
    assertTrue(tagged == 0 || tagged == 1);
    int slotCount = Math.toIntExact(bytes.getLong(24));
    bytes.position(32);
    long[] begins = longs(bytes, slotCount);
    int[] weights = new int[validators];
    for (int v = 0; v < validators; v++) {
      weights[v] = bytes.getInt();
    }
    if (validators % 2 != 0) {
      assertEquals(0, bytes.getInt());
    }
    long[] keys = longs(bytes, tagged * 2 * validators);
    var slots = new Slot[slotCount];
    for (int s = 0; s < slotCount; s++) {
      assertEquals(0, begins[s] % 8);
      assertEquals(bytes.position(), begins[s], "no gaps");
      int round = bytes.getInt();
      int phase = bytes.getInt();
      int messages = bytes.getInt();
      int proposals = bytes.getInt();
      slots[s] = new Slot(round, phase, proposals, longs(bytes, 16), longs(bytes, 4 * messages));
    }
    assertEquals(0, bytes.remaining());
    return new Contents(weights, keys, bytes.getLong(16), slots, begins);
  }

  private static long[] longs(ByteBuffer bytes, int count) {
    long[] longs = new long[count];
    for (int i = 0; i < count; i++) {
      longs[i] = bytes.getLong();
    }
    return longs;
  }

  private static ParameterValues values(long validators, String tags) {
    return new ConsensusWorkload()
        .defaults()
        .with("validators", validators)
        .with("tags", tags)
        .with("agreement", 0.9);
  }
}
