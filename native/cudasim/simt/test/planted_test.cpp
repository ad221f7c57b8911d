/* SPDX-License-Identifier: Apache-2.0 */
/* Each planted mistake is found in whatever order the threads run, and nothing in its twin that does not make it. */
#include "checked.hpp"

#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <thread>

namespace {

using cudasim::Code;
using cudasim::Report;

constexpr uint64_t seeds = 100;

/* Two files, and an image of each. */
struct Images {
    explicit Images(const char *folder) : races(folder, "planted_races", true), others(folder, "planted", true) {}

    const TestImage &with(const std::string &kernel) const
    {
        return races.image->kernel(kernel) != nullptr ? races : others;
    }

    TestImage races, others;
};

using Places = std::map<std::string, std::vector<std::string>>;

/* The places that are marked in the source, by kernel. */
void add_marked_places(const std::string &folder, const std::string &file, Places &places)
{
    std::vector<char> bytes = file_bytes(folder + "/" + file);
    std::istringstream text(std::string(bytes.begin(), bytes.end()));
    std::string line;
    const std::string mark = "// accused: ";
    for (int number = 1; std::getline(text, line); number++) {
        size_t found = line.find(mark);
        if (found != std::string::npos) {
            places[line.substr(found + mark.size())].push_back(file + ":" + std::to_string(number));
        }
    }
}

Places marked_places(const std::string &folder)
{
    Places places;
    add_marked_places(folder, "planted_races.cu", places);
    add_marked_places(folder, "planted.cu", places);
    return places;
}

struct alignas(16) Quad {
    uint32_t words[4];
};

/* What each kernel is launched on; it makes its mistake unless it is told otherwise by its last argument. */
using Launcher = std::function<Report(CheckedDevice &, const TestImage &, uint64_t seed, int32_t right)>;

struct Planted {
    const char *kernel;
    const char *words; /* that the report must have */
    Code code;
    Launcher launch;
};

template <typename... A>
Report go(CheckedDevice &device, const TestImage &image, const char *kernel, uint32_t blocks, uint32_t threads,
    uint64_t seed, int32_t right, A... arguments)
{
    return device.launch(image, kernel, {{blocks, 1, 1}, {threads, 1, 1}, 4 * threads, false, seed}, arguments..., right);
}

/* Two blocks at once. */
template <typename... A>
Report together(CheckedDevice &device, const TestImage &image, const char *kernel, uint32_t threads, uint64_t seed,
    int32_t right, A... arguments)
{
    return device.launch(image, kernel, {{2, 1, 1}, {threads, 1, 1}, 0, true, seed}, arguments..., right);
}

/* On an array of words for each thread. */
Launcher with_output(const char *kernel, uint32_t blocks, uint32_t threads)
{
    return [=](CheckedDevice &device, const TestImage &image, uint64_t seed, int32_t right) {
        return go(device, image, kernel, blocks, threads, seed, right, device.filled<uint32_t>(std::max(blocks, threads), 0));
    };
}

std::vector<Planted> all_planted()
{
    auto words = [](CheckedDevice &device, size_t count) { return device.filled<uint32_t>(count, 0); };
    using D = CheckedDevice &;
    using I = const TestImage &;
    return {
        {"missing_barrier", ": race: ", Code::failed, with_output("missing_barrier", 1, 64)},
        {"missing_second_barrier", ": race: ", Code::failed, with_output("missing_second_barrier", 1, 64)},
        {"missing_syncwarp", ": race: ", Code::failed, with_output("missing_syncwarp", 1, 32)},
        {"shuffle_orders_nothing", ": race: ", Code::failed, with_output("shuffle_orders_nothing", 1, 32)},
        {"wrong_mask", ": race: ", Code::failed, with_output("wrong_mask", 1, 32)},
        {"warps_are_not_joined", ": race: ", Code::failed, with_output("warps_are_not_joined", 1, 64)},
        {"shared_histogram", "of the shared variable counts): thread (", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "shared_histogram", 1, 64, s, r, words(d, 64), words(d, 64));
            }},
        {"global_histogram", ") wrote it in planted_races.cu:", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "global_histogram", 4, 64, s, r, words(d, 64), words(d, 2));
            }},
        {"plain_beside_atomic", ": race: ", Code::failed, with_output("plain_beside_atomic", 1, 64)},
        {"block_reads_block", ": race: ", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "block_reads_block", 3, 1, s, r, words(d, 3), words(d, 3));
            }},
        {"blocks_write_the_same", "race: a write of 4 bytes at", Code::failed, with_output("blocks_write_the_same", 2, 1)},
        {"torn_vector", ": race: ", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "torn_vector", 1, 64, s, r, words(d, 4), words(d, 1));
            }},
        {"missing_fence", "race: a read of 4 bytes at", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "missing_fence", 6, 64, s, r, words(d, 6), words(d, 1), words(d, 1));
            }},
        {"missing_acquire", "race: a read of 4 bytes at", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "missing_acquire", 1, 64, s, r, words(d, 1), words(d, 1), words(d, 1));
            }},
        {"plain_flag", ": race: ", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "plain_flag", 1, 64, s, r, words(d, 1), words(d, 1), words(d, 1));
            }},
        {"all_count", "race: a read of 4 bytes at", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "all_count", 80, 8, s, r, words(d, 640), words(d, 1), words(d, 1));
            }},
        {"fence_of_another_lane", "race: a read of 4 bytes at", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                uint32_t mask = s % 2 == 0 ? 0xffffffff : 0xffff;
                return together(d, i, "fence_of_another_lane", 32, s, r, words(d, 1), words(d, 1), words(d, 1), mask);
            }},
        {"fences_of_the_ended", "race: a read of 4 bytes at", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return together(d, i, "fences_of_the_ended", 64, s, r, words(d, 1), words(d, 1), words(d, 1));
            }},
        {"written_behind_readers", ": race: ", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "written_behind_readers", 1, 256, s, r, words(d, 1), words(d, 256));
            }},
        {"watched_counter", "race: a read of 4 bytes at", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return together(d, i, "watched_counter", 32, s, r, words(d, 1), words(d, 1), words(d, 32));
            }},
        {"uninitialised_shared", "thread (46,0,0): uninitialised read: a read of 4 bytes at", Code::failed,
            with_output("uninitialised_shared", 1, 64)},
        {"uninitialised_dynamic", "of dynamic shared memory): nothing has been written there by this block", Code::failed,
            with_output("uninitialised_dynamic", 1, 64)},
        {"uninitialised_device", "uninitialised read: a read of 4 bytes", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "uninitialised_device", 1, 64, s, r, d.allocate<uint32_t>(64), words(d, 64));
            }},
        {"uninitialised_structure", "uninitialised read: a read of 16 bytes", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "uninitialised_structure", 1, 64, s, r, d.allocate<Quad>(64), d.allocate<Quad>(64));
            }},
        {"uninitialised_counter", "uninitialised read: an atomic operation on 4 bytes", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "uninitialised_counter", 1, 64, s, r, d.allocate<uint32_t>(1));
            }},
        {"beyond", "block (0,0,0), thread (63,0,0): out of bounds: a write of 4 bytes at", Code::illegal_address,
            with_output("beyond", 1, 64)},
        {"before", "thread (0,0,0): out of bounds: a write of 4 bytes at", Code::illegal_address,
            with_output("before", 1, 64)},
        {"wild", ": an address that nobody has allocated", Code::illegal_address, with_output("wild", 1, 64)},
        {"null_pointer", "thread (2,0,0): null pointer: ", Code::illegal_address,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "null_pointer", 1, 64, s, r, words(d, 1), static_cast<uint32_t *>(nullptr));
            }},
        {"use_after_free", "use after free: a write of 4 bytes at", Code::illegal_address,
            [=](D d, I i, uint64_t s, int32_t r) {
                auto *freed = words(d, 1000);
                d.free(freed);
                return go(d, i, "use_after_free", 1, 64, s, r, freed, words(d, 64));
            }},
        {"beyond_dynamic", "thread (63,0,0): out of bounds: a write of 4 bytes at", Code::illegal_address,
            [=](D d, I i, uint64_t s, int32_t r) {
                return d.launch(i, "beyond_dynamic", {{1, 1, 1}, {64, 1, 1}, 256, true, s}, words(d, 64), r);
            }},
        {"into_the_neighbour", "out of bounds: index 9 of 'unsigned int [8]'", Code::illegal_address,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "into_the_neighbour", 1, 1, s, r, words(d, 1), uint32_t{9});
            }},
        {"misaligned", "is not a multiple of 16", Code::misaligned,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "misaligned", 1, 4, s, r, d.filled<uint8_t>(64, 1), words(d, 4));
            }},
        {"copies_too_much", "1 byte beyond the 40 bytes at", Code::illegal_address,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "copies_too_much", 1, 1, s, r, d.filled<uint8_t>(60, 1), d.filled<uint8_t>(40, 1),
                    uint32_t{40});
            }},
        {"fills_too_much", "1 byte beyond the 700 bytes at", Code::illegal_address,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "fills_too_much", 1, 1, s, r, d.allocate<uint8_t>(700), uint32_t{700});
            }},
        {"shift", "undefined: a shift of 32 bits by 33", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "shift", 1, 4, s, r, words(d, 4), uint32_t{33});
            }},
        {"division", "undefined: a division by zero", Code::failed,
            [=](D d, I i, uint64_t s, int32_t r) {
                return go(d, i, "division", 1, 1, s, r, words(d, 1), int32_t{0});
            }},
        {"stack_overflow", "stack overflow: ", Code::failed, with_output("stack_overflow", 1, 1)},
    };
}

void test_planted(const Images &images, const char *sources)
{
    auto places = marked_places(sources);
    for (const Planted &it : all_planted()) {
        const TestImage &image = images.with(it.kernel);
        for (uint64_t seed = 0; seed < seeds; seed++) {
            CheckedDevice device;
            Report right = it.launch(device, image, seed, 1);
            CHECK(right.empty(), "%s makes no mistake, seed %llu: %s", it.kernel, static_cast<unsigned long long>(seed),
                right.text.c_str());
            Report wrong = it.launch(device, image, seed, 0);
            CHECK(wrong.code == it.code && wrong.text.find(it.words) != std::string::npos, "%s, seed %llu: %s", it.kernel,
                static_cast<unsigned long long>(seed), wrong.text.c_str());
            bool named = false;
            for (const std::string &place : places[it.kernel]) {
                named |= wrong.text.rfind("kernel " + std::string(it.kernel) + ", " + place + ", block (", 0) == 0;
            }
            CHECK(named, "%s", wrong.text.c_str());
            CHECK(wrong.text.find('\n') == std::string::npos, "%s", wrong.text.c_str());
            /* A grid that was ended leaves the checker as it should be. */
            right = it.launch(device, image, seed, 1);
            CHECK(right.empty(), "%s", right.text.c_str());
        }
    }
}

/* A launch that is to end by the watchdog, and one that waits for the host and ends before. */
void test_watchdog(const Images &images, const char *sources)
{
    const TestImage &image = images.others;
    auto places = marked_places(sources);
    setenv("GPUBENCH_SIM_WATCHDOG", "1", 1);
    for (const char *kernel : {"waits_for_nobody", "loops_for_ever"}) {
        CheckedDevice device;
        auto *word = device.filled<uint32_t>(1, 0);
        Report report = device.launch(image, kernel, {{1, 1, 1}, {33, 1, 1}}, word, int32_t{0});
        CHECK(report.code == Code::failed && report.text.find(": spinning: ") != std::string::npos, "%s",
            report.text.c_str());
        bool named = false;
        for (const std::string &place : places[kernel]) {
            named |= report.text.find(place + ",") != std::string::npos;
        }
        CHECK(named, "%s", report.text.c_str());
        device.run(image, kernel, {{1, 1, 1}, {33, 1, 1}}, word, int32_t{1});
    }
    CheckedDevice device;
    auto begin = std::chrono::steady_clock::now();
    Report endless = device.launch(image, "many_short_ones", {{1 << 24, 1, 1}, {64, 1, 1}},
        device.filled<uint32_t>(32, 1), device.filled<uint32_t>(1, 0));
    CHECK(endless.text.find(": spinning: ") != std::string::npos, "%s", endless.text.c_str());
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10), "in time");
    setenv("GPUBENCH_SIM_WATCHDOG", "0", 1);
    auto *flag = device.allocate<uint32_t>(1, cudasim::Space::host_mapped);
    *flag = 0;
    Report report;
    std::thread runner([&] { report = device.launch(image, "waits_for_nobody", {{1, 1, 1}, {4, 1, 1}}, flag, int32_t{0}); });
    /* Another stream's kernel gets its turn meanwhile. */
    auto *out = device.filled<uint32_t>(64, 0);
    device.run(images.races, "missing_barrier", {{1, 1, 1}, {64, 1, 1}}, out, int32_t{1});
    __atomic_store_n(flag, 1u, __ATOMIC_SEQ_CST);
    runner.join();
    CHECK(report.empty(), "%s", report.text.c_str());

    std::atomic<bool> stop{false};
    *flag = 0;
    std::thread stopped(
        [&] { report = device.launch_until(stop, image, "loops_for_ever", {}, out, int32_t{0}); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = true;
    stopped.join();
    CHECK(report.empty(), "%s", report.text.c_str());
    unsetenv("GPUBENCH_SIM_WATCHDOG");
}

void expect(const Report &report, const char *words)
{
    CHECK(report.text.find(words) != std::string::npos, "%s\nlacks %s", report.text.c_str(), words);
}

/* Launches and copies that nothing puts in an order. */
void test_operations(const TestImage &image)
{
    for (size_t words : {4u, 64u, 1000u}) {
        CheckedDevice device;
        auto *values = device.filled<uint32_t>(words, 0); /* operation 1 */
        uintptr_t address = reinterpret_cast<uintptr_t>(values);
        Shape shape = {{1, 1, 1}, {4, 1, 1}};
        device.run(image, "beyond", shape, values, int32_t{1}); /* 2 */
        device.operations.separate(2, 3);
        expect(device.launch(image, "beyond", shape, values, int32_t{1}), "of block (0,0,0) wrote it in planted.cu:");
        uint64_t copy = device.operations.next(); /* 4 */
        Report report = device.checker.read(copy, address, 4 * words);
        CHECK(report.empty(), "%s", report.text.c_str());
        device.operations.separate(copy, 5);
        expect(device.launch(image, "beyond", shape, values, int32_t{1}), "operation 4 read it, in no order with it");
        device.run(image, "beyond", shape, values, int32_t{1}); /* 6 */
        device.operations.separate(6, 7);
        expect(device.checker.wrote(device.operations.next(), address, 4 * words), "operation 7: race: writes ");
        device.operations.separate(6, 8);
        expect(device.checker.read(device.operations.next(), address, 4 * words), "operation 8: race: reads ");
        report = device.checker.wrote(device.operations.next(), address, 4 * words); /* 9 */
        CHECK(report.empty(), "%s", report.text.c_str());
        device.operations.separate(9, 10);
        expect(device.launch(image, "beyond", shape, values, int32_t{1}), "operation 9 wrote it");
        device.checker.host_wrote(address, 4 * words);
        device.operations.separate(9, 11);
        device.run(image, "beyond", shape, values, int32_t{1});
        device.free(values);
        expect(device.launch(image, "beyond", shape, values, int32_t{1}), "which test_free, call 9 has freed");
    }
}

/* Every warp is as likely as any to be the last. */
void test_orders(const TestImage &image)
{
    constexpr uint32_t warps = 8, threads = 32 * warps, draws = 200;
    std::vector<int> last(warps);
    for (uint64_t seed = 1; seed <= draws; seed++) {
        CheckedDevice device;
        auto *order = device.filled<uint32_t>(threads, 0);
        device.run(image, "turns", {{1, 1, 1}, {threads, 1, 1}, 0, false, seed}, order, device.filled<uint32_t>(1, 0));
        last[order[threads - 1] / 32]++;
    }
    for (int count : last) {
        CHECK(count >= 5, "%d of %u", count, draws);
    }
}

/* What is known of each of many threads takes no time that grows faster than they do. */
void test_many(const TestImage &image)
{
    constexpr uint32_t blocks = 1000, threads = 128;
    CheckedDevice device;
    auto *out = device.filled<uint32_t>(1, 0);
    auto begin = std::chrono::steady_clock::now();
    device.run(image, "all_count", {{blocks, 1, 1}, {threads, 1, 1}, 0, false, 1},
        device.filled<uint32_t>(blocks * threads, 0), device.filled<uint32_t>(1, 0), out, int32_t{1});
    CHECK(*out == blocks * threads, "%u", *out);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20), "it takes too long");
}

void test_texts(const Images &images)
{
    const TestImage &image = images.others;
    CheckedDevice device;
    auto *out = device.filled<uint32_t>(64, 0);
    expect(device.launch(image, "beyond", {{1, 1, 1}, {64, 1, 1}}, out, int32_t{0}),
        ": 4 bytes beyond the 256 bytes at 0x");
    expect(device.launch(image, "before", {{1, 1, 1}, {64, 1, 1}}, out, int32_t{0}), " of allocation 1");
    expect(device.launch(image, "beyond_dynamic", {{1, 1, 1}, {64, 1, 1}, 256}, out, int32_t{0}),
        ": 4 bytes beyond the 256 bytes of dynamic shared memory");
    device.run(images.races, "missing_barrier", {{1, 1, 1}, {64, 1, 1}}, out, int32_t{1});
}

} // namespace

int main(int, char **arguments)
{
    Images images((std::string(arguments[1]) + "/checked").c_str());
    test_planted(images, arguments[2]);
    test_watchdog(images, arguments[2]);
    test_operations(images.others);
    test_orders(images.others);
    test_many(images.races);
    test_texts(images);
    return 0;
}
