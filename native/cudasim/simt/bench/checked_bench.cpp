/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What checking costs: the consensus kernel on 10,000 messages, with and without tags, plain and checked in turn.
 *   checked_bench FOLDER_OF_PLAIN_IMAGES FOLDER_OF_CHECKED_IMAGES
 *
 * The floor: a checked image calls a function at each access and each step, which costs 1 to 2 ns, and the shadow's line
 * of an access is a line of the cache that the plain kernel does not touch. Both kernels switch fibers seven times a
 * message and thread, which is most of the plain one's time.
 */
#include "../test/checked.hpp"

#include <algorithm>

#include <time.h>

namespace {

constexpr uint32_t messages = 10000, validators = 1000, proposals = 4;
constexpr int rounds = 41;

struct alignas(16) Quad {
    uint32_t words[4];
};

/* Of this thread, which runs the whole grid, so that other work on the machine counts little. */
double processor_milliseconds()
{
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

class Contest {
public:
    Contest(const char *plain_images, const char *checked_images)
        : plain(plain_images, "consensus"), checked(checked_images, "consensus", true)
    {
        std::vector<uint32_t> values(64 + 8 * messages);
        values[0] = 7;
        values[1] = 1;
        values[2] = messages;
        values[3] = proposals;
        Random random(1);
        for (uint32_t k = 0; k < 16; k++) {
            values[4 + 2 * k] = k + 1;
        }
        for (uint32_t m = 0; m < messages; m++) {
            uint32_t *message = &values[64 + 8 * m];
            message[0] = static_cast<uint32_t>(random.next() % validators);
            message[1] = 7;
            message[2] = 1 + static_cast<uint32_t>(random.next() % proposals);
            message[4] = 1;
        }
        round = device.copied(values);
        result = device.allocate<uint64_t>(12 + 2 * 16);
        keys = device.filled<Quad>(validators, {{1, 2, 3, 4}});
        weights = device.filled<uint32_t>(validators, 5);
        workspace = device.filled<uint32_t>(64 + 2 * 32 * 32, 0);
    }

    double milliseconds(bool is_checked, bool keyed)
    {
        const TestImage &image = is_checked ? checked : plain;
        const cudasim::Kernel *kernel = image.image->kernel("consensus_round");
        Quad *its_keys = keyed ? keys : nullptr;
        uint64_t total = uint64_t{5} * validators;
        uint32_t count = validators, limit = messages;
        void *arguments[] = {&round, &result, &its_keys, &weights, &workspace, &total, &count, &limit};
        std::atomic<bool> stop{false};
        double start = processor_milliseconds();
        cudasim::Report report = cudasim::run_grid(
            {kernel, {(messages + 127) / 128, 1, 1}, {128, 1, 1}, 0, false, 0, is_checked ? &device.checker : nullptr,
                device.operations.next()},
            arguments, stop);
        double taken = processor_milliseconds() - start;
        CHECK(report.empty(), "%s", report.text.c_str());
        return taken;
    }

private:
    TestImage plain, checked;
    CheckedDevice device;
    uint32_t *round;
    uint64_t *result;
    Quad *keys;
    uint32_t *weights;
    uint32_t *workspace;
};

double quantile(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<size_t>(part * static_cast<double>(values.size() - 1))];
}

} // namespace

int main(int count, char **arguments)
{
    CHECK(count == 3, "checked_bench FOLDER_OF_PLAIN_IMAGES FOLDER_OF_CHECKED_IMAGES");
    Contest contest(arguments[1], arguments[2]);
    for (bool keyed : {false, true}) {
        double first = contest.milliseconds(true, keyed);
        std::vector<double> plain, checked, ratios;
        for (int i = 0; i < rounds; i++) {
            plain.push_back(contest.milliseconds(false, keyed));
            checked.push_back(contest.milliseconds(true, keyed));
            ratios.push_back(checked.back() / plain.back());
        }
        printf("%-7s plain %.3f ms, checked %.3f ms (first %.3f), ratio %.2f (quartiles %.2f to %.2f)\n",
            keyed ? "siphash" : "none", quantile(plain, 0.5), quantile(checked, 0.5), first, quantile(ratios, 0.5),
            quantile(ratios, 0.25), quantile(ratios, 0.75));
    }
    return 0;
}
