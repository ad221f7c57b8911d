/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

#include "refusal.hpp"

namespace cudasim::driver {

namespace {

constexpr size_t host_alignment = 4096;
constexpr unsigned char poison_byte = 0xCC;
constexpr size_t most_quarantined_bytes = 64 << 20;
constexpr size_t most_quarantined = 1024;
constexpr size_t bias_bytes = 128; /* no allocation ends so shortly before another one */

uintptr_t number(const void *address)
{
    return reinterpret_cast<uintptr_t>(address);
}

void *pointer(uintptr_t address)
{
    return reinterpret_cast<void *>(address);
}

/* Whether the process has all pages of the range. */
bool is_mapped(uintptr_t address, size_t bytes)
{
    static const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    uintptr_t begin = address / page * page;
    uintptr_t end;
    if (__builtin_add_overflow(address, bytes, &end)) {
        return false;
    }
    std::vector<unsigned char> resident((end - begin + page - 1) / page);
    return mincore(pointer(begin), end - begin, resident.data()) == 0;
}

} // namespace

Memory::Memory(size_t device_bytes, Checker *checker) : checker_(checker), device_(device_bytes)
{
}

Memory::~Memory()
{
    for (const auto &range : host_) {
        if (!range.second.registered) {
            std::free(pointer(range.first));
        }
    }
    for (const Allocation &allocation : quarantine_) {
        std::free(pointer(allocation.address));
    }
}

void Memory::close()
{
    std::vector<Allocation> left = device_.allocations();
    std::vector<Allocation> of_host = host_allocations();
    left.insert(left.end(), of_host.begin(), of_host.end());
    for (Allocation &allocation : left) {
        if (!allocation.registered) {
            allocation.with_context = true;
            freed_memory::add(allocation);
        }
    }
}

bool Memory::begins_between(const Ranges &ranges, uintptr_t address, uintptr_t end)
{
    auto following = ranges.upper_bound(address);
    return following != ranges.end() && following->first <= end;
}

/* That in which the address lies, or at whose end. */
const Allocation *Memory::find(const Ranges &ranges, uintptr_t address)
{
    return find(ranges, address, 0);
}

const Allocation *Memory::find(const Ranges &ranges, uintptr_t address, size_t bytes)
{
    auto after = ranges.upper_bound(address);
    if (after == ranges.begin()) {
        return nullptr;
    }
    const Allocation &range = std::prev(after)->second;
    return range.holds(address, bytes) ? &range : nullptr;
}

abi::Result Memory::allocate(size_t bytes, uintptr_t &address)
{
    abi::Result result = device_.allocate(bytes, address);
    if (result == abi::Result::success && checker_ != nullptr) {
        checker_->allocated(address, bytes, Space::device, text_of(gate::current));
        tell_watchers([&](Memory &watcher) {
            watcher.checker_->allocated(address, bytes, Space::host_mapped, text_of(gate::current));
        });
    }
    return result;
}

abi::Result Memory::free(uintptr_t address)
{
    if (!device_.free(address)) {
        return refuse(abi::Result::invalid_value, free_mistake(address, false));
    }
    if (checker_ != nullptr) {
        checker_->freed(address, text_of(gate::current));
        tell_watchers([&](Memory &watcher) { watcher.checker_->freed(address, text_of(gate::current)); });
    }
    return abi::Result::success;
}

abi::Result Memory::allocate_host(size_t bytes, void *&address)
{
    address = bytes > PTRDIFF_MAX - host_alignment
        ? nullptr
        : std::aligned_alloc(host_alignment, (bytes + host_alignment - 1) / host_alignment * host_alignment);
    if (address == nullptr) {
        return refuse(abi::Result::out_of_memory, "the host does not have " + bytes_text(bytes));
    }
    std::memset(address, poison_byte, bytes);
    std::lock_guard lock(mutex_);
    add_host({number(address), bytes, gate::current});
    return abi::Result::success;
}

/* With the lock held. */
void Memory::add_host(const Allocation &allocation)
{
    host_.emplace(allocation.address, allocation);
    if (checker_ != nullptr) {
        checker_->allocated(allocation.address, allocation.bytes, Space::host_mapped, text_of(gate::current));
    }
}

abi::Result Memory::register_host(void *address, size_t bytes)
{
    if (device_.touches(number(address), bytes)) {
        return refuse(abi::Result::invalid_value,
            "wrong kind of pointer: " + hexadecimal(number(address)) + " is memory of the device");
    }
    if (!is_mapped(number(address), bytes)) {
        return refuse(abi::Result::invalid_value,
            "the host does not have all of the " + bytes_text(bytes) + " from " + hexadecimal(number(address)) + " on");
    }
    std::lock_guard lock(mutex_);
    auto following = host_.lower_bound(number(address) + bytes);
    if (following != host_.begin()) {
        const Allocation &range = std::prev(following)->second;
        if (range.address + range.bytes > number(address)) {
            return refuse(abi::Result::host_memory_already_registered,
                hexadecimal(range.address) + ", " + range.text() + ", is page-locked already");
        }
    }
    Allocation registered{number(address), bytes, gate::current};
    registered.registered = true;
    add_host(registered);
    return abi::Result::success;
}

abi::Result Memory::unregister_host(void *address)
{
    std::lock_guard lock(mutex_);
    auto found = host_.find(number(address));
    if (found == host_.end() || !found->second.registered) {
        return refuse(abi::Result::host_memory_not_registered,
            hexadecimal(number(address)) + " is no first address of what cuMemHostRegister_v2 has locked");
    }
    if (checker_ != nullptr) {
        checker_->freed(number(address), text_of(gate::current));
    }
    host_.erase(found);
    return abi::Result::success;
}

abi::Result Memory::free_host(void *address)
{
    std::unique_lock lock(mutex_);
    auto found = host_.find(number(address));
    if (found == host_.end() || found->second.registered) {
        lock.unlock();
        return refuse(abi::Result::invalid_value, free_mistake(number(address), true));
    }
    freed_memory::add(found->second);
    if (checker_ != nullptr) {
        checker_->freed(number(address), text_of(gate::current));
    }
    release_host(found->second);
    host_.erase(found);
    return abi::Result::success;
}

/* With the lock held. */
void Memory::release_host(const Allocation &allocation)
{
    if (checker_ == nullptr) {
        std::free(pointer(allocation.address));
        return;
    }
    quarantine_.push_back(allocation);
    quarantine_.back().freed = gate::current;
    quarantined_bytes_ += allocation.bytes;
    std::memset(pointer(allocation.address), poison_byte, allocation.bytes);
    while (quarantined_bytes_ > most_quarantined_bytes || quarantine_.size() > most_quarantined) {
        quarantined_bytes_ -= quarantine_.front().bytes;
        std::free(pointer(quarantine_.front().address));
        quarantine_.pop_front();
    }
}

abi::Result Memory::device_address(const void *host, uintptr_t &address) const
{
    std::unique_lock lock(mutex_);
    const Allocation *range = find(host_, number(host), 1);
    if (range == nullptr) {
        lock.unlock();
        std::optional<Allocation> freed = freed_memory::find(number(host));
        return refuse(abi::Result::invalid_value,
            freed ? "use after free: " + hexadecimal(number(host)) + " lies in " + freed->text() + ", " + freed->ending()
                  : hexadecimal(number(host)) + " is not page-locked memory");
    }
    address = number(host);
    return abi::Result::success;
}

void Memory::add_variable(uintptr_t address, size_t bytes)
{
    std::lock_guard lock(mutex_);
    bool is_new = variables_.emplace(address, Allocation{address, bytes, gate::current}).second;
    if (is_new && checker_ != nullptr) {
        checker_->allocated(address, bytes, Space::variable, text_of(gate::current));
    }
}

void Memory::remove_variable(uintptr_t address)
{
    std::lock_guard lock(mutex_);
    auto found = variables_.find(address);
    if (found == variables_.end()) {
        return;
    }
    freed_memory::add(found->second);
    variables_.erase(found);
    if (checker_ != nullptr) {
        checker_->freed(address, text_of(gate::current));
    }
}

void Memory::unloaded(const Image &image)
{
    if (checker_ != nullptr) {
        checker_->unloaded(image, text_of(gate::current));
    }
}

bool Memory::is_device_range(uintptr_t address, size_t bytes) const
{
    if (device_.holds(address, bytes)) {
        return true;
    }
    {
        std::lock_guard lock(mutex_);
        if (find(host_, address, bytes) != nullptr || find(variables_, address, bytes) != nullptr) {
            return true;
        }
    }
    return is_peer_range(address, bytes);
}

abi::Result Memory::require_device_range(const char *what, uintptr_t address, size_t bytes) const
{
    return is_device_range(address, bytes) ? abi::Result::success
                                           : refuse(abi::Result::invalid_value, mistake(what, address, bytes));
}

abi::Result Memory::require_host_range(const char *what, uintptr_t address, size_t bytes) const
{
    std::string mistake = host_mistake(what, address, bytes);
    return mistake.empty() ? abi::Result::success : refuse(abi::Result::invalid_value, std::move(mistake));
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

bool Memory::is_page_locked(uintptr_t address, size_t bytes) const
{
    std::lock_guard lock(mutex_);
    return find(host_, address, bytes) != nullptr;
}

bool Memory::was_device_address(uintptr_t address) const
{
    return device_.touches(address, 1) || freed_memory::find(address).has_value();
}

bool Memory::was_given(uintptr_t address) const
{
    std::optional<Allocation> freed = freed_memory::find(address);
    return freed && freed->address == address;
}

bool Memory::is_shortly_before(uintptr_t address) const
{
    std::optional<Allocation> freed = freed_memory::find(address);
    if (freed && freed->made.number > created_.number) {
        return false;
    }
    uintptr_t end = address + bias_bytes;
    std::optional<Allocation> following = device_.before(end);
    if (following && following->address > address) {
        return true;
    }
    std::lock_guard lock(mutex_);
    return begins_between(host_, address, end) || begins_between(variables_, address, end);
}

bool Memory::is_live_pointer(uintptr_t address) const
{
    return is_device_range(address, 0);
}

std::vector<Allocation> Memory::host_allocations() const
{
    std::lock_guard lock(mutex_);
    std::vector<Allocation> all;
    for (const auto &range : host_) {
        all.push_back(range.second);
    }
    return all;
}

/* Null if nothing of the range was freed lately. With the lock held. */
const Allocation *Memory::quarantined(uintptr_t address, size_t bytes) const
{
    auto found = std::find_if(quarantine_.rbegin(), quarantine_.rend(), [&](const Allocation &freed) {
        return address < freed.address + freed.bytes && freed.address < address + bytes;
    });
    return found == quarantine_.rend() ? nullptr : &*found;
}

} // namespace cudasim::driver
