/* SPDX-License-Identifier: Apache-2.0 */
/* What the gate and the faults have to know of libcuda, and what it leaves behind at the end of the process. */
#include <cinttypes>
#include <cstdio>

#include "context.hpp"
#include "faults/engine.hpp"
#include "gate.hpp"
#include "trace.hpp"

using namespace cudasim;
using namespace cudasim::driver;

namespace {

void strike(int32_t code, const std::string &text)
{
    Device::get().strike({static_cast<Code>(code), text});
}

} // namespace

const gate::Library gate::library = {"cuda", "cuInit", static_cast<int32_t>(abi::Result::invalid_value), strike};

/* Exported for the simulated NVML, which finds it if it is in the same process. */
extern "C" __attribute__((visibility("default"))) bool cudasim_device_is_lost()
{
    return gate::is_watched() && faults::Engine::get().is_lost();
}

/* After all handlers of the program's exit. Threads may still be making calls: what they have then is counted. */
__attribute__((destructor)) static void trace_the_end()
{
    if (gate::calls.load() == 0 || !Trace::get().is_on()) {
        return;
    }
    const Belongings left = Device::all_belongings();
    char text[256];
    std::snprintf(text, sizeof text, "end contexts=%zu bytes=%zu pinned=%zu streams=%zu events=%zu modules=%zu graphs=%zu",
        left.contexts, left.bytes, left.pinned_bytes, left.streams, left.events, left.modules, left.graphs);
    Trace::get().write(text);
}
