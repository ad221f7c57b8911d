/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the text of a fault script. */
#include "faults/rules.hpp"

#include <cstring>
#include <random>

#include "abi/cuda.hpp"
#include "abi/cuda_functions.hpp"
#include "check.h"

using namespace cudasim;
using namespace cudasim::faults;

static Rules rules_of(const std::string &text)
{
    Rules rules;
    std::string reason;
    CHECK(read(text, rules, reason), "%s", reason.c_str());
    return rules;
}

static void understands()
{
    CHECK(rules_of("").failures.empty(), "nothing");
    Rules rules = rules_of("fail cuda 17 code 999;fail nvml 3 code 15; fail cuMemAlloc_v2  2 code 2 ;"
                           "fail nvmlShutdown * code 1;fail launch 3 code 700;memory 1048576;lost 40;ecc 200ms;hang 3;"
                           "sensors frozen;throttle 200ms sw_thermal_slowdown;throttle 1s hw_slowdown;"
                           "link 1000000000 5us;queue 64;clock 0");
    CHECK(rules.failures.size() == 5, "%zu", rules.failures.size());
    const Failure &call = rules.failures[0];
    CHECK(call.of == Failure::Of::cuda && call.number == 17 && call.code == 999, "%s", call.why.c_str());
    const Failure &function = rules.failures[2];
    CHECK(function.of == Failure::Of::function && function.function == "cuMemAlloc_v2" && function.number == 2
            && function.code == 2,
        "%s", function.why.c_str());
    CHECK(rules.failures[3].number == 0 && rules.failures[4].of == Failure::Of::kernel, "every call, and a kernel");
    CHECK(rules.least_refused_bytes == 1048576 && rules.hanging_kernel == 3, "memory, hang");
    CHECK(rules.lost.wanted && rules.lost.call == 40, "lost");
    CHECK(rules.ecc.wanted && rules.ecc.call == 0 && rules.ecc.nanos == 200000000, "ecc");
    CHECK(rules.sensors == Sensors::frozen && rules.throttles.size() == 2, "sensors");
    CHECK(rules.throttles[0].reasons == 0x20 && rules.throttles[1].nanos == 1000000000, "throttle");
    CHECK(rules.link.bytes_per_second == 1000000000 && rules.link.latency_nanos == 5000, "link");
    CHECK(rules.queued_commands == 64 && rules.clock_percent == 0, "queue, clock");
    Rules single = rules_of("sensors frozen;sensor power_instant refused;sensor energy reads 9223372036854775794;"
                            "sensor clock takes 5ms;sensor clock updates 100ms;sensor clock frozen");
    CHECK(single.fault_of(Sensor::power_instant).answer == SensorFault::Answer::refused, "refused");
    const SensorFault &energy = single.fault_of(Sensor::energy);
    CHECK(energy.answer == SensorFault::Answer::number && energy.number == 9223372036854775794U, "a number");
    const SensorFault &clock = single.fault_of(Sensor::clock);
    CHECK(clock.answer == SensorFault::Answer::frozen && clock.takes_nanos == 5000000
            && clock.updates_nanos == 100000000,
        "three things of one sensor");
    CHECK(single.fault_of(Sensor::temperature).answer == SensorFault::Answer::its_own, "the others are as ever");
    CHECK(rules_of("sensor performance_state reads 4294967295").sensors == Sensors::live, "a sensor needs sensors");
    CHECK(rules_of("hang 1").queued_commands == 0 && rules_of("hang 1").clock_percent == 100, "as ever");
    CHECK(rules_of("throttle 0ms sw_power_cap").sensors == Sensors::live, "throttling needs sensors");
    CHECK(rules.throttles[1].end == INT64_MAX, "for ever");
    CHECK(rules_of("throttle 2s hw_slowdown 500ms").throttles[0].end == 2500000000, "for half a second");
}

static void says_what_it_does_not_understand()
{
    const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        {"fail cuFoo 1 code 2", "rule 1 \"fail cuFoo 1 code 2\": there is no function cuFoo"},
        {"hang 1;fail cuInit 1 code 6", "rule 2 \"fail cuInit 1 code 6\": CUDA has no error 6"},
        {"fail cuInit 1 code 0", "CUDA has no error 0"},
        {"fail nvml 1 code 700", "NVML has no error 700"},
        {"fail nvmlInit_v2 1 code 46", "NVML has no error 46"},
        {"fail launch 1 code 30", "CUDA has no error 30"},
        {"fail cuGetErrorString 1 code 2", "never fails"},
        {"fail nvrtcVersion 1 code 2", "there is no function nvrtcVersion"},
        {"fail cuInit 0 code 2", "a number from 1 on instead of 0"},
        {"fail cuInit -1 code 2", "a number instead of -1"},
        {"fail cuInit 1 2", "expected: fail "},
        {"fail cuInit 1 code 2 3", "expected: fail "},
        {"fail cuInit 1 kode 2", "the word code instead of kode"},
        {"fail cuInit 1 code 99999999999999999999", "a number instead of 9999"},
        {" ", "rule 1 \" \": empty"},
        {"hang 1;", "rule 2 \"\": empty"},
        {"hang 1;hang 2", "given twice"},
        {"lost 1;lost 2ms", "given twice"},
        {"sensors live;sensors live", "given twice"},
        {"memory 1;memory 1", "given twice"},
        {"link 1 1us;link 1 1us", "given twice"},
        {"memory 1k", "a number instead of 1k"},
        {"memory", "expected: memory BYTES"},
        {"lost 0", "a number from 1 on"},
        {"lost ms", "a number instead of "},
        {"lost 5 ms", "expected: lost CALL|TIME"},
        {"lost 5fs", "there is no unit of time fs: ns, us, ms, s"},
        {"lost 999999999999999999s", "is too long"},
        {"sensors broken", "there is no kind of sensors broken: absent, frozen, sentinel, live"},
        {"sensor power_instant", "expected: sensor NAME"},
        {"sensor power_instant refused now", "expected: sensor NAME"},
        {"sensor power refused", "there is no sensor power: power_instant, power_average"},
        {"sensor clock gone", "there is no answer gone: refused, no_permission, too_old, sentinel, frozen"},
        {"sensor clock reads 4294967296", "clock has room for 32 bits, not for 4294967296"},
        {"sensor energy reads 18446744073709551616", "a number of at most 64 bits instead of 18446"},
        {"sensor energy reads -1", "a number of at most 64 bits instead of -1"},
        {"sensor energy takes 0ms", "a time of more than 0 instead of 0ms"},
        {"sensor energy updates 5", "there is no unit of time"},
        {"sensor energy refused;sensor energy frozen", "given twice"},
        {"sensor energy reads 0;sensor energy reads 0", "given twice"},
        {"sensor energy takes 1ms;sensor energy takes 1ms", "given twice"},
        {"sensor energy updates 1ms;sensor energy updates 1ms", "given twice"},
        {"sensors absent;sensor energy refused", "sensor needs sensors that are live or frozen"},
        {"sensors sentinel;sensor energy refused", "sensor needs sensors that are live or frozen"},
        {"throttle 1ms", "expected: throttle TIME REASON [TIME]"},
        {"throttle 1ms hw_slowdown 1ms 1ms", "expected: throttle TIME REASON [TIME]"},
        {"throttle 1ms hw_slowdown 1", "there is no unit of time"},
        {"throttle 1ms heat", "there is no reason heat: sw_power_cap"},
        {"sensors absent;throttle 1ms sw_power_cap", "throttle needs sensors"},
        {"link 0 1us", "a number from 1 on"},
        {"link 5 5", "there is no unit of time"},
        {"queue 0", "a number from 1 on"},
        {"queue 1;queue 1", "given twice"},
        {"clock 1001", "1001 is more than 1000"},
        {"clock 100;clock 100", "given twice"},
        {"clock", "expected: clock PERCENT"},
        {"explode 1", "there is no such rule"},
        {"hang 1\n", "rule 1 \"hang 1?\": a number instead of 1?"},
    };
    for (const auto &wrong : cases) {
        Rules rules;
        std::string reason;
        CHECK(!read(wrong.text, rules, reason), "%s", wrong.text);
        CHECK(reason.compare(0, 19, "GPUBENCH_SIM_FAULTS") == 0 && std::strstr(reason.c_str(), wrong.reason) != nullptr,
            "%s: %s", wrong.text, reason.c_str());
        CHECK(reason.find('\n') == std::string::npos, "one line");
        CHECK(rules.failures.empty() && rules.hanging_kernel == 0, "half a script is none");
    }
}

/* Exactly the codes that have a name. */
static void knows_the_codes()
{
    for (int32_t code = 0; code < 1100; code++) {
        const char *name = nullptr;
        cuGetErrorName(static_cast<abi::Result>(code), &name);
        Rules rules;
        std::string reason;
        bool known = read("fail cuda 1 code " + std::to_string(code), rules, reason);
        CHECK(known == (name != nullptr && code != 0), "%d: %s", code, reason.c_str());
    }
}

/* Whatever comes of valid texts by chance is refused with a line, or has a meaning. */
static void survives_nonsense()
{
    const std::string valid = "fail cuda 17 code 999;fail cuMemAlloc_v2 * code 2;memory 1048576;lost 200ms;ecc 40;hang 3;"
                              "sensors live;throttle 200ms sw_thermal_slowdown;link 1000000000 5us;queue 64;clock 50;"
                              "sensor energy reads 18446744073709551615;sensor clock takes 5ms";
    std::mt19937 random(4711);
    size_t refused = 0;
    for (int i = 0; i < 50000; i++) {
        std::string text = valid;
        for (uint32_t changes = random() % 4 + 1; changes != 0; changes--) {
            size_t where = random() % text.size();
            switch (random() % 4) {
            case 0:
                text[where] = static_cast<char>(random() % 255 + 1);
                break;
            case 1:
                text.erase(where, random() % 8);
                break;
            case 2:
                text.insert(where, valid, random() % valid.size(), random() % 12);
                break;
            default:
                text.insert(where, 1, " ;*09a"[random() % 6]);
            }
            if (text.empty()) {
                text = ";";
            }
        }
        Rules rules;
        std::string reason;
        if (!read(text, rules, reason)) {
            refused++;
            CHECK(!reason.empty() && reason.size() < 600, "%s: %s", text.c_str(), reason.c_str());
            for (char c : reason) {
                CHECK(c >= ' ' && c <= '~', "%s", reason.c_str());
            }
        }
    }
    CHECK(refused > 10000 && refused < 50000, "%zu", refused);
}

int main()
{
    understands();
    says_what_it_does_not_understand();
    knows_the_codes();
    survives_nonsense();
    return 0;
}
