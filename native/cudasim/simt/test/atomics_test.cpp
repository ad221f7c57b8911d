/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.hpp"

namespace {

/* As in intrinsics.cu. */
struct Targets {
    int32_t add_i, sub_i, exchange_i, min_i, max_i, and_i, or_i, xor_i, cas_i;
    uint32_t add_u, sub_u, exchange_u, min_u, max_u, and_u, or_u, xor_u, increment, decrement, cas_u;
    uint16_t cas_s;
    float add_f, exchange_f;
    double add_d;
    uint64_t add_l, exchange_l, min_l, max_l, and_l, or_l, xor_l, cas_l;
    int64_t min_s, max_s;
};

void test_atomics(const TestImage &image)
{
    constexpr uint32_t blocks = 4, n = blocks * 128;
    Targets targets{};
    targets.and_i = -1;
    targets.and_u = ~0u;
    targets.and_l = ~uint64_t{0};
    targets.min_u = 1u << 30;
    targets.min_l = ~uint64_t{0};
    uint64_t old = 0;
    image.run("atomics", {{blocks, 1, 1}, {128, 1, 1}, 0, true, 3}, &targets, &old);

    uint32_t xor_i = 0, xor_u = 0;
    uint64_t xor_l = 0;
    int32_t sum = 0;
    for (uint32_t t = 0; t < n; t++) {
        xor_i ^= t - 100;
        xor_u ^= t * t;
        xor_l ^= uint64_t{t} << 20;
        sum += static_cast<int32_t>(t) - 100;
    }
    CHECK(old == uint64_t{n} * (n - 1) / 2, "each old value once");
    CHECK(targets.add_i == sum && targets.sub_i == -sum && targets.exchange_i == 5, "int arithmetic");
    CHECK(targets.min_i == -100 && targets.max_i == static_cast<int32_t>(n) - 101, "int extremes");
    CHECK(targets.and_i == -128 && targets.or_i == 511 && targets.xor_i == static_cast<int32_t>(xor_i), "int logic");
    CHECK(targets.cas_i == 77 && targets.cas_u == 78 && targets.cas_s == 79 && targets.cas_l == uint64_t{80} << 33,
        "compare and swap");
    CHECK(targets.add_u == n && targets.sub_u == -3u * n && targets.exchange_u == 6, "unsigned arithmetic");
    CHECK(targets.min_u == 9 && targets.max_u == n + 8, "unsigned extremes");
    CHECK(targets.and_u == ~0x7ffu && targets.or_u == 0x1fff && targets.xor_u == xor_u, "unsigned logic");
    CHECK(targets.increment == n % 100 && targets.decrement == (100 - n % 100) % 100, "%u %u", targets.increment,
        targets.decrement);
    CHECK(targets.add_f == 0.5f * n && targets.exchange_f == 1.5f && targets.add_d == 0.25 * n, "floating point");
    CHECK(targets.add_l == uint64_t{n} << 32 && targets.exchange_l == uint64_t{7} << 40, "64-bit arithmetic");
    CHECK(targets.min_l == uint64_t{1} << 60 && targets.max_l == (uint64_t{1} << 60) + n - 1, "64-bit extremes");
    CHECK(targets.and_l == ~uint64_t{0} << 40 && targets.or_l == (uint64_t{1} << 50) - 1 && targets.xor_l == xor_l,
        "64-bit logic");
    CHECK(targets.min_s == -100 * int64_t{5000000000} && targets.max_s == (int64_t{n} - 101) * 5000000000,
        "signed 64-bit extremes");
}

void test_shapes(const TestImage &image)
{
    cudasim::Dim3 grid = {3, 2, 4}, block = {5, 3, 7};
    std::vector<uint32_t> out(14 * 24 * 105);
    image.run("shapes", {grid, block}, out.data());
    size_t next = 0;
    for (uint32_t b = 0; b < 24; b++) {
        for (uint32_t t = 0; t < 105; t++) {
            const uint32_t expected[] = {t % 5, t / 5 % 3, t / 15, b % 3, b / 3 % 2, b / 6, 5, 3, 7, 3, 2, 4, 1,
                16 + 16 + 16 + 16 + 12 + 4};
            for (uint32_t value : expected) {
                CHECK(out[next] == value, "block %u, thread %u, word %zu: %u", b, t, next % 14, out[next]);
                next++;
            }
        }
    }
}

} // namespace

int main(int, char **arguments)
{
    for (const char *name : {"intrinsics", "intrinsics_own_types"}) {
        TestImage image(arguments[1], name);
        test_atomics(image);
        test_shapes(image);
        int32_t forward = 0;
        image.run("clocks", {}, &forward);
        CHECK(forward == 1, "clocks");
    }
    return 0;
}
