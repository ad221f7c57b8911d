// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.app.cli.FakeEngine;
import io.gpubench.app.workers.InProcess;
import io.gpubench.app.workers.Measurers;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.spi.Engine;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineSelectorTest {
  private final Engine cuda = FakeEngine.missing("cuda");
  private final Engine host = FakeEngine.passing("host");
  private final Engine java = FakeEngine.passing("java");
  private final Measurers here = new InProcess(new Engine.Options(1), null, false);

  @Test
  void autoTakesTheFirstThatPasses() {
    var selection = EngineSelector.select("auto", List.of(cuda, host, java), here);
    assertSame(host, selection.engine());
    assertEquals("auto", selection.requested());
    assertEquals(
        "fake host (best that passes its self-check; passed over cuda: cuda is not there; 'gpubench"
            + " doctor' tells what helps)",
        selection.why());
    assertEquals(
        "fake java (best that passes its self-check)",
        EngineSelector.select("auto", List.of(java, host), here).why());
  }

  @Test
  void aNameTakesThatOne() {
    var selection = EngineSelector.select("java", List.of(cuda, host, java), here);
    assertSame(java, selection.engine());
    assertEquals("fake java (asked for)", selection.why());
  }

  @Test
  void nothingElseIsTakenInstead() {
    var missing =
        assertThrows(
            EngineException.class, () -> EngineSelector.select("cuda", List.of(cuda, host), here));
    assertEquals("no engine: cuda: cuda is not there; buy cuda", missing.getMessage());
    assertThrows(EngineException.class, () -> EngineSelector.select("auto", List.of(cuda), here));
    assertThrows(EngineException.class, () -> EngineSelector.select("auto", List.of(), here));
    var unknown =
        assertThrows(
            ConfigException.class, () -> EngineSelector.select("jav", List.of(java), here));
    assertEquals("unknown engine 'jav'; did you mean 'java'?", unknown.getMessage());
  }

  @Test
  void aFamilyIsTheFirstOfItThatPassesAndAutoTakesNoneOfIt() {
    Engine first = FakeEngine.missing("fam:a");
    Engine second = FakeEngine.passing("fam:b");
    List<Engine> engines = List.of(first, second, java);
    var selection = EngineSelector.select("fam", engines, here);
    assertSame(second, selection.engine());
    assertEquals("fam", selection.requested());
    assertEquals(
        "fake fam:b (first of fam that passes its self-check; passed over fam:a: fam:a is not"
            + " there; 'gpubench doctor' tells what helps)",
        selection.why());
    assertSame(second, EngineSelector.select("fam:b", engines, here).engine());
    assertSame(java, EngineSelector.select("auto", engines, here).engine());
    assertThrows(
        EngineException.class, () -> EngineSelector.select("auto", List.of(first, second), here));
    var unknown =
        assertThrows(ConfigException.class, () -> EngineSelector.select("fan", engines, here));
    assertEquals("unknown engine 'fan'; did you mean 'fam'?", unknown.getMessage());
  }
}
