/* SPDX-License-Identifier: Apache-2.0 */
#include "module.hpp"

namespace cudasim::driver {

void Module::unload()
{
    std::lock_guard lock(mutex);
    unloaded_ = gate::current;
    loaded_.store(false);
}

void Module::forget_variables()
{
    std::lock_guard lock(mutex);
    for (uintptr_t variable : variables_) {
        memory_.remove_variable(variable);
    }
    variables_.clear();
    memory_.unloaded(*image_);
}

Variable Module::variable(const std::string &name)
{
    Variable variable = image_->variable(name);
    if (variable.address != nullptr) {
        auto address = reinterpret_cast<uintptr_t>(variable.address);
        std::lock_guard lock(mutex);
        if (is_loaded()) {
            memory_.add_variable(address, variable.bytes);
            variables_.push_back(address);
        }
    }
    return variable;
}

} // namespace cudasim::driver
