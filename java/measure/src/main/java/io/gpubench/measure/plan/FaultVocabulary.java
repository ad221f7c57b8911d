// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.plan;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a fault script can name.
 *
 * @param functions that are called, by library
 * @param codes numbers of errors by their name, by library; only functions of these libraries fail
 * @param unfailing functions that cannot be made to fail
 */
public record FaultVocabulary(
    Map<String, List<String>> functions,
    Map<String, Map<String, Integer>> codes,
    Set<String> unfailing) {

  /** The functions that can be made to fail. */
  List<String> failing() {
    return functions.entrySet().stream()
        .filter(library -> codes.containsKey(library.getKey()))
        .map(Map.Entry::getValue)
        .flatMap(Collection::stream)
        .filter(function -> !unfailing.contains(function))
        .sorted()
        .toList();
  }

  /** All functions. */
  List<String> all() {
    return functions.values().stream().flatMap(Collection::stream).sorted().toList();
  }

  /** The library of a function that is called. */
  String library(String function) {
    return functions.entrySet().stream()
        .filter(library -> library.getValue().contains(function))
        .map(Map.Entry::getKey)
        .collect(Collectors.joining());
  }
}
