// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

import io.gpubench.measure.ConfigException;
import io.gpubench.measure.EngineException;
import io.gpubench.measure.Names;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chosen kernels of an installation.
 *
 * @param families with at least one kernel each
 * @param block threads of the blocks whose occupancy is asked for; null for those of the launch
 *     bounds
 * @param dynamicSharedBytes of such a block
 */
public record KernelList(
    List<KernelFamily> families, @Nullable Integer block, int dynamicSharedBytes) {

  /**
   * Reads what is asked for. Where only families are named, no other one is read, so that a damaged
   * file of theirs does no harm; to find a kernel by its name, all are.
   *
   * @param names of families and kernels; none for all
   * @param architectures such as {@code sm_90}; none for all
   * @throws ConfigException when a name is not known, or the block is larger than any of the
   *     kernels allows
   * @throws EngineException when nothing was compiled, or what was said of it is of no use
   */
  public static KernelList of(
      Path home,
      List<String> names,
      List<String> architectures,
      @Nullable Integer block,
      int dynamicSharedBytes) {
    List<Path> images = KernelFamily.images(home);
    Set<String> known = new LinkedHashSet<>(images.stream().map(KernelFamily::name).toList());
    List<KernelFamily> all =
        images.stream()
            .filter(image ->
                !known.containsAll(names)
                    || names.isEmpty()
                    || names.contains(KernelFamily.name(image)))
            .map(KernelFamily::read)
            .toList();
    check("kernel or family", names, all, known, CompiledKernel::name);
    check("architecture", architectures, all, Set.of(), CompiledKernel::architecture);
    List<KernelFamily> chosen =
        all.stream()
            .map(family ->
                family.only(kernel ->
                    (names.isEmpty()
                            || names.contains(family.name())
                            || names.contains(kernel.name()))
                        && (architectures.isEmpty()
                            || architectures.contains(kernel.architecture()))))
            .filter(family -> !family.kernels().isEmpty())
            .toList();
    var list = new KernelList(chosen, block, dynamicSharedBytes);
    list.checkBlock();
    return list;
  }

  private static void check(
      String kind,
      List<String> asked,
      List<KernelFamily> all,
      Collection<String> more,
      Function<CompiledKernel, String> name) {
    Set<String> known =
        new TreeSet<>(Comparator.comparingInt(String::length).thenComparing(String::compareTo));
    kernels(all).map(name).forEach(known::add);
    for (String one : asked) {
      if (!known.contains(one) && !more.contains(one)) {
        var candidates = new LinkedHashSet<>(more);
        // all families, rather than all kernels, where no name is near
        if (more.isEmpty() || Names.nearest(one, known).isPresent()) {
          candidates.addAll(known);
        }
        throw new ConfigException(Names.unknown(kind, one, candidates));
      }
    }
  }

  private void checkBlock() {
    int most = kernels(families).mapToInt(CompiledKernel::mostThreads).max().orElse(0);
    if (block != null && block > most) {
      throw new ConfigException(
          "--block %d: none of these kernels may have blocks of more than %d threads"
              .formatted(block, most));
    }
  }

  private static Stream<CompiledKernel> kernels(List<KernelFamily> families) {
    return families.stream().flatMap(family -> family.kernels().stream());
  }

  /** The kernels of all families. */
  public List<CompiledKernel> kernels() {
    return kernels(families).toList();
  }

  /** Threads of the block whose occupancy is asked for. */
  public int threads(CompiledKernel kernel) {
    return block == null ? kernel.mostThreads() : block;
  }
}
