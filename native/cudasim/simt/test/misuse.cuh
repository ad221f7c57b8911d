/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

__device__ inline void check_even(int value)
{
    assert(value % 2 == 0 && "even"); // accused: in_header
}
