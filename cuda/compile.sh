#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles a source to a fat binary, and writes beside it what ptxas said of its kernels in the same compilation:
# NAME.resources for NAME.fatbin, which `gpubench list kernels` reads. It holds, as lines of text, the image's SHA-256, the
# compiler, each kernel's launch bound as PTX has it, what ptxas said, and `end`.
#
#   compile.sh NVCC SOURCE.cu NAME.fatbin [OPTION...]
set -eu

nvcc=$1
source=$2
fatbin=$3
resources=${fatbin%.fatbin}.resources
shift 3

# Beside the fat binary, so that moving it there is one step.
scratch=$(mktemp -d "$(dirname "$fatbin")/.compile.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM # and so does what EXIT has
rm -f "$fatbin" "$resources"
"$nvcc" "$@" -fatbin --keep --keep-dir "$scratch" -Xptxas -v -o "$scratch/fatbin" "$source" 2>"$scratch/log" || {
    cat "$scratch/log" >&2
    exit 1
}
# What is no report of resources is for the user: a warning, for one.
grep -vE '^ptxas info |^ +[0-9]+ bytes stack frame|^$' "$scratch/log" >&2 || true

sum=$(sha256sum "$scratch/fatbin")
{
    echo "gpubench kernel resources 1"
    echo "image ${fatbin##*/} ${sum%% *}"
    echo "compiler $("$nvcc" --version | sed -n 's/.*\(release .*\)/\1/p')"
    sed -nE '/^ *\.(target|maxntid|reqntid) /s/^ */ptx /p; /\.entry /s/^ */ptx /p' "$scratch"/*.ptx
    sed '/Compile time = /d; s/^/log /' "$scratch/log" # without the time, the same for the same source
    echo end
} >"$scratch/resources"
mv "$scratch/resources" "$resources"
mv "$scratch/fatbin" "$fatbin"
