// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.processors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gpubench.measure.spi.MachineFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColdCachesTest {
  /** Keeps what it was asked for. */
  private static final class Witness implements Wakeable {
    private final List<String> calls = new ArrayList<>();

    @Override
    public void wake() {
      calls.add("wake");
    }

    @Override
    public void stage(long sample) {
      calls.add("stage " + sample);
    }

    @Override
    public void execute() {
      calls.add("execute");
    }

    @Override
    public boolean verify(long sample) {
      return sample != 13;
    }

    @Override
    public String mismatch(long sample) {
      return "wrong " + sample;
    }

    @Override
    public long digest() {
      return 77;
    }

    @Override
    public Work work() {
      return new Work(1, 2, 3);
    }

    @Override
    public Map<String, Double> demands() {
      return Map.of("ceiling.l2", 4.0);
    }

    @Override
    public long inputs() {
      return 5;
    }

    @Override
    public Map<String, Object> verification() {
      return Map.of("oracle", "none");
    }

    @Override
    public Map<String, Object> configuration() {
      return Map.of("threads", 2L);
    }

    @Override
    public void close() {
      calls.add("close");
      throw new IllegalStateException("closed");
    }
  }

  @Test
  void threadsAreAwakeAgainAfterTheSweep() {
    var inner = new Witness();
    var facts = new MachineFacts(2, 1L << 30, 16 << 20);
    var run = new ColdCaches(inner, facts, 2);
    run.stage(5);
    run.execute();
    assertEquals(List.of("stage 5", "wake", "execute"), inner.calls);
    assertEquals(Map.of("threads", 2L, "bytesSwept", 32L << 20), run.configuration());
    assertEquals(inner.work(), run.work());
    assertEquals(inner.demands(), run.demands());
    assertEquals(inner.verification(), run.verification());
    assertEquals(77, run.digest());
    assertEquals(List.of(true, false), List.of(run.verify(12), run.verify(13)));
    assertEquals("wrong 13", run.mismatch(13));
    assertThrows(IllegalStateException.class, run::close, "and what it owns is freed");
    assertEquals("close", inner.calls.get(3));
  }

  @Test
  void twiceTheLastLevelCacheAndMoreThanTheCachesOfEachCore() {
    assertEquals(64L << 20, ColdCaches.bytes(new MachineFacts(2, 1, 32 << 20), 2));
    assertEquals(16L << 20, ColdCaches.bytes(new MachineFacts(2, 1, 1 << 20), 2));
    assertEquals(256L << 20, ColdCaches.bytes(new MachineFacts(2, 1, 0), 2));
    assertEquals(512L << 20, ColdCaches.bytes(new MachineFacts(64, 1, 32 << 20), 64));
  }
}
