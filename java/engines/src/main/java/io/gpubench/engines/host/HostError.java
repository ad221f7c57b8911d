// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.host;

import io.gpubench.ffi.host.Host;
import io.gpubench.measure.EngineException;

/** What the library's error codes mean to a person. */
final class HostError {
  private HostError() {}

  /**
   * Checks what a function of the library returned.
   *
   * @param call the function
   * @throws EngineException when it is not success
   */
  static void check(int code, String call) {
    if (code != Host.GPUBENCH_HOST_OK()) {
      throw of(code, call);
    }
  }

  /**
   * A call that failed.
   *
   * @param call the function with what matters of its arguments
   */
  static EngineException of(int code, String call) {
    return new EngineException(call + " failed: " + text(code));
  }

  private static String text(int code) {
    if (code == Host.GPUBENCH_HOST_ERROR_MEMORY()) {
      return "no memory";
    }
    if (code == Host.GPUBENCH_HOST_ERROR_THREAD()) {
      return "the system refused a thread; see 'ulimit -u'";
    }
    if (code == Host.GPUBENCH_HOST_ERROR_PROPOSALS()) {
      return "too many proposals";
    }
    if (code == Host.GPUBENCH_HOST_ERROR_MESSAGES()) {
      return "more messages than there is room for";
    }
    if (code == Host.GPUBENCH_HOST_ERROR_TIMEOUT()) {
      return "the other thread did not answer in time";
    }
    if (code == Host.GPUBENCH_HOST_ERROR_ROOM()) {
      return "the answer does not fit into the memory for it";
    }
    return "code " + code;
  }
}
