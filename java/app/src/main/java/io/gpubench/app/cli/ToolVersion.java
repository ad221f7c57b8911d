// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.cli;

import io.gpubench.app.BuiltIn;
import io.gpubench.measure.result.RunDocument;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class ToolVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    RunDocument.Tool tool = BuiltIn.tool();
    String commit = tool.commit().equals("unknown") ? "" : " (" + tool.commit() + ")";
    return new String[] {"gpubench " + tool.version() + commit};
  }
}
