/* SPDX-License-Identifier: Apache-2.0 */
/* What the simulated driver and the simulated NVML must say alike of the device, or of several. */
#ifndef GPUBENCH_CUDASIM_IDENTITY_HPP
#define GPUBENCH_CUDASIM_IDENTITY_HPP

#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace cudasim::identity {

constexpr char name[] = "Simulated CUDA device";

/* The letters "gpubench-simulat", which no real device will have. */
constexpr uint8_t uuid[16] = {'g', 'p', 'u', 'b', 'e', 'n', 'c', 'h', '-', 's', 'i', 'm', 'u', 'l', 'a', 't'};
constexpr char uuid_text[] = "GPU-67707562-656e-6368-2d73-696d756c6174";

constexpr int32_t most_devices = 8;

constexpr uint64_t default_memory_bytes = uint64_t{1} << 30;

/*
 * A whole positive number from the environment, `otherwise` if the variable is not set, 0 if it is not such a number.
 */
inline uint64_t number_from_environment(const char *variable, uint64_t otherwise)
{
    const char *text = std::getenv(variable);
    if (text == nullptr || *text == '\0') {
        return otherwise;
    }
    if (*text < '0' || *text > '9') {
        return 0;
    }
    char *end = nullptr;
    errno = 0;
    unsigned long long number = std::strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' ? number : 0;
}

/* Whether kernels are checked while they run: GPUBENCH_SIM_CHECK=1. */
inline bool checked_mode()
{
    const char *text = std::getenv("GPUBENCH_SIM_CHECK");
    return text != nullptr && std::strcmp(text, "1") == 0;
}

/* Whether that variable is 1, 0, empty or absent. */
inline bool is_checked_mode_known()
{
    const char *text = std::getenv("GPUBENCH_SIM_CHECK");
    return checked_mode() || text == nullptr || *text == '\0' || std::strcmp(text, "0") == 0;
}

/* How many devices there are, 1 .. most_devices: GPUBENCH_SIM_DEVICES, 1 without it; 0 if it is no such number. */
inline int32_t device_count()
{
    uint64_t count = number_from_environment("GPUBENCH_SIM_DEVICES", 1);
    return count <= most_devices ? static_cast<int32_t>(count) : 0;
}

/* Whether the devices can access each other's memory: not with GPUBENCH_SIM_PEER_ACCESS=0. */
inline bool peer_access()
{
    const char *text = std::getenv("GPUBENCH_SIM_PEER_ACCESS");
    return text == nullptr || std::strcmp(text, "0") != 0;
}

/* The last byte tells devices apart. */
inline uint8_t uuid_byte(int32_t device, int index)
{
    return static_cast<uint8_t>(index == 15 ? uuid[index] + device : uuid[index]);
}

inline std::string uuid_text_of(int32_t device)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text = uuid_text;
    uint8_t last = uuid_byte(device, 15);
    text[text.size() - 2] = digits[last / 16];
    text[text.size() - 1] = digits[last % 16];
    return text;
}

/* Each has a bus of its own. */
inline std::string pci_bus_id_of(int32_t device)
{
    return "0000:0" + std::to_string(device) + ":00.0";
}

/* 1000 times the major plus 10 times the minor version of CUDA; 0 if the environment asks for nonsense. */
inline int32_t driver_version()
{
    uint64_t version = number_from_environment("GPUBENCH_SIM_DRIVER_VERSION", 13000);
    return version <= INT32_MAX ? static_cast<int32_t>(version) : 0;
}

} // namespace cudasim::identity

#endif
