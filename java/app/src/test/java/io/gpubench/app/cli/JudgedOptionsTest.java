// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gpubench.app.report.JudgedCase;
import io.gpubench.app.report.JudgedCase.State;
import io.gpubench.app.report.JudgedReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The options that all commands have which judge. */
class JudgedOptionsTest {
  @Command(name = "judge")
  private static final class Judging {
    @Mixin private final OnInconclusive open = new OnInconclusive();
    @Mixin private final JudgedFormat format = new JudgedFormat();
  }

  private record Made() implements JudgedReport {
    @Override
    public String title() {
      return "made";
    }

    @Override
    public String table() {
      return "the table\n";
    }

    @Override
    public String json() {
      return "{}\n";
    }

    @Override
    public String csv() {
      return "a,b\n";
    }

    @Override
    public List<JudgedCase> cases() {
      return List.of(new JudgedCase("g", "n", State.OPEN, "Inconclusive", "too noisy"));
    }

    @Override
    public double elapsedSeconds() {
      return 2;
    }
  }

  @Test
  void onlyWhatIsOpenIsMapped() {
    assertEquals(
        List.of(ExitCode.OK, ExitCode.REFUTED, ExitCode.INCONCLUSIVE),
        List.of("pass", "fail", "report").stream()
            .map(choice -> parsed("--on-inconclusive", choice).open.code(ExitCode.INCONCLUSIVE))
            .toList());
    assertEquals(ExitCode.INCONCLUSIVE, parsed().open.code(ExitCode.INCONCLUSIVE));
    for (ExitCode code : ExitCode.values()) {
      if (code != ExitCode.INCONCLUSIVE) {
        assertEquals(code, parsed("--on-inconclusive=pass").open.code(code));
        assertEquals(code, parsed("--on-inconclusive=fail").open.code(code));
      }
    }
  }

  @Test
  void everyFormatIsRendered() {
    assertEquals("the table\n", rendered());
    assertEquals("{}\n", rendered("--format=json"));
    assertEquals("a,b\n", rendered("--format=csv"));
    assertTrue(
        rendered("--format=markdown").contains("| open | g | n | Inconclusive | too noisy |"));
    assertTrue(rendered("--format=junit").contains("<skipped message=\"Inconclusive: too noisy\""));
    String failing = rendered("--format=junit", "--on-inconclusive=fail");
    assertTrue(failing.contains("<failure message=\"Inconclusive: too noisy\""), failing);
    assertThrows(CommandLine.ParameterException.class, () -> parsed("--format=xml"));
  }

  private static String rendered(String... args) {
    Judging judging = parsed(args);
    return judging.format.render(new Made(), judging.open);
  }

  private static Judging parsed(String... args) {
    var judging = new Judging();
    new CommandLine(judging).parseArgs(args);
    return judging;
  }
}
