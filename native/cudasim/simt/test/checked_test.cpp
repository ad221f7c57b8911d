/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels without a mistake: checked, they give no report in any order, and the same results. */
#include "checked.hpp"

#include <numeric>

namespace {

constexpr uint64_t seeds = 10;

void test_blocks(const TestImage &image, uint64_t seed)
{
    CheckedDevice device;
    for (uint32_t threads : {1u, 33u, 256u, 1000u}) {
        constexpr uint32_t blocks = 3;
        auto *in = device.filled<uint32_t>(blocks * threads, 3);
        auto *out = device.allocate<uint32_t>(blocks);
        device.run(image, "tree_sum", {{blocks, 1, 1}, {threads, 1, 1}, 4 * threads, false, seed}, in, out);
        CHECK(out[2] == 3 * threads, "%u", out[2]);
        device.run(image, "tree_sum", {{blocks, 1, 1}, {threads, 1, 1}, 4 * threads, true, seed}, in, out);
        auto *votes = device.allocate<int32_t>(3 * threads);
        device.run(image, "votes", {{1, 1, 1}, {threads, 1, 1}, 0, false, seed}, votes, uint32_t{2});
    }
    auto *in = device.filled<uint32_t>(512, 1);
    auto *out = device.allocate<uint32_t>(512);
    Shape shape = {{1, 1, 1}, {64, 1, 1}, 0, false, seed};
    device.run(image, "shuffle_sum", {{2, 1, 1}, {256, 1, 1}, 0, false, seed}, in, out);
    CHECK(out[1] == 256, "%u", out[1]);
    device.run(image, "neighbours", shape, out, int32_t{1});
    device.run(image, "early_exit", {{1, 1, 1}, {128, 1, 1}, 0, false, seed}, out, uint32_t{50});
    CHECK(out[49] == 50 * 10001, "%u", out[49]);
    device.run(image, "branches", {{1, 1, 1}, {32, 1, 1}, 0, false, seed}, out);
    device.run(image, "polls", shape, out);
    CHECK(out[0] == 123 && out[64] == 123, "%u", out[64]);
    device.run(image, "polls_together", shape, out);
    device.run(image, "deep", {{1, 1, 1}, {8, 1, 1}, 0, false, seed}, out);

    constexpr uint32_t blocks = 8, count = 20;
    auto *values = device.filled<uint32_t>(blocks * (count + 1), 1);
    auto *arrived = device.filled<uint32_t>(1, 0);
    device.run(image, "rounds", {{blocks, 1, 1}, {64, 1, 1}, 0, true, seed}, values, arrived, count);
    CHECK(values[blocks * count] == 1u << count, "%u", values[blocks * count]);
}

void test_intrinsics(const TestImage &image, uint64_t seed)
{
    CheckedDevice device;
    auto *inputs = device.filled<uint8_t>(256 * 64, 3);
    auto *out = device.allocate<uint64_t>(256 * 60);
    device.run(image, "bits", {{1, 1, 1}, {256, 1, 1}, 0, false, seed}, inputs, out);
    device.run(image, "warps", {{1, 1, 1}, {256, 1, 1}, 0, false, seed}, inputs, out, ~uint32_t{0}, int32_t{32});
    device.run(image, "warps", {{1, 1, 1}, {256, 1, 1}, 0, false, seed}, inputs, out, uint32_t{0x0ff0}, int32_t{8});
    auto *targets = device.filled<uint64_t>(40, 0);
    auto *old = device.filled<uint64_t>(1, 0);
    device.run(image, "atomics", {{4, 1, 1}, {128, 1, 1}, 0, seed % 2 == 1, seed}, targets, old);
    CHECK(*old == 512 * 511 / 2, "each old value once");
    auto *shapes = device.allocate<uint32_t>(14 * 24 * 105);
    device.run(image, "shapes", {{3, 2, 4}, {5, 3, 7}, 0, false, seed}, shapes);
    device.run(image, "clocks", {}, device.allocate<int32_t>(1));
}

/* Misuse that has a report without checks has it with them. */
void test_misuse(const TestImage &image, uint64_t seed)
{
    CheckedDevice device;
    auto *out = device.filled<uint32_t>(64, 0);
    for (const char *kernel : {"divergent_barrier", "gone_before", "other_mask", "circle", "syncwarp_and_barrier"}) {
        cudasim::Report report = device.launch(image, kernel, {{1, 1, 1}, {64, 1, 1}, 0, false, seed}, out);
        CHECK(!report.empty() && report.code != cudasim::Code::assertion, "%s", kernel);
    }
    cudasim::Report report = device.launch(image, "asserted", {{3, 1, 1}, {1, 1, 1}}, int32_t{2});
    CHECK(report.code == cudasim::Code::assertion, "%s", report.text.c_str());
}

/* A round of votes: what both ways of counting it need, and that they leave no report. */
void test_consensus(const TestImage &image, uint64_t seed)
{
    constexpr uint32_t messages = 1000, validators = 300, proposals = 4;
    for (bool keyed : {false, true}) {
        CheckedDevice device;
        std::vector<uint32_t> round(64 + 8 * messages);
        round[0] = 7;
        round[1] = 1;
        round[2] = messages;
        round[3] = proposals;
        Random random(seed);
        for (uint32_t k = 0; k < 16; k++) {
            round[4 + 2 * k] = k + 1;
        }
        for (uint32_t m = 0; m < messages; m++) {
            uint32_t *message = &round[64 + 8 * m];
            message[0] = static_cast<uint32_t>(random.next() % (validators + 2));
            message[1] = 7;
            message[2] = 1 + static_cast<uint32_t>(random.next() % (proposals + 1));
            message[4] = 1;
        }
        struct alignas(16) Quad {
            uint32_t words[4];
        };
        auto *copied = device.copied(round);
        auto *result = device.allocate<uint64_t>(12 + 2 * 5);
        auto *keys = keyed ? device.filled<Quad>(validators, {{1, 2, 3, 4}}) : nullptr;
        auto *weights = device.filled<uint32_t>(validators, 5);
        auto *workspace = device.filled<uint32_t>(64 + 2 * 32 * 10 + 16 * 10, 0);
        Shape shape = {{8, 1, 1}, {128, 1, 1}, 0, false, seed};
        for (int again = 0; again < 2; again++) {
            device.run(image, "consensus_round", shape, copied, result, keys, weights, workspace,
                uint64_t{5} * validators, validators, messages);
            uint64_t accepted = result[3];
            CHECK(keyed || accepted > 0, "nobody voted");
            device.run(image, "consensus_tally", shape, copied, keys, weights, workspace, validators, messages);
            Shape words = {{3, 1, 1}, {128, 1, 1}, 0, false, seed};
            device.run(image, "consensus_decide", words, copied, result, weights, workspace, uint64_t{5} * validators,
                validators);
            CHECK(result[3] == accepted, "two ways, two results");
        }
    }
}

} // namespace

int main(int, char **arguments)
{
    std::string folder = std::string(arguments[1]) + "/checked";
    TestImage blocks(folder.c_str(), "blocks", true);
    TestImage intrinsics(folder.c_str(), "intrinsics", true);
    TestImage misuse(folder.c_str(), "misuse", true);
    TestImage consensus(arguments[3], "consensus", true);
    for (uint64_t seed = 0; seed < seeds; seed++) {
        test_blocks(blocks, seed);
        test_intrinsics(intrinsics, seed);
        test_misuse(misuse, seed);
        test_consensus(consensus, seed);
    }
    return 0;
}
