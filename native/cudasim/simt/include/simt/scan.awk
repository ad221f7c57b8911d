# SPDX-License-Identifier: Apache-2.0
# Reads a CUDA source file after the preprocessor (with GPUBENCH_SIMT_SCAN) and prints the C++ text that goes behind it to
# make it an image: a record for each kernel, and a symbol for each dynamic array of shared memory. Names on stderr what
# the simulated device lacks. To the file that `needs` names it writes what functions for the host need: `launches` where
# they launch kernels, `exceptions` where they throw or catch. `checked` is not empty for a checked image.

BEGIN {
    asm = "inline PTX is not supported by the simulated device: guard it with __CUDA_ARCH__"
    groups = "cooperative_groups is not supported by the simulated device: use __syncthreads, __syncwarp and the shuffles"
    matrix = "tensor cores (nvcuda::wmma) are not supported by the simulated device: guard them with __CUDA_ARCH__"
    lacks["cooperative_groups"] = groups
    lacks["nvcuda"] = matrix
    lacks["__cluster_dims__"] = "clusters (__cluster_dims__) are not supported by the simulated device: guard them with GPUBENCH_SIMT"
    asynchronous = "cuda::barrier and cuda::pipeline are not supported by the simulated device: use __syncthreads and plain copies"
    lacks["throw"] = lacks["try"] = lacks["catch"] = "exceptions are not supported in functions for the device"
    lacks["__noinline__"] = "__noinline__ is not known to the simulated device: write __attribute__((noinline))"
    nested = "launching a kernel from a kernel (dynamic parallelism) is not supported by the simulated device"
    texture = "textures and surfaces are not supported by the simulated device: read from memory, guarded with GPUBENCH_SIMT"
    heap = "the heap of the device (malloc, new in a kernel) cannot be checked: give the kernel a buffer"
    dimension["x"] = 1
    dimension["y"] = 2
    dimension["z"] = 3
}

# A file is of interest unless it was included as a system header.
/^# [0-9]+ "/ {
    file = flags = $0
    sub(/^# [0-9]+ "/, "", file)
    sub(/".*/, "", file)
    sub(/.*"/, "", flags)
    if (flags !~ / 3/) own[file] = 1 # a macro of a system header that is expanded here has the flag too
    expanded = flags ~ / 3/
    at_line = $2 - 1
    next
}
{ at_line++ }
/^[ \t]*#/ || !(file in own) { next }
{
    line = $0
    while (match(line, /[A-Za-z_][A-Za-z_0-9]*|[0-9][0-9A-Za-z_.']*|"([^"\\]|\\.)*"|'([^'\\]|\\.)*'|<<<|[^ \t]/)) {
        token = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        look(token)
        take(token)
        if (!group) {
            third = before
            before = previous
            previous = token
        }
    }
}
END {
    if (refused) exit 1
    if (needs != "") {
        if (host_launches) print "launches" >needs
        if (host_exceptions) print "exceptions" >needs
    }
    for (i = 1; i <= kernels; i++) {
        if (defined[i] > 1) fail(file_of[i] ":" line_of[i] ": kernel " kernel[i] " is overloaded here")
        printf "#line %d \"%s\"\n", line_of[i], file_of[i]
        printf "%sstatic const ::gpubench_simt::KernelRecord gpubench_simt_kernel_%d = ", opened[i], i
        printf "::gpubench_simt::Launcher<&%s>::record(\"%s\", ", name[i], kernel[i]
        t = template_of[i]
        printf "static_cast<uint32_t>(%s), ", bounds[i] == "" ? "1024" : bounds[i]
        printf "{__builtin_FILE(), __builtin_LINE(), \"%s\", %d, ", t == "" ? names[i] : names[t], \
            larger(larger(dimensions[i], dimensions[t]), dimensions[0])
        printf "%s, %s, ", dynamic[i] || dynamic[t] || dynamic[0] ? "true" : "false", \
            blocks[i] || blocks[t] || blocks[0] ? "true" : "false"
        printf "\"%s\"}); %s\n", plain(bounds[i]), closed[i]
    }
    print "static const ::gpubench_simt::KernelRecord gpubench_simt_kernels[] = {"
    for (i = 1; i <= kernels; i++) printf "    %sgpubench_simt_kernel_%d,\n", spaces[i], i
    print "    {}};"
    print "static const ::gpubench_simt::TemplateRecord gpubench_simt_templates[] = {"
    for (i = 1; i <= templates; i++) {
        if (template_key[i] in instantiated) continue
        listed_templates++
        printf "#line %d \"%s\"\n", template_line[i], template_file[i]
        printf "    {\"%s\", __builtin_FILE(), __builtin_LINE()},\n", template_name[i]
    }
    print "    {}};"
    print "extern \"C\" __attribute__((visibility(\"protected\"), used)) const ::gpubench_simt::ImageRecord"
    print "    gpubench_simt_image = {::gpubench_simt::abi_version, " kernels + 0 ","
    print "        gpubench_simt_kernels, ::gpubench_simt::dynamic_shared, ::gpubench_simt::live, " listed_templates + 0 ","
    print "        gpubench_simt_templates};"
    for (symbol in arrays) {
        printf "__asm__(\".globl %s\\n.hidden %s\\n.set %s, gpubench_simt_dynamic_shared\\n\");\n", symbol, symbol, symbol
    }
}

function fail(text) {
    print text > "/dev/stderr"
    exit 1
}

function refuse(text, line) {
    if (!line) line = at_line
    if (!((file, line, text) in told)) print file ":" line ": " text > "/dev/stderr"
    told[file, line, text] = 1
    refused = 1
}

function larger(a, b) {
    return a > b ? a + 0 : b > 1 ? b : 1
}

function plain(text) {
    gsub(/["\\]/, "", text)
    sub(/ $/, "", text)
    return text
}

# What a function for the host does is no matter, as long as it compiles.
function look(token) {
    if (asm_line) { # without an instruction it only stops the compiler from moving accesses
        if (token ~ /^(volatile|__volatile__|inline|goto|\(|"")$/) return
        if (token ~ /^"/) refuse(asm, asm_line)
        asm_line = 0
    }
    if (token ~ /^(asm|__asm|__asm__)$/ && !expanded && (!bodies || body != "host")) {
        asm_line = at_line
    } else if (token ~ /^(barrier|pipeline|pipeline_shared_state|make_pipeline|memcpy_async)$/ && previous == ":" && \
        before == ":" && third == "cuda" && (!bodies || body != "host")) {
        refuse(asynchronous)
    } else if (token == "<<<") {
        if (bodies && body == "device") refuse(nested)
        else host_launches = 1
    } else if (token in lacks && !expanded) {
        if (token ~ /^(throw|try|catch)$/ && body != "device") host_exceptions = 1
        else if (!bodies || body != "host") refuse(lacks[token])
    } else if (bodies && body == "device" && token ~ /^(tex|surf)([123]D|Cubemap)/) {
        refuse(texture)
    } else if (checked && bodies && body == "device" && from_heap(token)) {
        refuse(heap)
    } else if (bodies && token == "blockIdx") {
        blocks[running] = 1
    } else if (bodies && previous == "." && before ~ /^(threadIdx|blockIdx)$/ && token in dimension) {
        dimensions[running] = larger(dimensions[running], dimension[token])
    }
}

# Not placement new, and not a function of an object that has such a name.
function from_heap(token) {
    if (previous == "new") return token != "("
    return token == "delete" || (token == "(" && previous ~ /^(malloc|free)$/ && before !~ /^[.>:]$/)
}

function declaration_ends() {
    is_template = is_instance = is_global = is_device = is_type = is_extern = is_shared = is_namespace = 0
    angles = 0
    bound = path = chosen = ""
}

function take(token) {
    if (is_template && previous == "template" && token != "<") {
        is_template = 0
        is_instance = 1
    }
    if (is_instance && is_global == 1 && !group) choose(token)
    if (group) { # inside the parentheses of an attribute
        if (token == "(") group++
        if (token == ")") group--
        if (token == "," && group == 1) in_bound = 0
        if (group && in_bound) bound = bound token " "
    } else if (token == "(" && previous ~ /^(__launch_bounds__|__attribute__|alignas|__align__|__maxnreg__|__cluster_dims__)$/) {
        group = 1
        in_bound = previous == "__launch_bounds__"
    } else if (in_parameters) {
        parameter(token)
    } else if (token == "{") {
        if (is_global == 2) defined[current]++
        if (!bodies && is_namespace) scope[++depth] = "namespace " path
        else if (!bodies && is_extern && previous ~ /^"/) scope[++depth] = "linkage"
        else {
            scope[++depth] = "body"
            if (!bodies++) {
                body = is_global || is_device ? "device" : is_type ? "type" : "host"
                running = is_global == 2 ? current : 0
            }
        }
        declaration_ends()
    } else if (token == "}") {
        if (depth && scope[depth--] == "body") bodies--
        declaration_ends()
    } else if (token == ";") {
        declaration_ends()
    } else if (token == "extern") {
        is_extern = 1
    } else if (token == "__shared__") {
        is_shared = 1
    } else if (token == "[" && is_extern && is_shared) {
        found_array(previous)
        dynamic[bodies ? running : 0] = 1
    } else if (bodies) {
        return
    } else if (token == "template") {
        is_template = 1
    } else if (token == "__device__") {
        is_device = 1
    } else if (token ~ /^(struct|class|union|enum)$/) {
        is_type = 1
    } else if (token == "namespace") {
        is_namespace = previous != "using"
    } else if (is_namespace && token ~ /^[A-Za-z_]/ && token != "inline") {
        path = path (path == "" ? "" : "::") token
    } else if (token == "__global__") {
        is_global = 1
    } else if (token == "(" && is_global == 1 && !angles) {
        is_global = 2
        look_around()
        if (is_template) {
            current = found_template(previous)
        } else if (is_instance) { # the names of the parameters are with the template
            current = found_kernel(chosen)
            template_of[current] = key_of(chosen)
            instantiated[key_of(chosen)] = 1
            current = "instance"
        } else {
            current = found_kernel(previous)
        }
        in_parameters = 1
        listed = word = ""
        words = 0
    }
}

# The name of a parameter is its last word, if that is not its type.
function parameter(token) {
    if (token ~ /^[(\[{<]$/) in_parameters++
    else if (token ~ /^[])}>]$/) in_parameters--
    if (in_parameters == 0 || (in_parameters == 1 && token == ",")) {
        listed = listed (words > 1 ? word : "") (in_parameters ? "," : "")
        words = 0
        word = ""
        if (!in_parameters && listed ~ /[^,]/) names[current] = listed
    } else if (in_parameters == 1 && !ends_name) {
        if (token ~ /^[A-Za-z_]/) {
            if (token !~ /^(const|volatile|__restrict__|__restrict|restrict|struct|__grid_constant__)$/) {
                words++
                word = token ~ /^(unsigned|signed|char|short|int|long|float|double|bool)$/ ? "" : token
            }
        } else if (token ~ /^[*&]$/) {
            words += words == 1
            word = ""
        }
    }
    ends_name = in_parameters > 0 && (token == "=" || (ends_name && !(in_parameters == 1 && token == ",")))
}

# `template __global__ void name<arguments>(`: the last name with its arguments.
function choose(token) {
    if (token == "<") angles++
    if (angles) chosen = chosen (chosen ~ /[A-Za-z_0-9]$/ && token ~ /^[A-Za-z_0-9]/ ? " " : "") token
    else if (token ~ /^[A-Za-z_]/) chosen = token
    if (token == ">") angles--
}

# Of the template that a name with arguments is an instance of, in this namespace.
function key_of(instance) {
    sub(/<.*/, "", instance)
    return "template " opening instance
}

function found_template(word,   key) {
    key = key_of(word)
    if (!(key in template_known)) {
        template_known[key] = 1
        template_key[++templates] = key
        template_name[templates] = word
        template_file[templates] = file
        template_line[templates] = at_line
    }
    return key
}

# The namespaces that are open here.
function look_around(   i) {
    qualified = opening = closing = ""
    for (i = 1; i <= depth; i++) {
        if (scope[i] ~ /^namespace/) {
            opening = opening scope[i] " { "
            closing = closing "}"
            if (scope[i] != "namespace ") qualified = qualified substr(scope[i], 11) "::"
        }
    }
}

# A kernel may be declared before it is defined; the launch bounds may be with either.
function found_kernel(word,   i) {
    if (!(opening word in number)) {
        number[opening word] = ++kernels
        name[kernels] = word
        kernel[kernels] = qualified word
        spaces[kernels] = qualified
        opened[kernels] = opening
        closed[kernels] = closing
        file_of[kernels] = file
        line_of[kernels] = at_line
    }
    i = number[opening word]
    if (bound != "") bounds[i] = bound
    return i
}

# In a namespace, the array's symbol is mangled unless it is extern "C".
function found_array(word,   i, j, parts, count, mangled) {
    arrays[word] = 1
    for (i = 1; i <= depth; i++) {
        if (scope[i] ~ /^namespace/) {
            count = split(scope[i] == "namespace " ? "_GLOBAL__N_1" : substr(scope[i], 11), parts, "::")
            for (j = 1; j <= count; j++) mangled = mangled length(parts[j]) parts[j]
        }
    }
    if (mangled != "") arrays["_ZN" mangled length(word) word "E"] = 1
}
