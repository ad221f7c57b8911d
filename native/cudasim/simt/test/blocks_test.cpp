/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.hpp"

#include <numeric>
#include <thread>

namespace {

std::vector<uint32_t> numbers(size_t count, uint64_t seed)
{
    Random random(seed);
    std::vector<uint32_t> all(count);
    for (uint32_t &number : all) {
        number = static_cast<uint32_t>(random.next());
    }
    return all;
}

void test_sums(const TestImage &image)
{
    for (uint32_t threads : {1u, 2u, 31u, 32u, 33u, 64u, 255u, 256u, 511u, 1000u, 1024u}) {
        constexpr uint32_t blocks = 5;
        std::vector<uint32_t> in = numbers(blocks * threads, threads);
        for (uint64_t seed = 0; seed < 6; seed++) {
            for (const char *kernel : {"tree_sum", "shuffle_sum"}) {
                if (strcmp(kernel, "shuffle_sum") == 0 && threads % 32 != 0) {
                    continue;
                }
                std::vector<uint32_t> out(blocks);
                image.run(kernel, {{blocks, 1, 1}, {threads, 1, 1}, 4 * threads, seed % 2 == 1, seed}, in.data(),
                    out.data());
                for (uint32_t b = 0; b < blocks; b++) {
                    auto first = in.begin() + b * threads;
                    uint32_t sum = std::accumulate(first, first + threads, 0u);
                    CHECK(out[b] == sum, "%s of %u threads, seed %llu", kernel, threads,
                        static_cast<unsigned long long>(seed));
                }
            }
        }
    }
}

void test_missing_barriers(const TestImage &image)
{
    std::vector<uint32_t> in = numbers(256, 1);
    uint32_t sum = std::accumulate(in.begin(), in.end(), 0u);
    for (uint64_t seed = 0; seed < 100; seed++) {
        uint32_t out = 0;
        image.run("tree_sum_without_barrier", {{1, 1, 1}, {256, 1, 1}, 1024, false, seed}, in.data(), &out);
        CHECK(out != sum, "seed %llu hides the missing barrier", static_cast<unsigned long long>(seed));

        for (int32_t with_barrier : {0, 1}) {
            std::vector<uint32_t> found(64);
            image.run("neighbours", {{1, 1, 1}, {64, 1, 1}, 0, false, seed}, found.data(), with_barrier);
            uint32_t wrong = 0;
            for (uint32_t t = 0; t < 64; t++) {
                wrong += found[t] != (t ^ 1) + (t ^ 31);
            }
            CHECK(with_barrier == (wrong == 0), "seed %llu: %u are wrong", static_cast<unsigned long long>(seed), wrong);
        }
    }
}

void test_votes(const TestImage &image)
{
    for (uint32_t threads : {1u, 33u, 700u}) {
        for (uint32_t divisor : {1u, 2u, 1000u}) {
            std::vector<int32_t> out(3 * threads);
            image.run("votes", {{1, 1, 1}, {threads, 1, 1}, 0, false, divisor}, out.data(), divisor);
            for (uint32_t t = 0; t < threads; t++) {
                CHECK(out[3 * t] == static_cast<int32_t>((threads + divisor - 1) / divisor), "count %d", out[3 * t]);
                CHECK((out[3 * t + 1] != 0) == (divisor == 1 || threads == 1), "and %d", out[3 * t + 1]);
                CHECK((out[3 * t + 2] != 0) == (divisor > 1), "or %d", out[3 * t + 2]);
            }
        }
    }
    for (uint32_t stay : {1u, 32u, 50u, 128u}) {
        std::vector<uint32_t> out(128);
        image.run("early_exit", {{1, 1, 1}, {128, 1, 1}}, out.data(), stay);
        for (uint32_t t = 0; t < 128; t++) {
            CHECK(out[t] == (t < stay ? stay * 10001 : 0), "thread %u of %u: %u", t, stay, out[t]);
        }
    }
}

void test_branches(const TestImage &image)
{
    std::vector<uint32_t> expected(32);
    uint32_t last = 30;
    for (uint32_t lane = 0; lane < 32; lane += 2) {
        expected[lane] = lane;
    }
    for (int i = 0; i < 5; i++, last *= 2) {
        for (uint32_t lane = 0; lane < 32; lane += 2) {
            expected[lane] += last;
        }
    }
    for (uint32_t lane = 1; lane < 32; lane += 2) {
        uint32_t leader = lane % 8;
        expected[lane] = (lane + 6) % 32 + ((leader + 6) % 32 << 8);
    }
    for (uint64_t seed = 0; seed < 100; seed++) {
        std::vector<uint32_t> out(32);
        image.run("branches", {{1, 1, 1}, {32, 1, 1}, 0, false, seed}, out.data());
        for (uint32_t lane = 0; lane < 32; lane++) {
            CHECK(out[lane] == expected[lane ^ 1], "lane %u, seed %llu: %u is not %u", lane,
                static_cast<unsigned long long>(seed), out[lane], expected[lane ^ 1]);
        }
    }
}

void test_polls(const TestImage &image)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        std::vector<uint32_t> out(65);
        image.run("polls", {{1, 1, 1}, {64, 1, 1}, 0, false, seed}, out.data());
        CHECK(out == std::vector<uint32_t>(65, 123), "seed %llu", static_cast<unsigned long long>(seed));
        std::vector<uint32_t> together(32);
        image.run("polls_together", {{1, 1, 1}, {64, 1, 1}, 0, false, seed}, together.data());
        CHECK(together == std::vector<uint32_t>(32, 321), "seed %llu", static_cast<unsigned long long>(seed));
    }
}

void test_poison(const TestImage &image)
{
    for (uint32_t words : {0u, 1u, 1000u, cudasim::max_dynamic_shared_bytes / 4}) {
        uint32_t out[2] = {0, 0};
        image.run("poison", {{7, 1, 1}, {128, 1, 1}, 4 * words}, &out[0], words);
        CHECK(out[0] == 0, "%u words of %u were not fresh", out[0], words);
        CHECK(out[1] == 7 * (99 + (words == 0 ? 0 : words - 1)), "%u", out[1]);
    }
    CHECK(image.image->kernel("poison")->static_shared_bytes >= 400, "static shared memory");
}

void test_grid_barrier(const TestImage &image)
{
    constexpr uint32_t blocks = 8, count = 50;
    for (uint64_t seed = 0; seed < 5; seed++) {
        std::vector<uint32_t> expected(blocks * (count + 1));
        for (uint32_t b = 0; b < blocks; b++) {
            expected[b] = b + 1;
        }
        std::vector<uint32_t> values = expected;
        for (uint32_t round = 0; round < count; round++) {
            for (uint32_t b = 0; b < blocks; b++) {
                expected[(round + 1) * blocks + b] =
                    expected[round * blocks + b] + expected[round * blocks + (b + blocks - 1) % blocks];
            }
        }
        uint32_t arrived = 0;
        image.run("rounds", {{blocks, 1, 1}, {64, 1, 1}, 0, true, seed}, values.data(), &arrived, count);
        CHECK(values == expected, "seed %llu", static_cast<unsigned long long>(seed));
    }
}

void test_streams(const TestImage &image)
{
    /* Two grids wait for the host at the same time, while a third thread computes. */
    std::atomic<uint32_t> told{0};
    uint32_t out = 0;
    Shape shape = {{1, 1, 1}, {64, 1, 1}};
    std::thread first([&] { image.run("until_told", shape, &told, &out); });
    std::thread second([&] { image.run("until_told", shape, &told, &out); });
    test_sums(image);
    told = 2;
    first.join();
    second.join();
    CHECK(out == 2 * 64 * 2, "%u", out);
}

void test_stop(const TestImage &image)
{
    for (bool cooperative : {false, true}) {
        for (int32_t how : {0, 1, 2}) {
            std::atomic<bool> stop{false};
            std::atomic<uint32_t> started{0};
            cudasim::Report report = {cudasim::Code::failed, "none"};
            std::thread runner([&] {
                report = image.report_until(stop, "forever", {{3, 1, 1}, {64, 1, 1}, 0, cooperative}, &started, how);
            });
            while (started == 0) {
                std::this_thread::yield();
            }
            stop = true;
            runner.join();
            CHECK(report.empty(), "%s", report.text.c_str());
        }
    }
    std::atomic<bool> stop{true};
    uint32_t started = 0;
    CHECK(image.report_until(stop, "forever", {}, &started, 0).empty() && started == 0, "a grid that need not start");
}

} // namespace

int main(int, char **arguments)
{
    TestImage image(arguments[1], "blocks");
    test_sums(image);
    test_missing_barriers(image);
    test_votes(image);
    test_branches(image);
    test_polls(image);
    test_poison(image);
    test_grid_barrier(image);
    test_streams(image);
    test_stop(image);

    std::vector<uint32_t> out(1024);
    image.run("deep", {{1, 1, 1}, {1024, 1, 1}}, out.data());
    for (uint32_t t = 0; t < 1024; t++) {
        CHECK(out[t] == 7000 * 6999 / 2 * t, "thread %u", t);
    }
    return 0;
}
