#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds libgpubench_host.so and gpubench-guard into OUTPUT_DIR (default: build beside this script) and, if there is a C++
# compiler, the simulated CUDA device into OUTPUT_DIR/cudasim and the example of an engine into OUTPUT_DIR/examples. Without a
# toolchain the `java` engine takes over, unguarded, so that is not an error; a compile error is. A second argument names one
# target instead of all. GPUBENCH_NATIVE=skip does nothing.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/build}
target=${2:-all}

[ "${GPUBENCH_NATIVE:-}" = skip ] && exit 0

missing=
command -v cmake >/dev/null 2>&1 || missing=cmake
if [ -n "${CC:-}" ]; then
    command -v "${CC%% *}" >/dev/null 2>&1 || missing="${missing:+$missing and }the C compiler $CC"
elif ! command -v cc >/dev/null 2>&1 && ! command -v gcc >/dev/null 2>&1 && ! command -v clang >/dev/null 2>&1; then
    missing="${missing:+$missing and }a C compiler"
fi
command -v make >/dev/null 2>&1 || command -v ninja >/dev/null 2>&1 || missing="${missing:+$missing and }make"
if [ -n "$missing" ]; then
    echo "gpubench: no native library: $missing not found; the java engine will serve." \
        "To build it: apt-get install cmake gcc make (or dnf, pacman, ...)" >&2
    exit 0
fi

# A build directory that was moved here with its sources is configured anew.
if [ -f "$output/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$here" "$output/CMakeCache.txt"; then
    rm -rf "$output/CMakeCache.txt" "$output/CMakeFiles"
fi
# So is one that was made when there was no C++ compiler.
if grep -qs '^CMAKE_CXX_COMPILER:.*NOTFOUND$' "$output/CMakeCache.txt" &&
    { command -v "${CXX:-c++}" || command -v g++ || command -v clang++; } >/dev/null 2>&1; then
    rm -rf "$output/CMakeCache.txt" "$output/CMakeFiles"
fi
if [ ! -f "$output/CMakeCache.txt" ] || { [ ! -f "$output/Makefile" ] && [ ! -f "$output/build.ninja" ]; }; then
    cmake -S "$here" -B "$output" -DCMAKE_BUILD_TYPE=Release >/dev/null
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --build "$output" --target "$target" --parallel 2 >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
# Nothing to say about success, but a warning deserves to be seen.
grep -A4 'warning:' "$log" >&2 || true
