/* SPDX-License-Identifier: Apache-2.0 */
__device__ inline float halved(float value)
{
    return value / 2;
}
