/* SPDX-License-Identifier: Apache-2.0 */
/* How every exported function of NVML begins: through the gate, once; see gate.hpp for `function`. */
#ifndef GPUBENCH_CUDASIM_NVML_CALL_HPP
#define GPUBENCH_CUDASIM_NVML_CALL_HPP

#include <mutex>

#include "abi/nvml.hpp"
#include "gate.hpp"
#include "identity.hpp"

namespace cudasim::nvml {

using Result = abi::NvmlResult;

/* Destroyed trivially, so that calls during the end of the process are harmless. */
inline std::mutex mutex;
inline unsigned initializations = 0;

inline abi::NvmlDevice simulated_device(int32_t number)
{
    static char devices[identity::most_devices];
    return reinterpret_cast<abi::NvmlDevice>(&devices[number]);
}

/* -1 for a handle that was never given. */
inline int32_t number_of(abi::NvmlDevice device)
{
    for (int32_t i = 0; i < identity::device_count(); i++) {
        if (simulated_device(i) == device) {
            return i;
        }
    }
    return -1;
}

/* By a fault script: at a time, which both libraries know by themselves, or at a call of the driver. */
bool is_lost();

template <typename Body> Result call_without_library(Body &&body, const char *function = __builtin_FUNCTION())
{
    auto locked = [&] {
        std::lock_guard lock(mutex);
        return body();
    };
    return gate::pass<Result>(locked, function);
}

template <typename Body> Result call(Body &&body, const char *function = __builtin_FUNCTION())
{
    return call_without_library([&] { return initializations != 0 ? body() : Result::uninitialized; }, function);
}

template <typename Body>
Result call_with_device(abi::NvmlDevice device, Body &&body, const char *function = __builtin_FUNCTION())
{
    auto with_device = [&] {
        if (number_of(device) < 0) {
            return Result::invalid_argument;
        }
        return is_lost() ? Result::gpu_is_lost : body();
    };
    return call(with_device, function);
}

} // namespace cudasim::nvml

#endif
