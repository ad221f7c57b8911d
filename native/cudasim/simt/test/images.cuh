/* SPDX-License-Identifier: Apache-2.0 */
extern "C" __global__ void in_header(int *out)
{
    *out = 31;
}
