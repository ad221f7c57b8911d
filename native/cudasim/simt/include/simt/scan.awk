# SPDX-License-Identifier: Apache-2.0
# Reads a CUDA source file after the preprocessor (with GPUBENCH_SIMT_SCAN) and prints the C++ text that goes behind it to
# make it an image: a record for each kernel, and a symbol for each dynamic array of shared memory.

# A file is of interest unless it was included as a system header.
/^# [0-9]+ "/ {
    file = flags = $0
    sub(/^# [0-9]+ "/, "", file)
    sub(/".*/, "", file)
    sub(/.*"/, "", flags)
    if (flags !~ / 3/) own[file] = 1 # a macro of a system header that is expanded here has the flag too
    at_line = $2 - 1
    next
}
{ at_line++ }
/^[ \t]*#/ || !(file in own) { next }
{
    line = $0
    while (match(line, /[A-Za-z_][A-Za-z_0-9]*|[0-9][0-9A-Za-z_.']*|"([^"\\]|\\.)*"|'([^'\\]|\\.)*'|[^ \t]/)) {
        token = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        take(token)
        if (!group) previous = token
    }
}
END {
    for (i = 1; i <= kernels; i++) {
        if (defined[i] > 1) fail(file_of[i] ":" line_of[i] ": kernel " kernel[i] " is overloaded here")
        printf "#line %d \"%s\"\n", line_of[i], file_of[i]
        printf "%sstatic const ::gpubench_simt::KernelRecord gpubench_simt_kernel_%d = ", opened[i], i
        printf "::gpubench_simt::Launcher<&%s>::record(\"%s\", ", name[i], kernel[i]
        printf "static_cast<uint32_t>(%s)); %s\n", bounds[i] == "" ? "1024" : bounds[i], closed[i]
    }
    print "static const ::gpubench_simt::KernelRecord gpubench_simt_kernels[] = {"
    for (i = 1; i <= kernels; i++) printf "    %sgpubench_simt_kernel_%d,\n", spaces[i], i
    print "    {}};"
    print "extern \"C\" __attribute__((visibility(\"protected\"), used)) const ::gpubench_simt::ImageRecord"
    print "    gpubench_simt_image = {::gpubench_simt::abi_version, " kernels + 0 ","
    print "        gpubench_simt_kernels, ::gpubench_simt::dynamic_shared, ::gpubench_simt::live};"
    for (symbol in arrays) {
        printf "__asm__(\".globl %s\\n.hidden %s\\n.set %s, gpubench_simt_dynamic_shared\\n\");\n", symbol, symbol, symbol
    }
}

function fail(text) {
    print text > "/dev/stderr"
    exit 1
}

function declaration_ends() {
    is_template = is_global = is_extern = is_shared = is_namespace = 0
    bound = path = ""
}

function take(token) {
    if (group) { # inside the parentheses of an attribute
        if (token == "(") group++
        if (token == ")") group--
        if (token == "," && group == 1) in_bound = 0
        if (group && in_bound) bound = bound token " "
    } else if (token == "(" && previous ~ /^(__launch_bounds__|__attribute__|alignas|__align__|__maxnreg__|__cluster_dims__)$/) {
        group = 1
        in_bound = previous == "__launch_bounds__"
    } else if (token == "{") {
        if (is_global == 2) defined[current]++
        if (!bodies && is_namespace) scope[++depth] = "namespace " path
        else if (!bodies && is_extern && previous ~ /^"/) scope[++depth] = "linkage"
        else {
            scope[++depth] = "body"
            bodies++
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
    } else if (bodies) {
        return
    } else if (token == "template") {
        is_template = 1
    } else if (token == "namespace") {
        is_namespace = previous != "using"
    } else if (is_namespace && token ~ /^[A-Za-z_]/ && token != "inline") {
        path = path (path == "" ? "" : "::") token
    } else if (token == "__global__") {
        is_global = 1
    } else if (token == "(" && is_global == 1) {
        is_global = 2
        current = is_template ? 0 : found_kernel(previous)
    }
}

# A kernel may be declared before it is defined; the launch bounds may be with either.
function found_kernel(word,   i, qualified, opening, closing) {
    for (i = 1; i <= depth; i++) {
        if (scope[i] ~ /^namespace/) {
            opening = opening scope[i] " { "
            closing = closing "}"
            if (scope[i] != "namespace ") qualified = qualified substr(scope[i], 11) "::"
        }
    }
    if (!(opening word in number)) {
        number[opening word] = ++kernels
        name[kernels] = word
        kernel[kernels] = qualified word
        spaces[kernels] = qualified
        file_of[kernels] = file
        line_of[kernels] = at_line
        opened[kernels] = opening
        closed[kernels] = closing
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
