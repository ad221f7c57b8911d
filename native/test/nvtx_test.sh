#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the recorder makes of NVIDIA's own headers: nvtx_test.sh RECORDER CLIENT
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
GPUBENCH_NVTX_LOG=$folder/log NVTX_INJECTION64_PATH=$1 "$2"
printf '1 client %s\n' 'push outer' 'push inner' pop pop 'pop nothing' | diff - "$folder"/log.*
