// SPDX-License-Identifier: Apache-2.0
/**
 * What every room of gpubench may know: the errors that a user can cause or meet. The sub-packages
 * are {@code spi} (what a workload and an engine supply), {@code stats}, {@code run} (the sample
 * loop), {@code plan} (configuration to planned runs) and {@code result} (records and their store).
 * Nothing here is native and nothing here knows a device. Imports the JDK, Jackson, HdrHistogram,
 * Commons Statistics and Text, and the YAML and JSON Schema readers.
 */
@NullMarked
package io.gpubench.measure;

import org.jspecify.annotations.NullMarked;
