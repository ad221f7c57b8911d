# SPDX-License-Identifier: Apache-2.0
# Makes a call of each launch in a C++ text after the preprocessor: what is between <<< and >>> goes. Lines stay.
/^#/ { print; next }
{
    line = $0
    kept = ""
    while (match(line, /"([^"\\]|\\.)*"|'([^'\\]|\\.)*'|<<<|>>>/)) {
        token = substr(line, RSTART, RLENGTH)
        if (!launching) kept = kept substr(line, 1, RSTART - 1)
        line = substr(line, RSTART + RLENGTH)
        if (token == "<<<") launching = 1
        else if (token == ">>>" && launching) launching = 0
        else if (!launching) kept = kept token
    }
    print kept (launching ? "" : line)
}
