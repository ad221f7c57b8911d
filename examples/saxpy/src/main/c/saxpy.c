/* SPDX-License-Identifier: Apache-2.0 */
/* y[i] = a x[i] + y[i] for from <= i < end. */
#include <stdint.h>

void saxpy(float a, const float *restrict x, float *restrict y, int64_t from, int64_t end)
{
    for (int64_t i = from; i < end; i++) {
        y[i] = a * x[i] + y[i];
    }
}
