/* SPDX-License-Identifier: Apache-2.0 */
#include "handles.hpp"

#include <deque>

namespace cudasim::driver {

namespace {

constexpr size_t most_ended = 8192;
constexpr size_t most_listed = 3;

struct Life {
    Thing thing;
    gate::Call made;
    gate::Call ended = {};
    bool with_context = false;
};

std::mutex &mutex()
{
    static auto &instance = *new std::mutex;
    return instance;
}

std::unordered_map<uintptr_t, Life> &lives()
{
    static auto &instance = *new std::unordered_map<uintptr_t, Life>;
    return instance;
}

const char *name_of(Thing thing)
{
    switch (thing) {
    case Thing::context:
        return "context";
    case Thing::stream:
        return "stream";
    case Thing::event:
        return "event";
    case Thing::module:
        return "module";
    case Thing::function:
        return "function";
    case Thing::graph:
        return "graph";
    case Thing::node:
        return "node";
    case Thing::executable:
        return "executable graph";
    }
    return "thing";
}

std::string ending(Thing thing, const Life &life)
{
    if (life.with_context) {
        return " was destroyed with its context by ";
    }
    switch (thing) {
    case Thing::module:
        return " was unloaded by ";
    case Thing::function:
        return "'s module was unloaded by ";
    default:
        return " was destroyed by ";
    }
}

} // namespace

void handles::begin(uintptr_t handle, Thing thing)
{
    std::lock_guard lock(mutex());
    lives().insert_or_assign(handle, Life{thing, gate::current});
}

void handles::end(uintptr_t handle, bool with_context)
{
    static auto &ended = *new std::deque<uintptr_t>;
    std::lock_guard lock(mutex());
    auto life = lives().find(handle);
    if (life == lives().end()) {
        return;
    }
    life->second.ended = gate::current;
    life->second.with_context = with_context;
    ended.push_back(handle);
    if (ended.size() > most_ended) {
        lives().erase(ended.front());
        ended.pop_front();
    }
}

std::string handles::mistake(uintptr_t handle, Thing wanted)
{
    std::string the = std::string("the ") + name_of(wanted);
    if (handle == 0) {
        return the + " is null";
    }
    if (wanted == Thing::stream && handle == abi::per_thread_stream) {
        return "the stream is the per-thread default stream, which the simulated device does not have";
    }
    std::lock_guard lock(mutex());
    auto found = lives().find(handle);
    if (found == lives().end()) {
        bool given = handle >= first_handle && handle < next_handle.load() && handle % handle_step == 0;
        return given ? the + " was destroyed long ago"
                     : the + " is " + hexadecimal(handle) + ", a handle that the driver has never given";
    }
    const Life &life = found->second;
    if (life.thing != wanted) {
        std::string other = name_of(life.thing);
        return the + " is " + (other[0] == 'e' ? "an " : "a ") + other + ", made by " + text_of(life.made);
    }
    if (life.ended.function == nullptr) {
        return the + " is of another context, made by " + text_of(life.made);
    }
    return the + ending(wanted, life) + text_of(life.ended);
}

std::string handles::origin(uintptr_t handle)
{
    std::lock_guard lock(mutex());
    auto found = lives().find(handle);
    return found == lives().end() ? "unknown" : text_of(found->second.made);
}

std::string list_text(size_t count, const char *one, const std::vector<std::string> &origins)
{
    if (count == 0) {
        return {};
    }
    std::string text = std::to_string(count) + " " + one + (count == 1 ? "" : "s") + " (";
    for (size_t i = 0; i < origins.size() && i < most_listed; i++) {
        text += (i == 0 ? "" : "; ") + origins[i];
    }
    return text + (origins.size() > most_listed ? "; ...)" : ")");
}

} // namespace cudasim::driver
