/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of checked mode work on. */
#ifndef GPUBENCH_CUDASIM_SCENE_HPP
#define GPUBENCH_CUDASIM_SCENE_HPP

#include "said.hpp"

namespace cudasim::test {

/* Page-locked, and not asked to be mapped. */
inline unsigned char *locked_memory(size_t bytes)
{
    void *address;
    OK(cuMemHostAlloc(&address, bytes, 0));
    std::memset(address, 0, bytes);
    return static_cast<unsigned char *>(address);
}

/* A context, a stream, memory of either kind. Everything is freed, whatever has failed. */
struct Scene {
    Scene() { OK(cuMemcpyHtoD_v2(device, std::vector<unsigned char>(1000).data(), 1000)); }
    ~Scene()
    {
        cuStreamDestroy_v2(stream);
        cuStreamDestroy_v2(other);
        cuEventDestroy_v2(event);
        cuMemFree_v2(device);
        cuMemFreeHost(locked);
        if (session.module != nullptr) {
            cuModuleUnload(session.module);
        }
        OK(cuCtxSetCurrent(nullptr));
        OK(cuDevicePrimaryCtxRelease_v2(0));
        session.is_released = true;
    }

    Session session;
    abi::StreamHandle stream = new_stream();
    abi::StreamHandle other = new_stream();
    abi::EventHandle event = new_event();
    DevicePointer device = device_memory(1000);
    unsigned char *locked = locked_memory(1000);
};

} // namespace cudasim::test

#endif
