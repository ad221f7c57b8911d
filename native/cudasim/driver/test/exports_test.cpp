/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exports_test LIBRARY INCLUDES NOT_SUPPORTED: the library has every function that the filter of the bindings names,
 * and those of its functions that are said not to be supported; and nobody finds it by name because it is loaded.
 */
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <dlfcn.h>

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

int main(int argc, char **argv)
{
    CHECK(argc == 4, "arguments");
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    CHECK(library != nullptr, "%s", dlerror());
    is_not_found_by_name(argv[1]);

    std::string includes = argv[2];
    std::string name = includes.substr(includes.rfind('/') + 1);
    exports_what_is_not_supported(library, argv[3], name == "cuda.includes" ? "cu" : name.substr(0, name.find('.')));

    std::ifstream file(includes);
    if (!file.good()) {
        std::printf("SKIPPED: %s is not there, so nothing says what has to be exported\n", argv[2]);
        return skipped;
    }
    std::vector<std::string> functions = functions_in(file);
    CHECK(!functions.empty(), "no function in %s", argv[2]);
    for (const std::string &function : functions) {
        CHECK(dlsym(library, function.c_str()) != nullptr, "%s is bound and not exported", function.c_str());
    }
    std::printf("%zu functions\n", functions.size());
    return 0;
}
