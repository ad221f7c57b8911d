// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.conformance;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at, and what came out.
 *
 * @param name short and stable, for scripts
 * @param detail what was found; of a failed check, what is wrong
 * @param sent the last line sent before, shortened; null where that does not matter
 * @param received the last line received, shortened; null likewise
 * @param expected what it should have been; null unless it failed
 * @param see where the page of the protocol tells more; null unless it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Check(
    String name,
    Result result,
    String detail,
    @Nullable String sent,
    @Nullable String received,
    @Nullable String expected,
    @Nullable String see) {

  /** What can come out. */
  enum Result {
    /** It is as it should be. */
    ok,
    /** It is allowed, and worth a look. */
    warning,
    /** It is not as it should be. */
    failed,
    /** It could not be looked at, since something before it failed. */
    skipped
  }

  static Check ok(String name, String detail) {
    return new Check(name, Result.ok, detail, null, null, null, null);
  }

  static Check warning(String name, String detail) {
    return new Check(name, Result.warning, detail, null, null, null, null);
  }

  static Check skipped(String name, String since) {
    return new Check(name, Result.skipped, "since '" + since + "' failed", null, null, null, null);
  }
}
