// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import static io.gpubench.measure.plan.Fakes.CONSENSUS;
import static io.gpubench.measure.plan.Fakes.FACTS;
import static io.gpubench.measure.plan.Fakes.PROFILE;
import static io.gpubench.measure.plan.Fakes.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gpubench.measure.result.RunDocument;
import io.gpubench.measure.spi.Engine;
import io.gpubench.measure.spi.Mode;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.measure.spi.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModeTest {
  private static final Catalog CATALOG = Catalog.of(List.of(CONSENSUS), List.of(new Timing()));

  /** One path has all clocks and both sorts of caches, and prefers the device's. */
  private record Timing() implements Engine {
    @Override
    public String id() {
      return "timing";
    }

    @Override
    public String summary() {
      return "a fake";
    }

    @Override
    public List<String> paths(String workloadId) {
      return List.of("launch", "call");
    }

    @Override
    public List<Clock> clocks(String workloadId, String path) {
      return path.equals("launch")
          ? List.of(Clock.DEVICE, Clock.BATCH, Clock.HOST)
          : List.of(Clock.HOST);
    }

    @Override
    public List<Mode.Cache> caches(String workloadId, String path) {
      return path.equals("launch")
          ? List.of(Mode.Cache.HOT, Mode.Cache.COLD)
          : List.of(Mode.Cache.HOT);
    }

    @Override
    public Session open(Options options) {
      throw new AssertionError("planning opens no engine");
    }
  }

  private static PlannedRun planned(
      @Nullable String path, @Nullable String clock, @Nullable String cache) {
    var overrides =
        new Overrides(null, path, clock, cache, null, null, null, null, null, List.of());
    return Planner.plan(
            SuiteConfig.ofWorkloads(List.of("consensus")), CATALOG, PROFILE, FACTS, overrides)
        .runs()
        .getFirst();
  }

  @Test
  void whatNobodyAsksForIsThePreferenceOfThePath() {
    assertEquals(
        new Mode("launch", Clock.DEVICE, Mode.Cache.HOT), planned(null, null, null).mode());
    assertEquals(Mode.of("call"), planned("call", null, null).mode());
  }

  @Test
  void whatIsAskedForIsPlannedAndPartOfTheId() {
    PlannedRun cold = planned("launch", "device", "cold");
    assertEquals(new Mode("launch", Clock.DEVICE, Mode.Cache.COLD), cold.mode());
    assertEquals(
        "consensus-timing-launch-device-cold", cold.id().substring(0, cold.id().lastIndexOf('-')));
    String host = planned("launch", "host", null).id();
    assertEquals("consensus-timing-launch", host.substring(0, host.lastIndexOf('-')));
    assertNotEquals(cold.id(), planned("launch", "device", null).id());
  }

  @Test
  void whatThePathCannotIsRefused() {
    assertEquals(
        "--clock: unknown clock 'device'; known: host (consensus on timing, path call)",
        message(() -> planned("call", "device", null)));
    assertEquals(
        "--cache: unknown cache 'warm'; known: hot, cold (consensus on timing, path launch)",
        message(() -> planned("launch", null, "warm")));
    assertEquals(
        "--cache: caches cannot be cold in a batch: its second piece of work finds what the first has left there",
        message(() -> planned("launch", "batch", "cold")));
  }

  @Test
  void aStoredRunIsPlannedAgainInItsMode() {
    PlannedRun cold = planned("launch", "device", "cold");
    var effort = new RunDocument.Effort(2, 1_000, cold.stoppingRule());
    var place = new Place.OnCommandLine("run.json");
    var replanner = new Replanner(CATALOG, FACTS);
    PlannedRun again =
        replanner.plan(stored(cold, "launch", "device", "cold", effort), effort, place);
    assertEquals(cold.id(), again.id());
    assertEquals(cold.mode(), again.mode());
    assertEquals(
        "run.json: this version of gpubench plans it differently: unknown cache 'cold'; known: hot (consensus on timing)",
        message(() -> replanner.plan(stored(cold, "call", null, "cold", effort), effort, place)));
  }

  private static RunDocument.Planned stored(
      PlannedRun run,
      String path,
      @Nullable String clock,
      @Nullable String cache,
      RunDocument.Effort effort) {
    return new RunDocument.Planned(
        run.id(), "consensus", "timing", path, run.values().asMap(), effort, clock, cache);
  }
}
