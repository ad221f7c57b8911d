/* SPDX-License-Identifier: Apache-2.0 */
/* The device, or several, their primary contexts, and which thread has which context. */
#ifndef GPUBENCH_CUDASIM_CUDA_CONTEXT_HPP
#define GPUBENCH_CUDASIM_CUDA_CONTEXT_HPP

#include <memory>
#include <mutex>
#include <vector>

#include "checking.hpp"
#include "handles.hpp"
#include "memory.hpp"
#include "module.hpp"
#include "scheduler.hpp"

namespace cudasim::driver {

/*
 * Owns all that was made in it. Closed by the device when the last reference to the primary context is released, or when
 * a context of its own is destroyed: kernels are stopped, threads joined, everything freed. Calls that are under way in other threads keep the object
 * alive, no more.
 */
class Context {
public:
    Context(int32_t its_device, size_t device_bytes, uint32_t flags); /* throws std::bad_alloc */

    const int32_t device;
    const abi::ContextHandle handle = new_handle<abi::ContextHandle>();
    const std::unique_ptr<Checking> checking; /* null in plain mode */
    Memory memory;                            /* before all that refers to it */
    Health health;
    Scheduler scheduler{memory, health, checking.get()};
    Handles<abi::EventHandle, Event> events;
    Handles<abi::ModuleHandle, Module> modules;
    Handles<abi::FunctionHandle, Function> functions;
    Handles<abi::GraphHandle, Graph> graphs;
    Handles<abi::ExecutableHandle, Executable> executables;

    void set_flags(uint32_t flags);
    abi::Result close(); /* in checked mode a refusal, afterwards, if it leaves things behind */
    /* The memory of this context, which the pointer keeps alive with it. */
    static std::shared_ptr<Memory> memory_of(const std::shared_ptr<Context> &context);
    std::string leaks() const; /* "2 allocations (...), 1 stream (...)" of what is still there; empty if nothing is */
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
    static Device &get(int32_t number = 0); /* below identity::most_devices */

    static abi::Result initialize(); /* again and again, if need be */
    static bool is_initialized() { return initialized_.load(); }
    static int32_t count() { return count_.load(); } /* as the last cuInit has found it */
    static size_t memory_bytes() { return memory_bytes_; } /* of each */
    static std::shared_ptr<Context> find(abi::ContextHandle handle); /* null if none such is alive */
    static std::vector<std::shared_ptr<Context>> all_contexts();
    static Belongings all_belongings();
    int32_t number() const { return number_; }

    abi::Result retain(abi::ContextHandle &handle);
    abi::Result release();
    abi::Result set_flags(uint32_t flags);
    /* Contexts beside the primary one. Each has a memory as large as the device's. */
    abi::Result create(uint32_t flags, std::shared_ptr<Context> &context);
    static abi::Result destroy(abi::ContextHandle handle);
    std::vector<std::shared_ptr<Context>> contexts() const; /* those that are alive */

    void strike(const Report &report); /* breaks its contexts, the next primary one if there is none */

private:
    static std::atomic<bool> initialized_;
    static std::mutex initializing_;
    static std::atomic<int32_t> count_;
    static size_t memory_bytes_;
    int32_t number_ = 0;
    mutable std::mutex mutex_;
    std::shared_ptr<Context> primary_;
    std::vector<std::shared_ptr<Context>> created_;
    unsigned references_ = 0;
    gate::Call last_release_; /* of the last context */
    uint32_t flags_ = 0;
    Report strike_; /* for a context to come */
};

/* Of the calling thread. */
void set_current_context(abi::ContextHandle handle, const std::shared_ptr<Context> &context);
void push_current_context(const std::shared_ptr<Context> &context);
bool pop_current_context(abi::ContextHandle &handle); /* false if none is current */
abi::ContextHandle current_context_handle();
abi::Result current_context(std::shared_ptr<Context> &context); /* invalid_context, context_is_destroyed */
abi::Result refuse_destroyed(abi::ContextHandle handle);        /* context_is_destroyed, and by whom */

} // namespace cudasim::driver

#endif
