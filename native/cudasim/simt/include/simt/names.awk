# SPDX-License-Identifier: Apache-2.0
# Maps the names of files in preprocessed text: MAPS has a line OLD=NEW for each prefix, of which the last that fits counts.
BEGIN {
    count = split(ENVIRON["MAPS"], maps, "\n")
}
/^# [0-9]+ "/ {
    start = index($0, "\"")
    name = substr($0, start + 1)
    for (i = count; i > 0; i--) {
        at = index(maps[i], "=")
        if (at > 1 && index(name, substr(maps[i], 1, at - 1)) == 1) {
            $0 = substr($0, 1, start) substr(maps[i], at + 1) substr(name, at)
            break
        }
    }
}
{ print }
