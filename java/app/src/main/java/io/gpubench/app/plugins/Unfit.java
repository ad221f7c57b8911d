// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.plugins;

import io.gpubench.measure.Printable;
import io.gpubench.measure.spi.Plugin;
import java.lang.reflect.InvocationTargetException;
import java.util.ServiceConfigurationError;

/** A plugin does not fit; the message says why. */
final class Unfit extends Exception {
  private static final long serialVersionUID = 1L;

  Unfit(String message) {
    super(message);
  }

  /** That a plugin was compiled against this version of the API; nothing of it runs before. */
  static void demandVersion(Class<?> plugin) throws Unfit {
    Plugin.BuiltFor built = plugin.getAnnotation(Plugin.BuiltFor.class);
    if (built == null) {
      throw new Unfit(
          plugin.getName()
              + " does not say for which version of the plugin API it was compiled:"
              + " @BuiltFor(Plugin.API) is missing");
    }
    if (built.value() != Plugin.API) {
      throw new Unfit(
          "it was compiled for version %d of the plugin API, and this gpubench has version %d"
              .formatted(built.value(), Plugin.API));
    }
  }

  /** What went wrong in a stranger's code, in one line that names the heart of it. */
  static String oneLine(Throwable failure) {
    Throwable heart = failure;
    while ((heart instanceof ServiceConfigurationError
            || heart instanceof InvocationTargetException
            || heart instanceof ExceptionInInitializerError)
        && heart.getCause() != null) {
      heart = heart.getCause();
    }
    return Printable.line(heart.toString());
  }
}
