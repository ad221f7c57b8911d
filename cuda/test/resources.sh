#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the compiler made of the kernels for one architecture: registers, spills and shared memory of each, and its loads
# of 16 bytes. Fails when one spills, uses a stack, or takes more registers than let two warps run on each scheduler of
# every generation. With nvdisasm (NVDISASM or PATH) it also counts machine instructions, and the multiply-adds in loops that
# are made of them; fails when a kernel that is named for such arithmetic (_fp32, _int32) has no loop of which they are 95 %.
#
#   resources.sh NVCC SOURCE.cu [ARCHITECTURE]
set -eu

nvcc=$1
source=$2
architecture=${3:-sm_90}
most_registers=128

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$nvcc" -std=c++17 -cubin -arch="$architecture" -Xptxas -v -o "$scratch/cubin" "$source" 2>"$scratch/log" || {
    cat "$scratch/log" >&2
    exit 1
}
"$nvcc" -std=c++17 -ptx -arch="$architecture" -o "$scratch/ptx" "$source"

awk -v most="$most_registers" '
    /Compiling entry function/ { split($0, part, "\047"); kernel = part[2] }
    /bytes stack frame/ { stack = $1; stores = $5; loads = $9 }
    /Used [0-9]+ registers/ {
        match($0, /Used [0-9]+/); registers = substr($0, RSTART + 5) + 0
        shared = 0
        if (match($0, /[0-9]+ bytes smem/)) shared = substr($0, RSTART, RLENGTH) + 0
        printf "%-20s %3d registers, %d bytes of stack, %d bytes spilled, %d bytes of shared memory\n", \
            kernel, registers, stack, stores + loads, shared
        kernels++
        if (stack + stores + loads > 0 || registers > most) bad++
    }
    END { exit(kernels == 0 || bad > 0) }' "$scratch/log"
wide=$(grep -cE 'ld(\.volatile|\.(acquire|relaxed)\.sys)?\.global(\.nc|\.cs|\.cg)*\.(v4\.[ubf]32|v2\.[ubf]64)' "$scratch/ptx" || true)
echo "$wide loads of 16 bytes"
[ "$wide" -gt 0 ]

nvdisasm=${NVDISASM:-nvdisasm}
if command -v "$nvdisasm" >/dev/null 2>&1; then
    "$nvdisasm" "$scratch/cubin" >"$scratch/sass"
    awk '
        /\.section/ { kernel = "" }
        /^\.text\./ { kernel = substr($1, 7); sub(/:$/, "", kernel) }
        /^ +\/\*[0-9a-f]+\*\/ / && kernel && !/NOP/ { all[kernel]++ }
        /LDG.*\.128/ { wide[kernel]++ }
        /LDL|STL/ { spilled[kernel]++ }
        # what lies between a label and the branch back to it
        /^\.L_/ { label = $1; sub(/:$/, "", label); inside = 0; fused = 0 }
        /^ +\/\*[0-9a-f]+\*\/ / { inside++ }
        /\*\/ +(FFMA|IMAD) / { fused++ }
        /BRA / && index($0, "`(" label ")") && fused > most[kernel] { most[kernel] = fused; loop[kernel] = inside }
        END {
            for (kernel in all) {
                printf "%-20s %d instructions, %d loads of 16 bytes, %d of local memory", \
                    kernel, all[kernel], wide[kernel], spilled[kernel]
                if (most[kernel] > 64)
                    printf ", a loop of %d with %d multiply-adds", loop[kernel], most[kernel]
                printf "\n"
            }
        }' "$scratch/sass" | sort >"$scratch/counts"
    cat "$scratch/counts"
    awk '/^[a-z]+_(fp32|int32) / && !(/multiply-adds/ && $(NF - 1) >= 0.95 * $(NF - 3)) { print $1 ": too little of its loop is arithmetic"; bad = 1 }
        END { exit(bad) }' "$scratch/counts" >&2
fi
