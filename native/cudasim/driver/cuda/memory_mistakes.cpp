/* SPDX-License-Identifier: Apache-2.0 */
/* What to say of an address that is not what a call wants. */
#include "memory.hpp"
#include "refusal.hpp"

namespace cudasim::driver {

namespace {

constexpr size_t near_bytes = 256; /* no allocation begins so shortly behind another one */

/* "use after free: the target begins 256 bytes into 0x7f00, 4096 bytes of cuMemAlloc_v2, call 5, freed by cuMemFree_v2, call 17" */
std::string use_after_free(
    const std::string &what, uintptr_t address, const Allocation &freed, const std::string &verb = "begins")
{
    return "use after free: " + what + " " + verb + " " + bytes_text(freed.offset_of(address)) + " into "
        + hexadecimal(freed.address) + ", " + freed.text() + ", " + freed.ending();
}

std::string overrun(const std::string &what, uintptr_t address, size_t bytes, const Allocation &live)
{
    size_t offset = live.offset_of(address);
    return "out of bounds: " + what + ", " + bytes_text(bytes) + " from byte " + std::to_string(offset) + " on, leaves "
        + live.text() + " by " + bytes_text(bytes - (live.bytes - offset));
}

bool goes_beyond_all_addresses(uintptr_t address, size_t bytes)
{
    return address + bytes < address;
}

} // namespace

std::string Memory::mistake(const char *what, uintptr_t address, size_t bytes, const char *verb) const
{
    if (address == 0) {
        return std::string(what) + " is null";
    }
    std::optional<Allocation> live = device_.before(address);
    if (live && live->holds(address, 0)) {
        return overrun(what, address, bytes, *live);
    }
    {
        std::lock_guard lock(mutex_);
        for (const Ranges *ranges : {&host_, &variables_}) {
            const Allocation *range = find(*ranges, address);
            if (range != nullptr) {
                return overrun(what, address, bytes, *range);
            }
        }
    }
    std::optional<Allocation> freed = freed_memory::find(address);
    bool near_live = live && live->offset_of(address) - live->bytes < near_bytes;
    if (freed && (!near_live || freed->made.number > created_.number)) { /* not of a context before, there by chance */
        return use_after_free(what, address, *freed, verb);
    }
    if (!device_.touches(address, 1)) {
        return "wrong kind of pointer: " + std::string(what) + ", " + hexadecimal(address)
            + ", is neither memory of the device nor page-locked nor a variable of a module";
    }
    if (near_live) {
        return "out of bounds: " + std::string(what) + " " + verb + " " + bytes_text(live->offset_of(address) - live->bytes)
            + " behind the end of " + live->text();
    }
    return "out of bounds: " + std::string(what) + ", " + hexadecimal(address)
        + ", is memory of the device that nobody has allocated";
}

/* Empty if the host may use the range. */
std::string Memory::host_mistake(const char *what, uintptr_t address, size_t bytes) const
{
    if (address == 0) {
        return std::string(what) + " is null";
    }
    if (goes_beyond_all_addresses(address, bytes)) {
        return "out of bounds: " + std::string(what) + ", " + bytes_text(bytes) + " from " + hexadecimal(address)
            + " on, goes beyond all addresses";
    }
    if (device_.touches(address, bytes)) {
        std::optional<Allocation> live = device_.before(address);
        return "wrong kind of pointer: " + std::string(what) + ", " + hexadecimal(address)
            + ", is memory of the device"
            + (live && live->begins_in(address) ? ", of " + text_of(live->made) : std::string()) + ", not of the host";
    }
    std::lock_guard lock(mutex_);
    const Allocation *range = find(host_, address, 1);
    if (range != nullptr) {
        return range->holds(address, bytes) ? "" : overrun(what, address, bytes, *range);
    }
    const Allocation *freed = quarantined(address, bytes);
    return freed == nullptr ? "" : use_after_free(what, address < freed->address ? freed->address : address, *freed);
}

std::string Memory::free_mistake(uintptr_t address, bool of_host) const
{
    const std::string it = hexadecimal(address);
    const char *other_function = of_host ? "cuMemFree_v2" : "cuMemFreeHost";
    std::optional<Allocation> live = device_.before(address);
    bool is_of_host = false;
    if (!live || !live->begins_in(address)) {
        live.reset();
        std::lock_guard lock(mutex_);
        const Allocation *range = find(host_, address, 1);
        if (range != nullptr) {
            live = *range;
            is_of_host = true;
        } else if (find(variables_, address, 1) != nullptr) {
            return it + " is a variable of a module, and goes with it";
        }
    }
    if (live && live->registered) {
        return "wrong kind of pointer: " + it + " lies in " + live->text() + ", which cuMemHostUnregister ends";
    }
    if (live && is_of_host != of_host) {
        return "wrong kind of pointer: " + it + " lies in " + live->text() + ", which " + other_function + " frees";
    }
    if (live) {
        return it + " lies " + bytes_text(live->offset_of(address)) + " into " + live->text()
            + ", which only its first address frees";
    }
    std::optional<Allocation> freed = freed_memory::find(address);
    if (freed && freed->address == address) {
        return "double free: " + it + " was " + freed->ending();
    }
    if (freed) {
        return "double free: " + it + " lies " + bytes_text(freed->offset_of(address)) + " into " + freed->text() + ", "
            + freed->ending();
    }
    return it + " is nothing that " + (of_host ? "cuMemHostAlloc" : "cuMemAlloc_v2") + " has given";
}

} // namespace cudasim::driver
