// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerServerTest {
  private static final String HELLO =
      "{\"type\":\"hello\",\"protocol\":1,\"threads\":2,\"device\":null}";
  private static final String PREPARE =
      "{\"type\":\"prepare\",\"workload\":\"words\",\"path\":\"call\",\"parameters\":{\"size\":1},\"inputs\":null,"
          + "\"facts\":{\"processors\":1,\"availableBytes\":1,\"lastLevelCacheBytes\":0}}";
  private static final String MEASURE =
      "{\"type\":\"measure\",\"first\":2,\"samples\":5,\"nanos\":60000000000,\"discard\":1}";

  private final List<Throwable> bugs = new ArrayList<>();
  private final FakeEngine engine = new FakeEngine();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private Pipe requests;
  private Pipe replies;
  private BufferedReader reader;
  private Thread server;

  @BeforeEach
  void start() throws IOException {
    requests = Pipe.open();
    replies = Pipe.open();
    reader = new BufferedReader(Channels.newReader(replies.source(), UTF_8));
    var worker =
        new WorkerServer(
            engine,
            Map.of("words", new WordsWorkload()),
            "1.2",
            Channels.newInputStream(requests.source()),
            Channels.newOutputStream(replies.sink()),
            hungUp::countDown,
            bugs::add);
    server =
        Thread.ofPlatform()
            .start(() -> {
              try (var _ = replies.sink()) {
                worker.serve();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  @AfterEach
  void stop() throws Exception {
    requests.sink().close();
    server.join();
    reader.close();
  }

  private Reply ask(String line) throws IOException {
    Channels.newOutputStream(requests.sink()).write((line + "\n").getBytes(UTF_8));
    return WorkerDialogue.reply(assertNotNullLine(reader.readLine()));
  }

  private static String assertNotNullLine(String line) {
    assertNotNull(line, "the server has ended");
    return line;
  }

  private <R extends Reply> R ask(String line, Class<R> type) throws IOException {
    return assertInstanceOf(type, ask(line));
  }

  private Map<String, Object> configuration(String prepare) throws IOException {
    return Objects.requireNonNull(ask(prepare, Reply.Prepare.class).configuration());
  }

  /** The kind and message of an error. */
  private String refusal(String line) throws IOException {
    var error = ask(line, Reply.Failure.class);
    return error.kind()
        + ": "
        + error.message()
        + (error.remedy() == null ? "" : "; " + error.remedy());
  }

  @Test
  void eachRequestHasItsReply() throws Exception {
    var hello = ask(HELLO, Reply.Hello.class);
    assertEquals(1, hello.protocol());
    assertEquals("fake", hello.engine());
    assertEquals("1.2", hello.version());
    assertEquals(Map.of("words", List.of("call")), hello.workloads());
    assertEquals("opened with 2 threads", engine.events.removeFirst());
    assertEquals(
        new Reply.SelfCheck(true, "known answers", null), ask("{\"type\":\"self-check\"}"));
    Reply.Prepare prepared = ask(PREPARE, Reply.Prepare.class);
    assertEquals("host", prepared.clock());
    assertEquals(Map.of("firstExecution", 5L), prepared.stages());
    assertEquals(
        new Reply.Verify(List.of(WordsWorkload.digest(1), WordsWorkload.digest(0))),
        ask("{\"type\":\"verify\",\"samples\":[1,0]}"));
    var measured = ask(MEASURE, Reply.Measure.class);
    assertEquals(5, measured.startNanos().length);
    assertEquals(5, measured.durationNanos().length);
    assertEquals(6, measured.verified());
    assertNull(measured.digests(), "we look at whole answers");
    assertNull(measured.mismatch());
    assertEquals(
        new Reply.Telemetry(41.0, null, null, null, null), ask("{\"type\":\"telemetry\"}"));
    assertEquals(new Reply.Bye(), ask("{\"type\":\"bye\"}"));
    server.join();
    assertEquals(List.of("run closed", "session closed"), engine.events);
    assertNull(reader.lines().findFirst().orElse(null));
    assertEquals(List.of(), bugs);
    assertEquals(1, hungUp.getCount(), "a goodbye is no hang-up");
  }

  @Test
  void whoNamesInputsIsShownDigests() throws Exception {
    ask(HELLO);
    ask(PREPARE.replace("\"inputs\":null", "\"inputs\":\"/tmp/words.bin\""));
    List<String> digests = ask(MEASURE, Reply.Measure.class).digests();
    assertEquals(List.of(3L, 4L, 5L, 6L, 7L).stream().map(WordsWorkload::digest).toList(), digests);
  }

  @Test
  void aWrongAnswerEndsTheBatch() throws Exception {
    ask(HELLO);
    ask(PREPARE);
    engine.wrong = 5;
    var measured = ask(MEASURE, Reply.Measure.class);
    assertEquals(2, measured.startNanos().length);
    assertEquals("sample 5: wrong word", measured.mismatch());
    assertEquals(3, measured.verified());
  }

  @Test
  void aFutureVersionIsAnsweredWithOurs() throws Exception {
    assertEquals(
        1, ask(HELLO.replace("\"protocol\":1", "\"protocol\":999"), Reply.Hello.class).protocol());
  }

  @Test
  void theOrderMatters() throws Exception {
    for (String line :
        List.of(
            "{\"type\":\"self-check\"}",
            PREPARE,
            MEASURE,
            "{\"type\":\"telemetry\"}",
            "{\"type\":\"verify\",\"samples\":[0]}")) {
      assertEquals("request: expected hello first", refusal(line).replace("prepare", "hello"));
    }
    ask(HELLO, Reply.Hello.class);
    assertEquals("request: hello comes once", refusal(HELLO));
    for (String line : List.of(MEASURE, "{\"type\":\"verify\",\"samples\":[0]}")) {
      assertEquals("request: expected prepare first", refusal(line));
    }
    ask(PREPARE, Reply.Prepare.class);
    ask(PREPARE, Reply.Prepare.class);
    ask(MEASURE, Reply.Measure.class);
    assertEquals(List.of(), bugs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "7",
        "[]",
        "{}",
        "good morning",
        "{\"type\":\"dance\"}",
        "{\"type\":\"hello\"}",
        "{\"type\":\"hello\",\"protocol\":0,\"threads\":1}",
        "{\"type\":\"hello\",\"protocol\":1,\"threads\":0}",
        "{\"type\":\"hello\",\"protocol\":1,\"threads\":1,\"device\":\"gpu 7\"}",
        "{\"type\":\"prepare\"}",
        "{\"type\":\"prepare\",\"workload\":\"words\",\"path\":\"call\",\"parameters\":{\"size\":1}}",
        "{\"type\":\"prepare\",\"workload\":\"words\",\"path\":\"call\",\"parameters\":{\"size\":1},\"facts\":{}}",
        "{\"type\":\"verify\"}",
        "{\"type\":\"verify\",\"samples\":[null]}",
        "{\"type\":\"verify\",\"samples\":[-1]}",
        "{\"type\":\"verify\",\"samples\":\"all\"}",
        "{\"type\":\"measure\"}",
        "{\"type\":\"measure\",\"first\":-1,\"samples\":1,\"nanos\":1,\"discard\":0}",
        "{\"type\":\"measure\",\"first\":0,\"samples\":0,\"nanos\":1,\"discard\":0}",
        "{\"type\":\"measure\",\"first\":0,\"samples\":1,\"nanos\":-1,\"discard\":0}",
        "{\"type\":\"measure\",\"first\":0,\"samples\":1,\"nanos\":1,\"discard\":-1}"
      })
  void whatMakesNoSenseIsRefusedAndTheServerGoesOn(String line) throws Exception {
    assertTrue(refusal(line).startsWith("request: "), line);
    ask(HELLO, Reply.Hello.class);
    assertEquals(List.of(), bugs);
  }

  @Test
  void aSlowdownIsInTheConfigurationAndOneOutOfRangeIsRefused() throws Exception {
    ask(HELLO);
    String slow = PREPARE.replace("\"inputs\":null", "\"inputs\":null,\"slowdown\":1.5");
    assertEquals(1.5, configuration(slow).get("slowdown"));
    assertEquals(
        "request: slowdown: 0.5 is out of range; expected a factor of 1.001 .. 10, such as 1.10",
        refusal(slow.replace("1.5", "0.5")));
    assertFalse(configuration(PREPARE).containsKey("slowdown"));
  }

  @Test
  void whatIsUnknownIsRefused() throws Exception {
    ask(HELLO);
    assertEquals(
        "request: the engine 'fake' has no path 'call' for the workload 'tally'",
        refusal(PREPARE.replace("words", "tally")));
    assertEquals(
        "request: the engine 'fake' has no path 'launch' for the workload 'words'",
        refusal(PREPARE.replace("call", "launch")));
    assertEquals(
        "request: parameter 'size' is missing", refusal(PREPARE.replace("size", "length")));
    assertEquals(
        "request: 10 is out of range; expected 1 .. 9",
        refusal(PREPARE.replace("\"size\":1", "\"size\":10")));
    String unknown = refusal(PREPARE.replace("\"size\":1", "\"size\":1,\"sizes\":2"));
    assertTrue(unknown.startsWith("request: unknown parameter 'sizes'"), unknown);
    assertEquals(
        "request: size 9 contradicts itself", refusal(PREPARE.replace("\"size\":1", "\"size\":9")));
    assertEquals(List.of(), bugs);
    ask(PREPARE.replace("\"path\"", "\"later\":{\"type\":\"bye\"},\"path\""), Reply.Prepare.class);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, unavailable",
    "FAILED, engine",
    "LOST_DEVICE, lost-device",
    "ABSENT, engine"
  })
  void aFailureOfTheEngineHasItsKind(EngineException.Kind kind, String word) throws Exception {
    ask(HELLO);
    ask(PREPARE);
    engine.work =
        _ -> {
          throw new EngineException(kind, "it went wrong", "mend it", null);
        };
    assertEquals(word + ": it went wrong; mend it", refusal(MEASURE));
    engine.work = _ -> {};
    ask(MEASURE, Reply.Measure.class);
    assertEquals(List.of(), bugs);
  }

  @Test
  void whatIsAbsentIsSaidInAnswerToPrepareAlone() throws Exception {
    ask(HELLO);
    engine.missing = "there is no second device";
    assertEquals("absent: there is no second device; add one", refusal(PREPARE));
    engine.missing = null;
    ask(PREPARE, Reply.Prepare.class);
    assertEquals(List.of(), bugs);
  }

  @Test
  void aBugIsAnErrorOfTheEngineWithItsTrace() throws Exception {
    ask(HELLO);
    ask(PREPARE);
    var bug = new IllegalStateException("off by one");
    for (RuntimeException each : List.of(bug, new IllegalArgumentException("so is this"))) {
      engine.work =
          _ -> {
            throw each;
          };
      assertEquals("engine: internal error: " + each, refusal(MEASURE));
      assertEquals(each, bugs.removeFirst());
    }
    engine.work =
        _ -> {
          throw new OutOfMemoryError("too much");
        };
    assertEquals("engine: out of memory: too much", refusal(MEASURE));
    engine.work =
        _ -> {
          throw new ConfigException("no such thing");
        };
    assertEquals("request: no such thing", refusal(MEASURE));
    assertEquals(List.of(), bugs);
  }

  @Test
  void aHangUpIsNoticedWhileTheEngineIsAtWork() throws Exception {
    ask(HELLO);
    ask(PREPARE);
    engine.work =
        _ -> {
          try {
            assertTrue(hungUp.await(30, TimeUnit.SECONDS), "nobody noticed");
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    Channels.newOutputStream(requests.sink()).write((MEASURE + "\n").getBytes(UTF_8));
    requests.sink().close();
    server.join();
    assertEquals(0, hungUp.getCount());
    assertEquals(List.of(), bugs);
    assertEquals("session closed", engine.events.getLast());
  }

  @Test
  void whatWasReadBeforeTheEndIsAnswered() throws Exception {
    Channels.newOutputStream(requests.sink())
        .write(String.join("\n", HELLO, PREPARE, MEASURE, "").getBytes(UTF_8));
    requests.sink().close();
    server.join();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("requests")) {
        thread.join(); // which might call the hook
      }
    }
    assertEquals(
        List.of(Reply.Hello.class, Reply.Prepare.class, Reply.Measure.class),
        reader.lines().map(line -> WorkerDialogue.reply(line).getClass()).toList());
    assertEquals(
        List.of("run closed", "session closed"), engine.events.subList(1, engine.events.size()));
    assertEquals(1, hungUp.getCount(), "all was answered");
  }
}
