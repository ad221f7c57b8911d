/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of many sizes around a huge page: aligned, zeroed, writable to its last byte, and gone after its release. */
#include "check.h"
#include "gpubench_host.h"

int main(void)
{
    const uint64_t huge = 2 << 20;
    const uint64_t sizes[] = {1, 4096, huge - 1, huge, huge + 1, 3 * huge + 7};
    CHECK(gpubench_memory_create(0) == NULL, "no bytes");
    CHECK(gpubench_memory_create(UINT64_MAX) == NULL, "more than there are addresses");
    for (int round = 0; round < 1000; round++) {
        uint64_t bytes = sizes[(unsigned)round % (sizeof sizes / sizeof *sizes)];
        char *memory = gpubench_memory_create(bytes);
        CHECK(memory != NULL, "%llu bytes", (unsigned long long)bytes);
        CHECK((uintptr_t)memory % huge == 0, "at %p", (void *)memory);
        CHECK(memory[0] == 0 && memory[bytes - 1] == 0, "not zeroed");
        memory[0] = memory[bytes - 1] = 1;
        gpubench_memory_destroy(memory, bytes);
    }
    /* Far more than the machine has: address space costs nothing, and a leak of it would soon show. */
    for (int round = 0; round < 1000; round++) {
        void *memory = gpubench_memory_create((uint64_t)1 << 36);
        CHECK(memory != NULL, "round %d", round);
        gpubench_memory_destroy(memory, (uint64_t)1 << 36);
    }
    gpubench_memory_destroy(NULL, 1);
    return EXIT_SUCCESS;
}
