// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gpubench.app.cli.CommandLineFixture.Answer;
import io.gpubench.measure.seal.SigningKey;
import io.gpubench.measure.verify.Flaw;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code verify --format json} prints is what its schema says. */
class VerificationSchemaTest {
  @TempDir private Path temp;
  private final JsonNode schema =
      CommandLineFixture.json(
          CommandLineFixture.read(
              CommandLineFixture.ROOT.resolve("configs/schemas/verification.schema.json")));
  private final Schema checked =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  private SigningKey key;
  private Path run;

  @BeforeEach
  void measure() {
    key = SigningKey.create(temp.resolve("key.pem"));
    var line = new CommandLineFixture(temp);
    Answer answer = line.run("--key=" + temp.resolve("key.pem"));
    assertEquals(0, answer.exit(), answer.err());
    run = line.onlyRun();
  }

  private Forger forger(String store) {
    return Forger.of(run, temp.resolve(store), key);
  }

  private JsonNode valid(int exit, String verdict, Path... directories) {
    Answer answer = Evidence.verify(List.of(directories), List.of());
    assertEquals(exit, answer.exit(), answer.out() + answer.err());
    JsonNode report = CommandLineFixture.json(answer.out());
    assertEquals(List.of(), checked.validate(report));
    assertEquals(verdict, report.at("/runs/0/verdict").asString());
    assertEquals(1, report.path(verdict).asInt());
    return report;
  }

  @Test
  void verified() {
    JsonNode report = valid(0, "verified", run);
    assertEquals(key.signer().fingerprint(), report.at("/runs/0/signer").asString());
    assertEquals(1, report.at("/runs/0/records").asInt());
  }

  @Test
  void refuted() {
    valid(7, "refuted", forger("edited").add("/records/0/sampleCount", 1).directory());
    valid(7, "refuted", forger("unsealed").unseal().directory());
    Forger cut = forger("cut");
    valid(7, "refuted", cut.cut(cut.file("run.json"), 100).directory());
  }

  @Test
  void unreadable() {
    Path newer = forger("newer").set("/schema", "gpubench.run/9").directory();
    JsonNode report = valid(2, "unreadable", newer);
    assertEquals(1, report.path("runs").size());
    JsonNode all =
        CommandLineFixture.json(
            Evidence.verify(List.of(temp.resolve("nowhere"), run, newer), List.of()).out());
    assertEquals(List.of(), checked.validate(all));
    assertEquals(3, all.path("runs").size());
  }

  @Test
  void everyFlawIsListed() {
    JsonNode words = schema.at("/$defs/finding/properties/flaw/enum");
    assertEquals(
        Arrays.stream(Flaw.values()).map(Flaw::word).toList(),
        StreamSupport.stream(words.spliterator(), false).map(JsonNode::asString).toList());
  }

  @Test
  void aVerdictHasToFitItsFindings() {
    var report = (ObjectNode) valid(0, "verified", run);
    ((ObjectNode) report.at("/runs/0")).put("verdict", "refuted");
    assertFalse(checked.validate(report).isEmpty());
  }
}
