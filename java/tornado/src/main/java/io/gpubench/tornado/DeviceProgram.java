package io.gpubench.tornado;
import uk.ac.manchester.tornado.api.*;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
final class DeviceProgram implements AutoCloseable {
  TornadoExecutionResult last;
  final TornadoExecutionPlan plan;
  DeviceProgram(TornadoDevice device, GridScheduler grid, boolean cudaGraph, ImmutableTaskGraph... graphs) {
    plan = new TornadoExecutionPlan(graphs);
    plan.withDevice(device);
    if (grid != null) plan.withGridScheduler(grid);
  }
  void execute(int graph) { last = plan.withGraph(graph).execute(); }
  public void close() { try { plan.close(); } catch (Exception e) { throw new RuntimeException(e); } }
}
