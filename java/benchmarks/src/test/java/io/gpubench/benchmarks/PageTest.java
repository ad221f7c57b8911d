// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final String TEXT =
      "a\n<!-- result: x -->\nold\n<!-- end -->\nb\n<!-- result: y -->\nkept\n<!-- end -->\n";

  private final Page page = new Page(TEXT);

  @Test
  void aResultReplacesTheOneBefore() {
    assertEquals(TEXT.replace("old", "new $1\\"), page.with("x", "new $1\\\n").text());
    assertEquals(page, page.with("z", "new\n"));
  }

  @Test
  void aResultIsFoundByItsName() {
    assertEquals(Optional.of("kept\n"), page.result("y"));
    assertTrue(page.result(".").isEmpty());
  }
}
