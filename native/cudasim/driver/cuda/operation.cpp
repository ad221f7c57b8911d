/* SPDX-License-Identifier: Apache-2.0 */
#include "operation.hpp"

#include <algorithm>
#include <cstring>

#include <time.h>

#include "faults/engine.hpp"

namespace cudasim::driver {

namespace {

void *pointer(uintptr_t address)
{
    return reinterpret_cast<void *>(address);
}

abi::Result valid_if(bool valid)
{
    return valid ? abi::Result::success : abi::Result::invalid_value;
}

} // namespace

Copy::Copy(Kind kind, uintptr_t target, uintptr_t source, size_t bytes)
    : kind_(kind), target_(target), source_(source), bytes_(bytes)
{
}

void Copy::stage()
{
    staged_.resize(bytes_);
    std::memcpy(staged_.data(), pointer(source_), bytes_);
}

abi::Result Copy::usable(const Memory &memory) const
{
    if (bytes_ == 0) {
        return abi::Result::success;
    }
    bool target = kind_ == Kind::device_to_host ? memory.is_host_range(pointer(target_), bytes_)
                                                : memory.is_device_range(target_, bytes_);
    bool source = kind_ == Kind::host_to_device ? memory.is_host_range(pointer(source_), bytes_)
                                                : memory.is_device_range(source_, bytes_);
    return valid_if(target && source);
}

Report Copy::run(const std::atomic<bool> &stop) const
{
    if (bytes_ == 0) {
        return {};
    }
    bool over_link = gate::is_watched() && kind_ != Kind::device_to_device;
    int64_t began = over_link ? now_nanos() : 0;
    std::memmove(pointer(target_), staged_.empty() ? pointer(source_) : staged_.data(), bytes_);
    if (over_link) {
        faults::Engine::get().pass_link(bytes_, began, stop);
    }
    return {};
}

Fill::Fill(uintptr_t target, uint32_t value, uint32_t element_bytes, size_t count)
    : target_(target), value_(value), element_bytes_(element_bytes), count_(count)
{
}

abi::Result Fill::usable(const Memory &memory) const
{
    size_t bytes;
    if (__builtin_mul_overflow(count_, element_bytes_, &bytes) || target_ % element_bytes_ != 0) {
        return abi::Result::invalid_value;
    }
    return valid_if(bytes == 0 || memory.is_device_range(target_, bytes));
}

Report Fill::run(const std::atomic<bool> &) const
{
    if (element_bytes_ == 1) {
        std::memset(pointer(target_), static_cast<int>(value_), count_);
    } else {
        std::fill_n(static_cast<uint32_t *>(pointer(target_)), count_, value_);
    }
    return {};
}

KernelLaunch::KernelLaunch(std::shared_ptr<const Module> module, const Launch &launch, void *const *parameters)
    : module_(std::move(module)), launch_(launch)
{
    const std::vector<uint32_t> &sizes = launch.kernel->parameter_bytes;
    size_t slots = 0;
    for (uint32_t bytes : sizes) {
        slots += (bytes + sizeof(Slot) - 1) / sizeof(Slot);
    }
    slots_.resize(slots);
    arguments_.reserve(sizes.size());
    Slot *slot = slots_.data();
    for (size_t i = 0; i < sizes.size(); i++) {
        std::memcpy(slot, parameters[i], sizes[i]);
        arguments_.push_back(slot);
        slot += (sizes[i] + sizeof(Slot) - 1) / sizeof(Slot);
    }
}

abi::Result KernelLaunch::usable(const Memory &) const
{
    return module_->is_loaded() ? abi::Result::success : abi::Result::invalid_handle;
}

/* Instead of running. A kernel that hangs gives way to the end of its context, and to that of the process anyway. */
bool KernelLaunch::fails_by_script(const std::atomic<bool> &stop, Report &report)
{
    if (!gate::is_watched()) {
        return false;
    }
    const faults::KernelFault fault = faults::Engine::get().next_kernel();
    while (fault.hangs && !stop.load()) {
        const timespec millisecond = {0, 1000000};
        nanosleep(&millisecond, nullptr);
    }
    report = {static_cast<Code>(fault.code), fault.why};
    return fault.hangs || fault.code != 0;
}

Report KernelLaunch::run(const std::atomic<bool> &stop) const
{
    Report report;
    return fails_by_script(stop, report) ? report : run_grid(launch_, arguments_.data(), stop);
}

Report Record::run(const std::atomic<bool> &) const
{
    recording_->nanos.store(now_nanos());
    return {};
}

abi::Result Sequence::usable(const Memory &memory) const
{
    for (const OperationPointer &node : nodes_) {
        abi::Result result = node->usable(memory);
        if (result != abi::Result::success) {
            return result;
        }
    }
    return abi::Result::success;
}

Report Sequence::run(const std::atomic<bool> &stop) const
{
    Report report;
    for (auto node = nodes_.begin(); node != nodes_.end() && report.empty() && !stop.load(); ++node) {
        report = (*node)->run(stop);
    }
    return report;
}

} // namespace cudasim::driver
