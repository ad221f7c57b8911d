/* SPDX-License-Identifier: Apache-2.0 */
#include "image_file.hpp"

#include <cerrno>
#include <cstring>

#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cudasim {
namespace {

constexpr uint64_t largest_image = uint64_t{1} << 30;

#if defined(__x86_64__)
constexpr uint16_t machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t machine = EM_AARCH64;
#elif defined(__riscv)
constexpr uint16_t machine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr uint16_t machine = EM_PPC64;
#else
#error "the architecture's number in an ELF file is not known"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
constexpr unsigned char byte_order = ELFDATA2LSB;
#else
constexpr unsigned char byte_order = ELFDATA2MSB;
#endif

bool starts_with(const void *bytes, const char *text)
{
    return strncmp(static_cast<const char *>(bytes), text, strlen(text)) == 0;
}

} // namespace

uint64_t checked_size(const void *bytes, Image::Problem &problem, std::string &text)
{
    static const unsigned char fat_binary[] = {0x50, 0xed, 0x55, 0xba};
    if (memcmp(bytes, fat_binary, sizeof fat_binary) == 0) {
        problem = Image::Problem::wrong_architecture;
        text = "a fat binary holds code for GPUs; the simulated device runs what simtcc compiled";
        return 0;
    }
    if (starts_with(bytes, "//") || starts_with(bytes, ".version")) {
        problem = Image::Problem::wrong_architecture;
        text = "PTX is code for GPUs; the simulated device runs what simtcc compiled";
        return 0;
    }
    if (memcmp(bytes, ELFMAG, SELFMAG) != 0) {
        problem = Image::Problem::not_an_image;
        text = "not an ELF file";
        return 0;
    }
    ElfW(Ehdr) header;
    memcpy(&header, bytes, sizeof header);
    constexpr unsigned char word = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    if (header.e_ident[EI_CLASS] != word || header.e_ident[EI_DATA] != byte_order || header.e_machine != machine) {
        problem = Image::Problem::wrong_architecture;
        text = "the ELF file is for machine " + std::to_string(header.e_machine) + ", the simulated device's is " +
               std::to_string(machine);
        return 0;
    }
    /* The table of section headers is the last thing in the file. */
    uint64_t size = header.e_shoff + uint64_t{header.e_shnum} * header.e_shentsize;
    if (header.e_type != ET_DYN || header.e_shoff < sizeof header || header.e_shnum == 0 ||
        header.e_shoff > largest_image || size > largest_image) {
        problem = Image::Problem::not_an_image;
        text = "the ELF file is not a shared library";
        return 0;
    }
    return size;
}

int memory_file(const void *bytes, uint64_t size)
{
    int file = memfd_create("gpubench-image", MFD_CLOEXEC);
    const auto *next = static_cast<const char *>(bytes);
    while (file >= 0 && size > 0) {
        ssize_t written = write(file, next, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            close(file);
            return -1;
        }
        next += written;
        size -= static_cast<uint64_t>(written);
    }
    return file;
}

} // namespace cudasim
