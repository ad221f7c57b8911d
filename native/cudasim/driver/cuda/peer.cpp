/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of several devices: who may use whose. */
#include <algorithm>

#include "context.hpp"
#include "memory.hpp"
#include "refusal.hpp"

namespace cudasim::driver {

using abi::Result;

namespace {

bool is_same(const std::weak_ptr<Memory> &one, const std::shared_ptr<Memory> &other)
{
    return one.lock() == other;
}

} // namespace

Result Memory::enable_peer(const std::shared_ptr<Memory> &peer, const std::shared_ptr<Memory> &itself)
{
    {
        std::lock_guard lock(mutex_);
        for (const std::weak_ptr<Memory> &known : peers_) {
            if (is_same(known, peer)) {
                return refuse(Result::peer_access_already_enabled, "access to this peer is enabled already");
            }
        }
        peers_.push_back(peer);
    }
    {
        std::lock_guard lock(peer->mutex_);
        peer->watchers_.push_back(itself);
    }
    if (checker_ != nullptr) {
        for (const Allocation &allocation : peer->device_allocations()) {
            checker_->allocated(allocation.address, allocation.bytes, Space::host_mapped, text_of(allocation.made));
        }
    }
    return Result::success;
}

Result Memory::disable_peer(const std::shared_ptr<Memory> &peer)
{
    {
        std::lock_guard lock(mutex_);
        auto known = std::find_if(peers_.begin(), peers_.end(), [&](const auto &one) { return is_same(one, peer); });
        if (known == peers_.end()) {
            return refuse(Result::peer_access_not_enabled, "access to this peer is not enabled");
        }
        peers_.erase(known);
    }
    {
        std::lock_guard lock(peer->mutex_);
        std::vector<std::weak_ptr<Memory>> &watchers = peer->watchers_;
        watchers.erase(std::remove_if(watchers.begin(), watchers.end(),
                           [&](const auto &one) {
                               std::shared_ptr<Memory> alive = one.lock();
                               return alive == nullptr || alive.get() == this;
                           }),
            watchers.end());
    }
    if (checker_ != nullptr) {
        for (const Allocation &allocation : peer->device_allocations()) {
            checker_->freed(allocation.address, text_of(gate::current));
        }
    }
    return Result::success;
}

bool Memory::is_peer_range(uintptr_t address, size_t bytes) const
{
    std::vector<std::weak_ptr<Memory>> peers;
    {
        std::lock_guard lock(mutex_);
        if (peers_.empty()) {
            return false;
        }
        peers = peers_;
    }
    return std::any_of(peers.begin(), peers.end(), [&](const std::weak_ptr<Memory> &one) {
        std::shared_ptr<Memory> peer = one.lock();
        return peer != nullptr && peer->device_.holds(address, bytes);
    });
}

void Memory::tell_watchers(const std::function<void(Memory &)> &action) const
{
    std::vector<std::weak_ptr<Memory>> watchers;
    {
        std::lock_guard lock(mutex_);
        watchers = watchers_;
    }
    for (const std::weak_ptr<Memory> &one : watchers) {
        std::shared_ptr<Memory> watcher = one.lock();
        if (watcher != nullptr) {
            action(*watcher);
        }
    }
}

Result Memory::require_copy_range(const char *what, uintptr_t address, size_t bytes) const
{
    if (is_device_range(address, bytes)) {
        return Result::success;
    }
    for (const std::shared_ptr<Context> &context : Device::all_contexts()) {
        if (context->memory.device_.holds(address, bytes)) {
            return Result::success;
        }
    }
    return refuse(Result::invalid_value, mistake(what, address, bytes));
}

bool Memory::counts_as_written(uintptr_t address, size_t bytes) const
{
    return is_page_locked(address, bytes) || is_peer_range(address, bytes);
}

} // namespace cudasim::driver
