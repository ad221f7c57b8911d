/* SPDX-License-Identifier: Apache-2.0 */
/* What the shadow remembers of operations, and what it gives back. */
#include "checked.hpp"

#include <fstream>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

using cudasim::Report;

namespace {

uintptr_t number(const void *memory)
{
    return reinterpret_cast<uintptr_t>(memory);
}

void expect_none(const Report &report)
{
    CHECK(report.empty(), "%s", report.text.c_str());
}

void expect(const Report &report, const char *words)
{
    CHECK(report.text.find(words) != std::string::npos, "%s: %s", words, report.text.c_str());
}

/* __ldcv is a volatile read, which a volatile write may meet. */
void test_loads_by_hint(const TestImage &image)
{
    for (uint64_t seed = 0; seed < 4; seed++) {
        CheckedDevice device;
        auto *flag = device.filled<uint32_t>(1, 0);
        auto *out = device.filled<uint32_t>(1, 0);
        device.run(image, "polls_by_hint", {{1, 1, 1}, {2, 1, 1}, 0, false, seed}, flag, out);
        CHECK(*out == 1, "%u", *out);
    }
}

/* More copies than are remembered come and go beside a kernel, which is still known. */
void test_resident_kernel(const TestImage &image)
{
    CheckedDevice device;
    auto *flag = device.filled<uint32_t>(1, 0);
    auto *answer = device.filled<uint32_t>(1, 0);
    auto *data = device.filled<uint32_t>(1, 0);
    auto *out = device.filled<uint32_t>(1, 0);
    auto *other = device.filled<uint32_t>(64, 0);
    std::atomic<bool> stop{false};
    Report report;
    std::thread kernel([&] {
        report = device.launch_until(
            stop, image, "resident", {{2, 1, 1}, {1, 1, 1}, 0, true}, flag, answer, data, out);
    });
    while (__atomic_load_n(out, __ATOMIC_SEQ_CST) == 0) {
        std::this_thread::yield();
    }
    for (int i = 0; i < 6000; i++) {
        expect_none(device.checker.wrote(device.operations.next(), number(other), 256));
    }
    __atomic_store_n(flag, 1u, __ATOMIC_SEQ_CST);
    kernel.join();
    expect_none(report);
    CHECK(*out == 5, "%u", *out);
}

/* Of several readers in no order, one that a later writer does not follow, whichever it is. */
void test_readers()
{
    for (size_t bytes : {4u, 400u, 4096u}) {
        for (uint64_t readers = 1; readers <= 3; readers++) {
            for (uint64_t missed = 0; missed <= readers; missed++) { /* 0: none */
                CheckedDevice device;
                uintptr_t address = number(device.filled<unsigned char>(bytes, 0)); /* operation 1 */
                for (uint64_t reader = 2; reader <= readers + 1; reader++) {
                    for (uint64_t earlier = 2; earlier < reader; earlier++) {
                        device.operations.separate(earlier, reader);
                    }
                    expect_none(device.checker.read(device.operations.next(), address, bytes));
                }
                uint64_t writer = device.operations.next();
                if (missed == 0) {
                    expect_none(device.checker.wrote(writer, address, bytes));
                } else {
                    device.operations.separate(missed + 1, writer);
                    std::string words = ": operation " + std::to_string(missed + 1) + " read it, in no order with it";
                    expect(device.checker.wrote(writer, address, bytes), words.c_str());
                }
            }
        }
    }
}

/* What was uninitialised still is in a copy: as a whole, in part, and across the borders of sections. */
void test_copies(const TestImage &image)
{
    Shape shape = {{1, 1, 1}, {1, 1, 1}};
    for (size_t shift : {0u, 3u, 128u}) {
        CheckedDevice device;
        constexpr uint32_t words = 600;
        auto *source = device.allocate<uint32_t>(words);
        auto *target = device.filled<uint32_t>(words + 128, 7);
        auto *out = device.filled<uint32_t>(1, 0);
        auto copy = [&] {
            expect_none(device.checker.copied(
                device.operations.next(), number(target + shift), number(source), words * sizeof(uint32_t)));
        };
        auto read_copy = [&](uint32_t from, uint32_t count) {
            return device.launch(image, "read_all", shape, target + shift + from, out, count);
        };
        copy();
        expect(read_copy(0, 1), "uninitialised read");
        expect(read_copy(words - 2, 1), "uninitialised read");
        device.fill(source, 302, uint32_t{1});
        copy();
        expect_none(read_copy(0, 302));
        expect(read_copy(304, 1), "uninitialised read");
        device.fill(source, words, uint32_t{1});
        copy();
        expect_none(read_copy(0, words));
        if (shift != 0) {
            expect_none(device.launch(image, "read_all", shape, target, out, static_cast<uint32_t>(shift)));
        }
    }
}

size_t resident_bytes()
{
    size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages >> pages;
    return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

/* Memory that kernels have touched costs as long as it lives. */
void test_memory_given_back(const TestImage &image)
{
    constexpr uint32_t words = 1 << 20;
    CheckedDevice device;
    auto *out = device.filled<uint32_t>(32, 0);
    auto *data = device.filled<uint32_t>(words, 1);
    size_t before = resident_bytes();
    device.run(image, "read_all", {{1, 1, 1}, {32, 1, 1}}, data, out, words);
    size_t touched = resident_bytes();
    device.free(data);
    size_t after = resident_bytes();
    CHECK(touched > before + 7 * 4 * words, "%zu bytes, then %zu", before, touched);
    CHECK(after < before + 4 * words, "%zu bytes, then %zu, then %zu", before, touched, after);
    expect(device.launch(image, "read_all", {{1, 1, 1}, {32, 1, 1}}, data, out, words), "use after free");
}

size_t open_files()
{
    size_t count = 0;
    for (int file = 0; file < 1024; file++) {
        count += fcntl(file, F_GETFD) >= 0;
    }
    return count;
}

/* Of an image that was unloaded nothing stays but what reports need. */
void test_unloaded_images(const TestImage &reader, const std::string &folder)
{
    CheckedDevice device;
    auto *out = device.filled<uint32_t>(32, 0);
    size_t before = 0;
    for (int round = 0; round < 20; round++) {
        TestImage image(folder.c_str(), "shadow", true);
        before = round == 0 ? open_files() : before;
        CHECK(open_files() <= before, "%zu files, then %zu", before, open_files());
        device.run(image, "use_table", {{1, 1, 1}, {32, 1, 1}}, out);
        auto *table = static_cast<const uint32_t *>(image.image->variable("table").address);
        device.run(reader, "read_all", {{1, 1, 1}, {1, 1, 1}}, table, out, uint32_t{100});
        device.checker.unloaded(*image.image, "test_unload, call 7");
        expect(device.launch(reader, "read_all", {{1, 1, 1}, {1, 1, 1}}, table, out, uint32_t{100}),
            "of variable table, which test_unload, call 7 has freed");
    }
}

} // namespace

int main(int, char **arguments)
{
    std::string folder = std::string(arguments[1]) + "/checked";
    TestImage image(folder.c_str(), "shadow", true);
    test_loads_by_hint(image);
    test_resident_kernel(image);
    test_readers();
    test_copies(image);
    test_memory_given_back(image);
    test_unloaded_images(image, folder);
    return 0;
}
