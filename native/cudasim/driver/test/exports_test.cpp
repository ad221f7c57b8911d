/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exports_test LIBRARY INCLUDES NOT_SUPPORTED: the library has every function that the filter of the bindings names, or
 * that is declared, and those of its functions that are said not to be supported; and nobody finds it by name because it is loaded. Each
 * function goes through the gate: a call of it is counted and traced.
 */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <unistd.h>

#include "check.h"

constexpr int skipped = 77; /* known to ctest */

/* What the lines name that include a function. */
static std::vector<std::string> functions_in(std::ifstream &file)
{
    std::vector<std::string> functions;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string option;
        std::string function;
        if (words >> option >> function && option == "--include-function") {
            functions.push_back(function);
        }
    }
    return functions;
}

/* Of the libraries that fault scripts know. */
static const char *const declared[] = {
#include "exported_functions.inc"
};

static void add_declared(std::vector<std::string> &functions, const std::string &prefix)
{
    for (const std::string function : declared) {
        bool is_known = std::find(functions.begin(), functions.end(), function) != functions.end();
        if (!is_known && function.compare(0, prefix.size(), prefix) == 0) {
            functions.push_back(function);
        }
    }
}

static void exports_what_is_not_supported(void *library, const char *path, const std::string &prefix)
{
    std::ifstream file(path);
    CHECK(file.good(), "%s", path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string function;
        std::string what;
        if (words >> function >> what && function[0] != '#' && function.compare(0, prefix.size(), prefix) == 0) {
            CHECK(dlsym(library, function.c_str()) != nullptr, "%s is listed in %s", function.c_str(), path);
            CHECK(prefix != "cu" || what != "always", "%s has to work", function.c_str());
        }
    }
}

static void is_not_found_by_name(const std::string &path)
{
    std::string name = path.substr(path.rfind('/') + 1);
    void *by_name = dlopen(name.c_str(), RTLD_NOW | RTLD_NOLOAD);
    CHECK(by_name == nullptr, "%s is found by its name", name.c_str());
}

/* What a function does with nothing but zeros does not matter here; more of them than it takes do no harm. */
static void call_with_zeros(void *function)
{
    using Anything = int (*)(long, long, long, long, long, long, long, long, long, long, long);
    reinterpret_cast<Anything>(function)(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/* Every call is a line of the trace: PID API NUMBER FUNCTION RESULT. */
static void counts_each_call(void *library, const std::vector<std::string> &functions, const char *trace)
{
    const std::set<std::string> uncounted = {"cuGetErrorName", "cuGetErrorString", "nvmlErrorString"};
    for (const std::string &function : functions) {
        call_with_zeros(dlsym(library, function.c_str()));
    }
    std::ifstream file(trace);
    long expected = 0;
    for (const std::string &function : functions) {
        if (uncounted.count(function) != 0) {
            continue;
        }
        expected++;
        std::string line;
        CHECK(std::getline(file, line), "%s is not counted", function.c_str());
        std::istringstream words(line);
        long pid = 0;
        long number = 0;
        long result = 0;
        std::string api;
        std::string name;
        std::string rest;
        CHECK(words >> pid >> api >> number >> name >> result && !(words >> rest), "%s", line.c_str());
        CHECK(pid == getpid() && function.compare(0, 2, api, 0, 2) == 0, "%s", line.c_str());
        CHECK(name == function && number == expected, "%s instead of %s", line.c_str(), function.c_str());
    }
    std::string more;
    CHECK(!std::getline(file, more), "%s is counted more than once", more.c_str());
    CHECK(expected > 10, "%ld", expected);
}

int main(int argc, char **argv)
{
    CHECK(argc == 4, "arguments");
    char trace[] = "/tmp/cudasim-exports-XXXXXX";
    int file_of_trace = mkstemp(trace);
    CHECK(file_of_trace >= 0 && close(file_of_trace) == 0, "%s", trace);
    setenv("GPUBENCH_SIM_TRACE", trace, 1);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    CHECK(library != nullptr, "%s", dlerror());
    is_not_found_by_name(argv[1]);

    std::string includes = argv[2];
    std::string name = includes.substr(includes.rfind('/') + 1);
    std::string prefix = name == "cuda.includes" ? "cu" : name.substr(0, name.find('.'));
    exports_what_is_not_supported(library, argv[3], prefix);

    std::ifstream file(includes);
    if (!file.good()) {
        unlink(trace);
        std::printf("SKIPPED: %s is not there, so nothing says what has to be exported\n", argv[2]);
        return skipped;
    }
    std::vector<std::string> functions = functions_in(file);
    CHECK(!functions.empty(), "no function in %s", argv[2]);
    add_declared(functions, prefix);
    for (const std::string &function : functions) {
        CHECK(dlsym(library, function.c_str()) != nullptr, "%s is bound or declared, and not exported", function.c_str());
    }
    if (name != "nvrtc.includes") {
        counts_each_call(library, functions, trace);
    }
    unlink(trace);
    std::printf("%zu functions\n", functions.size());
    return 0;
}
