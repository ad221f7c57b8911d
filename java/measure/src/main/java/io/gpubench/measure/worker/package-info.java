// SPDX-License-Identifier: Apache-2.0
/**
 * Measuring in processes of their own: the worker protocol, its client {@link
 * io.gpubench.measure.worker.Worker}, its server {@link io.gpubench.measure.worker.WorkerServer},
 * and {@link io.gpubench.measure.worker.WorkerProcess}, the operating system's side of it. The
 * protocol is described in {@code configs/engines/README.md}. Imports {@code run} and {@code spi};
 * knows neither plans nor records.
 */
@NullMarked
package io.gpubench.measure.worker;

import org.jspecify.annotations.NullMarked;
