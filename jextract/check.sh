#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails if the committed bindings are not what generate.sh makes. Without jextract it says so and succeeds, and so it does
# for a library whose header is not here.
#
#   check.sh [LIBRARY...]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
sources=$(dirname "$here")/java/bindings/src/main/java

if ! command -v "${JEXTRACT:-jextract}" >/dev/null 2>&1; then
    echo "SKIPPED: the bindings were NOT compared with their headers, since jextract was not found (set JEXTRACT)" >&2
    exit 0
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$here/generate.sh" --into "$fresh" --skip-absent "$@"
compared=
for directory in "$fresh"/io/gpubench/ffi/*; do
    package=io/gpubench/ffi/${directory##*/}
    diff -r -u "$sources/$package" "$directory" >&2 || {
        echo "check.sh: $package differs from what jextract generates: run jextract/generate.sh" >&2
        exit 1
    }
    compared="$compared ${directory##*/}"
done
echo "bindings are as jextract generates them:$compared"
