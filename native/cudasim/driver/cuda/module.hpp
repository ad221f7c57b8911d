/* SPDX-License-Identifier: Apache-2.0 */
/* Loaded images and their kernels. */
#ifndef GPUBENCH_CUDASIM_CUDA_MODULE_HPP
#define GPUBENCH_CUDASIM_CUDA_MODULE_HPP

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "abi/cuda.hpp"
#include "memory.hpp"
#include "simt/simt.hpp"

namespace cudasim::driver {

/* The image goes when the last launch of its kernels has ended, not already when the module is unloaded. */
class Module {
public:
    Module(std::unique_ptr<Image> image, Memory &memory) : image_(std::move(image)), memory_(memory) {}

    const Image &image() const { return *image_; }
    bool is_loaded() const { return loaded_.load(); }
    const gate::Call &unloaded() const { return unloaded_; } /* the call that did */
    void unload(); /* nothing of it can be launched any more */
    void forget_variables(); /* when no kernel of it runs any more: they are no longer memory of the device */

    /* Address null if there is none. */
    Variable variable(const std::string &name);

    /* Handles already given away, by name; guarded by whoever gets functions. */
    std::mutex mutex;
    std::map<std::string, abi::FunctionHandle> functions;

private:
    std::unique_ptr<Image> image_;
    Memory &memory_;
    gate::Call unloaded_;
    std::atomic<bool> loaded_{true};
    std::vector<uintptr_t> variables_;
};

constexpr uint32_t default_dynamic_shared_bytes = 49152;

/* A kernel with the settings that its launches obey. */
struct Function {
    Function(std::shared_ptr<Module> its_module, const Kernel &its_kernel)
        : module(std::move(its_module)), kernel(its_kernel)
    {
    }

    const std::shared_ptr<Module> module;
    const Kernel &kernel;
    std::atomic<uint32_t> dynamic_shared_limit{default_dynamic_shared_bytes};
    std::atomic<int32_t> shared_carveout{-1};
};

} // namespace cudasim::driver

#endif
