// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gpubench.workloads.synthesis.Forest;
import io.gpubench.workloads.synthesis.ForestGenerator;
import io.gpubench.workloads.synthesis.ForestShape;
import io.gpubench.workloads.synthesis.SyntaxTree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forests that a device makes are those that Java makes, bit for bit. */
abstract class CudaForestContract extends CudaContract {
  CudaForestContract(String device) {
    super(device);
  }

  @ParameterizedTest(name = "{0} nodes, seed {1}, {2} of the leaves literals")
  @CsvSource({"1, 1, 0.5", "2, 2, 0", "3, 3, 1", "1001, 4, 0.75", "20011, 5, 0.5"})
  void isThatOfTheGenerator(long nodes, long seed, double literals) {
    var generator = new ForestGenerator(ForestShape.of(nodes, seed), seed, literals);
    try (var session = open();
        var device = new CudaForestGenerator(kernels(session), generator);
        var forest = device.forest();
        var stream = session.context().newStream();
        var arena = Arena.ofShared()) {
      for (long sample : new long[] {0, 3}) {
        forest.poison(stream, sample);
        device.enqueue(stream, forest, generator.keys(sample));
        stream.synchronize();
        Forest right =
            Forest.allocate(
                bytes -> arena.allocate(bytes, Long.BYTES), nodes, generator.shape().trees());
        generator.fill(right, sample);
        assertSame(right, forest.download(arena, nodes));
      }
    }
  }

  @Test
  void whatIsUploadedIsThere() {
    Forest right =
        SyntaxTree.forest(
            SyntaxTree.parse("add#7(literal#0=3, variable)"), SyntaxTree.parse("neg(variable#5)"));
    try (var session = open();
        var forest = new CudaForest(session.context(), right.nodes(), right.trees());
        var arena = Arena.ofConfined()) {
      forest.upload(right);
      assertSame(right, forest.download(arena, right.nodes()));
      assertNotEquals(0, forest.kind().bytes());
      assertEquals(0, forest.kind().bytes() % Long.BYTES);
    }
  }

  private static CudaKernels kernels(CudaSession session) {
    return new CudaKernels(session.context(), session.family(CudaSynthesisAdapter.FAMILY));
  }

  private static void assertSame(Forest right, Forest found) {
    List<MemorySegment> arrays = right.arrays();
    for (int i = 0; i < arrays.size(); i++) {
      assertEquals(-1, arrays.get(i).mismatch(found.arrays().get(i)), "array " + i);
    }
  }
}
