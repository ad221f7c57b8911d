// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.fitness;

import io.gpubench.app.fitness.DeviceFacts.Clocks;
import io.gpubench.app.fitness.DeviceFacts.Heat;
import io.gpubench.app.fitness.DeviceFacts.Link;
import io.gpubench.app.fitness.DeviceFacts.Power;
import io.gpubench.app.fitness.DeviceFacts.Repairs;
import io.gpubench.gpu.ClockEventReason;
import io.gpubench.gpu.ComputeProcess;
import io.gpubench.gpu.NvmlDevice.ComputeMode;
import io.gpubench.gpu.NvmlDevice.PcieLink;
import io.gpubench.gpu.NvmlDevice.Virtualisation;
import io.gpubench.measure.conditions.CpuSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Facts of a device in the best of conditions, of which a test changes one. */
final class FactsFixture {
  static final String UUID = "GPU-5ca1ab1e-0000-4000-8000-000000000001";

  @Nullable Boolean persistent = true;
  @Nullable Boolean ecc = true;
  @Nullable Boolean eccAfterRestart = true;
  Repairs repairs = new Repairs(0, 0, false, false);
  @Nullable Boolean divided = false;
  @Nullable ComputeMode computeMode = ComputeMode.SHARED;
  @Nullable List<ComputeProcess> occupants = List.of();
  @Nullable Virtualisation virtualisation = Virtualisation.NONE;
  @Nullable Integer performanceState = 0;
  @Nullable Set<ClockEventReason> reasons = Set.of(ClockEventReason.CLOCKS_SETTING);
  Clocks clocks = new Clocks(1755, 1980, 1980, 1980, 2619, 2619);
  Power power = new Power(700_000, 700_000);
  Heat heat = new Heat(40, 87);
  Link link = new Link(new PcieLink(5, 16), new PcieLink(5, 16), 5);
  PciPlace place = new PciPlace(1, CpuSet.parse("8-15"), 5, 16);
  CpuSet allowed = CpuSet.parse("8-15");
  @Nullable Integer nodes = 2;

  /** Nobody tells anything. */
  static FactsFixture untold() {
    var facts = new FactsFixture();
    facts.persistent = null;
    facts.ecc = null;
    facts.eccAfterRestart = null;
    facts.repairs = new Repairs(null, null, null, null);
    facts.divided = null;
    facts.computeMode = null;
    facts.occupants = null;
    facts.virtualisation = null;
    facts.performanceState = null;
    facts.reasons = null;
    facts.clocks = new Clocks(null, null, null, null, null, null);
    facts.power = new Power(null, null);
    facts.heat = new Heat(null, null);
    facts.link = new Link(null, null, null);
    facts.place = PciPlace.UNKNOWN;
    facts.nodes = null;
    return facts;
  }

  DeviceFacts facts() {
    return new DeviceFacts(
        UUID,
        persistent,
        ecc,
        eccAfterRestart,
        repairs,
        divided,
        computeMode,
        occupants,
        virtualisation,
        performanceState,
        reasons,
        clocks,
        power,
        heat,
        link,
        place);
  }

  List<Finding> judge() {
    return DeviceFitness.judge(facts(), allowed, nodes);
  }

  /** The finding of a name. */
  Finding judge(String what) {
    return judge().stream().filter(one -> one.what().equals(what)).findFirst().orElseThrow();
  }
}
