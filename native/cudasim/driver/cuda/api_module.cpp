/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: modules, functions and occupancy. */
#include <algorithm>
#include <cstring>

#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "call.hpp"
#include "limits.hpp"

using namespace cudasim;
using namespace cudasim::driver;
using abi::Result;

namespace {

/* The options of cuModuleLoadDataEx that give something back. The rest is for a compiler that is not there. */
class JitOptions {
public:
    JitOptions(uint32_t count, const abi::JitOption *options, void **values)
        : count_(count), options_(options), values_(values)
    {
    }

    bool are_valid() const
    {
        if (count_ != 0 && (options_ == nullptr || values_ == nullptr)) {
            return false;
        }
        return std::all_of(options_, options_ + count_, [](abi::JitOption option) {
            return static_cast<int32_t>(option) >= 0 && option <= abi::JitOption::last;
        });
    }

    void report(const std::string &errors) const
    {
        write_log(abi::JitOption::info_log_buffer, abi::JitOption::info_log_buffer_bytes, "");
        write_log(abi::JitOption::error_log_buffer, abi::JitOption::error_log_buffer_bytes, errors);
        void **wall_time = find(abi::JitOption::wall_time);
        if (wall_time != nullptr) {
            *wall_time = nullptr; /* 0.0f: nothing was compiled */
        }
    }

private:
    const uint32_t count_;
    const abi::JitOption *const options_;
    void **const values_;

    void **find(abi::JitOption wanted) const
    {
        const abi::JitOption *found = std::find(options_, options_ + count_, wanted);
        return found == options_ + count_ ? nullptr : values_ + (found - options_);
    }

    /* The value of the size goes in as the size of the buffer and comes out as the number of bytes written. */
    void write_log(abi::JitOption buffer_option, abi::JitOption size_option, const std::string &text) const
    {
        void **buffer = find(buffer_option);
        void **size = find(size_option);
        if (size == nullptr) {
            return;
        }
        auto capacity = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(*size));
        size_t written = 0;
        if (buffer != nullptr && *buffer != nullptr && capacity != 0) {
            written = std::min<size_t>(text.size(), capacity - 1);
            std::memcpy(*buffer, text.data(), written);
            static_cast<char *>(*buffer)[written] = '\0';
        }
        *size = reinterpret_cast<void *>(written);
    }
};

Result result_of(Image::Problem problem)
{
    switch (problem) {
    case Image::Problem::none:
        return Result::success;
    case Image::Problem::not_an_image:
        return Result::invalid_image;
    case Image::Problem::wrong_architecture:
        return Result::no_binary_for_gpu;
    case Image::Problem::unloadable:
        break;
    }
    return Result::shared_object_init_failed;
}

template <typename Body> Result call_with_module(
    abi::ModuleHandle handle, const char *name, Body &&body, const char *function = __builtin_FUNCTION())
{
    auto with_module = [&](Context &context) {
        if (name == nullptr) {
            return refuse_null("name");
        }
        std::shared_ptr<Module> module = context.modules.find(handle);
        return module != nullptr ? body(context, module) : refuse_handle(handle);
    };
    return call(with_module, function);
}

template <typename Body>
Result call_with_function(abi::FunctionHandle handle, Body &&body, const char *caller = __builtin_FUNCTION())
{
    auto with_function = [&](Context &context) {
        std::shared_ptr<Function> function = context.functions.find(handle);
        return function != nullptr ? body(*function) : refuse_handle(handle);
    };
    return call(with_function, caller);
}

Result refuse_attribute(int attribute)
{
    return refuse(Result::invalid_value, "attribute " + std::to_string(attribute) + " cannot be had, or not be set");
}

bool set_within(std::atomic<uint32_t> &setting, int32_t value, uint32_t most)
{
    bool valid = value >= 0 && static_cast<uint32_t>(value) <= most;
    if (valid) {
        setting.store(static_cast<uint32_t>(value));
    }
    return valid;
}

} // namespace

Result cuModuleLoadDataEx(abi::ModuleHandle *module, const void *image, uint32_t option_count, abi::JitOption *options,
    void **option_values)
{
    return call([&](Context &context) {
        JitOptions jit(option_count, options, option_values);
        if (module == nullptr || image == nullptr) {
            return refuse_null(module == nullptr ? "module" : "image");
        }
        if (!jit.are_valid()) {
            return refuse(Result::invalid_value, "the options are null, or some of them unknown");
        }
        Result result = context.scheduler.refuse_unsafe_call();
        if (result != Result::success) {
            return result;
        }
        Image::Problem problem = Image::Problem::none;
        std::string text;
        std::unique_ptr<Image> loaded = Image::load(image, context.checking != nullptr, problem, text);
        jit.report(text);
        if (loaded == nullptr) {
            return refuse(result_of(problem), text);
        }
        *module = context.modules.add(std::make_shared<Module>(std::move(loaded), context.memory));
        return Result::success;
    });
}

Result cuModuleUnload(abi::ModuleHandle handle)
{
    return call_in_any_context([&](Context &context) {
        Result result = context.scheduler.refuse_unsafe_call();
        if (result != Result::success) {
            return result;
        }
        std::shared_ptr<Module> module = context.modules.remove(handle);
        if (module == nullptr) {
            return refuse_handle(handle);
        }
        module->unload();
        context.scheduler.drain(); /* its kernels may run, and their launches be queued */
        module->forget_variables();
        std::lock_guard lock(module->mutex);
        for (const auto &function : module->functions) {
            context.functions.remove(function.second);
        }
        return context.health.status();
    });
}

Result cuModuleGetFunction(abi::FunctionHandle *function, abi::ModuleHandle handle, const char *name)
{
    return call_with_module(handle, name, [&](Context &context, const std::shared_ptr<Module> &module) {
        if (function == nullptr) {
            return refuse_null("function");
        }
        const Kernel *kernel = module->image().kernel(name);
        if (kernel == nullptr) {
            return refuse(Result::not_found, std::string("the module has no kernel ") + name);
        }
        std::lock_guard lock(module->mutex);
        if (!module->is_loaded()) {
            return refuse(Result::invalid_handle, "the module was unloaded by " + text_of(module->unloaded()));
        }
        abi::FunctionHandle &known = module->functions[name];
        if (known == nullptr) {
            known = context.functions.add(std::make_shared<Function>(module, *kernel));
        }
        *function = known;
        return Result::success;
    });
}

Result cuModuleGetGlobal_v2(abi::DevicePointer *address, size_t *bytes, abi::ModuleHandle handle, const char *name)
{
    return call_with_module(handle, name, [&](Context &, const std::shared_ptr<Module> &module) {
        if (address == nullptr && bytes == nullptr) {
            return refuse_null("address");
        }
        Variable variable = module->variable(name);
        if (variable.address == nullptr) {
            return refuse(Result::not_found, std::string("the module has no variable ") + name);
        }
        if (address != nullptr) {
            *address = reinterpret_cast<uintptr_t>(variable.address);
        }
        if (bytes != nullptr) {
            *bytes = variable.bytes;
        }
        return Result::success;
    });
}

/* What only a compiler for GPUs could tell (registers, local memory, versions) is 0. */
Result cuFuncGetAttribute(int32_t *value, abi::FunctionAttribute attribute, abi::FunctionHandle handle)
{
    return call_with_function(handle, [&](Function &function) {
        using A = abi::FunctionAttribute;
        if (value == nullptr) {
            return refuse_null("value");
        }
        if (attribute < A::max_threads_per_block || attribute > A::cluster_scheduling_policy) {
            return refuse_attribute(static_cast<int>(attribute));
        }
        switch (attribute) {
        case A::max_threads_per_block:
            *value = static_cast<int32_t>(function.kernel.max_threads_per_block);
            break;
        case A::static_shared_bytes:
            *value = static_cast<int32_t>(function.kernel.static_shared_bytes);
            break;
        case A::max_dynamic_shared_bytes:
            *value = static_cast<int32_t>(function.dynamic_shared_limit.load());
            break;
        case A::preferred_shared_carveout:
            *value = function.shared_carveout.load();
            break;
        default:
            *value = 0;
        }
        return Result::success;
    });
}

Result cuFuncSetAttribute(abi::FunctionHandle handle, abi::FunctionAttribute attribute, int32_t value)
{
    return call_with_function(handle, [&](Function &function) {
        switch (attribute) {
        case abi::FunctionAttribute::max_dynamic_shared_bytes:
            return set_within(function.dynamic_shared_limit, value, max_dynamic_shared_bytes)
                ? Result::success
                : refuse(Result::invalid_value,
                      std::to_string(value) + " bytes of dynamic shared memory: a block may have "
                          + std::to_string(max_dynamic_shared_bytes));
        case abi::FunctionAttribute::preferred_shared_carveout:
            if (value < -1 || value > 100) {
                return refuse(Result::invalid_value, std::to_string(value) + " is no percentage, nor -1");
            }
            function.shared_carveout.store(value);
            return Result::success;
        case abi::FunctionAttribute::required_cluster_width:
        case abi::FunctionAttribute::required_cluster_height:
        case abi::FunctionAttribute::required_cluster_depth:
        case abi::FunctionAttribute::non_portable_cluster_size_allowed:
        case abi::FunctionAttribute::cluster_scheduling_policy:
            return Result::not_supported;
        default:
            return refuse_attribute(static_cast<int>(attribute));
        }
    });
}

Result cuFuncLoad(abi::FunctionHandle handle)
{
    return call_with_function(handle, [](Function &) { return Result::success; });
}

Result cuOccupancyMaxActiveBlocksPerMultiprocessor(
    int32_t *blocks, abi::FunctionHandle handle, int32_t threads, size_t dynamic_shared_bytes)
{
    return call_with_function(handle, [&](Function &function) {
        if (blocks == nullptr) {
            return refuse_null("blocks");
        }
        if (threads < 1) {
            return refuse(Result::invalid_value, "blocks of " + std::to_string(threads) + " threads");
        }
        *blocks =
            static_cast<int32_t>(resident_blocks(function, static_cast<uint32_t>(threads), dynamic_shared_bytes));
        return Result::success;
    });
}

/* The largest block, in whole warps, among those with which the most threads are resident. */
Result cuOccupancyMaxPotentialBlockSize(int32_t *min_grid, int32_t *threads, abi::FunctionHandle handle,
    abi::SharedBytesOfBlock shared_bytes_of_block, size_t dynamic_shared_bytes, int32_t thread_limit)
{
    return call_with_function(handle, [&](Function &function) {
        if (min_grid == nullptr || threads == nullptr) {
            return refuse_null(min_grid == nullptr ? "min_grid" : "threads");
        }
        if (thread_limit < 0) {
            return refuse(Result::invalid_value, "a limit of " + std::to_string(thread_limit) + " threads");
        }
        uint32_t limit = function.kernel.max_threads_per_block;
        if (thread_limit != 0) {
            limit = std::min(limit, static_cast<uint32_t>(thread_limit));
        }
        uint32_t best_threads = 0;
        uint32_t best_blocks = 0;
        uint32_t whole_warps = (limit + warp_threads - 1) / warp_threads * warp_threads;
        for (uint32_t size = whole_warps; size != 0; size -= warp_threads) {
            uint32_t candidate = std::min(size, limit);
            size_t shared_bytes = shared_bytes_of_block != nullptr
                ? shared_bytes_of_block(static_cast<int32_t>(candidate))
                : dynamic_shared_bytes;
            uint32_t blocks = resident_blocks(function, candidate, shared_bytes);
            if (blocks * candidate > best_blocks * best_threads) {
                best_threads = candidate;
                best_blocks = blocks;
            }
        }
        *threads = static_cast<int32_t>(best_threads);
        *min_grid = static_cast<int32_t>(best_blocks * multiprocessors);
        return best_blocks != 0 ? Result::success : refuse(Result::invalid_value, "no block of any size fits");
    });
}
