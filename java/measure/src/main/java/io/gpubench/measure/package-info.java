// SPDX-License-Identifier: Apache-2.0
/**
 * What every room of gpubench may know: the errors that a user can cause or meet. The sub-packages
 * are {@code spi} (what a workload and an engine supply), {@code stats}, {@code run} (the sample
 * loop), {@code worker} (measuring in other processes), {@code plan} (configuration to planned
 * runs), {@code conditions} (what disturbs a measurement), {@code suite} and {@code duet} (who
 * measures when), {@code seal} (manifests, signatures, keys), {@code result} (records and their
 * store), {@code ceiling} (what the machine can do at all) and {@code verify} (whether stored
 * records are what was measured). Nothing here is native and nothing here knows a device. All of
 * them import the JDK, Jackson, HdrHistogram, Commons Statistics, the YAML and JSON Schema readers
 * and no other module; this package imports none of its sub-packages.
 */
@NullMarked
package io.gpubench.measure;

import org.jspecify.annotations.NullMarked;
