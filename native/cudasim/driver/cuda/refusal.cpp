/* SPDX-License-Identifier: Apache-2.0 */
#include "refusal.hpp"

#include <cstdio>
#include <mutex>
#include <set>

namespace cudasim::driver {

namespace {

constexpr size_t most_texts = 16384;

struct Refusal {
    abi::Result code = abi::Result::success;
    std::string text;
};

thread_local Refusal refusal;

} // namespace

abi::Result refuse(abi::Result code, std::string text)
{
    refusal.code = code;
    refusal.text = std::move(text);
    return code;
}

abi::Result refuse_further(abi::Result code, const std::string &text)
{
    if (refusal.code == code) {
        refusal.text += text;
    }
    return code;
}

abi::Result refuse_null(const char *argument)
{
    return refuse(abi::Result::invalid_value, std::string("the argument ") + argument + " is null");
}

abi::Result refuse_flags(uint64_t flags)
{
    return refuse(abi::Result::invalid_value, "the flags " + hexadecimal(flags) + " are unknown, or contradict each other");
}

void forget_refusal()
{
    refusal.code = abi::Result::success;
}

const char *refusal_text(abi::Result code)
{
    static auto &mutex = *new std::mutex;
    static auto &texts = *new std::set<std::string>;
    if (code == abi::Result::success || refusal.code != code) {
        return nullptr;
    }
    std::lock_guard lock(mutex);
    auto known = texts.find(refusal.text);
    if (known == texts.end() && texts.size() < most_texts) {
        known = texts.insert(refusal.text).first;
    }
    return known == texts.end() ? nullptr : known->c_str();
}

std::string text_of(const gate::Call &call)
{
    return call.function == nullptr ? "no call"
                                    : std::string(call.function) + ", call " + std::to_string(call.number);
}

std::string hexadecimal(uintptr_t number)
{
    char text[32];
    std::snprintf(text, sizeof text, "0x%zx", static_cast<size_t>(number));
    return text;
}

std::string bytes_text(size_t bytes)
{
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

} // namespace cudasim::driver
