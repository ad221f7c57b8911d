/* SPDX-License-Identifier: Apache-2.0 */
#include "image.hpp"
#include "description.hpp"
#include "image_file.hpp"

#include "../include/simt/abi.h"

#include <atomic>
#include <cerrno>
#include <cstring>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cudasim {
namespace {

constexpr int poison = 0xcc;

/* The image's part of thread-local memory, which is the shared memory of the block that the thread runs. */
struct ThreadLocal {
    const link_map *map;
    size_t bytes = 0;
    const void *address = nullptr; /* for the calling thread, once it has touched it */
};

int find_thread_local(dl_phdr_info *info, size_t, void *data)
{
    auto *wanted = static_cast<ThreadLocal *>(data);
    if (info->dlpi_addr != wanted->map->l_addr) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_TLS) {
            wanted->bytes = info->dlpi_phdr[i].p_memsz;
            wanted->address = info->dlpi_tls_data;
        }
    }
    return 1;
}

std::string loader_error()
{
    const char *text = dlerror();
    return text == nullptr ? "unknown error" : text;
}

class LoadedImage final : public Image {
public:
    LoadedImage(int its_file, void *its_handle) : file(its_file), handle(its_handle) {}

    ~LoadedImage() override
    {
        if (live != nullptr) {
            *live = false;
        }
        if (handle != nullptr) {
            dlclose(handle);
        }
        close(file);
    }

    LoadedImage(const LoadedImage &) = delete;
    LoadedImage &operator=(const LoadedImage &) = delete;

    /* Empty, or why this is not an image, or not one for this mode. */
    std::string open(bool checked, Problem &problem)
    {
        auto *record = static_cast<const gpubench_simt::ImageRecord *>(dlsym(handle, "gpubench_simt_image"));
        if (record == nullptr || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) {
            return "the library was not made by simtcc";
        }
        if (record->version != gpubench_simt::abi_version) {
            return "the image was made by another version of simtcc";
        }
        if ((record->live != nullptr) != checked) {
            problem = Problem::wrong_architecture;
            return checked ? "checked mode runs only what simtcc --check compiled"
                           : "simtcc --check compiled this for checked mode";
        }
        dynamic_shared = record->dynamic_shared;
        unsigned char *dynamic = dynamic_shared();
        ThreadLocal memory{map};
        dl_iterate_phdr(find_thread_local, &memory);
        if (memory.address == nullptr) {
            return "the image has no shared memory";
        }
        dynamic_offset = static_cast<size_t>(dynamic - static_cast<const unsigned char *>(memory.address));
        shared_bytes = memory.bytes;

        for (uint32_t i = 0; i < record->kernel_count; i++) {
            add(record->kernels[i]);
        }
        description = describe(*record, all, shared_bytes - gpubench_simt::dynamic_shared_capacity);
        if (checked) {
            static std::atomic<uint64_t> images{0};
            checks.id = ++images;
            checks.code = map->l_addr;
            checks.lines = std::make_shared<Lines>(file);
            find_constants();
            find_variables();
            live = record->live;
            *live = true;
        }
        return {};
    }

    const std::vector<Kernel> &kernels() const override { return all; }

    const Kernel *kernel(const std::string &name) const override
    {
        for (const Kernel &kernel : all) {
            if (kernel.name == name) {
                return &kernel;
            }
        }
        return nullptr;
    }

    /* What has a symbol but is no variable of this image, such as one of the C library, is not found. */
    Variable variable(const std::string &name) const override
    {
        if (name == "gpubench_simt_description") {
            return {const_cast<char *>(description.data()), description.size()};
        }
        if (name == "gpubench_simt_seed") {
            return {const_cast<std::atomic<uint64_t> *>(&launch_seed), sizeof launch_seed};
        }
        void *address = dlsym(handle, name.c_str());
        Dl_info info;
        void *symbol = nullptr;
        void *owner = nullptr;
        if (address == nullptr || name == "gpubench_simt_image" ||
            dladdr1(address, &info, &symbol, RTLD_DL_SYMENT) == 0 || symbol == nullptr ||
            dladdr1(address, &info, &owner, RTLD_DL_LINKMAP) == 0 || owner != map) {
            return {nullptr, 0};
        }
        auto *found = static_cast<const ElfW(Sym) *>(symbol);
        if (ELF64_ST_TYPE(found->st_info) != STT_OBJECT) {
            return {nullptr, 0};
        }
        return {address, found->st_size};
    }

    uint64_t seed() const override { return launch_seed.load(std::memory_order_relaxed); }

    const CheckedImage &checked_image() const { return checks; }

    SharedMemory shared_memory() const
    {
        return {reinterpret_cast<uintptr_t>(dynamic_shared()) - dynamic_offset, shared_bytes, dynamic_offset};
    }

    void poison_shared_memory(uint32_t dynamic_bytes) const
    {
        unsigned char *dynamic = dynamic_shared();
        size_t behind = dynamic_offset + gpubench_simt::dynamic_shared_capacity;
        memset(dynamic - dynamic_offset, poison, dynamic_offset + dynamic_bytes);
        memset(dynamic + gpubench_simt::dynamic_shared_capacity, poison, shared_bytes - behind);
    }

private:
    /* A kernel's name is its symbol, as on a GPU: mangled unless it is extern "C". One that is static has no symbol. */
    void add(const gpubench_simt::KernelRecord &record)
    {
        Kernel kernel;
        kernel.name = record.name;
        Dl_info info;
        if (dladdr(record.entry, &info) != 0 && info.dli_saddr == record.entry && info.dli_sname != nullptr) {
            kernel.name = info.dli_sname;
        }
        kernel.parameter_bytes.assign(record.parameter_bytes, record.parameter_bytes + record.parameters);
        for (uint32_t i = 0; i < record.parameters; i++) {
            const gpubench_simt::ParameterRecord &parameter = record.described[i];
            kernel.parameters.push_back({parameter.bytes, parameter.kind == gpubench_simt::ParameterKind::pointer,
                parameter.element_bytes, parameter.element_const});
        }
        kernel.max_threads_per_block = record.max_threads_per_block;
        kernel.static_shared_bytes =
            static_cast<uint32_t>(shared_bytes - gpubench_simt::dynamic_shared_capacity);
        kernel.invoke = record.invoke;
        kernel.owner = this;
        all.push_back(kernel);
    }

    void find_constants()
    {
        dl_iterate_phdr(
            [](dl_phdr_info *info, size_t, void *data) {
                auto &self = *static_cast<LoadedImage *>(data);
                for (int i = 0; info->dlpi_addr == self.map->l_addr && i < info->dlpi_phnum; i++) {
                    const ElfW(Phdr) &part = info->dlpi_phdr[i];
                    if ((part.p_type == PT_LOAD && (part.p_flags & PF_W) == 0) || part.p_type == PT_GNU_RELRO) {
                        uintptr_t start = info->dlpi_addr + part.p_vaddr;
                        self.checks.constants.emplace_back(start, start + part.p_memsz);
                    }
                }
                return info->dlpi_addr == self.map->l_addr ? 1 : 0;
            },
            this);
    }

    bool is_constant(uintptr_t address) const
    {
        for (const auto &range : checks.constants) {
            if (address >= range.first && address < range.second) {
                return true;
            }
        }
        return false;
    }

    template <typename T> std::vector<T> table(const ElfW(Shdr) &section) const
    {
        std::vector<T> rows(section.sh_size / sizeof(T));
        if (pread(file, rows.data(), rows.size() * sizeof(T), static_cast<off_t>(section.sh_offset)) < 0) {
            rows.clear();
        }
        return rows;
    }

    /* Those of the file's whole table of symbols, which a checked image still has. */
    void find_variables()
    {
        ElfW(Ehdr) header{};
        if (pread(file, &header, sizeof header, 0) != sizeof header) {
            return;
        }
        ElfW(Shdr) of_sections{};
        of_sections.sh_offset = header.e_shoff;
        of_sections.sh_size = header.e_shnum * sizeof of_sections;
        std::vector<ElfW(Shdr)> sections = table<ElfW(Shdr)>(of_sections);
        for (const ElfW(Shdr) &section : sections) {
            if (section.sh_type != SHT_SYMTAB) {
                continue;
            }
            std::vector<char> names = table<char>(sections[section.sh_link]);
            for (const ElfW(Sym) &symbol : table<ElfW(Sym)>(section)) {
                int type = ELF64_ST_TYPE(symbol.st_info);
                if (symbol.st_shndx == SHN_UNDEF || symbol.st_size == 0 || (type != STT_OBJECT && type != STT_TLS)) {
                    continue;
                }
                ImageVariable variable = {readable(&names[symbol.st_name]), symbol.st_value, symbol.st_size};
                if (type == STT_TLS) {
                    if (variable.name.rfind("gpubench_simt", 0) != 0) {
                        checks.shared.push_back(variable);
                    }
                } else if (!is_constant(map->l_addr + symbol.st_value)) {
                    variable.address += map->l_addr;
                    checks.variables.push_back(variable);
                }
            }
        }
    }

    /* The last name of a mangled one, which is that of a variable in a function. */
    static std::string readable(const char *symbol)
    {
        std::string name = symbol;
        if (name.rfind("_Z", 0) != 0) {
            return name.substr(0, name.find('.'));
        }
        size_t at = 2;
        std::string last = name;
        while (at < name.size()) {
            if (name[at] >= '0' && name[at] <= '9') {
                size_t length = strtoul(&name[at], nullptr, 10);
                while (at < name.size() && name[at] >= '0' && name[at] <= '9') {
                    at++;
                }
                if (length > 0 && at + length <= name.size()) {
                    last = name.substr(at, length);
                    at += length;
                }
            } else {
                at++;
            }
        }
        return last;
    }

    int file; /* open as long as the image: its number is the name that the loader knows the image by */
    void *handle;
    link_map *map = nullptr;
    std::vector<Kernel> all;
    unsigned char *(*dynamic_shared)() = nullptr;
    size_t dynamic_offset = 0;
    size_t shared_bytes = 0;
    std::string description;
    std::atomic<uint64_t> launch_seed{0};
    CheckedImage checks{};
    bool *live = nullptr;
};

} // namespace

std::unique_ptr<Image> Image::load(const void *bytes, bool checked, Problem &problem, std::string &text)
{
    uint64_t size = checked_size(bytes, problem, text);
    if (size == 0) {
        return nullptr;
    }
    problem = Problem::unloadable;
    int file = memory_file(bytes, size);
    if (file < 0) {
        text = std::string("no memory for a file of the image: ") + strerror(errno);
        return nullptr;
    }
    std::string path = "/proc/self/fd/" + std::to_string(file);
    void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    auto image = std::make_unique<LoadedImage>(file, handle);
    text = handle == nullptr ? loader_error() : image->open(checked, problem);
    if (!text.empty()) {
        return nullptr;
    }
    problem = Problem::none;
    return image;
}

void poison_shared_memory(const Kernel &kernel, uint32_t dynamic_bytes)
{
    static_cast<const LoadedImage *>(kernel.owner)->poison_shared_memory(dynamic_bytes);
}

SharedMemory shared_memory(const Kernel &kernel)
{
    return static_cast<const LoadedImage *>(kernel.owner)->shared_memory();
}

const CheckedImage &checked_image(const Kernel &kernel)
{
    return static_cast<const LoadedImage *>(kernel.owner)->checked_image();
}

} // namespace cudasim
