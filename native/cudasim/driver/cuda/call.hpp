/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every exported function begins: through the gate, once, with what must hold before. No C++ exception leaves it.
 * `function` is the exported function's name, which helpers hand on: see gate.hpp.
 */
#ifndef GPUBENCH_CUDASIM_CUDA_CALL_HPP
#define GPUBENCH_CUDASIM_CUDA_CALL_HPP

#include <new>
#include <system_error>

#include "context.hpp"
#include "gate.hpp"
#include "refusal.hpp"

namespace cudasim::driver {

using gate::OnLoss;

/* For functions that need nothing, not even cuInit. */
template <typename Body>
abi::Result call_without_driver(
    Body &&body, const char *function = __builtin_FUNCTION(), OnLoss on_loss = OnLoss::refuse) noexcept
{
    forget_refusal();
    auto guarded = [&] {
        try {
            return body();
        } catch (const std::bad_alloc &) {
            return abi::Result::out_of_memory;
        } catch (const std::system_error &) {
            return abi::Result::operating_system; /* no more threads */
        } catch (...) {
            return abi::Result::unknown;
        }
    };
    return gate::pass<abi::Result>(guarded, function, on_loss);
}

/* For functions that need cuInit but no context. */
template <typename Body>
abi::Result call_without_context(
    Body &&body, const char *function = __builtin_FUNCTION(), OnLoss on_loss = OnLoss::refuse) noexcept
{
    auto initialized = [&] {
        return Device::is_initialized() ? body(Device::get()) : abi::Result::not_initialized;
    };
    return call_without_driver(initialized, function, on_loss);
}

/* For those of them that a program needs to release what it has, even when the device has been lost. */
template <typename Body>
abi::Result call_even_when_lost(Body &&body, const char *function = __builtin_FUNCTION()) noexcept
{
    return call_without_context(body, function, OnLoss::work);
}

/* For functions that work in the current context, even a broken one: those that release. */
template <typename Body>
abi::Result call_in_any_context(Body &&body, const char *function = __builtin_FUNCTION()) noexcept
{
    auto with_context = [&](Device &) {
        std::shared_ptr<Context> context;
        abi::Result result = current_context(context);
        if (result != abi::Result::success) {
            return result;
        }
        result = body(*context);
        /* Whatever fails because another thread is destroying the context at this moment fails for that reason. */
        bool destroyed = result != abi::Result::success && context->health.is_closed();
        return destroyed ? refuse_destroyed(context->handle) : result;
    };
    return call_even_when_lost(with_context, function);
}

/* For all others: after a failed kernel they return its error. */
template <typename Body> abi::Result call(Body &&body, const char *function = __builtin_FUNCTION()) noexcept
{
    auto while_healthy = [&](Context &context) {
        abi::Result result = context.health.status();
        return result == abi::Result::success ? body(context) : result;
    };
    return call_in_any_context(while_healthy, function);
}

} // namespace cudasim::driver

#endif
