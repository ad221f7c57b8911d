/* SPDX-License-Identifier: Apache-2.0 */
/* Why a call has been refused, in words, which cuGetErrorString gives to the thread whose call it was. */
#ifndef GPUBENCH_CUDASIM_CUDA_REFUSAL_HPP
#define GPUBENCH_CUDASIM_CUDA_REFUSAL_HPP

#include <cstdint>
#include <string>

#include "abi/cuda.hpp"
#include "gate.hpp"

namespace cudasim::driver {

/* Says why the calling thread's present call will return that code, which it returns itself. The last word counts. */
abi::Result refuse(abi::Result code, std::string text);

/* Adds to what has been said of the present call, if it was of that code. */
abi::Result refuse_further(abi::Result code, const std::string &text);

/* A result or an input that must not be null. */
abi::Result refuse_null(const char *argument);
abi::Result refuse_flags(uint64_t flags);

/* What was said of the thread's earlier calls no longer counts: at the start of each one. */
void forget_refusal();

/*
 * What was said of the thread's last call, null unless it was of this code. The string stays for the life of the
 * process; there is one of each wording, and at most 16,384 of them: later ones are null.
 */
const char *refusal_text(abi::Result code);

/* For texts: "cuMemFree_v2, call 17" and "0x5d00". */
std::string text_of(const gate::Call &call);
std::string hexadecimal(uintptr_t number);
std::string bytes_text(size_t bytes); /* "1 byte" */

} // namespace cudasim::driver

#endif
