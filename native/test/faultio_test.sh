#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The library that makes writing fail: what it counts, what it lets fail and how, and what it leaves alone.
set -eu

library=$1
calls_of_c=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/store" "$folder/other"

# run NAME=VALUE... SCRIPT: what the script printed and its exit status, then the names and verdicts of the counted calls
run() {
    rm -rf "$folder/trace" "$folder"/store/* "$folder"/other/*
    status=0
    said=$(cd "$folder" && env LD_PRELOAD="$library" FAULTIO_UNDER="$folder/store" FAULTIO_TRACE="$folder/trace" "$@" \
        2>&1) || status=$?
    calls=
    while read -r _ number name verdict _; do
        calls="$calls $number:$name:$verdict"
    done <"$folder/trace"
}

expect() {
    if [ "$2" != "$3" ]; then
        echo "$1: expected '$2', found '$3'; said: $said; calls:$calls" >&2
        exit 1
    fi
}

write='printf 12345678 >store/a || exit 9'

run sh -c "$write"
expect 'nothing fails' 0 $status
expect 'every call is counted' ' 1:open:0 2:close:0 3:write:0' "$calls"
expect 'all is written' 12345678 "$(cat "$folder/store/a")"

run FAULTIO_CALL=1 FAULTIO_ERROR=30 sh -c "$write"
expect 'the open fails' ' 1:open:30' "$calls"
expect 'no file is made' '' "$(ls "$folder/store")"
case $said in
    *'Read-only file system'*) ;;
    *) expect 'the errno' 'Read-only file system' "$said" ;;
esac

run FAULTIO_CALL=3 FAULTIO_ERROR=28 sh -c "$write"
expect 'the write fails' ' 1:open:0 2:close:0 3:write:28' "$calls"
expect 'nothing is written' '' "$(cat "$folder/store/a")"

run FAULTIO_CALL=1 FAULTIO_ERROR=5 sh -c "printf 1 >store/a; printf 2 >store/b"
expect 'one call fails' 'b' "$(ls "$folder/store")"
run FAULTIO_CALL=1 FAULTIO_ERROR=5 FAULTIO_FOREVER=1 sh -c "printf 1 >store/a; printf 2 >store/b; exit 7"
expect 'all fail from then on' ' 1:open:5 2:open:5' "$calls"

run FAULTIO_CALL=3 FAULTIO_SHORT=1 dd if=/dev/zero of=store/a bs=8 count=1 status=none
expect 'dd writes the rest' 8 "$(wc -c <"$folder/store/a" | tr -d ' ')"
run FAULTIO_CALL=1 FAULTIO_ERROR=28 FAULTIO_FOREVER=1 sh -c 'printf 1 >other/a; cat other/a'
expect 'other folders are left alone' 1 "$said"
expect 'and not counted' '' "$calls"

# Folders with a slash at their end, and others with the same beginning.
for under in "$folder/store/" "$folder/other//:$folder/store/"; do
    run FAULTIO_UNDER="$under" sh -c 'printf 1 >store/a; printf 1 >storey; rm storey'
    expect 'a slash at the end' ' 1:open:0 2:close:0 3:write:0' "$calls"
done

# Names of files, whichever function a tool takes for them.
run FAULTIO_CALL=1 FAULTIO_ERROR=30 sh -c 'printf 1 >other/a; mv other/a store/b'
expect 'renaming to the folder' ' 1:rename:30' "${calls%% 2:*}"
run FAULTIO_CALL=1 FAULTIO_ERROR=13 sh -c 'LD_PRELOAD= sh -c "printf 1 >store/a"; mv store/a other/b'
expect 'renaming out of it' ' 1:rename:13' "${calls%% 2:*}"
run FAULTIO_CALL=1 FAULTIO_ERROR=30 sh -c 'printf 1 >other/a; ln other/a store/b; ln -s a store/c'
expect 'links' ' 1:link:30 1:link:30' "$calls"

# The rest of the functions that change files.
all=' 1:open:0 2:pwritev:0 3:copy:0 4:copy:0 5:truncate:0 6:truncate:0 7:close:0 8:truncate:0 9:link:0 10:link:0'
run "$calls_of_c"
expect 'all go through' "$all" "$calls"
expect 'and do what they should' 0 $status
for call in 2 3 4 5 6 8 9 10; do
    run FAULTIO_CALL=$call FAULTIO_ERROR=5 "$calls_of_c"
    expect "call $call of C fails" 1 $status
    case $calls in
        *" $call:"[a-z]*":5"*) ;;
        *) expect "call $call of C fails" "$call" "$calls" ;;
    esac
done
run FAULTIO_CALL=3 FAULTIO_SHORT=1 "$calls_of_c"
case $calls in
    *" 3:copy:-1"*) ;;
    *) expect 'half a copy' '3:copy:-1' "$calls" ;;
esac

run FAULTIO_CALL=1 FAULTIO_ERROR=28 rm -f store/none
expect 'removing needs no room' 0 $status
run FAULTIO_CALL=1 FAULTIO_ERROR=30 rmdir store
expect 'but a folder that can be changed' ' 1:remove:30' "$calls"
