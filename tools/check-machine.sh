#!/bin/sh
# Says in one line what this machine lacks to run Billboard, and the remedy. Needs nothing but a shell.
MAJOR=20
MINOR=19

fail() {
  echo "$1" >&2
  exit 1
}

command -v node >/dev/null ||
  fail "Node.js is missing: install $MAJOR.$MINOR or later from https://nodejs.org, so that \`node\` is in the PATH."
version=$(node --version 2>&1) ||
  fail "Node.js does not run: $(echo "$version" | head -n 1): install what it names (Node.js 25 and later: libatomic1)."
numbers=${version#v}
major=${numbers%%.*}
rest=${numbers#*.}
minor=${rest%%.*}
case $major$minor in
  '' | *[!0-9]*) fail "\`node --version\` says \"$version\", expected a version of Node.js, $MAJOR.$MINOR or later." ;;
esac
if [ "$major" -lt "$MAJOR" ] || { [ "$major" -eq "$MAJOR" ] && [ "$minor" -lt "$MINOR" ]; }; then
  fail "Node.js $numbers is too old: install $MAJOR.$MINOR or later from https://nodejs.org ($(command -v node) is what is there)."
fi
command -v npm >/dev/null ||
  fail "npm is missing: install it, with Node.js from https://nodejs.org or as your system's package npm."
