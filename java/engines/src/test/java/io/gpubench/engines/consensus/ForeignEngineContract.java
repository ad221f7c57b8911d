// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import static io.gpubench.engines.consensus.WorkerLines.digests;
import static io.gpubench.engines.consensus.WorkerLines.longs;
import static io.gpubench.engines.consensus.WorkerLines.measureRequest;
import static io.gpubench.engines.consensus.WorkerLines.prepareRequest;
import static io.gpubench.engines.consensus.WorkerLines.verifyRequest;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gpubench.measure.plan.ConfigReader;
import io.gpubench.measure.plan.EngineConfig;
import io.gpubench.measure.spi.AnswerDigest;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.ParameterValues;
import io.gpubench.measure.spi.Workload;
import io.gpubench.workloads.consensus.ConsensusEpoch;
import io.gpubench.workloads.consensus.ConsensusInputFile;
import io.gpubench.workloads.consensus.ConsensusOracle;
import io.gpubench.workloads.consensus.ConsensusParameters;
import io.gpubench.workloads.consensus.ConsensusRound;
import io.gpubench.workloads.consensus.ConsensusRoundBuilder;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What each example must do. */
abstract class ForeignEngineContract {
  private static final MachineFacts FACTS = new MachineFacts(2, 1L << 33, 64 << 10);

  final EngineConfig engine;
  @TempDir private Path temp;
  private WorkerByHand worker;

  ForeignEngineContract(String name) {
    engine = new ConfigReader(WorkerByHand.ROOT.resolve("configs")).engine(name, Set.of());
  }

  /** Whether what the example needs is on this machine. */
  abstract boolean isThere();

  @BeforeEach
  void start() throws IOException {
    boolean there = isThere();
    assertTrue(there || System.getenv("GPUBENCH_REQUIRE_HOST") == null, engine + " is missing");
    assumeTrue(there, engine.name());
    worker = new WorkerByHand(engine);
  }

  @AfterEach
  void stop() throws Exception {
    if (worker != null) {
      worker.close();
    }
  }

  @Test
  void itSaysWhoItIsAndChecksItself() throws Exception {
    JsonNode hello = hello();
    assertEquals(1, hello.get("protocol").asInt());
    assertEquals(engine.name(), hello.get("engine").stringValue());
    assertEquals(
        engine.workloads().get("consensus"),
        hello.at("/workloads/consensus").valueStream().map(JsonNode::stringValue).toList());
    assertTrue(hello.get("device").isNull());
    JsonNode check = worker.ask("{\"type\":\"self-check\"}");
    assertTrue(check.get("passed").asBoolean(), check.toString());
    worker.ask("{\"type\":\"telemetry\"}");
    worker.ask("{\"type\":\"bye\"}");
    assertEquals(0, worker.end());
  }

  @ParameterizedTest
  @CsvSource({
    "4, siphash, 1, 1",
    "4, none, 4, 2",
    "65, siphash, 4, 3",
    "65, none, 1, 4",
    "200, siphash, 1, 5",
    "200, none, 4, 6",
    "1000, siphash, 4, 7",
    "1000, none, 16, 8"
  })
  void everyAnswerIsTheOracles(int validators, String tags, int proposals, long seed)
      throws Exception {
    ParameterValues values = values(validators, tags, proposals, seed);
    Path file = temp.resolve("inputs.bin");
    Workload.Inputs inputs = new ConsensusWorkload().writeInputs(values, FACTS, file);
    List<String> expected = texts(inputs.digests());
    prepare(file);
    assertEquals(expected, verify(LongStream.range(0, expected.size()).toArray()));
    // any order, and beyond the rotation
    int slots = expected.size();
    assertEquals(
        List.of(expected.get(1), expected.get(0), expected.get(slots - 1), expected.get(1)),
        verify(1, 0, 2L * slots - 1, slots + 1L));
  }

  @Test
  void roundsWithEveryKindOfMessage() throws Exception {
    List<String> answers = new ArrayList<>();
    for (boolean tags : new boolean[] {true, false}) {
      var epoch = ConsensusEpoch.of(new ConsensusParameters(200, 0, 1, 1, tags, 42));
      List<ConsensusRound> rounds = handmade(epoch);
      Path file = temp.resolve("tags " + tags + " \"ä\\\u20ac\ud83d\ude00");
      try (var written = new ConsensusInputFile(file, epoch, rounds.size())) {
        for (int slot = 0; slot < rounds.size(); slot++) {
          written.add(slot, rounds.get(slot));
        }
        written.finish();
      }
      List<String> expected =
          rounds.stream()
              .map(
                  round -> AnswerDigest.text(AnswerDigest.of(ConsensusOracle.decide(epoch, round))))
              .toList();
      assertEquals(rounds.size(), Set.copyOf(expected).size(), "no two have the same answer");
      answers.add(expected.getFirst());
      try (var another = new WorkerByHand(engine)) {
        another.ask(prepareRequest(file));
        assertEquals(
            expected, digests(another.ask(verifyRequest(LongStream.range(0, rounds.size())))));
      }
    }
    assertNotEquals(answers.getFirst(), answers.getLast(), "tags make no difference");
  }

  private static List<ConsensusRound> handmade(ConsensusEpoch epoch) {
    int all = epoch.validators();
    ConsensusRoundBuilder mixed = builder(epoch, 100, 101, 102, 103);
    for (int v = 0; v < all; v++) {
      mixed.vote(v, 100);
    }
    mixed
        .message(1, -1, 7, 100, 2, 0, 0) // unknown validators
        .message(1, all, 7, 100, 2, 0, 0)
        .message(2, 2, 8, 100, 2, 0, 0) // wrong rounds and phases
        .message(2, 2, 7 | 1 << 31, 100, 2, 0, 0)
        .message(3, 3, 7, 100, 3, 0, 0)
        .message(3, 3, 7, 100, 2 | 1 << 31, 0, 0)
        .message(4, 4, 7, 100, 2, 1, 0) // not zero
        .message(4, 4, 7, 100, 2, 1 << 31, 0)
        .vote(5, 99) // unknown proposal
        .message(6, 6, 7, 100, 2, 0, 1) // wrong tags
        .message(7, 6, 7, 101, 2, 0, 0)
        .vote(8, 100) // duplicates
        .vote(8, 100)
        .vote(9, 101) // equivocators
        .vote(199, 103)
        .vote(199, 103)
        .message(10, -1, 0, 9, 9, 9, 9) // several failures: the first counts
        .message(10, 10, 0, 9, 9, 9, 9)
        .message(10, 10, 7, 9, 9, 9, 9)
        .message(10, 10, 7, 9, 2, 9, 9)
        .message(10, 10, 7, 9, 2, 0, 9);
    ConsensusRoundBuilder twice = builder(epoch, 5, 8, 8, 5);
    ConsensusRoundBuilder split = builder(epoch, 1, 2, 3);
    ConsensusRoundBuilder last = builder(epoch, LongStream.range(-8, 8).toArray());
    for (int v = 0; v < all; v++) {
      twice.vote(v, 8); // of two proposals with the same digest the first
      split.vote(v, 1 + v % 3); // decides nothing
      last.vote(v, 7);
    }
    twice.vote(3, 5).vote(4, 8);
    ConsensusRound none = builder(epoch).vote(0, 0).build();
    ConsensusRound empty = builder(epoch, 1).build();
    return List.of(mixed.build(), twice.build(), split.build(), last.build(), none, empty);
  }

  @Test
  void samplesAreTimedOneAfterTheOther() throws Exception {
    Path file = temp.resolve("inputs.bin");
    Workload.Inputs inputs =
        new ConsensusWorkload().writeInputs(values(65, "siphash", 4, 1), FACTS, file);
    List<String> expected = texts(inputs.digests());
    prepare(file);
    long end = Long.MIN_VALUE;
    long first = 0;
    for (int discard : new int[] {0, 3, 0}) {
      JsonNode reply = worker.ask(measureRequest(first, 20, 600_000_000_000L, discard));
      long[] starts = longs(reply.get("startNanos"));
      long[] durations = longs(reply.get("durationNanos"));
      List<String> digests = digests(reply);
      assertEquals(20, starts.length);
      assertEquals(20, durations.length);
      assertEquals(20, digests.size());
      for (int i = 0; i < starts.length; i++) {
        assertTrue(starts[i] >= end, "sample " + i + " begins before the last one ended");
        assertTrue(durations[i] > 0);
        end = starts[i] + durations[i];
        int slot = (int) ((first + discard + i) % expected.size());
        assertEquals(expected.get(slot), digests.get(i), "sample " + i);
      }
      first += discard + 20;
    }
  }

  @Test
  void timeEndsItToo() throws Exception {
    Path file = temp.resolve("inputs.bin");
    new ConsensusWorkload().writeInputs(values(200, "siphash", 4, 1), FACTS, file);
    prepare(file);
    long before = System.nanoTime();
    JsonNode reply = worker.ask(measureRequest(0, 1_000_000, 50_000_000, 1));
    long passed = System.nanoTime() - before;
    long[] starts = longs(reply.get("startNanos"));
    long[] durations = longs(reply.get("durationNanos"));
    assertTrue(starts.length < 1_000_000);
    assertTrue(passed >= 50_000_000, passed + " ns passed, while 50 ms were asked for");
    int last = starts.length - 1;
    assertTrue(starts[last] + durations[last] - starts[0] <= passed, "longer than we waited");
    JsonNode none = worker.ask(measureRequest(0, 10, 0, 2));
    assertEquals(1, none.get("startNanos").size(), "one is always kept");
  }

  @Test
  void whatMakesNoSenseIsRefusedAndTheWorkerGoesOn() throws Exception {
    Path file = temp.resolve("inputs.bin");
    new ConsensusWorkload().writeInputs(values(4, "none", 1, 1), FACTS, file);
    for (String line :
        List.of(
            "{\"type\":\"dance\"}",
            "{\"type\":5}",
            "{\"typ\":\"hello\"}",
            "{}",
            "[]",
            "7",
            "null",
            "",
            "hello",
            "{\"type\":\"bye\"",
            "{\"type\":\"bye\"} {}",
            "{\"type\":\"bye\",}",
            "{\"type\":\"by\\u00\"}",
            "{\"type\":\"by\\x\"}",
            "{\"type\":\"hello\"}",
            "{\"type\":\"hello\",\"protocol\":0,\"threads\":1,\"device\":null}",
            "{\"type\":\"hello\",\"protocol\":\"1\",\"threads\":1,\"device\":null}",
            "[".repeat(500_000),
            "{\"type\":" + "{\"a\":".repeat(100_000),
            measureRequest(0, 1, 1, 0),
            verifyRequest(LongStream.of(0)),
            prepareRequest(file).replace("\"consensus\"", "\"tally\""),
            prepareRequest(file).replace("\"call\"", "\"launch\""),
            prepareRequest(file).replace("\"inputs\"", "\"outputs\""))) {
      String refusal = worker.refusal(line);
      assertTrue(refusal.startsWith("request: "), line + " -> " + refusal);
    }
    assertTrue(worker.refusal(prepareRequest(temp.resolve("nowhere"))).startsWith("engine: "));
    assertTrue(
        worker
            .refusal("{\"type\":\"hello\",\"protocol\":1,\"threads\":1,\"device\":\"gpu 7\"}")
            .startsWith("unavailable: "));
    prepare(file);
    for (String line :
        List.of(
            prepareRequest(file),
            measureRequest(-1, 1, 1, 0),
            measureRequest(0, 0, 1, 0),
            measureRequest(0, 1, -1, 0),
            measureRequest(0, 1, 1, -1),
            measureRequest(0, 1, 1, 0).replace("\"first\":0", "\"first\":0.5"),
            "{\"type\":\"verify\",\"samples\":[0,\"1\"]}",
            "{\"type\":\"verify\",\"samples\":[-1]}",
            "{\"type\":\"verify\",\"samples\":3}")) {
      String refusal = worker.refusal(line);
      assertTrue(refusal.startsWith("request: "), line + " -> " + refusal);
    }
    assertEquals(2, verify(0, 1).size());
  }

  @Test
  void unknownFieldsAreIgnored() throws Exception {
    Path file = temp.resolve("inputs.bin");
    Workload.Inputs inputs =
        new ConsensusWorkload().writeInputs(values(4, "none", 1, 1), FACTS, file);
    String more =
        "\"later\":{\"a\":[1,-2.5e+3,{\"samples\":[7]},\"\\\"}\\u0041\\ud83d\\ude00\",null,true]},";
    worker.ask(prepareRequest(file).replace("\"path\"", more + "\"path\""));
    JsonNode reply =
        worker.ask(verifyRequest(LongStream.of(1)).replace("\"samples\"", more + "\"samples\""));
    assertEquals(List.of(AnswerDigest.text(inputs.digests()[1])), digests(reply));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void garbageIsAnsweredWithAnErrorAndNeverEndsIt(long seed) throws Exception {
    var random = new Random(seed);
    byte[] whole = prepareRequest(temp.resolve("nowhere")).getBytes(ISO_8859_1);
    String spice = "\"\\{}[]:,0-+.eEunulltrue \t\u0000\u00ff\u00c3";
    for (int i = 0; i < 300; i++) {
      byte[] line = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
        line[random.nextInt(line.length)] = (byte) spice.charAt(random.nextInt(spice.length()));
      }
      String refusal = worker.refusal(line);
      assertTrue(refusal.matches("(?s)(request|engine): .*"), refusal);
    }
    hello();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void damagedInputsAreAnError(long seed) throws Exception {
    var random = new Random(seed);
    Path file = temp.resolve("inputs.bin");
    new ConsensusWorkload().writeInputs(values(65, "siphash", 4, 1), FACTS, file);
    byte[] whole = Files.readAllBytes(file);
    var damaged = new ArrayList<byte[]>();
    damaged.add(new byte[0]);
    damaged.add("GBCONS01".getBytes(ISO_8859_1));
    for (int i = 0; i < 5; i++) {
      damaged.add(Arrays.copyOf(whole, random.nextInt(whole.length)));
    }
    for (int word : new int[] {0, 8, 24, 32}) { // magic, validators, slots, where the first begins
      for (long value : new long[] {-1, Long.MAX_VALUE, 0x7FFF_FFF8L}) {
        byte[] bytes = whole.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(word, value);
        damaged.add(bytes);
      }
    }
    for (byte[] bytes : damaged) {
      Path bad = Files.write(temp.resolve("damaged.bin"), bytes);
      assertTrue(worker.refusal(prepareRequest(bad)).startsWith("engine: "));
    }
    prepare(file);
    assertFalse(verify(0).isEmpty());
  }

  @Test
  void theEndOfItsInputEndsIt() throws Exception {
    hello();
    worker.hangUp();
    assertEquals(0, worker.end());
  }

  private JsonNode hello() throws IOException {
    return worker.ask("{\"type\":\"hello\",\"protocol\":1,\"threads\":2,\"device\":null}");
  }

  private void prepare(Path inputs) throws IOException {
    assertEquals("host", worker.ask(prepareRequest(inputs)).get("clock").stringValue());
  }

  private List<String> verify(long... samples) throws IOException {
    return digests(worker.ask(verifyRequest(LongStream.of(samples))));
  }

  private static ConsensusRoundBuilder builder(ConsensusEpoch epoch, long... digests) {
    return new ConsensusRoundBuilder(epoch, 7, 2, digests, 16);
  }

  private static ParameterValues values(long validators, String tags, long proposals, long seed) {
    return new ConsensusWorkload()
        .defaults()
        .with("validators", validators)
        .with("agreement", 0.9)
        .with("proposals", proposals)
        .with("tags", tags)
        .with("seed", seed);
  }

  private static List<String> texts(long[] digests) {
    return Arrays.stream(digests).mapToObj(AnswerDigest::text).toList();
  }
}
