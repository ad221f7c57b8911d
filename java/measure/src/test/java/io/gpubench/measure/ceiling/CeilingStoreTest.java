// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.ceiling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.measure.StoreException;
import io.gpubench.measure.ceiling.CeilingStore.Found;
import io.gpubench.measure.result.MeasuredCeiling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CeilingStoreTest {
  private static final HardwareIdentity CARD =
      new HardwareIdentity("gpu-1", Map.of("driver", "580.65", "ecc", "true"));

  @TempDir private Path state;

  @Test
  void whatIsKeptIsFoundAgain() throws IOException {
    CeilingStore store = new CeilingStore(state.resolve("deep/er"));
    assertInstanceOf(Found.Absent.class, store.read(CARD));
    store.keep(CARD, List.of(ceiling("read", "cuda", 4e12)));
    store.keep(CARD, List.of(ceiling("copy", "cuda", 3e12), ceiling("read", "other", 1e12)));
    KeptCeilings kept = store.keep(CARD, List.of(ceiling("read", "cuda", 4.1e12)));
    assertEquals(
        List.of(
            ceiling("copy", "cuda", 3e12),
            ceiling("read", "cuda", 4.1e12),
            ceiling("read", "other", 1e12)),
        kept.ceilings());
    assertEquals(new Found.Current(kept), store.read(CARD));
    try (Stream<Path> files = Files.list(store.file("gpu-1").getParent())) {
      assertEquals(
          List.of(".lock", "gpu-1.json"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void anotherIdentityMakesThemStale() {
    CeilingStore store = new CeilingStore(state);
    KeptCeilings kept = store.keep(CARD, List.of(ceiling("read", "cuda", 4e12)));
    var now = new HardwareIdentity("gpu-1", Map.of("driver", "580.82", "ecc", "true"));
    assertEquals(new Found.Stale(kept, List.of("driver 580.65 -> 580.82")), store.read(now));
    KeptCeilings fresh = store.keep(now, List.of(ceiling("copy", "cuda", 3e12)));
    assertEquals(List.of(ceiling("copy", "cuda", 3e12)), fresh.ceilings(), "the old ones go");
    assertEquals(new Found.Current(fresh), store.read(now));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"schema\": \"something/1\"}",
        "{\"schema\": \"gpubench.ceilings/1\"}",
        "{\"schema\": \"gpubench.ceilings/0\"}",
        "{\"schema\": \"gpubench.ceilings/1\", \"identity\": {\"hardware\": \"gpu-1\", \"parts\": {}},"
            + " \"ceilings\": [{\"id\": \"ceiling.read\", \"rate\": 1}]}",
        "{\"schema\": \"gpubench.ceilings/1\", \"identity\": {\"hardware\": \"gpu-1\", \"parts\": {}},"
            + " \"ceilings\": [{\"id\": \"ceiling.read\", \"unit\": \"bytes/s\", \"rate\": -1, \"engine\": \"cuda\","
            + " \"measuredAt\": \"\", \"run\": \"r\"}]}",
      })
  void aDamagedFileCountsAsAbsentAndIsMovedAside(String text) throws IOException {
    CeilingStore store = new CeilingStore(state);
    Path file = store.file("gpu-1");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Found.Damaged damaged = assertInstanceOf(Found.Damaged.class, store.read(CARD));
    assertTrue(damaged.reason().startsWith(file.toString()), damaged.reason());
    assertEquals(1, damaged.reason().lines().count());
    store.keep(CARD, List.of(ceiling("read", "cuda", 4e12)));
    assertInstanceOf(Found.Current.class, store.read(CARD));
    assertEquals(text, Files.readString(file.resolveSibling("gpu-1.json.damaged")));
  }

  @Test
  void whatANewerGpubenchWroteStays() throws IOException {
    CeilingStore store = new CeilingStore(state);
    Path file = store.file("gpu-1");
    Files.createDirectories(file.getParent());
    String text = "{\"schema\": \"gpubench.ceilings/2\", \"other\": true}";
    Files.writeString(file, text);
    assertInstanceOf(Found.Newer.class, store.read(CARD));
    assertThrows(StoreException.class, () -> store.keep(CARD, List.of(ceiling("read", "cuda", 1))));
    assertEquals(text, Files.readString(file));
  }

  @Test
  void aFolderInTheWayIsDamage() throws IOException {
    CeilingStore store = new CeilingStore(state);
    Files.createDirectories(store.file("gpu-1"));
    assertInstanceOf(Found.Damaged.class, store.read(CARD));
    store.keep(CARD, List.of(ceiling("read", "cuda", 1)));
    assertInstanceOf(Found.Current.class, store.read(CARD));
  }

  @Test
  void aStateThatIsNoFolderIsSaid() throws IOException {
    Path file = Files.writeString(state.resolve("file"), "");
    CeilingStore store = new CeilingStore(file);
    assertFalse(store.read(CARD) instanceof Found.Current);
    StoreException failure =
        assertThrows(
            StoreException.class, () -> store.keep(CARD, List.of(ceiling("read", "cuda", 1))));
    assertTrue(String.valueOf(failure.getMessage()).contains(file.toString()));
  }

  @Test
  void manyMayKeepAtATime() throws Exception {
    CeilingStore store = new CeilingStore(state);
    try (var pool = Executors.newFixedThreadPool(8)) {
      List<Callable<KeptCeilings>> all =
          IntStream.range(0, 40)
              .<Callable<KeptCeilings>>mapToObj(i ->
                  () ->
                      new CeilingStore(state).keep(CARD, List.of(ceiling("c" + i, "cuda", 1 + i))))
              .toList();
      for (var kept : pool.invokeAll(all)) {
        assertFalse(kept.get().ceilings().isEmpty());
      }
    }
    Found.Current found = assertInstanceOf(Found.Current.class, store.read(CARD));
    assertEquals(40, found.kept().ceilings().size());
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    CeilingStore store = new CeilingStore(state);
    Path folder = store.file("gpu-1").getParent();
    for (String hardware : List.of("../../etc/passwd", "a/b", "..", "", "x".repeat(500), "ä")) {
      assertEquals(folder, store.file(hardware).normalize().getParent(), hardware);
    }
    assertFalse(store.file("a/b").equals(store.file("a_b")));
  }

  @Test
  void theUsualPlace() {
    assertEquals(
        Optional.of(Path.of("/s/gpubench")),
        CeilingStore.usualState(Map.of("XDG_STATE_HOME", "/s", "HOME", "/h")));
    assertEquals(
        Optional.of(Path.of("/h/.local/state/gpubench")),
        CeilingStore.usualState(Map.of("XDG_STATE_HOME", "relative", "HOME", "/h")));
    assertEquals(Optional.empty(), CeilingStore.usualState(Map.of()));
  }

  private static MeasuredCeiling ceiling(String name, String engine, double rate) {
    return new MeasuredCeiling(
        "ceiling." + name,
        "bytes/s",
        rate,
        0.99 * rate,
        null,
        engine,
        "2026-11-21T00:00:00Z",
        "20261121T000000Z-ceilings-000000",
        "00");
  }
}
