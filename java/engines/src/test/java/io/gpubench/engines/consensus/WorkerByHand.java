// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.consensus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.measure.plan.EngineConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A worker's process and the protocol written out, so that a worker is tested by the page that
 * describes the protocol and not by gpubench's client. Each reply is checked against the schema of
 * the replies to its request. Whoever creates it closes it, which kills a process that is left.
 */
final class WorkerByHand implements AutoCloseable {
  static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("gpubench.root")));

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final OutputStream requests;
  private final BufferedReader replies;

  WorkerByHand(EngineConfig engine) throws IOException {
    var builder = new ProcessBuilder(engine.command()).directory(engine.folder().toFile());
    builder.environment().putAll(engine.environment());
    process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    requests = process.getOutputStream();
    replies = process.inputReader(UTF_8);
  }

  /** Sends a request and returns its reply, which has the request's type. */
  JsonNode ask(String request) throws IOException {
    JsonNode asked = JSON.readTree(request);
    assertEquals(List.of(), schema("request").validate(asked), request);
    JsonNode reply = send(request.replace('\n', ' ').getBytes(UTF_8));
    String type = asked.get("type").stringValue();
    assertEquals(type, reply.get("type").stringValue(), reply.toString());
    String name = type.equals("self-check") ? "selfCheck" : type.toLowerCase(Locale.ROOT);
    assertEquals(List.of(), schema(name + "Reply").validate(reply), reply.toString());
    return reply;
  }

  /** Sends bytes as a line; the reply must be an error. Returns its kind and message. */
  String refusal(byte[] line) throws IOException {
    JsonNode reply = send(line);
    assertEquals(List.of(), schema("error").validate(reply), reply.toString());
    return reply.get("kind").stringValue() + ": " + reply.get("message").stringValue();
  }

  String refusal(String line) throws IOException {
    return refusal(line.getBytes(UTF_8));
  }

  private JsonNode send(byte[] line) throws IOException {
    requests.write(line);
    requests.write('\n');
    requests.flush();
    String reply = replies.readLine();
    assertNotNull(reply, "the worker ended");
    return JSON.readTree(reply);
  }

  /** Ends its stdin. */
  void hangUp() throws IOException {
    requests.close();
  }

  /** Waits until it has ended, having said nothing more; returns its status. */
  int end() throws IOException, InterruptedException {
    assertEquals(null, replies.readLine());
    return process.waitFor();
  }

  private static Schema schema(String definition) {
    var protocol = (ObjectNode) JSON.readTree(ROOT.resolve("configs/schemas/worker.schema.json"));
    protocol.remove("anyOf");
    protocol.put("$ref", "#/$defs/" + definition);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(protocol);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    replies.close();
  }
}
