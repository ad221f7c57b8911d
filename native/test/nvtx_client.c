// SPDX-License-Identifier: Apache-2.0
//
// Ranges by NVIDIA's own headers: what nvtx_recorder.c records of them, it records of anybody who speaks NVTX.
#include <nvtx3/nvToolsExt.h>

static void push(nvtxDomainHandle_t domain, nvtxStringHandle_t name) {
    nvtxEventAttributes_t event = {0};
    event.version = NVTX_VERSION;
    event.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
    event.messageType = NVTX_MESSAGE_TYPE_REGISTERED;
    event.message.registered = name;
    nvtxDomainRangePushEx(domain, &event);
}

int main(void) {
    nvtxDomainHandle_t domain = nvtxDomainCreateA("client");
    push(domain, nvtxDomainRegisterStringA(domain, "outer"));
    push(domain, nvtxDomainRegisterStringA(domain, "inner"));
    nvtxDomainRangePop(domain);
    nvtxDomainRangePop(domain);
    nvtxDomainRangePop(domain);
    return 0;
}
