// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.kernels;

/** A file of resources does not say what is needed; the message is the reason, in a few words. */
final class ResourcesException extends Exception {
  private static final long serialVersionUID = 1L;

  ResourcesException(String reason) {
    super(reason);
  }
}
