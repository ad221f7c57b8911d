/* SPDX-License-Identifier: Apache-2.0 */
/* Which handles are alive. A handle is a number that is never used twice, so a destroyed one is recognised for ever. */
#ifndef GPUBENCH_CUDASIM_REGISTRY_HPP
#define GPUBENCH_CUDASIM_REGISTRY_HPP

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cudasim {

/* Beyond every address that a process can have. */
constexpr uintptr_t first_handle = 0x5d00000000000000;
constexpr uintptr_t handle_step = 16;
inline std::atomic<uintptr_t> next_handle{first_handle};

template <typename Handle> Handle new_handle()
{
    return reinterpret_cast<Handle>(next_handle.fetch_add(handle_step, std::memory_order_relaxed));
}

/* Shares the ownership of its objects with those who use them at the moment. Any thread. */
template <typename Handle, typename Object> class Registry {
public:
    Handle add(std::shared_ptr<Object> object)
    {
        Handle handle = new_handle<Handle>();
        std::lock_guard lock(mutex_);
        objects_.emplace(handle, std::move(object));
        return handle;
    }

    /* Null if there is none. */
    std::shared_ptr<Object> find(Handle handle) const
    {
        std::lock_guard lock(mutex_);
        auto found = objects_.find(handle);
        return found == objects_.end() ? nullptr : found->second;
    }

    std::shared_ptr<Object> remove(Handle handle)
    {
        std::lock_guard lock(mutex_);
        auto found = objects_.find(handle);
        if (found == objects_.end()) {
            return nullptr;
        }
        std::shared_ptr<Object> object = std::move(found->second);
        objects_.erase(found);
        return object;
    }

    std::vector<std::shared_ptr<Object>> all() const
    {
        std::lock_guard lock(mutex_);
        std::vector<std::shared_ptr<Object>> objects;
        objects.reserve(objects_.size());
        for (const auto &entry : objects_) {
            objects.push_back(entry.second);
        }
        return objects;
    }

    /* In the order in which they were made. */
    std::vector<Handle> handles() const
    {
        std::lock_guard lock(mutex_);
        std::vector<Handle> handles;
        handles.reserve(objects_.size());
        for (const auto &entry : objects_) {
            handles.push_back(entry.first);
        }
        std::sort(handles.begin(), handles.end());
        return handles;
    }

    void clear()
    {
        std::unordered_map<Handle, std::shared_ptr<Object>> objects;
        {
            std::lock_guard lock(mutex_);
            objects.swap(objects_);
        }
    }

private:
    mutable std::mutex mutex_;
    std::unordered_map<Handle, std::shared_ptr<Object>> objects_;
};

} // namespace cudasim

#endif
