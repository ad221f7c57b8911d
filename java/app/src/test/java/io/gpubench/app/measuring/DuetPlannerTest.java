// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.measuring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.measuring.DuetPlanner.Party;
import io.gpubench.engines.java.JavaEngine;
import io.gpubench.engines.tornado.TornadoBackend;
import io.gpubench.engines.tornado.TornadoEngine;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.duet.DuetPlan;
import io.gpubench.measure.plan.Profile;
import io.gpubench.measure.spi.MachineFacts;
import io.gpubench.measure.spi.PreparedRun.Clock;
import io.gpubench.workloads.ceiling.Ceiling;
import io.gpubench.workloads.ceiling.CeilingWorkload;
import io.gpubench.workloads.consensus.ConsensusWorkload;
import io.gpubench.workloads.launch.Launch;
import io.gpubench.workloads.launch.LaunchWorkload;
import io.gpubench.workloads.migration.MigrationWorkload;
import io.gpubench.workloads.utilization.UtilizationWorkload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DuetPlannerTest {
  private static final DuetPlanner PLANNER =
      new DuetPlanner(
          Map.of(
              "consensus",
              new ConsensusWorkload(),
              "ceiling.triad",
              new CeilingWorkload(Ceiling.TRIAD),
              "launch.empty",
              new LaunchWorkload(Launch.EMPTY),
              "migration",
              new MigrationWorkload(),
              "utilization",
              new UtilizationWorkload()),
          new MachineFacts(2, 64L << 30, 1 << 20),
          new Profile("p", "", Duration.ofMinutes(1), 1, 1, 2, 0, Duration.ZERO, 0, Duration.ZERO),
          List.of(),
          null,
          8,
          null,
          Duration.ofMillis(3),
          null,
          List.of());

  private static List<DuetPlan> plan(String a, String b, String... workloads) {
    var engine = new JavaEngine();
    return PLANNER.plan(
        new Party(DuetSide.parse(a), engine),
        new Party(DuetSide.parse(b), engine),
        List.of(workloads));
  }

  @Test
  void whereNoneIsNamedWhatMeasuresTheMachineIsLeftOut() {
    List<DuetPlan> plans = plan("engine=java", "engine=java");
    assertEquals(2, plans.size(), "1,000 and 10,000 validators");
    assertEquals(
        List.of("consensus", "consensus"),
        plans.stream().map(plan -> plan.a().run().workload().id()).toList());
    assertEquals(1, plan("engine=java", "engine=java", "ceiling.triad").size());
    assertEquals(1, plan("engine=java", "engine=java", "migration").size());
  }

  @Test
  void timesOfTwoClocksAreNotCompared() {
    assertEquals(
        "engine=java,clock=host: launch.empty is timed by the clock 'host', and the other side by"
            + " 'batch': that does not compare",
        assertThrows(
                ConfigException.class,
                () -> plan("engine=java,clock=batch", "engine=java,clock=host", "launch.empty"))
            .getMessage());
  }

  /** TornadoVM's own choice for a triad is the device's clock, which processors have not. */
  @Test
  void whereNoneIsNamedTheClockIsOneThatAllSidesHave() {
    var java = new Party(DuetSide.parse("engine=java"), new JavaEngine());
    var tornado =
        new Party(
            DuetSide.parse("engine=tornado:opencl"), new TornadoEngine(TornadoBackend.OPENCL));
    List<String> triad = List.of("ceiling.triad");
    assertEquals(Clock.DEVICE, clock(PLANNER.plan(tornado, tornado, triad)));
    assertEquals(Clock.HOST, clock(PLANNER.plan(tornado, java, triad)));
    assertEquals(Clock.HOST, clock(PLANNER.plan(java, tornado, triad)));
    DuetPlanner three = PLANNER.among(List.of(java));
    assertEquals(Clock.HOST, clock(three.plan(tornado, tornado, triad)));
    var named =
        new Party(
            DuetSide.parse("engine=tornado:opencl,clock=host"),
            new TornadoEngine(TornadoBackend.OPENCL));
    assertEquals(Clock.HOST, clock(PLANNER.plan(tornado, named, triad)));
  }

  private static Clock clock(List<DuetPlan> plans) {
    DuetPlan plan = plans.getFirst();
    assertEquals(plan.a().run().mode().clock(), plan.b().run().mode().clock());
    return plan.a().run().mode().clock();
  }

  /** Ids name files. */
  @Test
  void anIdHasNoColon() {
    var tornado =
        new Party(
            DuetSide.parse("engine=tornado:opencl"), new TornadoEngine(TornadoBackend.OPENCL));
    String id = PLANNER.plan(tornado, tornado, List.of("consensus")).getFirst().a().run().id();
    assertTrue(id.startsWith("consensus-tornado-opencl-launch-"), id);
  }

  @Test
  void onlySamplesByTheHostsClockAreSlowedDown() {
    assertEquals(2, plan("engine=java,slowdown=1.1", "engine=java", "consensus").size());
    assertEquals(
        "engine=java,clock=batch,slowdown=1.1: slowdown: samples by the clock 'batch' cannot be"
            + " slowed down; leave it out, or take the clock 'host'",
        assertThrows(
                ConfigException.class,
                () ->
                    plan(
                        "engine=java,clock=batch,slowdown=1.1",
                        "engine=java,clock=batch",
                        "launch.empty"))
            .getMessage());
    for (String factor : List.of("1", "11", "NaN", "much")) {
      assertThrows(ConfigException.class, () -> DuetSide.parse("engine=java,slowdown=" + factor));
    }
  }

  /** The other side leaves it to its engine, and is of the same work otherwise. */
  @Test
  void aTuningParameterMayBeThatOfOneSide() {
    DuetPlan plan =
        plan(
                "engine=java,path=streamed,consensus.rounds=4,consensus.validators=40",
                "engine=java,path=streamed,consensus.validators=40",
                "consensus")
            .getFirst();
    assertEquals(4L, plan.a().run().values().asMap().get("rounds"));
    assertFalse(plan.b().run().values().has("rounds"));
    assertEquals(40L, plan.b().run().values().asMap().get("validators"));
    assertNotEquals(plan.a().run().id(), plan.b().run().id());
  }
}
