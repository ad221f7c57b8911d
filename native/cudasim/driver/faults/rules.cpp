/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace cudasim::faults {

namespace {

using Words = std::vector<std::string>;

constexpr size_t most_shown = 80;
constexpr uint64_t most_clock_percent = 1000;
constexpr size_t most_digits = 18; /* so that numbers fit into 64 bits with their sign */
constexpr char unfailing[] = "it only explains errors, and never fails";

/* The names that the two libraries export, made from their declarations. */
constexpr const char *functions[] = {
#include "exported_functions.inc"
};

/* First and last of the codes that exist, success not among them. */
struct Codes {
    int32_t first, last;
};
constexpr Codes cuda_codes[] = {{1, 5}, {34, 34}, {36, 36}, {46, 46}, {100, 102}, {200, 201}, {205, 226}, {300, 304},
    {400, 402}, {500, 500}, {600, 600}, {700, 705}, {708, 721}, {800, 812}, {900, 916}, {999, 999}};
constexpr Codes nvml_codes[] = {{1, 29}, {999, 999}};

constexpr std::pair<const char *, uint64_t> reasons_to_throttle[] = {
    {"sw_power_cap", 0x4},
    {"hw_slowdown", 0x8},
    {"sw_thermal_slowdown", 0x20},
    {"hw_thermal_slowdown", 0x40},
    {"hw_power_brake_slowdown", 0x80},
};
constexpr std::pair<const char *, Sensors> kinds_of_sensors[] = {
    {"absent", Sensors::absent},
    {"frozen", Sensors::frozen},
    {"sentinel", Sensors::sentinel},
    {"live", Sensors::live},
};
/* Of a sensor, its name, and whether its answer has room for 32 bits only. */
struct SensorName {
    const char *first;
    Sensor second;
    bool narrow;
};
constexpr SensorName names_of_sensors[] = {
    {"power_instant", Sensor::power_instant, false},
    {"power_average", Sensor::power_average, false},
    {"power_usage", Sensor::power_usage, true},
    {"energy", Sensor::energy, false},
    {"temperature", Sensor::temperature, true},
    {"memory_temperature", Sensor::memory_temperature, false},
    {"clock", Sensor::clock, true},
    {"memory_clock", Sensor::memory_clock, true},
    {"time_busy", Sensor::time_busy, true},
    {"memory_time_busy", Sensor::memory_time_busy, true},
    {"event_reasons", Sensor::event_reasons, false},
    {"pcie_sent", Sensor::pcie_sent, false},
    {"pcie_received", Sensor::pcie_received, false},
    {"ecc_corrected", Sensor::ecc_corrected, false},
    {"ecc_uncorrected", Sensor::ecc_uncorrected, false},
    {"retired_pages", Sensor::retired_pages, false},
    {"remapped_rows", Sensor::remapped_rows, false},
    {"throttled_by_power", Sensor::throttled_by_power, false},
    {"throttled_by_heat", Sensor::throttled_by_heat, false},
    {"power_limit", Sensor::power_limit, true},
    {"performance_state", Sensor::performance_state, true},
};
constexpr std::pair<const char *, SensorFault::Answer> answers_of_sensors[] = {
    {"refused", SensorFault::Answer::refused},
    {"no_permission", SensorFault::Answer::no_permission},
    {"too_old", SensorFault::Answer::too_old},
    {"sentinel", SensorFault::Answer::sentinel},
    {"frozen", SensorFault::Answer::frozen},
};
constexpr std::pair<const char *, uint64_t> units[] = {
    {"ns", 1},
    {"us", 1000},
    {"ms", 1000000},
    {"s", 1000000000},
};

[[noreturn]] void refuse(const std::string &why)
{
    throw std::invalid_argument(why);
}

/* For a message of one line. */
std::string shown(const std::string &text)
{
    std::string line = text.substr(0, most_shown);
    std::replace_if(line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text.size() > most_shown ? line + "..." : line;
}

std::vector<std::string> split(const std::string &text, char separator)
{
    std::vector<std::string> pieces;
    size_t begin = 0;
    for (size_t end = 0; end != std::string::npos; begin = end + 1) {
        end = text.find(separator, begin);
        pieces.push_back(text.substr(begin, end - begin));
    }
    return pieces;
}

Words words_of(const std::string &rule)
{
    Words words = split(rule, ' ');
    words.erase(std::remove(words.begin(), words.end(), ""), words.end());
    return words;
}

/* Tables have names first, and what they stand for second. */
template <typename Table> auto look_up(const Table &table, const std::string &name, const char *what)
{
    std::string known;
    for (const auto &entry : table) {
        if (name == entry.first) {
            return entry.second;
        }
        known += known.empty() ? entry.first : std::string(", ") + entry.first;
    }
    refuse("there is no " + std::string(what) + " " + shown(name) + ": " + known);
}

uint64_t number(const std::string &word)
{
    bool digits = std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (word.empty() || word.size() > most_digits || !digits) {
        refuse("a number instead of " + shown(word));
    }
    return std::stoull(word);
}

/* Of all 64 bits. */
uint64_t word_of_memory(const std::string &word)
{
    uint64_t value = 0;
    auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) {
        refuse("a number of at most 64 bits instead of " + shown(word));
    }
    return value;
}

uint64_t positive(const std::string &word)
{
    uint64_t value = number(word);
    if (value == 0) {
        refuse("a number from 1 on instead of " + shown(word));
    }
    return value;
}

bool is_time(const std::string &word)
{
    return !word.empty() && word.back() == 's';
}

int64_t nanos(const std::string &word)
{
    size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
    uint64_t value = number(word.substr(0, digits));
    uint64_t unit = look_up(units, word.substr(digits), "unit of time");
    if (value > INT64_MAX / 2 / unit) {
        refuse(shown(word) + " is too long");
    }
    return static_cast<int64_t>(value * unit);
}

template <size_t size> int32_t code(const std::string &word, const Codes (&codes)[size], const char *api)
{
    uint64_t value = number(word);
    for (const Codes &range : codes) {
        if (value >= static_cast<uint64_t>(range.first) && value <= static_cast<uint64_t>(range.last)) {
            return static_cast<int32_t>(value);
        }
    }
    refuse(std::string(api) + " has no error " + shown(word));
}

Failure::Of target(const std::string &word)
{
    if (word == "cuda") {
        return Failure::Of::cuda;
    }
    if (word == "nvml") {
        return Failure::Of::nvml;
    }
    if (word == "launch") {
        return Failure::Of::kernel;
    }
    if (word == "cuGetErrorName" || word == "cuGetErrorString" || word == "nvmlErrorString") {
        refuse(word + ": " + unfailing);
    }
    if (std::find(std::begin(functions), std::end(functions), word) == std::end(functions)) {
        refuse("there is no function " + shown(word));
    }
    return Failure::Of::function;
}

/* One rule; its words are counted already. */
class Reader {
public:
    Reader(Rules &rules, const std::string &rule)
        : rules_(rules), why_("by fault script: " + shown(rule)), words_(words_of(rule))
    {
    }

    void read()
    {
        if (words_.empty()) {
            refuse("empty");
        }
        const std::string &kind = words_[0];
        if (kind == "fail") {
            expect(5, "fail cuda|nvml|launch|FUNCTION NUMBER|* code CODE");
            fail();
        } else if (kind == "memory") {
            expect(2, "memory BYTES");
            once(rules_.least_refused_bytes == UINT64_MAX);
            rules_.least_refused_bytes = positive(words_[1]);
            rules_.why_refused = why_;
        } else if (kind == "lost") {
            bool nvml_alone = words_.size() == 3 && words_[2] == "nvml";
            if (!nvml_alone) {
                expect(2, "lost CALL|TIME, or lost TIME nvml");
            }
            strike(rules_.lost);
            rules_.lost.nvml_alone = nvml_alone;
            if (nvml_alone && rules_.lost.call != 0) {
                refuse("NVML knows nothing of calls of CUDA");
            }
        } else if (kind == "ecc") {
            expect(2, "ecc CALL|TIME");
            strike(rules_.ecc);
        } else if (kind == "hang") {
            expect(2, "hang NUMBER");
            once(rules_.hanging_kernel == 0);
            rules_.hanging_kernel = positive(words_[1]);
        } else if (kind == "sensors") {
            expect(2, "sensors absent|frozen|sentinel|live");
            once(!rules_.sensors_given);
            rules_.sensors_given = true;
            rules_.sensors = look_up(kinds_of_sensors, words_[1], "kind of sensors");
        } else if (kind == "sensor") {
            sensor();
        } else if (kind == "throttle") {
            throttle();
        } else if (kind == "link") {
            expect(3, "link BYTES_PER_SECOND LATENCY");
            once(rules_.link.bytes_per_second == 0);
            rules_.link = {positive(words_[1]), nanos(words_[2])};
        } else if (kind == "queue") {
            expect(2, "queue COMMANDS");
            once(rules_.queued_commands == 0);
            rules_.queued_commands = positive(words_[1]);
        } else if (kind == "clock") {
            expect(2, "clock PERCENT");
            once(!rules_.clock_given);
            rules_.clock_given = true;
            rules_.clock_percent = number(words_[1]);
            if (rules_.clock_percent > most_clock_percent) {
                refuse(words_[1] + " is more than " + std::to_string(most_clock_percent));
            }
        } else {
            refuse("there is no such rule");
        }
    }

private:
    Rules &rules_;
    const std::string why_;
    const Words words_;

    void expect(size_t count, const char *form) const
    {
        if (words_.size() != count) {
            refuse(std::string("expected: ") + form);
        }
    }

    static void once(bool first)
    {
        if (!first) {
            refuse("given twice");
        }
    }

    void fail()
    {
        if (words_[3] != "code") {
            refuse("the word code instead of " + shown(words_[3]));
        }
        Failure::Of of = target(words_[1]);
        bool nvml = of == Failure::Of::nvml || words_[1].compare(0, 4, "nvml") == 0;
        uint64_t which = words_[2] == "*" ? 0 : positive(words_[2]);
        int32_t result = nvml ? code(words_[4], nvml_codes, "NVML") : code(words_[4], cuda_codes, "CUDA");
        rules_.failures.push_back({of, words_[1], which, result, why_});
    }

    /* What it answers, how long that takes, and how long the answer stays the same may each be said once. */
    void sensor()
    {
        constexpr char form[] = "sensor NAME refused|no_permission|too_old|sentinel|frozen, or reads NUMBER,"
                                " or takes TIME, or updates TIME";
        if (words_.size() != 4) {
            expect(3, form);
        }
        Sensor which = look_up(names_of_sensors, words_[1], "sensor");
        SensorFault &fault = rules_.sensor_faults[static_cast<size_t>(which)];
        rules_.sensor_faults_given = true;
        if (words_.size() == 3) {
            once(fault.answer == SensorFault::Answer::its_own);
            fault.answer = look_up(answers_of_sensors, words_[2], "answer");
        } else if (words_[2] == "reads") {
            once(fault.answer == SensorFault::Answer::its_own);
            fault.answer = SensorFault::Answer::number;
            fault.number = word_of_memory(words_[3]);
            if (names_of_sensors[static_cast<size_t>(which)].narrow && fault.number > UINT32_MAX) {
                refuse(words_[1] + " has room for 32 bits, not for " + words_[3]);
            }
        } else if (words_[2] == "takes") {
            once(fault.takes_nanos == 0);
            fault.takes_nanos = some_time(words_[3]);
        } else if (words_[2] == "updates") {
            once(fault.updates_nanos == 0);
            fault.updates_nanos = some_time(words_[3]);
        } else {
            refuse(std::string("expected: ") + form);
        }
    }

    static int64_t some_time(const std::string &word)
    {
        int64_t time = nanos(word);
        if (time == 0) {
            refuse("a time of more than 0 instead of " + shown(word));
        }
        return time;
    }

    /* A third word says for how long; without it, from then on. */
    void throttle()
    {
        if (words_.size() != 4) {
            expect(3, "throttle TIME REASON [TIME]");
        }
        int64_t begin = nanos(words_[1]);
        int64_t length = words_.size() == 4 ? nanos(words_[3]) : INT64_MAX - begin;
        rules_.throttles.push_back({begin, begin + length, look_up(reasons_to_throttle, words_[2], "reason")});
    }

    void strike(Strike &strike)
    {
        once(!strike.wanted);
        bool timed = is_time(words_[1]);
        strike = {true, timed ? 0 : positive(words_[1]), timed ? nanos(words_[1]) : 0, why_};
    }
};

/* Sensors that are not there cannot tell of clocks that drop, and one of them cannot differ. */
void check_sensors(Rules &rules)
{
    if (rules.throttles.empty() && !rules.sensor_faults_given) {
        return;
    }
    if (!rules.sensors_given) {
        rules.sensors = Sensors::live;
    }
    if (rules.sensors == Sensors::absent || rules.sensors == Sensors::sentinel) {
        refuse(std::string(rules.throttles.empty() ? "sensor" : "throttle")
            + " needs sensors that are live or frozen");
    }
}

} // namespace

bool read(const std::string &text, Rules &rules, std::string &reason)
{
    rules = Rules();
    std::string where = "GPUBENCH_SIM_FAULTS";
    try {
        size_t count = 0;
        for (const std::string &rule : text.empty() ? std::vector<std::string>() : split(text, ';')) {
            where = "GPUBENCH_SIM_FAULTS, rule " + std::to_string(++count) + " \"" + shown(rule) + "\"";
            Reader(rules, rule).read();
        }
        where = "GPUBENCH_SIM_FAULTS";
        check_sensors(rules);
        return true;
    } catch (const std::invalid_argument &refused) {
        rules = Rules();
        reason = where + ": " + refused.what();
        return false;
    }
}

} // namespace cudasim::faults
