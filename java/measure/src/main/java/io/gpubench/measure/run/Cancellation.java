// SPDX-License-Identifier: Apache-2.0
package io.gpubench.measure.run;

/** A request, from any thread, that the run end after the current sample and keep what it has. */
public final class Cancellation {
  private volatile boolean requested;

  public void request() {
    requested = true;
  }

  public boolean requested() {
    return requested;
  }
}
