// SPDX-License-Identifier: Apache-2.0
package io.gpubench.gpu;

/**
 * Kernels as NVRTC compiled them, for {@link CudaContext#loadModule}.
 *
 * @param architecture such as {@code sm_90}, machine code, or {@code compute_90}, PTX
 * @param bytes a cubin or PTX
 * @param log what the compiler had to say, warnings that is; often empty
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares images
public record KernelImage(String architecture, byte[] bytes, String log) {}
