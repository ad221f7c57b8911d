// SPDX-License-Identifier: Apache-2.0
package io.gpubench.engines.files;

class DirectFileTest extends PageFileContract {
  @Override
  protected PageFile open(PageFile.Order order) {
    return DirectFile.open(order);
  }
}
