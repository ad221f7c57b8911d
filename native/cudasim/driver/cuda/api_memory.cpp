/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: memory, copies and fills. */
#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "call.hpp"
#include "faults/engine.hpp"

using namespace cudasim;
using namespace cudasim::driver;
using abi::Result;

namespace {

constexpr size_t most_staged_bytes = 64 << 10;

uintptr_t number(const void *address)
{
    return reinterpret_cast<uintptr_t>(address);
}

/* By a fault script. */
bool is_out_of_memory(size_t bytes)
{
    if (!gate::is_watched() || !faults::Engine::get().is_out_of_memory(bytes)) {
        return false;
    }
    gate::explain(static_cast<int32_t>(Result::out_of_memory), faults::Engine::get().rules().why_refused.c_str());
    return true;
}

/* With a live stream; null means none. */
template <typename Body>
Result call_with_stream(abi::StreamHandle handle, Body &&body, const char *function = __builtin_FUNCTION())
{
    auto with_stream = [&](Context &context) {
        std::shared_ptr<Stream> stream = context.scheduler.find(handle);
        return stream != nullptr ? body(context, *stream) : refuse_handle(handle);
    };
    return call(with_stream, function);
}

/* After all that the legacy stream would wait for; on the caller's own thread, since it waits anyway. */
Result copy_now(Copy::Kind kind, uintptr_t target, uintptr_t source, size_t bytes,
    const char *function = __builtin_FUNCTION())
{
    auto body = [&](Context &context) { return context.scheduler.run_now(Copy(kind, target, source, bytes)); };
    return call(body, function);
}

/*
 * As documented for pageable memory: what is copied to the device is read before the call returns, and what comes from
 * it has arrived then.
 */
Result copy_between_host_and_device(Copy::Kind kind, uintptr_t target, uintptr_t source, size_t bytes,
    abi::StreamHandle handle, const char *function = __builtin_FUNCTION())
{
    auto body = [&](Context &context, Stream &stream) {
        auto copy = std::make_shared<Copy>(kind, target, source, bytes);
        Result result = copy->usable(context.memory);
        if (result != Result::success) {
            return result;
        }
        uintptr_t host = kind == Copy::Kind::host_to_device ? source : target;
        bool now = bytes != 0 && !context.memory.is_page_locked(host, bytes)
            && !context.scheduler.is_capturing(stream);
        if (now && kind == Copy::Kind::host_to_device && bytes <= most_staged_bytes) {
            copy->stage();
            now = false;
        }
        result = context.scheduler.submit(stream, std::move(copy));
        return now && result == Result::success ? context.scheduler.synchronize(stream) : result;
    };
    return call_with_stream(handle, body, function);
}

/* For calls without a stream, which have no place in a capture. */
Result submit_safely(Context &context, Stream &stream, OperationPointer operation)
{
    Result result = context.scheduler.refuse_unsafe_call();
    return result == Result::success ? context.scheduler.submit(stream, std::move(operation)) : result;
}

Result allocate_host(void **address, size_t bytes, uint32_t flags, const char *function = __builtin_FUNCTION())
{
    auto body = [&](Context &context) {
        constexpr uint32_t known = abi::host_portable | abi::host_device_map | abi::host_write_combined;
        if (address == nullptr) {
            return refuse_null("address");
        }
        if (bytes == 0) {
            return refuse(Result::invalid_value, "an allocation of 0 bytes");
        }
        if ((flags & ~known) != 0) {
            return refuse_flags(flags);
        }
        Result result = context.scheduler.refuse_unsafe_call();
        if (result != Result::success) {
            return result;
        }
        if (is_out_of_memory(bytes)) {
            return Result::out_of_memory;
        }
        void *allocated = nullptr;
        result = context.memory.allocate_host(bytes, allocated);
        if (result == Result::success) {
            *address = allocated;
        }
        return result;
    };
    return call(body, function);
}

Result fill(uintptr_t target, uint32_t value, uint32_t element_bytes, size_t count, abi::StreamHandle handle,
    const char *function = __builtin_FUNCTION())
{
    auto body = [&](Context &context, Stream &stream) {
        return context.scheduler.submit(stream, std::make_shared<Fill>(target, value, element_bytes, count));
    };
    return call_with_stream(handle, body, function);
}

/* Frees after all work has ended, since any of it may use the memory. */
template <typename Body> Result free_when_idle(Body &&body, const char *function = __builtin_FUNCTION())
{
    auto when_idle = [&](Context &context) {
        Result result = context.scheduler.refuse_unsafe_call();
        if (result != Result::success) {
            return result;
        }
        context.scheduler.drain();
        result = body(context.memory);
        return result == Result::success ? context.health.status() : result;
    };
    return call_in_any_context(when_idle, function);
}

/* Those of a batch: each applies to the copies from its first one to the next one's. */
Result check_attributes(
    const abi::CopyAttributes *attributes, const size_t *first_copies, size_t count, size_t copies)
{
    if (attributes == nullptr || first_copies == nullptr) {
        return refuse_null(attributes == nullptr ? "attributes" : "first_copies");
    }
    if (count == 0 || count > copies) {
        return refuse(Result::invalid_value,
            std::to_string(count) + " sets of attributes for " + std::to_string(copies) + " copies");
    }
    for (size_t i = 0; i < count; i++) {
        if (first_copies[i] >= copies || (i == 0 ? first_copies[0] != 0 : first_copies[i] <= first_copies[i - 1])) {
            return refuse(Result::invalid_value,
                "the attributes " + std::to_string(i) + " begin with copy " + std::to_string(first_copies[i]) + " of "
                    + std::to_string(copies));
        }
        if (attributes[i].source_order < abi::SourceOrder::in_stream
            || attributes[i].source_order > abi::SourceOrder::any) {
            return refuse(Result::invalid_value,
                "the access order " + std::to_string(static_cast<int>(attributes[i].source_order)) + " of attributes "
                    + std::to_string(i) + " is unknown");
        }
        if ((attributes[i].flags & ~uint32_t{abi::copy_beside_kernels}) != 0) {
            return refuse_flags(attributes[i].flags);
        }
        if (attributes[i].source_order == abi::SourceOrder::during_call) {
            return refuse(Result::not_supported, "sources that are read during the call");
        }
    }
    return Result::success;
}

/* By where the memory is, as with unified addresses; page-locked memory is the host's. */
Copy::Kind kind_of(const Memory &memory, uintptr_t target, uintptr_t source, size_t bytes)
{
    auto on_host = [&](uintptr_t address) {
        bool on_device = memory.was_device_address(address)
            || memory.require_copy_range("the memory", address, bytes) == Result::success; /* of a peer */
        return memory.is_page_locked(address, bytes) || !on_device;
    };
    if (on_host(source)) {
        bool locked = memory.is_page_locked(target, bytes) && memory.is_page_locked(source, bytes);
        return locked ? Copy::Kind::device_to_device : Copy::Kind::host_to_device;
    }
    return on_host(target) ? Copy::Kind::device_to_host : Copy::Kind::device_to_device;
}

} // namespace

Result cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes)
{
    return call([&](Context &context) {
        if (free_bytes == nullptr || total_bytes == nullptr) {
            return refuse_null(free_bytes == nullptr ? "free_bytes" : "total_bytes");
        }
        *free_bytes = context.memory.free_bytes();
        *total_bytes = context.memory.total_bytes();
        return Result::success;
    });
}

Result cuMemAlloc_v2(abi::DevicePointer *address, size_t bytes)
{
    return call([&](Context &context) {
        if (address == nullptr) {
            return refuse_null("address");
        }
        if (bytes == 0) {
            return refuse(Result::invalid_value, "an allocation of 0 bytes");
        }
        Result result = context.scheduler.refuse_unsafe_call();
        if (result != Result::success) {
            return result;
        }
        if (is_out_of_memory(bytes)) {
            return Result::out_of_memory;
        }
        uintptr_t allocated = 0;
        result = context.memory.allocate(bytes, allocated);
        if (result == Result::success) {
            *address = allocated;
        }
        return result;
    });
}

Result cuMemFree_v2(abi::DevicePointer address)
{
    if (address == 0) {
        return call([](Context &) { return Result::success; });
    }
    return free_when_idle([&](Memory &memory) { return memory.free(address); });
}

Result cuMemHostAlloc(void **address, size_t bytes, uint32_t flags)
{
    return allocate_host(address, bytes, flags);
}

Result cuMemAllocHost_v2(void **address, size_t bytes)
{
    return allocate_host(address, bytes, 0);
}

Result cuMemHostRegister_v2(void *address, size_t bytes, uint32_t flags)
{
    return call([&](Context &context) {
        constexpr uint32_t unsupported = abi::host_io_memory | abi::host_read_only;
        constexpr uint32_t known = abi::host_portable | abi::host_device_map | unsupported;
        if (address == nullptr) {
            return refuse_null("address");
        }
        if (bytes == 0) {
            return refuse(Result::invalid_value, "a range of 0 bytes");
        }
        if ((flags & ~known) != 0) {
            return refuse_flags(flags);
        }
        if ((flags & unsupported) != 0) {
            return Result::not_supported;
        }
        Result result = context.scheduler.refuse_unsafe_call();
        return result == Result::success ? context.memory.register_host(address, bytes) : result;
    });
}

Result cuMemHostUnregister(void *address)
{
    if (address == nullptr) {
        return call_in_any_context([](Context &) { return refuse_null("address"); });
    }
    return free_when_idle([&](Memory &memory) { return memory.unregister_host(address); });
}

Result cuMemFreeHost(void *address)
{
    if (address == nullptr) {
        return call_in_any_context([](Context &) { return refuse_null("address"); });
    }
    return free_when_idle([&](Memory &memory) { return memory.free_host(address); });
}

Result cuMemHostGetDevicePointer_v2(abi::DevicePointer *device, void *host, uint32_t flags)
{
    return call([&](Context &context) {
        if (device == nullptr || host == nullptr) {
            return refuse_null(device == nullptr ? "device" : "host");
        }
        if (flags != 0) {
            return refuse_flags(flags);
        }
        uintptr_t address = 0;
        Result result = context.memory.device_address(host, address);
        if (result == Result::success) {
            *device = address;
        }
        return result;
    });
}

Result cuMemcpyHtoD_v2(abi::DevicePointer target, const void *source, size_t bytes)
{
    return copy_now(Copy::Kind::host_to_device, target, number(source), bytes);
}

Result cuMemcpyDtoH_v2(void *target, abi::DevicePointer source, size_t bytes)
{
    return copy_now(Copy::Kind::device_to_host, number(target), source, bytes);
}

/* The host does not wait for copies within the device. */
Result cuMemcpyDtoD_v2(abi::DevicePointer target, abi::DevicePointer source, size_t bytes)
{
    return call_with_stream(nullptr, [&](Context &context, Stream &stream) {
        return submit_safely(
            context, stream, std::make_shared<Copy>(Copy::Kind::device_to_device, target, source, bytes));
    });
}

Result cuMemcpyHtoDAsync_v2(abi::DevicePointer target, const void *source, size_t bytes, abi::StreamHandle stream)
{
    return copy_between_host_and_device(Copy::Kind::host_to_device, target, number(source), bytes, stream);
}

Result cuMemcpyDtoHAsync_v2(void *target, abi::DevicePointer source, size_t bytes, abi::StreamHandle stream)
{
    return copy_between_host_and_device(Copy::Kind::device_to_host, number(target), source, bytes, stream);
}

Result cuMemcpyDtoDAsync_v2(
    abi::DevicePointer target, abi::DevicePointer source, size_t bytes, abi::StreamHandle handle)
{
    return call_with_stream(handle, [&](Context &context, Stream &stream) {
        return context.scheduler.submit(
            stream, std::make_shared<Copy>(Copy::Kind::device_to_device, target, source, bytes));
    });
}

Result cuMemcpyBatchAsync_v2(abi::DevicePointer *targets, abi::DevicePointer *sources, size_t *sizes, size_t count,
    abi::CopyAttributes *attributes, size_t *first_copies, size_t attribute_count, abi::StreamHandle handle)
{
    return call_with_stream(handle, [&](Context &context, Stream &stream) {
        if (targets == nullptr || sources == nullptr || sizes == nullptr) {
            return refuse_null(targets == nullptr ? "targets" : sources == nullptr ? "sources" : "sizes");
        }
        if (handle == nullptr || reinterpret_cast<uintptr_t>(handle) == abi::legacy_stream) {
            return refuse(Result::invalid_value, "the legacy stream takes no batches of copies");
        }
        Result result = check_attributes(attributes, first_copies, attribute_count, count);
        if (result != Result::success) {
            return result;
        }
        if (context.scheduler.is_capturing(stream)) {
            return refuse(Result::stream_capture_unsupported, "a batch of copies cannot be captured");
        }
        auto batch = std::make_shared<CopyBatch>();
        for (size_t i = 0; i < count; i++) {
            batch->add(kind_of(context.memory, targets[i], sources[i], sizes[i]), targets[i], sources[i], sizes[i]);
        }
        return context.scheduler.submit(stream, std::move(batch));
    });
}

/* The host waits only where its own memory is filled. */
Result cuMemsetD8_v2(abi::DevicePointer target, unsigned char value, size_t count)
{
    return call_with_stream(nullptr, [&](Context &context, Stream &stream) {
        Result result = submit_safely(context, stream, std::make_shared<Fill>(target, value, 1, count));
        bool waits = result == Result::success && count != 0 && context.memory.is_page_locked(target, count);
        return waits ? context.scheduler.synchronize(stream) : result;
    });
}

Result cuMemsetD8Async(abi::DevicePointer target, unsigned char value, size_t count, abi::StreamHandle stream)
{
    return fill(target, value, 1, count, stream);
}

Result cuMemsetD32Async(abi::DevicePointer target, uint32_t value, size_t count, abi::StreamHandle stream)
{
    return fill(target, value, sizeof value, count, stream);
}
