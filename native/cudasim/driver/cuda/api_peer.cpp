/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: two devices at once, by peer access and by copies between them. */
#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "call.hpp"
#include "identity.hpp"

using namespace cudasim;
using namespace cudasim::driver;
using abi::Result;

namespace {

bool can_access(abi::Device device, abi::Device peer)
{
    return device != peer && identity::peer_access();
}

/* What a call that takes another context does once that is alive and of another device. */
template <typename Body>
Result call_with_peer(abi::ContextHandle handle, Body &&body, const char *function = __builtin_FUNCTION())
{
    return call_in_any_context(
        [&](Context &context) {
            std::shared_ptr<Context> peer = Device::find(handle);
            if (peer == nullptr) {
                return refuse_handle(handle, Result::invalid_context);
            }
            if (peer.get() == &context) {
                return refuse(Result::invalid_device, "the context is the current one: no device is its own peer");
            }
            return body(Device::find(context.handle), peer);
        },
        function);
}

} // namespace

Result cuDeviceCanAccessPeer(int32_t *can, abi::Device device, abi::Device peer)
{
    return call_without_context([&](Device &) {
        if (can == nullptr) {
            return refuse_null("can");
        }
        for (abi::Device one : {device, peer}) {
            if (one < 0 || one >= Device::count()) {
                return refuse(Result::invalid_device, "there is no device " + std::to_string(one));
            }
        }
        *can = can_access(device, peer) ? 1 : 0;
        return Result::success;
    });
}

Result cuCtxEnablePeerAccess(abi::ContextHandle peer_handle, uint32_t flags)
{
    return call_with_peer(peer_handle, [&](const std::shared_ptr<Context> &context, const std::shared_ptr<Context> &peer) {
        if (flags != 0) {
            return refuse_flags(flags);
        }
        if (!identity::peer_access()) {
            return refuse(Result::peer_access_unsupported, "GPUBENCH_SIM_PEER_ACCESS is 0");
        }
        if (context->device == peer->device) {
            return refuse(Result::peer_access_unsupported, "both contexts are of device " + std::to_string(peer->device));
        }
        return context->memory.enable_peer(Context::memory_of(peer), Context::memory_of(context));
    });
}

Result cuCtxDisablePeerAccess(abi::ContextHandle peer_handle)
{
    return call_with_peer(peer_handle, [](const std::shared_ptr<Context> &context, const std::shared_ptr<Context> &peer) {
        context->scheduler.drain();
        return context->memory.disable_peer(Context::memory_of(peer));
    });
}

Result cuMemcpyPeerAsync(abi::DevicePointer target, abi::ContextHandle target_context, abi::DevicePointer source,
    abi::ContextHandle source_context, size_t bytes, abi::StreamHandle handle)
{
    return call([&](Context &context) {
        std::shared_ptr<Stream> stream = context.scheduler.find(handle);
        std::shared_ptr<Context> of_target = Device::find(target_context);
        std::shared_ptr<Context> of_source = Device::find(source_context);
        if (stream == nullptr) {
            return refuse_handle(handle);
        }
        if (of_target == nullptr || of_source == nullptr) {
            return refuse_handle(of_target == nullptr ? target_context : source_context, Result::invalid_context);
        }
        if (bytes != 0) {
            Result result = of_target->memory.require_device_range("the target", target, bytes);
            if (result == Result::success) {
                result = of_source->memory.require_device_range("the source", source, bytes);
            }
            if (result != Result::success) {
                return result;
            }
            if (of_target->memory.is_peer_range(target, bytes) || of_source->memory.is_peer_range(source, bytes)) {
                return refuse(Result::invalid_value, "the memory belongs to another context than the one that is named");
            }
        }
        return context.scheduler.submit(
            *stream, std::make_shared<Copy>(Copy::Kind::device_to_device, target, source, bytes));
    });
}
