#!/bin/sh
# Installs the packages by `npm ci`, and says in one line why that cannot be. Packages that are there are put aside until
# the new ones are complete: without a network, or without room, a checkout that worked goes on working.
NEEDED_MB=900
KEPT=node_modules.before

fail() {
  echo "The packages are not installed: $1" >&2
  exit 1
}

restore() {
  [ -d "$KEPT" ] || return 0
  rm -rf node_modules
  mv "$KEPT" node_modules
}

[ -w . ] || fail "$PWD cannot be written to: give $(id -un) the permission, or clone where there is one."
# Left by a run that was killed: what is there is complete where npm wrote its list, which it does last.
if [ -d "$KEPT" ] && [ -e node_modules/.package-lock.json ]; then rm -rf "$KEPT"; else restore; fi
free_mb=$(df -Pk . 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }')
if [ -n "$free_mb" ] && [ "$free_mb" -lt "$NEEDED_MB" ]; then
  fail "no room in $PWD: $free_mb MB are free, expected $NEEDED_MB: free some, or clone elsewhere."
fi

log=$(mktemp) || fail "no file can be made in ${TMPDIR:-/tmp}: free space there, or name another folder in TMPDIR."
trap 'rm -f "$log"' EXIT
trap 'restore; exit 130' INT TERM HUP
# Not where it is a mount of its own.
if [ -d node_modules ]; then mv node_modules "$KEPT" 2>/dev/null; fi
if npm ci --include=dev --no-fund --no-audit --loglevel=error </dev/null >"$log" 2>&1; then
  cat "$log"
  rm -rf "$KEPT"
  touch node_modules/.package-lock.json
  exit 0
fi
restore
about() { sed -n "s/^npm [a-zA-Z!]* $1 //p" "$log" | head -n 1; }
code=$(about code)
case $code in
  ENOSPC | EDQUOT)
    fail "no room on the disk ($code): free some $NEEDED_MB MB in $PWD and in $(npm config get cache)." ;;
  EACCES | EPERM | EROFS)
    fail "$(about path) cannot be written to ($code): give $(id -un) the permission." ;;
  ENOTFOUND | EAI_AGAIN | ECONN* | ETIMEDOUT | ESOCKET* | EHOSTUNREACH | ENETUNREACH | ERR_SOCKET* | ENOTCACHED | E[45]?? | *CERT*)
    fail "no answer from the registry $(npm config get registry) ($code): see to the network, or \`npm config set registry\`." ;;
esac
cat "$log" >&2
fail "npm failed, for the reason above."
