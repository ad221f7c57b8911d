/* SPDX-License-Identifier: Apache-2.0 */
/* How one sensor is asked: whether it answers at all, when, and with what. */
#ifndef GPUBENCH_CUDASIM_NVML_SENSE_HPP
#define GPUBENCH_CUDASIM_NVML_SENSE_HPP

#include <time.h>

#include "call.hpp"
#include "faults/engine.hpp"
#include "sensors.hpp"

namespace cudasim::nvml {

/* Whether a fault script gives the device sensors. */
inline bool has_sensors()
{
    return gate::is_watched() && faults::Engine::get().rules().sensors != faults::Sensors::absent;
}

/*
 * Whether a sensor answers; after its time, in which no other call of the process is served, as behind a real driver's lock.
 * `too_old`: what the library says to what it does not know.
 */
inline Result admit(faults::Sensor sensor, Result too_old)
{
    const faults::SensorFault &fault = faults::Engine::get().rules().fault_of(sensor);
    if (fault.takes_nanos != 0) {
        timespec time = {fault.takes_nanos / 1000000000, fault.takes_nanos % 1000000000};
        nanosleep(&time, nullptr);
    }
    switch (fault.answer) {
    case faults::SensorFault::Answer::refused:
        return Result::not_supported;
    case faults::SensorFault::Answer::no_permission:
        return Result::no_permission;
    case faults::SensorFault::Answer::too_old:
        return too_old;
    default:
        return Result::success;
    }
}

/* What it sees now. */
inline Readings look(faults::Sensor sensor)
{
    const faults::Engine &engine = faults::Engine::get();
    return readings_of(engine.rules(), sensor, engine.elapsed());
}

/* What it reads: what it sees, unless a rule names a number. */
template <typename Number> Number read(faults::Sensor sensor, Number seen)
{
    const faults::SensorFault &fault = faults::Engine::get().rules().fault_of(sensor);
    return fault.answer == faults::SensorFault::Answer::number ? static_cast<Number>(fault.number) : seen;
}

} // namespace cudasim::nvml

#endif
