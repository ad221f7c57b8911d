/* SPDX-License-Identifier: Apache-2.0 */
extern "C" __global__ void mistaken(int n) { n = m; }
