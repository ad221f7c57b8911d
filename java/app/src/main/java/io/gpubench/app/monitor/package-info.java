// SPDX-License-Identifier: Apache-2.0
/**
 * Watches the sensors of devices and processors, without measuring anything: reads them now and
 * then, and tells their readings as lines for people, or to Prometheus over HTTP. Knows sensors and
 * who has them; no plan, no workload and no record. Prints nothing.
 */
@NullMarked
package io.gpubench.app.monitor;

import org.jspecify.annotations.NullMarked;
