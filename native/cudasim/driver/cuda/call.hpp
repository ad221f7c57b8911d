/* SPDX-License-Identifier: Apache-2.0 */
/* The gate of every exported function: what must hold before it begins, and no C++ exception beyond. */
#ifndef GPUBENCH_CUDASIM_CUDA_CALL_HPP
#define GPUBENCH_CUDASIM_CUDA_CALL_HPP

#include <new>
#include <system_error>

#include "context.hpp"

namespace cudasim::driver {

/* For functions that need cuInit but no context. */
template <typename Body> abi::Result call_without_context(Body &&body) noexcept
{
    try {
        return Device::get().is_initialized() ? body(Device::get()) : abi::Result::not_initialized;
    } catch (const std::bad_alloc &) {
        return abi::Result::out_of_memory;
    } catch (const std::system_error &) {
        return abi::Result::operating_system; /* no more threads */
    } catch (...) {
        return abi::Result::unknown;
    }
}

/* For functions that work in the current context, even a broken one. */
template <typename Body> abi::Result call_in_any_context(Body &&body) noexcept
{
    return call_without_context([&](Device &) {
        std::shared_ptr<Context> context;
        abi::Result result = current_context(context);
        if (result != abi::Result::success) {
            return result;
        }
        result = body(*context);
        /* Whatever fails because another thread is destroying the context at this moment fails for that reason. */
        bool destroyed = result != abi::Result::success && context->health.is_closed();
        return destroyed ? abi::Result::context_is_destroyed : result;
    });
}

/* For all others: after a failed kernel they return its error. */
template <typename Body> abi::Result call(Body &&body) noexcept
{
    return call_in_any_context([&](Context &context) {
        abi::Result result = context.health.status();
        return result == abi::Result::success ? body(context) : result;
    });
}

} // namespace cudasim::driver

#endif
