/* SPDX-License-Identifier: Apache-2.0 */
#include "options.hpp"

#include <algorithm>
#include <filesystem>
#include <initializer_list>

namespace cudasim::nvrtc {

namespace {

/* Whether the option begins with one of its two names; the value is what follows, without the '='. */
bool takes(const std::string &option, const std::string &name, const std::string &short_name, std::string &value)
{
    for (const std::string &prefix : {name + "=", short_name}) {
        if (option.compare(0, prefix.size(), prefix) == 0) {
            value = option.substr(prefix.size());
            return true;
        }
    }
    return false;
}

bool is_one_of(const std::string &text, std::initializer_list<const char *> choices)
{
    return std::any_of(choices.begin(), choices.end(), [&](const char *choice) { return text == choice; });
}

/* compute_90 and what came before it. */
bool is_virtual_architecture(const std::string &value)
{
    return is_one_of(value, {"compute_75", "compute_80", "compute_86", "compute_87", "compute_88", "compute_89",
                                "compute_90", "compute_90a"});
}

bool parse_architecture(const std::string &value, Options &options)
{
    options.for_device = is_one_of(value, {"sm_90", "sm_90a"});
    return options.for_device || is_virtual_architecture(value);
}

} // namespace

bool parse_option(const std::string &option, Options &options, std::string &problem)
{
    std::string value;
    bool known = true;
    bool valid = true;
    if (takes(option, "--gpu-architecture", "-arch=", value)) {
        valid = parse_architecture(value, options);
    } else if (takes(option, "--std", "-std=", value)) {
        valid = is_one_of(value, {"c++03", "c++11", "c++14", "c++17", "c++20"});
        options.arguments.push_back("-std=" + value);
    } else if (takes(option, "--include-path", "-I", value)) {
        valid = !value.empty();
        /* The compiler runs in another folder. */
        options.arguments.push_back("-I" + (valid ? std::filesystem::absolute(value).string() : value));
    } else if (takes(option, "--define-macro", "-D", value)) {
        valid = !value.empty();
        options.arguments.push_back("-D" + value);
    } else if (takes(option, "--undefine-macro", "-U", value)) {
        valid = !value.empty();
        options.arguments.push_back("-U" + value);
    } else {
        /* On the host every function is one of the device, and line numbers are always there. */
        known = is_one_of(option,
            {"-default-device", "--device-as-default-execution-space", "-lineinfo", "--generate-line-info"});
    }
    if (!known) {
        problem = "nvrtc: unrecognised option " + option + "\n";
    } else if (!valid) {
        problem = "nvrtc: invalid value of option " + option + "\n";
    }
    return known && valid;
}

} // namespace cudasim::nvrtc
