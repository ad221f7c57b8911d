// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CompilerLogTest {
  @Test
  void aFewErrorsAreToldInFull() {
    assertEquals(
        "k.cu(3): error: identifier \"x\" is undefined; k.cu(9): error: expected a \";\"",
        CompilerLog.shortened(
            """
            k.cu(3): error: identifier "x" is undefined
                  x = 1;
                  ^

            k.cu(5): warning #177-D: variable "y" was declared but never referenced
            k.cu(9): error: expected a ";"

            2 errors detected in the compilation of "k.cu".
            """));
  }

  @Test
  void manyErrorsAreCounted() {
    assertEquals(
        "k.cu:1:1: error: a; k.cu:2:1: error: a; k.cu:3:1: fatal error: a; and 2 more",
        CompilerLog.shortened(
            """
            k.cu:1:1: error: a
            k.cu:2:1: error: a
            k.cu:3:1: fatal error: a
            k.cu:4:1: error: a
            k.cu:5:1: error: a
            """));
  }

  @Test
  void thePtxCompilersErrorsAreFound() {
    assertEquals(
        "ptxas application ptx input, line 5; error   : Arguments mismatch for instruction 'add'",
        CompilerLog.shortened(
            """
            ptxas application ptx input, line 5; error   : Arguments mismatch for instruction 'add'
            ptxas fatal   : Ptx assembly aborted due to errors
            """
                .lines()
                .findFirst()
                .orElseThrow()));
  }

  @Test
  void withoutAnErrorTheFirstLinesAreTold() {
    assertEquals("a; b; c; and 1 more", CompilerLog.shortened("a\n\n b \nc\nd\n"));
    assertEquals("", CompilerLog.shortened("\n"));
  }

  @Test
  void lineBreaksBecomeSemicolons() {
    assertEquals("a; b; c", CompilerLog.oneLine(" a\n\n  b\r\nc\n"));
  }
}
