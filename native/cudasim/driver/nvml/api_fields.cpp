/* SPDX-License-Identifier: Apache-2.0 */
/* Exported: nvmlDeviceGetFieldValues, by which NVML tells whatever has a number but no function. */
#include <time.h>

#include "abi/nvml.hpp"
#include "abi/nvml_functions.hpp"
#include "call.hpp"
#include "faults/engine.hpp"
#include "sense.hpp"
#include "sensors.hpp"

using namespace cudasim;
using abi::NvmlField;
using abi::NvmlFieldValue;
using abi::NvmlValueType;
using faults::Sensor;
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

/* What a sensor reads; a number that a rule names may need more bits than the sensor's own. */
template <typename Number> Result sense(NvmlFieldValue &field, Sensor sensor, Number Readings::*which)
{
    Result admitted = nvml::admit(sensor, Result::invalid_argument);
    if (admitted != Result::success) {
        return admitted;
    }
    const faults::SensorFault &fault = faults::Engine::get().rules().fault_of(sensor);
    if (fault.answer == faults::SensorFault::Answer::number && fault.number > UINT32_MAX) {
        answer(field, fault.number);
    } else {
        answer(field, nvml::read<Number>(sensor, nvml::look(sensor).*which));
    }
    return Result::success;
}

/* What always has the same value. */
template <typename Number> Result tell(NvmlFieldValue &field, Number value)
{
    answer(field, value);
    return Result::success;
}

Result tell(NvmlFieldValue &field)
{
    switch (field.field) {
    case NvmlField::ecc_corrected:
        return sense(field, Sensor::ecc_corrected, &Readings::ecc_corrected);
    case NvmlField::ecc_uncorrected:
        return sense(field, Sensor::ecc_uncorrected, &Readings::ecc_uncorrected);
    case NvmlField::retired_corrected:
        return sense(field, Sensor::retired_pages, &Readings::retired_corrected);
    case NvmlField::retired_uncorrected:
        return sense(field, Sensor::retired_pages, &Readings::retired_uncorrected);
    case NvmlField::retired_pending:
    case NvmlField::remapped_pending:
    case NvmlField::remapped_failed:
        return tell(field, uint32_t{0});
    case NvmlField::throttled_by_power:
        return sense(field, Sensor::throttled_by_power, &Readings::nanos_throttled_by_power);
    case NvmlField::throttled_by_heat:
        return sense(field, Sensor::throttled_by_heat, &Readings::nanos_throttled_by_heat);
    case NvmlField::memory_temperature:
        return sense(field, Sensor::memory_temperature, &Readings::memory_celsius);
    case NvmlField::energy:
        return sense(field, Sensor::energy, &Readings::millijoules);
    case NvmlField::remapped_corrected:
        return sense(field, Sensor::remapped_rows, &Readings::remapped_corrected);
    case NvmlField::remapped_uncorrected:
        return sense(field, Sensor::remapped_rows, &Readings::remapped_uncorrected);
    case NvmlField::power_average:
        return sense(field, Sensor::power_average, &Readings::average_milliwatts);
    case NvmlField::power_instant:
        return sense(field, Sensor::power_instant, &Readings::milliwatts);
    case NvmlField::slowdown_margin:
        return tell(field, slowdown_margin);
    case NvmlField::throttling_margin:
        return tell(field, throttling_margin);
    case NvmlField::pcie_sent:
        return sense(field, Sensor::pcie_sent, &Readings::pcie_sent);
    case NvmlField::pcie_received:
        return sense(field, Sensor::pcie_received, &Readings::pcie_received);
    }
    return Result::not_supported; /* the library knows it, and the device does not have it */
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
    return nvml::has_sensors() ? tell(field) : Result::not_supported;
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
