# SPDX-License-Identifier: Apache-2.0
# Sourced by mvnw and gpubench. Finds a JDK without starting one: its `release` file tells the version.

readonly jdk_minimum=25

# jdk_fits HOME: whether a JDK of the minimum version lies there; leaves its feature version in jdk_feature.
jdk_fits() {
  local line
  jdk_feature=0
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  while IFS= read -r line || [[ $line ]]; do
    if [[ $line =~ ^JAVA_VERSION=\"?([0-9]+) ]]; then
      jdk_feature=${BASH_REMATCH[1]}
      break
    fi
  done <"$1/release"
  ((jdk_feature >= jdk_minimum))
}

# find_jdk: sets jdk_home, or says in one line that there is none and returns 3. What the user points at wins, in the
# order below; among the usual folders the oldest version that fits wins, being the one gpubench is tested with.
find_jdk() {
  local candidate java best=0 IFS=: usual
  jdk_home=
  java=$(command -v java) && java=$(readlink -f "$java") || java=
  for candidate in "${JAVA_HOME:-}" "${java%/bin/java}" "${JDK_25_HOME:-}" "${JAVA_HOME_25_X64:-}"; do
    if [[ $candidate ]] && jdk_fits "$candidate"; then
      jdk_home=$candidate
      return 0
    fi
  done
  usual='/usr/lib/jvm/*:/usr/lib64/jvm/*:/usr/java/*:/usr/local/java/*:/usr/local/*jdk*:/opt/*jdk*:/opt/java/*'
  usual+=':~/.sdkman/candidates/java/*:~/.jdks/*:~/.jenv/versions/*:~/.asdf/installs/java/*'
  usual+=':~/.local/share/mise/installs/java/*:/Library/Java/JavaVirtualMachines/*/Contents/Home'
  usual=${usual//\~/${HOME:-/}}
  for candidate in ${GPUBENCH_JDK_FOLDERS-$usual}; do
    if jdk_fits "$candidate" && ((best == 0 || jdk_feature < best)); then
      best=$jdk_feature
      jdk_home=$candidate
    fi
  done
  [[ $jdk_home ]] && return 0
  echo "gpubench: no JDK $jdk_minimum or newer found; install one, or set JAVA_HOME to it" >&2
  return 3
}
