/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: streams, events and stream capture. */
#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "call.hpp"

using namespace cudasim;
using namespace cudasim::driver;
using abi::Result;

namespace {

template <typename Body>
Result call_with_stream(abi::StreamHandle handle, Body &&body, const char *function = __builtin_FUNCTION())
{
    auto with_stream = [&](Context &context) {
        std::shared_ptr<Stream> stream = context.scheduler.find(handle);
        return stream != nullptr ? body(context.scheduler, *stream) : refuse_handle(handle);
    };
    return call(with_stream, function);
}

template <typename Body>
Result call_with_event(abi::EventHandle handle, Body &&body, const char *function = __builtin_FUNCTION())
{
    auto with_event = [&](Context &context) {
        std::shared_ptr<Event> event = context.events.find(handle);
        return event != nullptr ? body(context, *event) : refuse_handle(handle);
    };
    return call(with_event, function);
}

template <typename Body> Result call_with_both(
    abi::StreamHandle stream, abi::EventHandle event, Body &&body, const char *function = __builtin_FUNCTION())
{
    auto with_both = [&](Context &context) {
        std::shared_ptr<Stream> found_stream = context.scheduler.find(stream);
        std::shared_ptr<Event> found_event = context.events.find(event);
        if (found_stream == nullptr) {
            return refuse_handle(stream);
        }
        return found_event == nullptr ? refuse_handle(event) : body(context.scheduler, *found_stream, *found_event);
    };
    return call(with_both, function);
}

Result elapsed_time(
    float *milliseconds, abi::EventHandle start, abi::EventHandle end, const char *function = __builtin_FUNCTION())
{
    auto body = [&](Context &context) {
        if (milliseconds == nullptr) {
            return refuse_null("milliseconds");
        }
        std::shared_ptr<Event> first = context.events.find(start);
        std::shared_ptr<Event> second = context.events.find(end);
        if (first == nullptr || second == nullptr) {
            return refuse_handle(first == nullptr ? start : end);
        }
        if (!first->is_timed() || !second->is_timed()) {
            return refuse(Result::invalid_handle,
                std::string("the ") + (first->is_timed() ? "second" : "first") + " event was made without a clock");
        }
        std::shared_ptr<Recording> from;
        std::shared_ptr<Recording> to;
        Result result = context.scheduler.recording(*first, from);
        if (result == Result::success) {
            result = context.scheduler.recording(*second, to);
        }
        if (result != Result::success) {
            return result;
        }
        if (from == nullptr || to == nullptr) {
            return refuse(Result::invalid_handle,
                std::string("the ") + (from == nullptr ? "first" : "second") + " event was never recorded");
        }
        if (!context.scheduler.has_reached(*from) || !context.scheduler.has_reached(*to)) {
            return Result::not_ready;
        }
        result = context.health.status(); /* after a failure the moments were never taken */
        if (result == Result::success) {
            *milliseconds = static_cast<float>(static_cast<double>(to->nanos.load() - from->nanos.load()) * 1e-6);
        }
        return result;
    };
    return call(body, function);
}

} // namespace

Result cuStreamCreate(abi::StreamHandle *stream, uint32_t flags)
{
    return call([&](Context &context) {
        if (stream == nullptr) {
            return refuse_null("stream");
        }
        if ((flags & ~abi::stream_non_blocking) != 0) {
            return refuse_flags(flags);
        }
        *stream = context.scheduler.create(flags == 0 ? Stream::Kind::blocking : Stream::Kind::non_blocking);
        return Result::success;
    });
}

Result cuStreamDestroy_v2(abi::StreamHandle stream)
{
    return call_in_any_context([&](Context &context) { return context.scheduler.destroy(stream); });
}

Result cuStreamSynchronize(abi::StreamHandle handle)
{
    return call_with_stream(
        handle, [](Scheduler &scheduler, Stream &stream) { return scheduler.synchronize(stream); });
}

Result cuStreamQuery(abi::StreamHandle handle)
{
    return call_with_stream(handle, [](Scheduler &scheduler, Stream &stream) {
        Result refused = scheduler.refuse_unsafe_call();
        return refused == Result::success ? scheduler.query(stream) : refused;
    });
}

Result cuStreamWaitEvent(abi::StreamHandle stream, abi::EventHandle event, uint32_t flags)
{
    return call_with_both(stream, event, [&](Scheduler &scheduler, Stream &waiter, Event &awaited) {
        if ((flags & ~abi::wait_external) != 0) {
            return refuse_flags(flags);
        }
        if (flags == abi::wait_external) {
            return scheduler.is_capturing(waiter)
                ? Result::not_supported
                : refuse(Result::invalid_value, "CU_EVENT_WAIT_EXTERNAL outside of a capture");
        }
        return scheduler.wait(waiter, awaited);
    });
}

Result cuStreamBeginCapture_v2(abi::StreamHandle handle, abi::CaptureMode mode)
{
    return call_with_stream(handle, [&](Scheduler &scheduler, Stream &stream) {
        if (mode < abi::CaptureMode::global || mode > abi::CaptureMode::relaxed) {
            return refuse(Result::invalid_value, "there is no mode " + std::to_string(static_cast<int>(mode)));
        }
        return scheduler.begin_capture(stream, mode);
    });
}

Result cuStreamEndCapture(abi::StreamHandle handle, abi::GraphHandle *graph)
{
    return call([&](Context &context) {
        if (graph == nullptr) {
            return refuse_null("graph");
        }
        *graph = nullptr;
        std::shared_ptr<Stream> stream = context.scheduler.find(handle);
        if (stream == nullptr) {
            return refuse_handle(handle);
        }
        std::shared_ptr<Graph> captured;
        Result result = context.scheduler.end_capture(*stream, captured);
        if (result == Result::success) {
            *graph = context.graphs.add(std::move(captured));
        }
        return result;
    });
}

Result cuStreamIsCapturing(abi::StreamHandle stream, abi::CaptureStatus *status)
{
    return call_with_stream(stream, [&](Scheduler &scheduler, Stream &asked) {
        return status != nullptr ? scheduler.capture_status(asked, *status) : refuse_null("status");
    });
}

Result cuEventCreate(abi::EventHandle *event, uint32_t flags)
{
    return call([&](Context &context) {
        constexpr uint32_t known = abi::event_blocking_sync | abi::event_disable_timing | abi::event_interprocess;
        bool interprocess = (flags & abi::event_interprocess) != 0;
        if (event == nullptr) {
            return refuse_null("event");
        }
        if ((flags & ~known) != 0 || (interprocess && (flags & abi::event_disable_timing) == 0)) {
            return refuse_flags(flags);
        }
        if (interprocess) {
            return Result::not_supported;
        }
        *event = context.events.add(std::make_shared<Event>(flags));
        return Result::success;
    });
}

Result cuEventDestroy_v2(abi::EventHandle event)
{
    return call_in_any_context([&](Context &context) {
        return context.events.remove(event) != nullptr ? context.health.status() : refuse_handle(event);
    });
}

Result cuEventRecord(abi::EventHandle event, abi::StreamHandle stream)
{
    return call_with_both(stream, event,
        [](Scheduler &scheduler, Stream &recorder, Event &recorded) { return scheduler.record(recorder, recorded); });
}

Result cuEventSynchronize(abi::EventHandle handle)
{
    return call_with_event(handle, [](Context &context, Event &event) {
        std::shared_ptr<Recording> recording;
        Result result = context.scheduler.recording(event, recording);
        if (result != Result::success || recording == nullptr) {
            return result;
        }
        context.scheduler.await(*recording, event.spins());
        return context.health.status();
    });
}

Result cuEventQuery(abi::EventHandle handle)
{
    return call_with_event(handle, [](Context &context, Event &event) {
        std::shared_ptr<Recording> recording;
        Result result = context.scheduler.recording(event, recording);
        if (result == Result::success) {
            result = context.scheduler.refuse_unsafe_call();
        }
        if (result != Result::success || recording == nullptr) {
            return result;
        }
        return context.scheduler.has_reached(*recording) ? context.health.status() : Result::not_ready;
    });
}

Result cuEventElapsedTime(float *milliseconds, abi::EventHandle start, abi::EventHandle end)
{
    return elapsed_time(milliseconds, start, end);
}

Result cuEventElapsedTime_v2(float *milliseconds, abi::EventHandle start, abi::EventHandle end)
{
    return elapsed_time(milliseconds, start, end);
}
