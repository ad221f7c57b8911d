/* SPDX-License-Identifier: Apache-2.0 */
/* The one device, its primary context, and which thread has which context. */
#ifndef GPUBENCH_CUDASIM_CUDA_CONTEXT_HPP
#define GPUBENCH_CUDASIM_CUDA_CONTEXT_HPP

#include <memory>
#include <mutex>

#include "memory.hpp"
#include "module.hpp"
#include "registry.hpp"
#include "scheduler.hpp"

namespace cudasim::driver {

/*
 * Owns all that was made in it. Closed by the device when the last reference to the primary context is released:
 * kernels are stopped, threads joined, everything freed. Calls that are under way in other threads keep the object
 * alive, no more.
 */
class Context {
public:
    Context(size_t device_bytes, uint32_t flags); /* throws std::bad_alloc */

    const abi::ContextHandle handle = new_handle<abi::ContextHandle>();
    Memory memory; /* before all that refers to it */
    Health health;
    Scheduler scheduler{memory, health};
    Registry<abi::EventHandle, Event> events;
    Registry<abi::ModuleHandle, Module> modules;
    Registry<abi::FunctionHandle, Function> functions;
    Registry<abi::GraphHandle, Graph> graphs;
    Registry<abi::ExecutableHandle, Executable> executables;

    void set_flags(uint32_t flags);
    void close();
};

/* What the program has made and not yet released. */
struct Belongings {
    size_t contexts = 0;
    size_t bytes = 0; /* of device memory, with the gaps between allocations */
    size_t pinned_bytes = 0;
    size_t streams = 0;
    size_t events = 0;
    size_t modules = 0;
    size_t graphs = 0; /* executable ones too */
};

/* Never destroyed: threads may still run when the process ends. */
class Device {
public:
    static Device &get();

    abi::Result initialize(); /* again and again, if need be */
    bool is_initialized() const { return initialized_.load(); }
    size_t memory_bytes() const { return memory_bytes_; }

    abi::Result retain(abi::ContextHandle &handle);
    abi::Result release();
    abi::Result set_flags(uint32_t flags);
    std::shared_ptr<Context> find(abi::ContextHandle handle) const; /* null if it is not alive */
    Belongings belongings() const;

    void strike(const Report &report); /* breaks the context, the next one if there is none */

private:
    std::atomic<bool> initialized_{false};
    size_t memory_bytes_ = 0;
    mutable std::mutex mutex_;
    std::shared_ptr<Context> primary_;
    unsigned references_ = 0;
    uint32_t flags_ = 0;
    Report strike_; /* for a context to come */
};

/* Of the calling thread. */
void set_current_context(abi::ContextHandle handle, const std::shared_ptr<Context> &context);
abi::ContextHandle current_context_handle();
abi::Result current_context(std::shared_ptr<Context> &context); /* invalid_context, context_is_destroyed */

} // namespace cudasim::driver

#endif
