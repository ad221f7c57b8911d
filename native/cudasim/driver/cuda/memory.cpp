/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.hpp"

#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>

namespace cudasim::driver {

namespace {

constexpr size_t host_alignment = 4096;

uintptr_t number(const void *address)
{
    return reinterpret_cast<uintptr_t>(address);
}

} // namespace

Memory::~Memory()
{
    for (const auto &range : host_) {
        std::free(reinterpret_cast<void *>(range.first));
    }
}

const Memory::Range *Memory::find(const Ranges &ranges, uintptr_t address, size_t bytes)
{
    auto after = ranges.upper_bound(address);
    if (after == ranges.begin()) {
        return nullptr;
    }
    auto range = std::prev(after);
    size_t offset = address - range->first;
    bool inside = offset <= range->second.bytes && bytes <= range->second.bytes - offset;
    return inside ? &range->second : nullptr;
}

void *Memory::allocate_host(size_t bytes, uint32_t flags)
{
    if (bytes > PTRDIFF_MAX - host_alignment) {
        throw std::bad_alloc();
    }
    void *address = std::aligned_alloc(host_alignment, (bytes + host_alignment - 1) / host_alignment * host_alignment);
    if (address == nullptr) {
        throw std::bad_alloc();
    }
    std::memset(address, 0xCC, bytes);
    std::lock_guard lock(mutex_);
    host_.emplace(number(address), Range{bytes, flags});
    return address;
}

abi::Result Memory::free_host(void *address)
{
    std::lock_guard lock(mutex_);
    if (host_.erase(number(address)) == 0) {
        return abi::Result::invalid_value;
    }
    std::free(address);
    return abi::Result::success;
}

abi::Result Memory::device_address(const void *host, uintptr_t &address) const
{
    std::lock_guard lock(mutex_);
    const Range *range = find(host_, number(host), 1);
    if (range == nullptr || (range->flags & abi::host_device_map) == 0) {
        return abi::Result::invalid_value;
    }
    address = number(host);
    return abi::Result::success;
}

void Memory::add_variable(uintptr_t address, size_t bytes)
{
    std::lock_guard lock(mutex_);
    variables_[address] = Range{bytes, 0};
}

void Memory::remove_variable(uintptr_t address)
{
    std::lock_guard lock(mutex_);
    variables_.erase(address);
}

bool Memory::is_device_range(uintptr_t address, size_t bytes) const
{
    if (device.holds(address, bytes)) {
        return true;
    }
    std::lock_guard lock(mutex_);
    return find(host_, address, bytes) != nullptr || find(variables_, address, bytes) != nullptr;
}

bool Memory::is_host_range(const void *address, size_t bytes) const
{
    return address != nullptr && number(address) + bytes >= number(address) && !device.touches(number(address), bytes);
}

size_t Memory::page_locked_bytes() const
{
    std::lock_guard lock(mutex_);
    size_t bytes = 0;
    for (const auto &range : host_) {
        bytes += range.second.bytes;
    }
    return bytes;
}

bool Memory::is_page_locked(const void *address, size_t bytes) const
{
    std::lock_guard lock(mutex_);
    return find(host_, number(address), bytes) != nullptr;
}

} // namespace cudasim::driver
