/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: nvmlDeviceGetFieldValues, by which NVML tells whatever has a number but no function. */
#include <time.h>

#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "call.hpp"
#include "faults/engine.hpp"
#include "sensors.hpp"

using namespace cudasim;
using abi::NvmlField;
using abi::NvmlFieldValue;
using abi::NvmlValueType;
using nvml::Readings;
using nvml::Result;

namespace {

constexpr uint32_t fields = 200; /* numbers from there on are unknown, as to a library that is older than them */

/* The margins are degrees below the limit at which the device slows down. */
constexpr int32_t slowdown_margin = -2;
constexpr int32_t throttling_margin = 0;

void answer(NvmlFieldValue &field, uint32_t value)
{
    field.type = NvmlValueType::unsigned_32;
    field.value.unsigned_32 = value;
}

void answer(NvmlFieldValue &field, uint64_t value)
{
    field.type = NvmlValueType::unsigned_64;
    field.value.unsigned_64 = value;
}

void answer(NvmlFieldValue &field, int32_t value)
{
    field.type = NvmlValueType::signed_32;
    field.value.signed_32 = value;
}

/* False: the device does not have it. */
bool tell(NvmlFieldValue &field, const Readings &now)
{
    switch (field.field) {
    case NvmlField::ecc_corrected:
        answer(field, now.ecc_corrected);
        return true;
    case NvmlField::ecc_uncorrected:
        answer(field, now.ecc_uncorrected);
        return true;
    case NvmlField::retired_corrected:
        answer(field, now.retired_corrected);
        return true;
    case NvmlField::retired_uncorrected:
        answer(field, now.retired_uncorrected);
        return true;
    case NvmlField::retired_pending:
    case NvmlField::remapped_pending:
    case NvmlField::remapped_failed:
        answer(field, uint32_t{0});
        return true;
    case NvmlField::throttled_by_power:
        answer(field, now.nanos_throttled_by_power);
        return true;
    case NvmlField::throttled_by_heat:
        answer(field, now.nanos_throttled_by_heat);
        return true;
    case NvmlField::memory_temperature:
        answer(field, now.memory_celsius);
        return true;
    case NvmlField::energy:
        answer(field, now.millijoules);
        return true;
    case NvmlField::remapped_corrected:
        answer(field, now.remapped_corrected);
        return true;
    case NvmlField::remapped_uncorrected:
        answer(field, now.remapped_uncorrected);
        return true;
    case NvmlField::power_average:
        answer(field, now.average_milliwatts);
        return true;
    case NvmlField::power_instant:
        answer(field, now.milliwatts);
        return true;
    case NvmlField::slowdown_margin:
        answer(field, slowdown_margin);
        return true;
    case NvmlField::throttling_margin:
        answer(field, throttling_margin);
        return true;
    case NvmlField::pcie_sent:
        answer(field, now.pcie_sent);
        return true;
    case NvmlField::pcie_received:
        answer(field, now.pcie_received);
        return true;
    }
    return false;
}

long long micros_since_1970()
{
    timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return static_cast<long long>(time.tv_sec) * 1000000 + time.tv_nsec / 1000;
}

Result fill(NvmlFieldValue &field)
{
    auto number = static_cast<uint32_t>(field.field);
    if (number == 0 || number >= fields) {
        return Result::invalid_argument;
    }
    if (!gate::is_watched() || faults::Engine::get().rules().sensors == faults::Sensors::absent) {
        return Result::not_supported;
    }
    const faults::Engine &engine = faults::Engine::get();
    return tell(field, nvml::readings(engine.rules(), engine.elapsed())) ? Result::success : Result::not_supported;
}

} // namespace

/* The call succeeds whatever becomes of its fields, each of which has a result of its own. */
Result nvmlDeviceGetFieldValues(abi::NvmlDevice device, int32_t count, NvmlFieldValue *values)
{
    return nvml::call_with_device(device, [&] {
        if (count <= 0 || values == nullptr) {
            return Result::invalid_argument;
        }
        for (int32_t i = 0; i < count; i++) {
            values[i].timestamp_micros = micros_since_1970();
            values[i].latency_micros = 0;
            values[i].result = fill(values[i]);
        }
        return Result::success;
    });
}
