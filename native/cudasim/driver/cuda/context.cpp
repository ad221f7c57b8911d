/* SPDX-License-Identifier: Apache-2.0 */
#include "context.hpp"

#include <algorithm>
#include <utility>

#include "faults/engine.hpp"
#include "identity.hpp"

namespace cudasim::driver {

using abi::Result;

namespace {

constexpr uint32_t schedule_flags =
    abi::context_schedule_spin | abi::context_schedule_yield | abi::context_schedule_blocking;
constexpr uint32_t other_flags = abi::context_map_host | abi::context_keep_local_memory | abi::context_core_dump
    | abi::context_core_dump_by_user | abi::context_synchronous_memory_operations;

struct Current {
    abi::ContextHandle handle = nullptr;
    std::weak_ptr<Context> context;
};

thread_local Current current;
thread_local std::vector<Current> beneath; /* what was current before contexts were pushed */

Result check_flags(uint32_t flags)
{
    uint32_t schedule = flags & schedule_flags;
    bool known = (flags & ~(schedule_flags | other_flags)) == 0 && (schedule & (schedule - 1)) == 0;
    return known ? Result::success : refuse_flags(flags);
}

} // namespace

Context::Context(int32_t its_device, size_t device_bytes, uint32_t flags)
    : device(its_device), checking(identity::checked_mode() ? std::make_unique<Checking>(memory) : nullptr),
      memory(device_bytes, checking == nullptr ? nullptr : &checking->checker)
{
    handles::begin(reinterpret_cast<uintptr_t>(handle), Thing::context);
    set_flags(flags);
}

std::shared_ptr<Memory> Context::memory_of(const std::shared_ptr<Context> &context)
{
    return std::shared_ptr<Memory>(context, &context->memory);
}

void Context::set_flags(uint32_t flags)
{
    scheduler.set_spin((flags & abi::context_schedule_blocking) == 0);
}

Result Context::close()
{
    std::string left = checking == nullptr ? "" : leaks();
    handles::end(reinterpret_cast<uintptr_t>(handle), false);
    scheduler.close();
    executables.clear();
    graphs.clear();
    functions.clear();
    modules.clear();
    events.clear();
    memory.close();
    return left.empty() ? Result::success : refuse(Result::illegal_state, "leak: " + left);
}

std::string Context::leaks() const
{
    std::string text;
    auto add = [&](const std::string &more) { text += (text.empty() || more.empty() ? "" : ", ") + more; };
    auto add_memory = [&](const char *one, const std::vector<Allocation> &allocations) {
        std::vector<std::string> origins;
        for (const Allocation &allocation : allocations) {
            origins.push_back(allocation.text());
        }
        add(list_text(allocations.size(), one, origins));
    };
    add_memory("allocation", memory.device_allocations());
    add_memory("page-locked allocation", memory.host_allocations());
    add(scheduler.streams_text());
    add(events.count_text("event"));
    add(modules.count_text("module"));
    add(graphs.count_text("graph"));
    add(executables.count_text("executable graph"));
    return text;
}

std::atomic<bool> Device::initialized_{false};
std::mutex Device::initializing_;
std::atomic<int32_t> Device::count_{1};
size_t Device::memory_bytes_ = 0;

Device &Device::get(int32_t number)
{
    static Device *const devices = [] {
        auto *all = new Device[identity::most_devices];
        for (int32_t i = 0; i < identity::most_devices; i++) {
            all[i].number_ = i;
        }
        return all;
    }();
    return devices[number];
}

Result Device::initialize()
{
    std::lock_guard lock(initializing_);
    if (identity::device_count() == 0) {
        return refuse(Result::invalid_value,
            "GPUBENCH_SIM_DEVICES is not a number of devices, of at most " + std::to_string(identity::most_devices));
    }
    count_.store(identity::device_count());
    if (initialized_.load()) {
        return Result::success;
    }
    uint64_t bytes = identity::number_from_environment("GPUBENCH_SIM_MEMORY", identity::default_memory_bytes);
    if (bytes == 0) {
        return refuse(Result::invalid_value, "GPUBENCH_SIM_MEMORY is not a number of bytes");
    }
    if (identity::driver_version() == 0) {
        return refuse(Result::invalid_value, "GPUBENCH_SIM_DRIVER_VERSION is not a version");
    }
    if (!identity::is_checked_mode_known()) {
        return refuse(Result::invalid_value, "GPUBENCH_SIM_CHECK is neither 0 nor 1");
    }
    memory_bytes_ = bytes;
    faults::Engine::get().start();
    initialized_.store(true);
    return Result::success;
}

Result Device::retain(abi::ContextHandle &handle)
{
    std::lock_guard lock(mutex_);
    if (primary_ == nullptr) {
        primary_ = std::make_shared<Context>(number_, memory_bytes_, flags_);
        if (!strike_.empty()) {
            primary_->health.fail(std::exchange(strike_, {}));
        }
    }
    references_++;
    handle = primary_->handle;
    return Result::success;
}

Result Device::release()
{
    std::shared_ptr<Context> last;
    {
        std::lock_guard lock(mutex_);
        if (references_ == 0) {
            return refuse(Result::invalid_context,
                last_release_.function == nullptr ? "the primary context was never retained"
                                                  : "the primary context is not retained: its last reference went with "
                        + text_of(last_release_));
        }
        if (--references_ == 0) {
            last = std::move(primary_);
            primary_ = nullptr;
            last_release_ = gate::current;
        }
    }
    return last == nullptr ? Result::success : last->close();
}

Result Device::set_flags(uint32_t flags)
{
    Result result = check_flags(flags);
    if (result != Result::success) {
        return result;
    }
    std::lock_guard lock(mutex_);
    flags_ = flags;
    if (primary_ != nullptr) {
        primary_->set_flags(flags);
    }
    return Result::success;
}

Result Device::create(uint32_t flags, std::shared_ptr<Context> &context)
{
    Result result = check_flags(flags);
    if (result == Result::success) {
        context = std::make_shared<Context>(number_, memory_bytes_, flags);
        std::lock_guard lock(mutex_);
        created_.push_back(context);
    }
    return result;
}

Result Device::destroy(abi::ContextHandle handle)
{
    std::shared_ptr<Context> found = find(handle);
    if (found == nullptr) {
        return refuse_handle(handle, Result::invalid_context);
    }
    {
        Device &device = get(found->device);
        std::lock_guard lock(device.mutex_);
        auto one = std::find(device.created_.begin(), device.created_.end(), found);
        if (one == device.created_.end()) {
            return refuse(Result::invalid_context, "the primary context ends with the last cuDevicePrimaryCtxRelease_v2");
        }
        device.created_.erase(one);
    }
    return found->close();
}

std::vector<std::shared_ptr<Context>> Device::contexts() const
{
    std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Context>> all = created_;
    if (primary_ != nullptr) {
        all.push_back(primary_);
    }
    return all;
}

std::vector<std::shared_ptr<Context>> Device::all_contexts()
{
    std::vector<std::shared_ptr<Context>> all;
    for (int32_t i = 0; i < identity::most_devices; i++) {
        std::vector<std::shared_ptr<Context>> own = get(i).contexts();
        all.insert(all.end(), own.begin(), own.end());
    }
    return all;
}

std::shared_ptr<Context> Device::find(abi::ContextHandle handle)
{
    for (const std::shared_ptr<Context> &context : all_contexts()) {
        if (context->handle == handle) {
            return context;
        }
    }
    return nullptr;
}

void Device::strike(const Report &report)
{
    std::lock_guard lock(mutex_);
    if (primary_ == nullptr && created_.empty()) {
        strike_ = report;
        return;
    }
    for (const std::shared_ptr<Context> &context : created_) {
        context->health.fail(report);
    }
    if (primary_ != nullptr) {
        primary_->health.fail(report);
    }
}

Belongings Device::all_belongings()
{
    Belongings left;
    for (const std::shared_ptr<Context> &context : all_contexts()) {
        left.contexts++;
        left.bytes += context->memory.total_bytes() - context->memory.free_bytes();
        left.pinned_bytes += context->memory.page_locked_bytes();
        left.streams += context->scheduler.stream_count();
        left.events += context->events.all().size();
        left.modules += context->modules.all().size();
        left.graphs += context->graphs.all().size() + context->executables.all().size();
    }
    return left;
}

void set_current_context(abi::ContextHandle handle, const std::shared_ptr<Context> &context)
{
    current.handle = handle;
    current.context = context;
}

void push_current_context(const std::shared_ptr<Context> &context)
{
    beneath.push_back(current);
    set_current_context(context->handle, context);
}

bool pop_current_context(abi::ContextHandle &handle)
{
    if (current.handle == nullptr) {
        return false;
    }
    handle = current.handle;
    current = beneath.empty() ? Current{} : beneath.back();
    if (!beneath.empty()) {
        beneath.pop_back();
    }
    return true;
}

abi::ContextHandle current_context_handle()
{
    return current.handle;
}

Result current_context(std::shared_ptr<Context> &context)
{
    if (current.handle == nullptr) {
        return refuse(Result::invalid_context, "no context is current on this thread");
    }
    context = current.context.lock();
    if (context == nullptr || context->health.is_closed()) {
        return refuse_destroyed(current.handle);
    }
    return Result::success;
}

Result refuse_destroyed(abi::ContextHandle handle)
{
    return refuse_handle(handle, Result::context_is_destroyed);
}

} // namespace cudasim::driver
