// SPDX-License-Identifier: Apache-2.0
package io.gpubench.benchmarks;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown page with places for results: what is between {@code <!-- result: NAME -->} and the
 * next {@code <!-- end -->} was written by a program.
 *
 * @param text of the whole page
 */
public record Page(String text) {
  /** What is in the place of that name, with its last line break; empty where there is no place. */
  public Optional<String> result(String name) {
    Matcher place = place(name);
    return place.find() ? Optional.of(place.group(2)) : Optional.empty();
  }

  /** The page with another result in that place; as it is where there is no such place. */
  public Page with(String name, String result) {
    Matcher place = place(name);
    return place.find()
        ? new Page(text.substring(0, place.end(1)) + result + text.substring(place.start(3)))
        : this;
  }

  private Matcher place(String name) {
    return Pattern.compile(
            "(<!-- result: " + Pattern.quote(name) + " -->\n)(.*?)(<!-- end -->)", Pattern.DOTALL)
        .matcher(text);
  }
}
