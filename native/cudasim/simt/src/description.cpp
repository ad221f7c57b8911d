/* SPDX-License-Identifier: Apache-2.0 */
#include "description.hpp"

#include <cstring>

namespace cudasim {
namespace {

using gpubench_simt::KernelRecord;
using gpubench_simt::ParameterKind;
using gpubench_simt::ParameterRecord;

std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return result + '"';
}

template <typename T> std::string field(const char *name, T value)
{
    return quoted(name) + ":" + std::to_string(value);
}

std::string field(const char *name, const std::string &value)
{
    return quoted(name) + ":" + quoted(value);
}

std::string field(const char *name, bool value)
{
    return quoted(name) + ":" + (value ? "true" : "false");
}

/* Both compilers end the name of a function template with the types that it has: "... [with T = const float*]". */
std::string type_in(const char *function)
{
    std::string text = function;
    size_t begin = text.find("T = ");
    if (begin == std::string::npos || text.back() != ']') {
        return "?";
    }
    begin += strlen("T = ");
    return text.substr(begin, text.size() - 1 - begin);
}

std::string kind_name(ParameterKind kind)
{
    static const char *const names[] = {"structure", "boolean", "signed", "unsigned", "floating", "pointer", "void"};
    return names[static_cast<size_t>(kind)];
}

std::string describe(const ParameterRecord &record, const std::string &name)
{
    std::string text = "{" + field("name", name) + "," + field("type", type_in(record.type())) + "," +
                       field("bytes", record.bytes) + "," + field("kind", kind_name(record.kind));
    if (record.kind == ParameterKind::pointer) {
        text += ",\"element\":{" + field("type", type_in(record.element_type())) + "," +
                field("bytes", record.element_bytes) + "," + field("alignment", record.element_alignment) + "," +
                field("kind", kind_name(record.element)) + "," + field("const", record.element_const) + "}";
    }
    return text + "}";
}

/* The next of the names that are joined by commas. */
std::string take_name(const char *&names)
{
    const char *end = strchrnul(names, ',');
    std::string name(names, end);
    names = *end == ',' ? end + 1 : end;
    return name;
}

std::string describe(const KernelRecord &record, const std::string &symbol)
{
    std::string text = "{" + field("name", std::string(record.name)) + "," + field("symbol", symbol) + "," +
                       field("file", std::string(record.text.file)) + "," + field("line", record.text.line) + "," +
                       field("maxThreads", record.max_threads_per_block) + "," +
                       field("bounded", record.text.launch_bound[0] != '\0') + "," +
                       field("dimensions", record.text.dimensions) + "," +
                       field("dynamicShared", record.text.dynamic_shared) + "," +
                       field("blockIndex", record.text.block_index) + ",\"parameters\":[";
    const char *names = record.text.parameter_names;
    for (uint32_t i = 0; i < record.parameters; i++) {
        text += (i == 0 ? "" : ",") + describe(record.described[i], take_name(names));
    }
    return text + "]}";
}

} // namespace

std::string describe(const gpubench_simt::ImageRecord &image, const std::vector<Kernel> &kernels, size_t shared_bytes)
{
    std::string text = "{\"kernels\":[";
    for (uint32_t i = 0; i < image.kernel_count; i++) {
        text += (i == 0 ? "" : ",") + describe(image.kernels[i], kernels[i].name);
    }
    text += "],\"templates\":[";
    for (uint32_t i = 0; i < image.template_count; i++) {
        const gpubench_simt::TemplateRecord &record = image.templates[i];
        text += (i == 0 ? "{" : ",{") + field("name", std::string(record.name)) + "," +
                field("file", std::string(record.file)) + "," + field("line", record.line) + "}";
    }
    return text + "]," + field("sharedBytes", shared_bytes) + "}";
}

} // namespace cudasim
