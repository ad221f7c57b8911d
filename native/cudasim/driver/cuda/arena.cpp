/* SPDX-License-Identifier: Apache-2.0 */
#include "arena.hpp"

#include <cstring>
#include <new>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "refusal.hpp"

namespace cudasim::driver {

namespace {

constexpr size_t alignment = 256;
constexpr size_t gap = 256;
constexpr unsigned char poison_byte = 0xCC;
constexpr size_t poison_file_bytes = 2 << 20;
constexpr size_t large_bytes = 64 << 10; /* from here on page tables are cheaper than filling */
constexpr size_t most_mappings = 4096;   /* the kernel allows a process about 65,000 */

size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

size_t page_bytes()
{
    static const size_t bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    return bytes;
}

void *pointer(uintptr_t address)
{
    return reinterpret_cast<void *>(address);
}

/* A file of poison bytes, without a name; -1 if there cannot be one. */
int poison_file(size_t bytes)
{
    int file = memfd_create("cudasim-fresh-memory", MFD_CLOEXEC);
    if (file < 0) {
        return -1;
    }
    const std::vector<unsigned char> page(page_bytes(), poison_byte);
    for (size_t offset = 0; offset < bytes; offset += page.size()) {
        if (pwrite(file, page.data(), page.size(), static_cast<off_t>(offset)) != static_cast<ssize_t>(page.size())) {
            close(file);
            return -1;
        }
    }
    return file;
}

bool map_poison(uintptr_t begin, size_t bytes)
{
    size_t piece = poison_file_bytes;
    while (bytes / piece > most_mappings) {
        piece *= 2;
    }
    int file = poison_file(piece);
    if (file < 0) {
        return false;
    }
    bool mapped = true;
    for (size_t offset = 0; mapped && offset < bytes; offset += piece) {
        size_t part = bytes - offset < piece ? bytes - offset : piece;
        mapped = mmap(pointer(begin + offset), part, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE | MAP_FIXED,
                     file, 0) != MAP_FAILED;
    }
    close(file);
    return mapped;
}

/* The whole pages of a range; nothing in them if the range is small. */
void whole_pages(uintptr_t begin, uintptr_t end, uintptr_t &first, uintptr_t &last)
{
    first = round_up(begin, page_bytes());
    last = end / page_bytes() * page_bytes();
    if (end - begin < large_bytes) {
        first = last = end;
    }
}

/* Takes the pages back to what the file holds. */
void drop_pages(uintptr_t first, uintptr_t last)
{
    if (first < last) {
        madvise(pointer(first), last - first, MADV_DONTNEED);
    }
}

void poison(uintptr_t begin, uintptr_t end)
{
    uintptr_t first;
    uintptr_t last;
    whole_pages(begin, end, first, last);
    std::memset(pointer(begin), poison_byte, first - begin);
    drop_pages(first, last);
    std::memset(pointer(last), poison_byte, end - last);
}

} // namespace

Arena::Arena(size_t bytes) : bytes_(round_up(bytes, page_bytes()))
{
    void *range = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes_ < bytes || range == MAP_FAILED) {
        throw std::bad_alloc();
    }
    begin_ = reinterpret_cast<uintptr_t>(range);
    next_ = begin_;
    if (!map_poison(begin_, bytes_)) {
        munmap(range, bytes_);
        throw std::bad_alloc();
    }
}

Arena::~Arena()
{
    munmap(pointer(begin_), bytes_);
}

bool Arena::find_room(size_t room, uintptr_t from, uintptr_t to, uintptr_t &address) const
{
    auto next = allocations_.lower_bound(from);
    uintptr_t begin = from;
    if (next != allocations_.begin()) {
        auto before = std::prev(next);
        uintptr_t end = before->first + round_up(before->second.bytes, alignment) + gap;
        begin = begin < end ? end : begin;
    }
    for (;; ++next) {
        uintptr_t limit = next == allocations_.end() || next->first > to ? to : next->first;
        if (begin <= limit && limit - begin >= room) {
            address = begin;
            return true;
        }
        if (limit == to) {
            return false;
        }
        begin = next->first + round_up(next->second.bytes, alignment) + gap;
    }
}

abi::Result Arena::allocate(size_t bytes, uintptr_t &address)
{
    std::lock_guard lock(mutex_);
    size_t room = bytes > bytes_ ? 0 : round_up(bytes, alignment) + gap;
    uintptr_t end = begin_ + bytes_;
    if (room == 0 || (!find_room(room, next_, end, address) && !find_room(room, begin_, end, address))) {
        return refuse(abi::Result::out_of_memory,
            bytes_text(bytes) + " are wanted, and " + std::to_string(bytes_ - used_) + " of "
                + std::to_string(bytes_) + " are free, if not in one piece");
    }
    allocations_.emplace(address, Allocation{address, bytes, gate::current});
    next_ = address + room;
    used_ += room;
    poison(address, address + round_up(bytes, alignment));
    return abi::Result::success;
}

bool Arena::free(uintptr_t address)
{
    std::lock_guard lock(mutex_);
    auto found = allocations_.find(address);
    if (found == allocations_.end()) {
        return false;
    }
    size_t bytes = found->second.bytes;
    uintptr_t first;
    uintptr_t last;
    whole_pages(address, address + bytes, first, last);
    drop_pages(first, last);
    used_ -= round_up(bytes, alignment) + gap;
    freed_memory::add(found->second);
    allocations_.erase(found);
    return true;
}

std::vector<Allocation> Arena::allocations() const
{
    std::lock_guard lock(mutex_);
    std::vector<Allocation> all;
    for (const auto &allocation : allocations_) {
        all.push_back(allocation.second);
    }
    return all;
}

std::optional<Allocation> Arena::before(uintptr_t address) const
{
    std::lock_guard lock(mutex_);
    auto after = allocations_.upper_bound(address);
    return after == allocations_.begin() ? std::nullopt : std::optional<Allocation>(std::prev(after)->second);
}

bool Arena::holds(uintptr_t address, size_t bytes) const
{
    std::lock_guard lock(mutex_);
    auto after = allocations_.upper_bound(address);
    return after != allocations_.begin() && std::prev(after)->second.holds(address, bytes);
}

bool Arena::touches(uintptr_t address, size_t bytes) const
{
    return address < begin_ + bytes_ && (address >= begin_ || bytes > begin_ - address);
}

size_t Arena::free_bytes() const
{
    std::lock_guard lock(mutex_);
    return bytes_ - used_;
}

} // namespace cudasim::driver
