// SPDX-License-Identifier: Apache-2.0
#pragma once

// By value, and of no power of two.
struct Triple {
    unsigned char bytes[3];
};
