// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.measuring.LiveSide;
import io.gpubench.measure.ConfigException;
import io.gpubench.measure.Names;
import io.gpubench.measure.compare.RecordedSide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;

/**
 * The words of a comparison: settings and paths are sides, ids of workloads are workloads.
 *
 * @param sides in their order
 * @param workloads each once
 */
record ComparedWords(List<String> sides, List<String> workloads) {
  ComparedWords {
    sides = List.copyOf(sides);
    workloads = List.copyOf(workloads);
  }

  /**
   * Tells them apart.
   *
   * @param named workloads that an option names, which come first
   * @param known ids of all workloads
   * @throws ConfigException when a word may be either, or is neither and nearly a workload
   */
  static ComparedWords of(List<String> words, List<String> named, Collection<String> known) {
    var sides = new ArrayList<String>();
    var workloads = new LinkedHashSet<>(named);
    for (String word : words) {
      boolean live = LiveSide.isLive(word);
      boolean there = !live && Files.exists(Path.of(word));
      if (!live && known.contains(word)) {
        if (there) {
          throw new ConfigException(
              "'%s' is a workload, and there is a file of that name; write ./%s for the file, or --workload %s"
                  .formatted(word, word, word));
        }
        workloads.add(word);
      } else if (live || there || Names.nearest(word, known).isEmpty()) {
        sides.add(word);
      } else {
        throw new ConfigException(
            Names.unknown("workload", word, known) + " There is no file of that name either");
      }
    }
    return new ComparedWords(sides, List.copyOf(workloads));
  }

  /**
   * What is asked for of a recorded side.
   *
   * @param all recorded sides
   * @throws ConfigException when none of them has a workload that is asked for
   */
  RecordedSide chosen(RecordedSide side, Collection<RecordedSide> all) {
    if (workloads.isEmpty()) {
      return side;
    }
    var there = new TreeSet<String>();
    all.forEach(one -> one.cases().forEach(it -> there.add(it.workload())));
    for (String workload : workloads) {
      if (!there.contains(workload)) {
        throw new ConfigException("--workload: " + Names.unknown("workload", workload, there));
      }
    }
    return new RecordedSide(
        side.name(),
        side.format(),
        side.tool(),
        side.conditions(),
        side.cases().stream().filter(one -> workloads.contains(one.workload())).toList(),
        side.notes());
  }
}
