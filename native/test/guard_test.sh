#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# guard_test.sh GUARD: what the guard of a worker promises. Whoever is started here carries a mark in its environment,
# by which survivors are found. Waits are for events; only a failure takes all of the time.
set -u

guard=$1
scripts=$(mktemp -d)
mark=GUARD_TEST_MARK=$scripts
case=none
trap clean_up EXIT
cd "$scripts" || exit
ulimit -c 0

# After a failure there may be somebody.
clean_up() {
    touch "$scripts/stop"
    for process in $(marked); do
        process=${process#/proc/}
        kill -KILL "${process%/environ}"
    done
    rm -rf "$scripts"
}

fail() {
    echo "guard_test: $case: $*" >&2
    exit 1
}

# Polls for half a minute until a command succeeds.
await() {
    tries=600
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || fail "in vain: $*"
        sleep 0.05
    done
}

# Zombies have no environment any more.
marked() {
    grep -lsF "$mark" /proc/[0-9]*/environ
}

nobody() {
    [ -z "$(marked)" ]
}

guarded() {
    env "$mark" "$guard" "$@"
}

# expect STATUS COMMAND...: right after the guard nobody is left.
expect() {
    wanted=$1
    shift
    status=0
    "$@" >out 2>err || status=$?
    left=$(marked)
    [ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted: $(cat err)"
    [ -z "$left" ] || fail "left behind: $left"
}

says() {
    [ "$(cat err)" = "$1" ] || fail "stderr is '$(cat err)' instead of '$1'"
}

begin() {
    [ -z "${GUARD_TEST_VERBOSE:-}" ] || echo "$(date +%T) $*"
    case=$*
    rm -f ready daemon fifo
}

# A daemon by the book: a session of its own, its parent gone, nothing of the worker's held.
cat >daemonise <<'END'
setsid sh -c 'sh -c "echo \$\$ >daemon.new; mv daemon.new daemon; exec sleep 1000" </dev/null >/dev/null 2>&1 & exit 0'
until [ -e daemon ]; do sleep 0.02; done
END

# Its parent leaves at once, and so does its child's.
cat >chain <<'END'
[ ! -e stop ] || exit 0
sleep 0.01
setsid sh ./chain </dev/null >/dev/null 2>&1 &
END

begin usage
for arguments in '' '--' '--cpus' '--cpus 0' '--cpus 0 --' 'true' '--cpu 0 -- true'; do
    # shellcheck disable=SC2086 # words
    expect 2 guarded $arguments
    says 'usage: gpubench-guard [--cpus LIST] -- COMMAND [ARG...]'
done
for list in '' , 0, ,0 x 0x 1-0 0- -1 0-1:0 0- 99999 99999999999999999999 '0 1'; do
    expect 2 guarded --cpus "$list" -- true
    says "gpubench-guard: --cpus: '$list' is no list of CPUs such as 0-3,6"
done

begin exit status
for code in 0 1 3 124 255; do
    expect "$code" guarded -- sh -c "exit $code"
    says ''
done

begin signals
for number in 1 2 6 9 11 15; do
    expect $((128 + number)) guarded -- sh -c "kill -$number \$\$"
done

begin pipes
[ "$(echo in | guarded -- sh -c 'cat; echo out; echo err >&2' 2>err)" = "$(printf 'in\nout')" ] || fail "stdin or stdout"
says err

begin stdout is not held
touch hold
# Called by way of a function, a shell would stay and hold it.
env "$mark" "$guard" -- sh -c 'echo line; exec >&-; while [ -e hold ]; do sleep 0.02; done' | {
    cat >out
    rm hold
}
[ "$(cat out)" = line ] || fail "stdout"
nobody || fail "left behind: $(marked)"

begin no command
expect 127 guarded -- ./missing
says 'gpubench-guard: ./missing: No such file or directory'
expect 126 guarded -- /
says 'gpubench-guard: /: Permission denied'

begin session
# shellcheck disable=SC2016 # for the worker's shell
expect 0 guarded -- sh -c 'read -r pid name state parent group session rest </proc/$$/stat; [ $$ = $group ] && [ $$ = $session ]'
begin signals are as usual
expect 143 sh -c "trap '' TERM CHLD; exec env '$mark' '$guard' -- sh -c 'kill -TERM \$\$; echo still here'"

begin cpus
allowed=$(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)
last=$(expr "$allowed" : '.*[,-]\(.*\)' \| "$allowed")
first=$(expr "$allowed" : '\([0-9]*\)')
expect 0 guarded --cpus "$last" -- sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status
[ "$(cat out)" = "$last" ] || fail "runs on $(cat out)"
expect 0 guarded --cpus "$first,$last,$first-$first:7" -- grep -c . /dev/null /proc/self/status
expect 125 guarded --cpus "$first,8000" -- true
says "gpubench-guard: the worker cannot have the CPUs $first,8000"
expect 125 guarded --cpus 8000 -- true

begin left in the group
expect 5 guarded -- sh -c 'sleep 1000 & sh -c "trap \"\" TERM; sleep 1000" & exit 5'
begin daemon
expect 6 guarded -- sh -c '. ./daemonise; exit 6'
begin daemons that go on to fork
expect 7 guarded -- sh -c 'for i in 1 2 3; do sh ./chain; done; exit 7'

# order SIGNAL STATUS SCRIPT...: the order comes when the script has made the file ready.
order() {
    signal=$1
    wanted=$2
    shift 2
    rm -f ready
    env "$mark" "$guard" -- sh -c "$@" &
    running=$!
    await test -e ready
    kill -s "$signal" "$running"
    status=0
    wait "$running" || status=$?
    left=$(marked)
    [ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted"
    [ -z "$left" ] || fail "left behind: $left"
}

begin order
order TERM 143 'touch ready; exec sleep 1000'
begin order to one that obeys
order TERM 9 'trap "exit 9" TERM; touch ready; while :; do sleep 0.02; done'
begin order to one that does not
order TERM 137 'trap "" TERM; . ./daemonise; touch ready; while :; do sleep 1000; done'
begin order to one that is stopped
order TERM 143 'touch ready; kill -STOP $$; sleep 1000'

# The worker sees the guard collect two orphans, one after the other: meanwhile the guard has looked at its signals, and
# would have acted.
cat >live_on <<'END'
touch ready
until [ -e go ]; do sleep 0.02; done
for round in 1 2; do
    orphan=$(sleep 0.05 >/dev/null & echo $!)
    while [ -e "/proc/$orphan" ]; do sleep 0.02; done
done
touch lives
while :; do sleep 0.02; done
END

begin no order
for signal in INT QUIT HUP; do
    rm -f ready go lives
    env "$mark" "$guard" -- sh ./live_on &
    running=$!
    await test -e ready
    read -r pid name state parent group rest <"/proc/$running/stat"
    [ "$group" = "$running" ] || fail "still in the group of $parent, of the terminal"
    kill -s "$signal" "$running"
    touch go
    await test -e lives
    kill -s TERM "$running"
    status=0
    wait "$running" || status=$?
    [ "$status" = 143 ] || fail "exit status $status instead of 143"
    nobody || fail "left behind: $(marked)"
done

# Opens the worker's stdin as descriptor 3.
with_fifo() {
    rm -f ready fifo
    mkfifo fifo
    env "$mark" "$guard" -- sh -c "$@" <fifo &
    running=$!
    exec 3>fifo
    await test -e ready
}

begin hang-up
with_fifo 'touch ready; read -r line; exit 4'
exec 3>&-
wait "$running"
[ $? = 4 ] || fail "the worker had no time to see it"
nobody || fail "left behind: $(marked)"
begin hang-up that is not heeded
with_fifo 'trap "" TERM; . ./daemonise; touch ready; while :; do sleep 1000; done'
exec 3>&-
wait "$running"
[ $? = 137 ] || fail "exit status"
nobody || fail "left behind: $(marked)"

begin stdin that hangs up nothing
expect 0 guarded -- sh -c 'sleep 0.1' </dev/null
echo text >file
expect 0 guarded -- cat <file
[ "$(cat out)" = text ] || fail "stdin from a file"

begin guard killed
rm -f ready
env "$mark" "$guard" -- sh -c 'touch ready; exec sleep 1000' &
running=$!
await test -e ready
kill -KILL "$running"
await nobody

echo "guard_test: passed"
