#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the recorder makes of NVIDIA's own headers: nvtx_test.sh RECORDER CLIENT
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT
GPUBENCH_NVTX_LOG=$log NVTX_INJECTION64_PATH=$1 "$2"
printf '1 client %s\n' 'push outer' 'push inner' pop pop 'pop nothing' | diff - "$log"
