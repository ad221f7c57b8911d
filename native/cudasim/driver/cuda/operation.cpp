/* SPDX-License-Identifier: Apache-2.0 */
#include "operation.hpp"

#include <algorithm>
#include <cstring>
#include <typeinfo>

#include <time.h>

#include "checking.hpp"
#include "faults/engine.hpp"

namespace cudasim::driver {

namespace {

void *pointer(uintptr_t address)
{
    return reinterpret_cast<void *>(address);
}

} // namespace

Report Operation::run(const Turn &turn) const
{
    if (turn.checking != nullptr && sequence() == nullptr && leaves() != 0) { /* or the number is that of another one */
        Report report = turn.checking->host.begins(turn.operation);
        if (!report.empty()) {
            return report;
        }
    }
    return carry_out(turn);
}

abi::GraphUpdate Operation::check_update(const Operation &other) const
{
    return typeid(*this) == typeid(other) ? check_same(other) : abi::GraphUpdate::node_type_changed;
}

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
    abi::Result result = kind_ == Kind::device_to_host ? memory.require_host_range("the target", target_, bytes_)
                                                       : memory.require_copy_range("the target", target_, bytes_);
    if (result == abi::Result::success && staged_.empty()) {
        result = kind_ == Kind::host_to_device ? memory.require_host_range("the source", source_, bytes_)
                                               : memory.require_copy_range("the source", source_, bytes_);
    }
    return result;
}

std::vector<HostUse> Copy::host_uses(const Memory &memory) const
{
    std::vector<HostUse> uses;
    if (bytes_ != 0 && staged_.empty() && memory.is_page_locked(source_, bytes_)) {
        bool from_host = kind_ == Kind::host_to_device;
        uses.push_back({from_host ? HostUse::Kind::copied_from : HostUse::Kind::read, source_, bytes_});
    }
    if (bytes_ != 0 && memory.is_page_locked(target_, bytes_)) {
        bool to_host = kind_ == Kind::device_to_host;
        uses.push_back({to_host ? HostUse::Kind::copied_to : HostUse::Kind::written, target_, bytes_});
    }
    return uses;
}

Report Copy::carry_out(const Turn &turn) const
{
    if (bytes_ == 0) {
        return {};
    }
    if (turn.checking != nullptr) {
        Checking &checking = *turn.checking;
        bool from_shadow = staged_.empty() && checking.memory.is_device_range(source_, bytes_);
        bool to_shadow = checking.memory.is_device_range(target_, bytes_);
        Report report;
        /* The host may write to page-locked memory unseen, and a peer to its own, so that counts as written whatever is copied there. */
        if (from_shadow && to_shadow && !checking.memory.counts_as_written(target_, bytes_)) {
            report = checking.checker.copied(turn.operation, target_, source_, bytes_);
        } else {
            report = from_shadow ? checking.checker.read(turn.operation, source_, bytes_) : Report{};
            if (report.empty() && to_shadow) {
                report = checking.checker.wrote(turn.operation, target_, bytes_);
            }
        }
        if (!report.empty()) {
            return report;
        }
    }
    bool over_link = gate::is_watched() && kind_ != Kind::device_to_device;
    int64_t began = over_link ? now_nanos() : 0;
    std::memmove(pointer(target_), staged_.empty() ? pointer(source_) : staged_.data(), bytes_);
    if (over_link) {
        faults::Engine::get().pass_link(bytes_, began, turn.stop);
    }
    return {};
}

/* Where memory is may not change, only the addresses. */
abi::GraphUpdate Copy::check_same(const Operation &other) const
{
    return kind_ == static_cast<const Copy &>(other).kind_ ? abi::GraphUpdate::success
                                                           : abi::GraphUpdate::parameters_changed;
}

void CopyBatch::add(Copy::Kind kind, uintptr_t target, uintptr_t source, size_t bytes)
{
    targets_.push_back({target, target + bytes, copies_.size()});
    sources_.push_back({source, source + bytes, copies_.size()});
    copies_.emplace_back(kind, target, source, bytes);
}

abi::Result CopyBatch::usable(const Memory &memory) const
{
    for (const Copy &copy : copies_) {
        abi::Result result = copy.usable(memory);
        if (result != abi::Result::success) {
            auto number = std::to_string(&copy - copies_.data());
            return refuse_further(result, ", in copy " + number + " of the batch");
        }
    }
    return abi::Result::success;
}

std::vector<HostUse> CopyBatch::host_uses(const Memory &memory) const
{
    std::vector<HostUse> uses;
    for (const Copy &copy : copies_) {
        std::vector<HostUse> own = copy.host_uses(memory);
        uses.insert(uses.end(), own.begin(), own.end());
    }
    return uses;
}

Report CopyBatch::race() const
{
    auto text = [&](const Range &one, const Range &other, const char *uses) {
        return Report{Code::failed, text_of(call()) + ": race: copy " + std::to_string(one.copy) + " of the batch writes " + uses
                + " copy " + std::to_string(other.copy) + ", at " + hexadecimal(std::max(one.begin, other.begin))
                + ", in no order with it"};
    };
    auto before = [](const Range &one, const Range &other) { return one.begin < other.begin; };
    std::vector<Range> targets = targets_;
    std::sort(targets.begin(), targets.end(), before);
    for (size_t i = 1; i < targets.size(); i++) {
        if (targets[i].begin < targets[i - 1].end) {
            return text(targets[i], targets[i - 1], "what is also written by");
        }
    }
    for (const Range &source : sources_) { /* targets do not overlap, so their ends are in order too */
        auto target = std::upper_bound(targets.begin(), targets.end(), source,
            [](const Range &one, const Range &other) { return one.begin < other.end; });
        if (target != targets.end() && target->begin < source.end) {
            return text(*target, source, "what is read by");
        }
    }
    return {};
}

Report CopyBatch::carry_out(const Turn &turn) const
{
    Report report = turn.checking != nullptr ? race() : Report{};
    for (auto copy = copies_.begin(); copy != copies_.end() && report.empty() && !turn.stop.load(); ++copy) {
        report = copy->carry_out(turn);
    }
    return report;
}

Fill::Fill(uintptr_t target, uint32_t value, uint32_t element_bytes, size_t count)
    : target_(target), value_(value), element_bytes_(element_bytes), count_(count)
{
}

abi::Result Fill::usable(const Memory &memory) const
{
    size_t bytes;
    if (__builtin_mul_overflow(count_, element_bytes_, &bytes)) {
        return refuse(abi::Result::invalid_value,
            std::to_string(count_) + " elements of " + std::to_string(element_bytes_) + " bytes are more than all memory");
    }
    if (target_ % element_bytes_ != 0) {
        return refuse(abi::Result::invalid_value,
            "misaligned: the target, " + hexadecimal(target_) + ", is no multiple of " + std::to_string(element_bytes_));
    }
    return bytes == 0 ? abi::Result::success : memory.require_device_range("the target", target_, bytes);
}

std::vector<HostUse> Fill::host_uses(const Memory &memory) const
{
    size_t bytes = count_ * element_bytes_;
    bool of_host = bytes != 0 && memory.is_page_locked(target_, bytes);
    return of_host ? std::vector<HostUse>{{HostUse::Kind::written, target_, bytes}} : std::vector<HostUse>{};
}

Report Fill::carry_out(const Turn &turn) const
{
    if (turn.checking != nullptr && count_ != 0) {
        Report report = turn.checking->checker.wrote(turn.operation, target_, count_ * element_bytes_);
        if (!report.empty()) {
            return report;
        }
    }
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

abi::GraphUpdate KernelLaunch::check_same(const Operation &other) const
{
    return launch_.cooperative == static_cast<const KernelLaunch &>(other).launch_.cooperative
        ? abi::GraphUpdate::success
        : abi::GraphUpdate::attributes_changed;
}

abi::Result KernelLaunch::usable(const Memory &memory) const
{
    if (!module_->is_loaded()) {
        return refuse(abi::Result::invalid_handle,
            "the module of kernel " + launch_.kernel->name + " was unloaded by " + text_of(module_->unloaded()));
    }
    return memory.is_checked() ? check_pointers(memory) : abi::Result::success;
}

/*
 * Those that the source calls pointers point to something alive, or shortly before it, as a pointer does that is meant to
 * be used from index 1 on. Others, and members of structures, may be numbers: they are pointers for certain only if they
 * are addresses that the driver has given, and these may not have been freed.
 */
abi::Result KernelLaunch::check_pointers(const Memory &memory) const
{
    const std::vector<Parameter> &parameters = launch_.kernel->parameters;
    for (size_t i = 0; i < parameters.size(); i++) {
        for (size_t offset = 0; offset + sizeof(uintptr_t) <= parameters[i].bytes; offset += sizeof(uintptr_t)) {
            uintptr_t word;
            std::memcpy(&word, static_cast<const std::byte *>(arguments_[i]) + offset, sizeof word);
            if (word == 0 || memory.is_live_pointer(word)) {
                continue;
            }
            std::string argument = "argument " + std::to_string(i + 1) + " of kernel " + launch_.kernel->name;
            bool is_pointer = parameters[i].is_pointer;
            if (is_pointer ? memory.is_shortly_before(word) : !memory.was_given(word)) {
                continue;
            }
            if (memory.was_device_address(word)) {
                return refuse(abi::Result::invalid_value, memory.mistake(argument.c_str(), word, 1, "points"));
            }
            return refuse(abi::Result::invalid_value,
                "stale pointer: " + argument + ", " + hexadecimal(word)
                    + ", is neither memory of the device nor page-locked nor a variable of a module");
        }
    }
    return abi::Result::success;
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

std::string KernelLaunch::describe() const
{
    return "kernel " + launch_.kernel->name + " of " + Operation::describe();
}

std::vector<HostUse> KernelLaunch::host_uses(const Memory &) const
{
    return {{HostUse::Kind::anything}};
}

Report KernelLaunch::carry_out(const Turn &turn) const
{
    Report report;
    if (fails_by_script(turn.stop, report)) {
        return report;
    }
    Launch launch = launch_;
    if (turn.checking != nullptr) {
        launch.checker = &turn.checking->checker;
        launch.operation = turn.operation;
    }
    return run_grid(launch, arguments_.data(), turn.stop);
}

Report Record::carry_out(const Turn &) const
{
    int64_t now = now_nanos();
    recording_->nanos.store(gate::is_watched() ? faults::Engine::get().device_nanos(now) : now);
    return {};
}

Sequence::Sequence(std::vector<OperationPointer> nodes, std::vector<Frontier> dependencies)
    : nodes_(std::move(nodes)), dependencies_(std::move(dependencies))
{
    for (const OperationPointer &node : nodes_) {
        leaves_ += node->leaves();
    }
}

abi::Result Sequence::usable(const Memory &memory) const
{
    for (const OperationPointer &node : nodes_) {
        abi::Result result = node->usable(memory);
        if (result != abi::Result::success) {
            bool is_graph = node->sequence() != nullptr;
            return is_graph ? result : refuse_further(result, ", in the graph by " + text_of(node->call()));
        }
    }
    return abi::Result::success;
}

Sequence::Difference Sequence::difference(const Sequence &other) const
{
    using abi::GraphUpdate;
    if (size() != other.size()) {
        return {GraphUpdate::topology_changed, {}, {}};
    }
    for (size_t i = 0; i < size(); i++) {
        const Frontier &before = dependencies(i);
        const Frontier &after = other.dependencies(i);
        if (before.size() != after.size()) {
            return {GraphUpdate::topology_changed, i, {}};
        }
        auto same = std::mismatch(after.begin(), after.end(), before.begin());
        if (same.first != after.end()) {
            return {GraphUpdate::topology_changed, i, *same.first};
        }
        GraphUpdate update = nodes_[i]->check_update(*other.nodes_[i]);
        if (update != GraphUpdate::success) {
            return {update, i, {}};
        }
    }
    return {};
}

abi::GraphUpdate Sequence::check_same(const Operation &other) const
{
    return difference(static_cast<const Sequence &>(other)).kind;
}

void Sequence::each_leaf(const std::function<void(const Operation &)> &action) const
{
    for (const OperationPointer &node : nodes_) {
        node->each_leaf(action);
    }
}

Report Sequence::carry_out(const Turn &turn) const
{
    Report report;
    Turn next = turn;
    for (auto node = nodes_.begin(); node != nodes_.end() && report.empty() && !turn.stop.load(); ++node) {
        report = (*node)->run(next);
        next.operation += (*node)->leaves();
    }
    return report;
}

} // namespace cudasim::driver
