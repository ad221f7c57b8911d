// SPDX-License-Identifier: Apache-2.0
/**
 * Pools of pages in files, past the page cache where the file system allows it, and memory that
 * stays in place. Imports no engine; of the bindings it knows those of the host library.
 */
@NullMarked
package io.gpubench.engines.files;

import org.jspecify.annotations.NullMarked;
