// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks.figures;

import io.gpubench.benchmarks.Page;
import io.gpubench.benchmarks.figures.FigureTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the figures and prints their table as Markdown. Arguments: {@code [--device INDEX]
 * [--only NAME...] [--write PAGE] [--out DIR]}. With a page, the table replaces the one between
 * {@code <!-- result: figures -->} and {@code <!-- end -->} there; what was not measured this time
 * keeps its number there with the sitting that it is from. With a directory, the sealed runs stay
 * in it. Ends with 1 when something failed that could have been measured; a missed goal is no
 * failure.
 */
public final class FiguresMain {
  private static final String PLACE = "figures";

  private FiguresMain() {}

  private record Arguments(
      List<String> only, @Nullable String device, @Nullable Path page, @Nullable Path kept) {}

  /** Measures. */
  public static void main(String[] args) throws IOException {
    Arguments asked = arguments(args);
    List<Figure> chosen =
        asked == null
            ? List.of()
            : Figures.ALL.stream()
                .filter(one -> asked.only.isEmpty() || asked.only.contains(one.name()))
                .toList();
    if (asked == null || chosen.size() < asked.only.size() || chosen.isEmpty()) {
      System.err.println(
          "usage: Figures [--device INDEX] [--only NAME...] [--write PAGE] [--out DIR]");
      Figures.ALL.forEach(one -> System.err.printf("  %-24s %s%n", one.name(), one.what()));
      System.exit(2);
      return;
    }
    Page page = asked.page == null ? null : new Page(Files.readString(asked.page));
    if (page != null && page.result(PLACE).isEmpty()) {
      System.err.println(asked.page + " has no <!-- result: " + PLACE + " --> with an end");
      System.exit(2);
    }
    Path root = Path.of(System.getProperty("gpubench.home")).toAbsolutePath().normalize();
    String sitting = Sitting.now(root);
    Map<Figure, Row> now;
    try (var bench = new Bench(root, asked.kept, asked.device)) {
      now = measured(chosen, bench, sitting);
    }
    System.out.print(new FigureTable(List.copyOf(now.values())).text());
    if (page != null) {
      FigureTable before = FigureTable.parse(page.result(PLACE).orElseThrow());
      // Read again: somebody may have edited the rest of the page meanwhile.
      Page after = new Page(Files.readString(asked.page));
      Files.writeString(
          asked.page, after.with(PLACE, merged(Figures.ALL, before, now).text()).text());
    }
    if (now.values().stream().anyMatch(row -> row.measured().startsWith("failed: "))) {
      System.exit(1);
    }
  }

  private static @Nullable Arguments arguments(String[] args) {
    var only = new ArrayList<String>();
    String device = null;
    Path page = null;
    Path kept = null;
    boolean names = false;
    for (int i = 0; i < args.length; i++) {
      boolean option = args[i].startsWith("--");
      if (option ? !args[i].equals("--only") && i + 1 == args.length : !names) {
        return null;
      }
      names = !option || args[i].equals("--only");
      switch (args[i]) {
        case "--only" -> {}
        case "--device" -> device = args[++i];
        case "--write" -> page = Path.of(args[++i]);
        case "--out" -> kept = Path.of(args[++i]);
        default -> {
          if (option) {
            return null;
          }
          only.add(args[i]);
        }
      }
    }
    return new Arguments(only, device, page, kept);
  }

  /** Measures figures, one after the other, and tells on stderr how far it is. */
  static Map<Figure, Row> measured(List<Figure> figures, Bench bench, String sitting) {
    var rows = new LinkedHashMap<Figure, Row>();
    for (Figure figure : figures) {
      long before = System.nanoTime();
      Row row;
      try {
        row = Row.measured(figure, figure.how().take(bench), sitting);
      } catch (LackingException e) {
        row = Row.unmeasured(figure, e.getMessage());
      } catch (FailedException e) {
        String place = bench.root().toString();
        row = Row.failed(figure, e.getMessage().replace(place, "."), sitting);
      }
      rows.put(figure, row);
      System.err.printf(
          Locale.ROOT,
          "%6.1f s  %-24s %s%s%n",
          (System.nanoTime() - before) / 1e9,
          figure.name(),
          row.measured(),
          row.verdict().isEmpty() ? "" : ": " + row.verdict());
    }
    return rows;
  }

  /**
   * All rows: those of now, and of a figure without a number now the one that the page had, if any.
   */
  static FigureTable merged(List<Figure> all, FigureTable before, Map<Figure, Row> now) {
    return new FigureTable(
        all.stream()
            .map(figure -> {
              Row row = now.getOrDefault(figure, Row.unmeasured(figure, "not asked for yet"));
              return row.sitting() == null ? before.of(figure).orElse(row) : row;
            })
            .toList());
  }
}
