// SPDX-License-Identifier: Apache-2.0
package io.gpubench.app.check;

import java.util.List;

/**
 * What a process that launches is asked to launch.
 *
 * @param names of the arguments, for reports
 * @param seed draws the order of threads and the numbers in buffers; not 0
 */
record LaunchOrder(
    String symbol,
    Triple grid,
    Triple block,
    int sharedBytes,
    boolean cooperative,
    long seed,
    List<String> names,
    List<LaunchPlan.Value> arguments) {}
