/* SPDX-License-Identifier: Apache-2.0 */
/* Handles whose origin and end are remembered, for those who are told that theirs is none. */
#ifndef GPUBENCH_CUDASIM_CUDA_HANDLES_HPP
#define GPUBENCH_CUDASIM_CUDA_HANDLES_HPP

#include <string>

#include "abi/cuda.hpp"
#include "refusal.hpp"
#include "registry.hpp"

namespace cudasim::driver {

enum class Thing { context, stream, event, module, function, graph, node, executable };

template <typename Handle> constexpr Thing thing_of = Thing::context;
template <> inline constexpr Thing thing_of<abi::StreamHandle> = Thing::stream;
template <> inline constexpr Thing thing_of<abi::EventHandle> = Thing::event;
template <> inline constexpr Thing thing_of<abi::ModuleHandle> = Thing::module;
template <> inline constexpr Thing thing_of<abi::FunctionHandle> = Thing::function;
template <> inline constexpr Thing thing_of<abi::GraphHandle> = Thing::graph;
template <> inline constexpr Thing thing_of<abi::NodeHandle> = Thing::node;
template <> inline constexpr Thing thing_of<abi::ExecutableHandle> = Thing::executable;

/* All handles of the process: those that are alive, and the last few thousand that are not. Any thread. */
namespace handles {

/* By the thread's present call. */
void begin(uintptr_t handle, Thing thing);
void end(uintptr_t handle, bool with_context);

/* What is wrong with a handle that is none of a living thing of that kind: "the stream was destroyed by ...". */
std::string mistake(uintptr_t handle, Thing wanted);

/* "cuStreamCreate, call 3", by which a living one was made */
std::string origin(uintptr_t handle);

} // namespace handles

/* Refuses a handle that nothing was found by. */
template <typename Handle> abi::Result refuse_handle(Handle handle, abi::Result code = abi::Result::invalid_handle)
{
    return refuse(code, handles::mistake(reinterpret_cast<uintptr_t>(handle), thing_of<Handle>));
}

/* The things of one kind of one context. Any thread. */
template <typename Handle, typename Object> class Handles {
public:
    Handle add(std::shared_ptr<Object> object)
    {
        Handle handle = registry_.add(std::move(object));
        handles::begin(number(handle), thing_of<Handle>);
        return handle;
    }

    std::shared_ptr<Object> find(Handle handle) const { return registry_.find(handle); } /* null if there is none */

    std::shared_ptr<Object> remove(Handle handle)
    {
        std::shared_ptr<Object> object = registry_.remove(handle);
        if (object != nullptr) {
            handles::end(number(handle), false);
        }
        return object;
    }

    std::vector<std::shared_ptr<Object>> all() const { return registry_.all(); }

    /* "2 streams (cuStreamCreate, call 3; ...)"; empty if there are none. */
    std::string count_text(const char *one) const;

    /* With the context. */
    void clear()
    {
        for (Handle handle : registry_.handles()) {
            handles::end(number(handle), true);
        }
        registry_.clear();
    }

private:
    Registry<Handle, Object> registry_;

    static uintptr_t number(Handle handle) { return reinterpret_cast<uintptr_t>(handle); }
};

/* "3 streams (a; b; c)" of what `origins` names, at most three of them and then "..." */
std::string list_text(size_t count, const char *one, const std::vector<std::string> &origins);

template <typename Handle, typename Object> std::string Handles<Handle, Object>::count_text(const char *one) const
{
    std::vector<Handle> alive = registry_.handles();
    std::vector<std::string> origins;
    for (Handle handle : alive) {
        origins.push_back(handles::origin(number(handle)));
    }
    return list_text(alive.size(), one, origins);
}

} // namespace cudasim::driver

#endif
