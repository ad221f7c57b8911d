/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: launches, and graphs after their capture. */
#include <algorithm>
#include <atomic>

#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "call.hpp"
#include "identity.hpp"
#include "limits.hpp"

using namespace cudasim;
using namespace cudasim::driver;
using abi::Result;

namespace {

/* Another order of threads in each launch if GPUBENCH_SIM_SEED is set; 0, which is the ascending order, without it. */
uint64_t next_seed()
{
    static const uint64_t first = identity::number_from_environment("GPUBENCH_SIM_SEED", 0);
    static std::atomic<uint64_t> launches{0};
    return first == 0 ? 0 : first + launches++;
}

Result launch(abi::FunctionHandle handle, Launch launch, abi::StreamHandle stream_handle, void *const *parameters,
    void *const *extra, const char *caller = __builtin_FUNCTION())
{
    auto body = [&](Context &context) {
        std::shared_ptr<Function> function = context.functions.find(handle);
        std::shared_ptr<Stream> stream = context.scheduler.find(stream_handle);
        if (function == nullptr) {
            return refuse_handle(handle);
        }
        if (stream == nullptr) {
            return refuse_handle(stream_handle);
        }
        if (extra != nullptr) {
            return Result::not_supported;
        }
        launch.kernel = &function->kernel;
        uint64_t seed = function->module->image().seed();
        launch.seed = seed == 0 ? next_seed() : seed;
        size_t parameter_count = function->kernel.parameter_bytes.size();
        for (size_t i = 0; i < parameter_count; i++) {
            if (parameters == nullptr || parameters[i] == nullptr) {
                return refuse(Result::invalid_value,
                    "kernel " + launch.kernel->name + " has " + std::to_string(parameter_count)
                        + " parameters, and the place of argument " + std::to_string(i + 1) + " is null");
            }
        }
        Result result = check_launch(*function, launch);
        if (result != Result::success) {
            return result;
        }
        return context.scheduler.submit(*stream, std::make_shared<KernelLaunch>(function->module, launch, parameters));
    };
    return call(body, caller);
}

template <typename Body> Result call_with_executable(abi::ExecutableHandle handle, abi::StreamHandle stream_handle,
    Body &&body, const char *function = __builtin_FUNCTION())
{
    auto with_both = [&](Context &context) {
        std::shared_ptr<Executable> executable = context.executables.find(handle);
        std::shared_ptr<Stream> stream = context.scheduler.find(stream_handle);
        if (executable == nullptr) {
            return refuse_handle(handle);
        }
        return stream == nullptr ? refuse_handle(stream_handle) : body(context.scheduler, *executable, *stream);
    };
    return call(with_both, function);
}

std::string difference_text(abi::GraphUpdate difference)
{
    switch (difference) {
    case abi::GraphUpdate::topology_changed:
        return "their nodes or the dependencies among them";
    case abi::GraphUpdate::node_type_changed:
        return "what a node does";
    case abi::GraphUpdate::attributes_changed:
        return "whether a kernel is cooperative";
    default:
        return "where a copy reads or writes, on the host or on the device";
    }
}

} // namespace

Result cuLaunchKernel(abi::FunctionHandle function, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z, uint32_t block_x,
    uint32_t block_y, uint32_t block_z, uint32_t dynamic_shared_bytes, abi::StreamHandle stream, void **parameters,
    void **extra)
{
    Launch wanted = {nullptr, {grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, dynamic_shared_bytes, false, 0};
    return launch(function, wanted, stream, parameters, extra);
}

Result cuLaunchKernelEx(
    const abi::LaunchConfig *config, abi::FunctionHandle function, void **parameters, void **extra)
{
    if (config == nullptr || (config->attribute_count != 0 && config->attributes == nullptr)) {
        return call([&](Context &) { return refuse_null(config == nullptr ? "config" : "attributes"); });
    }
    Launch wanted = {nullptr, {config->grid_x, config->grid_y, config->grid_z},
        {config->block_x, config->block_y, config->block_z}, config->dynamic_shared_bytes, false, 0};
    for (uint32_t i = 0; i < config->attribute_count; i++) {
        const abi::LaunchAttribute &attribute = config->attributes[i];
        switch (attribute.id) {
        case abi::LaunchAttributeId::ignore:
        case abi::LaunchAttributeId::programmatic_stream_serialization: /* allows an overlap, does not demand it */
            break;
        case abi::LaunchAttributeId::cooperative:
            wanted.cooperative = attribute.value.cooperative != 0;
            break;
        default:
            return call([](Context &) { return Result::not_supported; });
        }
    }
    return launch(function, wanted, config->stream, parameters, extra);
}

Result cuGraphDestroy(abi::GraphHandle graph)
{
    return call_in_any_context([&](Context &context) {
        return context.graphs.remove(graph) != nullptr ? Result::success : refuse_handle(graph, Result::invalid_value);
    });
}

Result cuGraphInstantiateWithFlags(
    abi::ExecutableHandle *executable, abi::GraphHandle handle, unsigned long long flags)
{
    return call([&](Context &context) {
        constexpr uint64_t known =
            abi::graph_auto_free_on_launch | abi::graph_device_launch | abi::graph_use_node_priority;
        std::shared_ptr<Graph> graph = context.graphs.find(handle);
        if (executable == nullptr) {
            return refuse_null("executable");
        }
        if (graph == nullptr) {
            return refuse_handle(handle, Result::invalid_value);
        }
        if ((flags & ~known) != 0) {
            return refuse_flags(flags);
        }
        if ((flags & abi::graph_device_launch) != 0) {
            return Result::not_supported;
        }
        *executable = context.executables.add(std::make_shared<Executable>(*graph));
        return Result::success;
    });
}

Result cuGraphLaunch(abi::ExecutableHandle executable, abi::StreamHandle stream)
{
    return call_with_executable(executable, stream,
        [](Scheduler &scheduler, Executable &launched, Stream &launcher) {
            return scheduler.launch(launcher, launched);
        });
}

/* There is nowhere to upload to. */
Result cuGraphUpload(abi::ExecutableHandle executable, abi::StreamHandle stream)
{
    return call_with_executable(executable, stream,
        [](Scheduler &scheduler, Executable &, Stream &uploader) {
            return scheduler.refuse_during_capture(uploader);
        });
}

Result cuGraphExecUpdate_v2(
    abi::ExecutableHandle executable_handle, abi::GraphHandle graph_handle, abi::GraphUpdateInfo *info)
{
    return call([&](Context &context) {
        if (info == nullptr) {
            return refuse_null("info");
        }
        *info = {abi::GraphUpdate::error, nullptr, nullptr};
        std::shared_ptr<Executable> executable = context.executables.find(executable_handle);
        std::shared_ptr<Graph> graph = context.graphs.find(graph_handle);
        if (executable == nullptr) {
            return refuse_handle(executable_handle, Result::invalid_value);
        }
        if (graph == nullptr) {
            return refuse_handle(graph_handle, Result::invalid_value);
        }
        *info = context.scheduler.update(*executable, *graph);
        return info->result == abi::GraphUpdate::success
            ? Result::success
            : refuse(Result::graph_update_failed, "the graphs differ in " + difference_text(info->result));
    });
}

Result cuGraphExecDestroy(abi::ExecutableHandle executable)
{
    return call_in_any_context([&](Context &context) {
        bool found = context.executables.remove(executable) != nullptr;
        return found ? Result::success : refuse_handle(executable, Result::invalid_value);
    });
}

Result cuGraphGetNodes(abi::GraphHandle handle, abi::NodeHandle *nodes, size_t *count)
{
    return call([&](Context &context) {
        std::shared_ptr<Graph> graph = context.graphs.find(handle);
        if (graph == nullptr) {
            return refuse_handle(handle, Result::invalid_value);
        }
        if (count == nullptr) {
            return refuse_null("count");
        }
        size_t present = graph->nodes.size();
        if (nodes != nullptr) {
            size_t copied = std::min(*count, present);
            std::copy_n(graph->nodes.begin(), copied, nodes);
            std::fill(nodes + copied, nodes + *count, nullptr);
            present = copied;
        }
        *count = present;
        return Result::success;
    });
}
