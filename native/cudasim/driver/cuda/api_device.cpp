/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: the driver itself, its errors, the devices, their contexts. */
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "call.hpp"
#include "errors.hpp"
#include "identity.hpp"
#include "limits.hpp"

using namespace cudasim;
using namespace cudasim::driver;

namespace {

Result refuse_device(abi::Device device)
{
    return refuse(Result::invalid_device,
        "there is no device " + std::to_string(device) + ", only device"
            + (Device::count() == 1 ? " 0" : "s 0 to " + std::to_string(Device::count() - 1)));
}

bool is_device(abi::Device device)
{
    return device >= 0 && device < Device::count();
}

/* What a call that takes a device does once the device is known to be one that there is. */
template <typename Body>
Result call_with_device(abi::Device device, Body &&body, const char *function = __builtin_FUNCTION())
{
    return call_without_context(
        [&](Device &) { return is_device(device) ? body(Device::get(device)) : refuse_device(device); },
        function);
}

/* As much of the text as fits, always with its end. */
Result copy_text(char *target, int32_t length, const char *text)
{
    if (target == nullptr) {
        return refuse_null("text");
    }
    if (length <= 0) {
        return refuse(Result::invalid_value, "room for " + std::to_string(length) + " bytes of text");
    }
    std::snprintf(target, static_cast<size_t>(length), "%s", text);
    return Result::success;
}

} // namespace

Result cuInit(uint32_t flags)
{
    return call_without_driver([&] { return flags == 0 ? Device::initialize() : refuse_flags(flags); });
}

Result cuDriverGetVersion(int32_t *version)
{
    return call_without_driver([&] {
        if (version == nullptr) {
            return refuse_null("version");
        }
        if (identity::driver_version() == 0) {
            return refuse(Result::invalid_value, "GPUBENCH_SIM_DRIVER_VERSION is not a version");
        }
        *version = identity::driver_version();
        return Result::success;
    });
}

Result cuGetErrorName(Result error, const char **name)
{
    if (name == nullptr) {
        return Result::invalid_value;
    }
    *name = error_name(error);
    return *name != nullptr ? Result::success : Result::invalid_value;
}

Result cuGetErrorString(Result error, const char **text)
{
    if (text == nullptr) {
        return Result::invalid_value;
    }
    const char *why = gate::why_failed(static_cast<int32_t>(error));
    *text = why != nullptr ? why : error_text(error);
    return *text != nullptr ? Result::success : Result::invalid_value;
}

Result cuDeviceGetCount(int32_t *count)
{
    return call_without_context([&](Device &) {
        if (count == nullptr) {
            return refuse_null("count");
        }
        *count = Device::count();
        return Result::success;
    });
}

Result cuDeviceGet(abi::Device *device, int32_t ordinal)
{
    return call_with_device(ordinal, [&](Device &) {
        if (device == nullptr) {
            return refuse_null("device");
        }
        *device = ordinal;
        return Result::success;
    });
}

Result cuDeviceGetName(char *name, int32_t length, abi::Device device)
{
    return call_with_device(device, [&](Device &) { return copy_text(name, length, identity::name); });
}

Result cuDeviceGetUuid_v2(abi::Uuid *uuid, abi::Device device)
{
    return call_with_device(device, [&](Device &) {
        if (uuid == nullptr) {
            return refuse_null("uuid");
        }
        for (int i = 0; i < static_cast<int>(sizeof uuid->bytes); i++) {
            uuid->bytes[i] = identity::uuid_byte(device, i);
        }
        return Result::success;
    });
}

Result cuDeviceGetAttribute(int32_t *value, abi::DeviceAttribute attribute, abi::Device device)
{
    return call_with_device(device, [&](Device &) {
        auto number = static_cast<int32_t>(attribute);
        if (value == nullptr) {
            return refuse_null("value");
        }
        if (number < 1 || number > static_cast<int32_t>(abi::DeviceAttribute::last)) {
            return refuse(Result::invalid_value, "there is no attribute " + std::to_string(number));
        }
        *value = device_attribute(attribute);
        return Result::success;
    });
}

Result cuDeviceTotalMem_v2(size_t *bytes, abi::Device device)
{
    return call_with_device(device, [&](Device &simulated) {
        if (bytes == nullptr) {
            return refuse_null("bytes");
        }
        *bytes = simulated.memory_bytes();
        return Result::success;
    });
}

Result cuDeviceGetPCIBusId(char *id, int32_t length, abi::Device device)
{
    return call_with_device(device, [&](Device &) { return copy_text(id, length, identity::pci_bus_id_of(device).c_str()); });
}

Result cuDevicePrimaryCtxRetain(abi::ContextHandle *context, abi::Device device)
{
    return call_with_device(device, [&](Device &simulated) {
        return context != nullptr ? simulated.retain(*context) : refuse_null("context");
    });
}

Result cuDevicePrimaryCtxRelease_v2(abi::Device device)
{
    return call_even_when_lost(
        [&](Device &) { return is_device(device) ? Device::get(device).release() : refuse_device(device); });
}

Result cuDevicePrimaryCtxSetFlags_v2(abi::Device device, uint32_t flags)
{
    return call_with_device(device, [&](Device &simulated) { return simulated.set_flags(flags); });
}

Result cuCtxCreate_v4(abi::ContextHandle *context, abi::ContextParameters *parameters, uint32_t flags, abi::Device device)
{
    return call_with_device(device, [&](Device &simulated) {
        if (context == nullptr) {
            return refuse_null("context");
        }
        if (parameters != nullptr && (parameters->affinity_count != 0 || parameters->graphics != nullptr)) {
            return Result::not_supported;
        }
        std::shared_ptr<Context> created;
        Result result = simulated.create(flags, created);
        if (result == Result::success) {
            push_current_context(created);
            *context = created->handle;
        }
        return result;
    });
}

Result cuCtxDestroy_v2(abi::ContextHandle context)
{
    return call_even_when_lost([&](Device &) {
        Result result = Device::destroy(context);
        abi::ContextHandle popped;
        if (result != Result::invalid_context && current_context_handle() == context) {
            pop_current_context(popped);
        }
        return result;
    });
}

Result cuCtxSetCurrent(abi::ContextHandle context)
{
    return call_even_when_lost([&](Device &) {
        std::shared_ptr<Context> found = Device::find(context);
        if (context != nullptr && found == nullptr) {
            return refuse_handle(context, Result::invalid_context);
        }
        set_current_context(context, found);
        return Result::success;
    });
}

Result cuCtxGetCurrent(abi::ContextHandle *context)
{
    return call_without_context([&](Device &) {
        if (context == nullptr) {
            return refuse_null("context");
        }
        *context = current_context_handle();
        return Result::success;
    });
}

Result cuCtxPushCurrent_v2(abi::ContextHandle context)
{
    return call_even_when_lost([&](Device &) {
        std::shared_ptr<Context> found = Device::find(context);
        if (found == nullptr) {
            return refuse_handle(context, Result::invalid_context);
        }
        push_current_context(found);
        return Result::success;
    });
}

Result cuCtxPopCurrent_v2(abi::ContextHandle *context)
{
    return call_even_when_lost([&](Device &) {
        abi::ContextHandle popped = nullptr;
        if (!pop_current_context(popped)) {
            return refuse(Result::invalid_context, "no context is current on this thread");
        }
        if (context != nullptr) {
            *context = popped;
        }
        return Result::success;
    });
}

/* Its caches hold nothing back. */
Result cuCtxResetPersistingL2Cache()
{
    return call([](Context &) { return Result::success; });
}

Result cuCtxSynchronize()
{
    return call([](Context &context) { return context.scheduler.synchronize_all(); });
}
