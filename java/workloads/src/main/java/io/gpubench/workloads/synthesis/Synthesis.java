// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.synthesis;

/** What is done with a forest. */
public enum Synthesis {
  /** Patterns are looked for at each node. */
  MATCH("match", "nodes", "looks for patterns at each node of a forest of syntax trees"),
  /** The templates of patterns that matched are filled. */
  EXPAND("expand", "bytes", "fills a template for each match of a pattern in a forest"),
  /** Constants are folded. */
  REWRITE("rewrite", "nodes", "folds constants in a forest of syntax trees and compacts it");

  private static final String FAMILY = "synthesis";

  private final String name;
  private final String unitOfWork;
  private final String summary;

  Synthesis(String name, String unitOfWork, String summary) {
    this.name = name;
    this.unitOfWork = unitOfWork;
    this.summary = summary;
  }

  /** The id of its workload. */
  public String id() {
    return FAMILY + "." + name;
  }

  String unitOfWork() {
    return unitOfWork;
  }

  String summary() {
    return summary;
  }
}
