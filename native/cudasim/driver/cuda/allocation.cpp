/* SPDX-License-Identifier: Apache-2.0 */
#include "allocation.hpp"

#include <algorithm>
#include <deque>
#include <mutex>

#include "refusal.hpp"

namespace cudasim::driver {

namespace {

constexpr size_t most_freed = 4096;

std::mutex &mutex()
{
    static auto &instance = *new std::mutex;
    return instance;
}

std::deque<Allocation> &history()
{
    static auto &instance = *new std::deque<Allocation>;
    return instance;
}

} // namespace

std::string Allocation::text() const
{
    return bytes_text(bytes) + " of " + text_of(made);
}

std::string Allocation::ending() const
{
    return (with_context ? "freed with its context by " : "freed by ") + text_of(freed);
}

void freed_memory::add(Allocation allocation)
{
    allocation.freed = gate::current;
    std::lock_guard lock(mutex());
    history().push_back(std::move(allocation));
    if (history().size() > most_freed) {
        history().pop_front();
    }
}

std::optional<Allocation> freed_memory::find(uintptr_t address)
{
    std::lock_guard lock(mutex());
    auto found = std::find_if(history().rbegin(), history().rend(),
        [&](const Allocation &allocation) { return allocation.begins_in(address); });
    return found == history().rend() ? std::nullopt : std::optional<Allocation>(*found);
}

} // namespace cudasim::driver
