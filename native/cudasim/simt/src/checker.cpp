/* SPDX-License-Identifier: Apache-2.0 */
#include "../check.hpp"

namespace cudasim {

class Shadow {};

Checker::Checker(const Operations &) : shadow_(std::make_unique<Shadow>()) {}

Checker::~Checker() = default;

void Checker::allocated(uintptr_t, size_t, Space, const std::string &) {}

void Checker::freed(uintptr_t, const std::string &) {}

Report Checker::wrote(uint64_t, uintptr_t, size_t)
{
    return {};
}

Report Checker::read(uint64_t, uintptr_t, size_t)
{
    return {};
}

void Checker::host_wrote(uintptr_t, size_t) {}

} // namespace cudasim
