// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.report;

import io.gpubench.app.kernels.CompiledKernel;
import io.gpubench.app.kernels.KernelFamily;
import io.gpubench.app.kernels.KernelList;
import io.gpubench.app.report.TextTable.Align;
import io.gpubench.gpu.Occupancy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** What kernels take of a multiprocessor, for people. */
public final class KernelsText {
  private static final String NOTHING = "-";

  private final KernelList list;

  private KernelsText(KernelList list) {
    this.list = list;
  }

  /** A line for each kernel and architecture, and what is to be said about them all. */
  public static String each(KernelList list) {
    var text = new KernelsText(list);
    var rows = new LinkedHashMap<String, List<CompiledKernel>>();
    list.kernels().forEach(one -> rows.put(one.name() + " " + one.architecture(), List.of(one)));
    return text.table(rows.values(), true) + text.notes("");
  }

  /** A line for each kernel, with ranges over the architectures. */
  public static String overview(KernelList list) {
    var text = new KernelsText(list);
    Map<String, List<CompiledKernel>> rows =
        list.kernels().stream()
            .collect(
                Collectors.groupingBy(
                    CompiledKernel::name, LinkedHashMap::new, Collectors.toList()));
    return text.table(rows.values(), false)
        + text.notes("by architecture: gpubench list kernels NAME\n");
  }

  private TextTable table(Collection<List<CompiledKernel>> rows, boolean single) {
    var table = new TextTable().column("kernel", Align.LEFT);
    if (single) {
      table.column("arch", Align.LEFT);
    }
    for (String title :
        List.of(
            "threads", "registers", "shared", "stack", "spilled", "blocks", "warps", "occupancy")) {
      table.column(title, Align.RIGHT);
    }
    if (single) {
      table.column("limited by", Align.LEFT);
    }
    for (List<CompiledKernel> row : rows) {
      var cells = new ArrayList<String>();
      cells.add(row.getFirst().name());
      if (single) {
        cells.add(row.getFirst().architecture());
      }
      cells.add(range(row, list::threads));
      cells.add(range(row, CompiledKernel::registers));
      cells.add(
          range(row, CompiledKernel::sharedBytes)
              + (list.dynamicSharedBytes() > 0 ? "+" + list.dynamicSharedBytes() : ""));
      cells.add(range(row, CompiledKernel::stackBytes));
      cells.add(
          range(row, kernel -> kernel.spillStoreBytes() + kernel.spillLoadBytes())
              + (row.stream().anyMatch(CompiledKernel::spills) ? " !" : ""));
      cells.addAll(occupancy(row, single));
      table.row(cells);
    }
    return table;
  }

  private List<String> occupancy(List<CompiledKernel> row, boolean single) {
    List<Occupancy> found =
        row.stream()
            .map(kernel ->
                kernel.occupancy(list.threads(kernel), list.dynamicSharedBytes()).orElse(null))
            .filter(Objects::nonNull)
            .toList();
    if (found.isEmpty()) {
      var nothing = new ArrayList<>(List.of(NOTHING, NOTHING, NOTHING));
      if (single) {
        nothing.add(
            list.threads(row.getFirst()) > row.getFirst().mostThreads()
                ? "its launch bound, " + row.getFirst().mostThreads() + " threads"
                : "limits not known");
      }
      return nothing;
    }
    var cells =
        new ArrayList<>(
            List.of(
                range(found, Occupancy::blocks),
                range(found, Occupancy::warps),
                range(found, one -> (int) Math.round(100 * one.share())) + " %"));
    if (single) {
      cells.add(words(found.getFirst()));
    }
    return cells;
  }

  /** What keeps another block away; nothing does where no warp is left. */
  private static String words(Occupancy one) {
    return one.warps() == one.mostWarps()
        ? ""
        : one.limitedBy().stream().map(KernelsText::word).collect(Collectors.joining(", "));
  }

  /** As people and documents name it. */
  static String word(Occupancy.Limit limit) {
    return limit.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static <T> String range(List<T> of, ToIntFunction<T> number) {
    IntSummaryStatistics all = of.stream().mapToInt(number).summaryStatistics();
    return all.getMin() == all.getMax()
        ? Integer.toString(all.getMin())
        : all.getMin() + ".." + all.getMax();
  }

  private String notes(String more) {
    var text = new StringBuilder("\n");
    list.kernels().stream()
        .filter(CompiledKernel::spills)
        .forEach(kernel ->
            text.append(
                "! %s spills registers on %s: a thread writes %d bytes and reads %d%n"
                    .formatted(
                        kernel.name(),
                        kernel.architecture(),
                        kernel.spillStoreBytes(),
                        kernel.spillLoadBytes())));
    String unbound =
        list.kernels().stream()
            .filter(kernel -> kernel.launchBound() == null)
            .map(CompiledKernel::name)
            .distinct()
            .collect(Collectors.joining(", "));
    if (!unbound.isEmpty()) {
      text.append(
          "without a launch bound%s: %s%n"
              .formatted(
                  list.block() == null ? ", so in blocks of " + CompiledKernel.MOST_THREADS : "",
                  unbound));
    }
    return text.append(
            "compiled for %s by nvcc %s%n"
                .formatted(
                    distinct(list.kernels().stream().map(CompiledKernel::architecture).toList()),
                    distinct(list.families().stream().map(KernelFamily::compiler).toList())))
        .append(
            "registers of a thread; shared, stack and spilled in bytes; occupancy of a"
                + " multiprocessor with blocks of ")
        .append(list.block() == null ? "the launch bound" : list.block() + " threads")
        .append('\n')
        .append(
            list.dynamicSharedBytes() == 0
                ? "dynamic shared memory is not counted unless --dynamic-shared says how much\n"
                : "")
        .append(more)
        .toString();
  }

  private static String distinct(List<String> words) {
    return words.stream().distinct().collect(Collectors.joining(", "));
  }
}
