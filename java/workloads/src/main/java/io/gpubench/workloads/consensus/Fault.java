// SPDX-License-Identifier: Apache-2.0
package io.gpubench.workloads.consensus;

/** What a faulty validator does in a round. The order is part of the workload's definition. */
public enum Fault {
  /** Sends nothing. */
  SILENT,
  /**
   * Votes for proposal 0 with a tag that differs from the right one. Without authenticators nobody
   * can notice: the tag field holds rubbish that is not looked at, and the vote is accepted.
   */
  WRONG_TAG,
  /** Votes for proposal 0 in another round, rightly tagged. */
  WRONG_ROUND,
  /** Votes for proposal 0 in another phase, rightly tagged. */
  WRONG_PHASE,
  /** Sends the vote for proposal 0 three times. */
  DUPLICATING,
  /**
   * Votes for proposal 0 and for another one. With a single proposal the other message names an
   * unknown digest, so that the first is accepted and the second is an unknown proposal.
   */
  EQUIVOCATING,
  /** Votes for another proposal; with a single proposal, for an unknown digest. */
  OTHER_PROPOSAL,
  /** Votes for proposal 0 under an id of V or more, tagged under its own key. */
  UNKNOWN_VALIDATOR
}
