// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.java;

import io.gpubench.engines.launch.LaunchContract;
import io.gpubench.measure.spi.Engine;

class JavaLaunchTest extends LaunchContract {
  @Override
  protected Engine engine() {
    return new JavaEngine();
  }
}
