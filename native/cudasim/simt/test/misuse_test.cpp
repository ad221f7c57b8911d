/* SPDX-License-Identifier: Apache-2.0 */
/* Misuse is reported with kernel, line, block and thread, whatever the order of the threads, and never hangs. */
#include "harness.hpp"

#include <sstream>

namespace {

class Misuse {
public:
    Misuse(const char *images, const char *its_sources) : image(images, "misuse"), sources(its_sources) {}

    std::string place(const std::string &role, const std::string &tag) const
    {
        for (const char *file : {"misuse.cu", "misuse.cuh"}) {
            std::vector<char> bytes = file_bytes(sources + "/" + file);
            std::istringstream text(std::string(bytes.begin(), bytes.end()));
            std::string line;
            for (int number = 1; std::getline(text, line); number++) {
                size_t found = line.find("// " + role + ": " + tag);
                if (found != std::string::npos && found + role.size() + tag.size() + 5 == line.size()) {
                    return std::string(file) + ":" + std::to_string(number);
                }
            }
        }
        CHECK(false, "no line is marked %s: %s", role.c_str(), tag.c_str());
    }

    template <typename... A>
    void expect(const char *kernel, const Shape &shape, const std::string &rest, A... arguments) const
    {
        std::string report = image.report_of(kernel, shape, arguments...).text;
        std::string start = std::string("kernel ") + kernel + ", " + place("accused", kernel) + ", block ";
        CHECK(report.rfind(start, 0) == 0, "%s", report.c_str());
        CHECK(report.find(rest) != std::string::npos, "%s\nlacks %s", report.c_str(), rest.c_str());
    }

    TestImage image;
    std::string sources;
};

void test_exact_texts(const Misuse &misuse)
{
    std::vector<uint32_t> out(64);
    Shape shape = {{1, 1, 1}, {64, 1, 1}};
    misuse.expect("divergent_barrier", shape,
        "(0,0,0), thread (40,0,0): divergent barrier: thread (0,0,0) waits at the one in " +
            misuse.place("other", "divergent_barrier"),
        out.data());
    misuse.expect("not_in_mask", {{1, 1, 1}, {4, 8, 1}},
        "(0,0,0), thread (0,4,0): __ballot_sync: the mask 0x0000ffff does not name the calling lane 16", out.data());
    misuse.expect("gone_before", shape,
        "(0,0,0), thread (0,0,0): __any_sync: absent lane: the mask 0xffffffff names lane 13, thread (13,0,0), "
        "which has ended",
        out.data());
    misuse.expect("no_such_lane", {{1, 1, 1}, {40, 1, 1}},
        "(0,0,0), thread (32,0,0): __match_any_sync: absent lane: the mask 0xffffffff names lane 8, which the block "
        "does not have",
        out.data());
    misuse.expect("barrier_in_branch", shape,
        "(0,0,0), thread (0,0,0): __shfl_xor_sync: absent lane: the mask 0xffffffff names lane 1, thread (1,0,0), "
        "which waits in " +
            misuse.place("other", "barrier_in_branch"),
        out.data());

    std::vector<uint32_t> in(60);
    in[5 * 3 + 2] = 42;
    misuse.expect("trapped", {{3, 1, 1}, {5, 12, 1}}, "(0,0,0), thread (2,3,0): trap", in.data());
    misuse.expect("asserted", {{3, 2, 1}, {1, 1, 1}}, "(2,0,0), thread (0,0,0): assertion failed: number < limit",
        int32_t{2});
    std::vector<int32_t> odd = {2, 4, 6, 7, 9};
    misuse.expect("in_header", {{1, 1, 1}, {5, 1, 1}}, "thread (3,0,0): assertion failed: value % 2 == 0", odd.data());
}

void test_every_order(const Misuse &misuse)
{
    for (uint64_t seed = 0; seed < 100; seed++) {
        std::vector<uint32_t> out(64);
        Shape shape = {{1, 1, 1}, {64, 1, 1}, 0, false, seed};
        for (const char *kernel : {"gone_before", "goes_later", "other_collective", "same_collective_elsewhere",
                 "other_mask", "circle", "syncwarp_and_barrier", "barrier_in_branch", "not_in_mask"}) {
            std::string report = misuse.image.report_of(kernel, shape, out.data()).text;
            bool accused = report.find(misuse.place("accused", kernel)) != std::string::npos;
            bool other = false;
            if (strcmp(kernel, "other_collective") == 0 || strcmp(kernel, "same_collective_elsewhere") == 0) {
                other = report.find(misuse.place("other", kernel)) != std::string::npos;
                CHECK(accused && other, "%s", report.c_str());
            }
            CHECK(accused, "%s: %s", kernel, report.c_str());
        }
        for (const char *kernel : {"divergent_barrier", "uneven_loop"}) {
            std::string report = misuse.image.report_of(kernel, shape, out.data()).text;
            CHECK(report.find("divergent barrier") != std::string::npos, "%s", report.c_str());
            CHECK(report.find(misuse.place("accused", kernel)) != std::string::npos &&
                      report.find(misuse.place("other", kernel)) != std::string::npos,
                "%s", report.c_str());
        }
    }
}

} // namespace

int main(int, char **arguments)
{
    Misuse misuse(arguments[1], arguments[2]);
    test_exact_texts(misuse);
    test_every_order(misuse);

    for (int i = 0; i < 20; i++) {
        uint32_t word = 0;
        misuse.expect("alone", {{4, 1, 1}, {32, 1, 1}, 0, true}, "(2,0,0), thread (", &word);
    }
    /* Nothing of a grid that was given up stays behind. */
    uint32_t word = 1;
    misuse.image.run("alone", {{2, 1, 1}, {1024, 1, 1}}, &word);
    return 0;
}
