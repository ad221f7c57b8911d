/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.hpp"
#include "debug_information.hpp"

#include <cstring>
#include <elf.h>
#include <link.h>
#include <unistd.h>

namespace cudasim {
namespace {

Bytes read_bytes(int file, uint64_t offset, uint64_t count)
{
    Bytes bytes(count);
    size_t done = 0;
    while (done < bytes.size()) {
        ssize_t part = pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (part <= 0) {
            return {};
        }
        done += static_cast<size_t>(part);
    }
    return bytes;
}

/* simtcc has put all names of files into the debug information by their short names, except those of the system. */
bool is_of_the_user(const std::string &file)
{
    return file[0] != '/' && file.rfind("include/simt", 0) != 0 && file[0] != '<';
}

} // namespace

Lines::Lines(int image_file) : file(dup(image_file)) {}

Lines::~Lines()
{
    if (file >= 0) {
        close(file);
    }
}

std::string Lines::at(uint64_t address) const
{
    Bytes head = read_bytes(file, 0, sizeof(ElfW(Ehdr)));
    if (head.empty()) {
        return {};
    }
    ElfW(Ehdr) header;
    memcpy(&header, head.data(), sizeof header);
    Bytes table = read_bytes(file, header.e_shoff, uint64_t{header.e_shnum} * sizeof(ElfW(Shdr)));
    if (table.empty() || header.e_shstrndx >= header.e_shnum) {
        return {};
    }
    std::vector<ElfW(Shdr)> sections(header.e_shnum);
    memcpy(sections.data(), table.data(), table.size());
    const ElfW(Shdr) &of_names = sections[header.e_shstrndx];
    Bytes names = read_bytes(file, of_names.sh_offset, of_names.sh_size);
    DebugInformation debug;
    for (const ElfW(Shdr) &section : sections) {
        std::string name = reader_of(names, section.sh_name).text();
        for (const auto &wanted : {std::make_pair(".debug_info", &debug.info),
                 std::make_pair(".debug_abbrev", &debug.abbreviations), std::make_pair(".debug_line", &debug.lines),
                 std::make_pair(".debug_ranges", &debug.ranges)}) {
            if (name == wanted.first) {
                *wanted.second = read_bytes(file, section.sh_offset, section.sh_size);
            }
        }
    }
    std::vector<SourcePlace> places = debug.places(address);
    auto text = [](const SourcePlace &place) {
        std::string name = place.file.rfind("./", 0) == 0 ? place.file.substr(2) : place.file;
        return name + ":" + std::to_string(place.line);
    };
    for (const SourcePlace &place : places) {
        if (is_of_the_user(place.file)) {
            return text(place);
        }
    }
    return places.empty() ? std::string() : text(places[0]);
}

} // namespace cudasim
