/* SPDX-License-Identifier: Apache-2.0 */
#include "shadow.hpp"

namespace cudasim {
namespace {

using Guard = std::lock_guard<Turnstile>;

} // namespace

Checker::Checker(const Operations &operations) : shadow_(std::make_unique<Shadow>(operations)) {}

Checker::~Checker() = default;

void Checker::allocated(uintptr_t address, size_t bytes, Space space, const std::string &by)
{
    Guard guard(shadow_->turnstile);
    shadow_->allocated(address, bytes, space, by);
}

void Checker::freed(uintptr_t address, const std::string &by)
{
    Guard guard(shadow_->turnstile);
    shadow_->freed(address, by);
}

Report Checker::wrote(uint64_t operation, uintptr_t address, size_t bytes)
{
    Guard guard(shadow_->turnstile);
    return shadow_->used(operation, address, bytes, true);
}

Report Checker::read(uint64_t operation, uintptr_t address, size_t bytes)
{
    Guard guard(shadow_->turnstile);
    return shadow_->used(operation, address, bytes, false);
}

Report Checker::copied(uint64_t operation, uintptr_t target, uintptr_t source, size_t bytes)
{
    Guard guard(shadow_->turnstile);
    return shadow_->copied(operation, target, source, bytes);
}

bool Checker::written_by_kernel(uintptr_t address, size_t bytes)
{
    Guard guard(shadow_->turnstile);
    return shadow_->written_by_kernel(address, bytes);
}

void Checker::unloaded(const Image &image, const std::string &by)
{
    Guard guard(shadow_->turnstile);
    if (!image.kernels().empty()) {
        shadow_->unloaded(checked_image(image.kernels().front()), by);
    }
}

void Checker::host_wrote(uintptr_t address, size_t bytes)
{
    Guard guard(shadow_->turnstile);
    shadow_->host_wrote(address, bytes);
}

} // namespace cudasim
