// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that describes the protocol, its schema, and what gpubench reads and writes, agree. */
class ProtocolPageTest {
  private static final Path CONFIGS =
      Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")), "configs");

  private final ProtocolSchema schema =
      ProtocolSchema.read(CONFIGS.resolve("schemas/worker.schema.json"));

  /** The messages of each section, one a line, also where the page breaks the line. */
  private static Map<String, List<String>> examples() throws Exception {
    String page = Files.readString(CONFIGS.resolve("engines/README.md"));
    var examples = new LinkedHashMap<String, List<String>>();
    Matcher block =
        Pattern.compile("\n### (\\S+)\n+```json\n(.*?)```", Pattern.DOTALL).matcher(page);
    while (block.find()) {
      var messages = new ArrayList<String>();
      for (String line : block.group(2).lines().toList()) {
        if (line.startsWith("{")) {
          messages.add(line);
        } else {
          messages.add(messages.removeLast() + line.strip());
        }
      }
      examples.put(block.group(1), messages);
    }
    return examples;
  }

  @Test
  void everyStepHasAnExampleThatTheSchemaAndWeAccept() throws Exception {
    var examples = examples();
    for (Step step : Step.values()) {
      if (step == Step.RECORDING) {
        continue; // only engines of our own are asked
      }
      List<String> messages = Objects.requireNonNull(examples.remove(step.word()), step.word());
      assertEquals(2, messages.size(), step.word());
      String request = messages.getFirst();
      String reply = messages.getLast();
      assertEquals(List.of(), schema.requestMistakes(step, request), request);
      assertEquals(List.of(), schema.replyMistakes(step, reply), reply);
      Request read = Wire.read(request.getBytes(UTF_8), Request.class);
      assertEquals(List.of(), schema.requestMistakes(step, WorkerDialogue.line(read)));
      Reply answer = WorkerDialogue.reply(reply);
      String written = new String(Wire.bytes(answer), UTF_8);
      assertEquals(List.of(), schema.replyMistakes(step, written), written);
    }
    List<String> errors = Objects.requireNonNull(examples.remove("error"));
    assertEquals(List.of(), schema.errorMistakes(errors.getFirst()));
    assertEquals("[]", examples.keySet().toString());
  }

  @Test
  void theSchemaSaysWhatIsWrong() {
    assertEquals(
        List.of("digests.1: does not match the regex pattern ^[0-9a-f]{16}$"),
        schema.replyMistakes(
            Step.VERIFY,
            "{\"type\":\"verify\",\"digests\":[\"0123456789abcdef\",\"0123456789ABCDEF\"]}"));
    assertFalse(schema.replyMistakes(Step.BYE, "{\"type\":\"bye\"").isEmpty());
    assertEquals(List.of("it is no JSON object"), schema.errorMistakes("7"));
    assertFalse(schema.errorMistakes("{\"type\":\"error\",\"type\":\"error\"}").isEmpty());
  }
}
