#!/usr/bin/env bash
# make soak: what is too long for make check. 50 kills and faults at 40 places of a load, 30 s of two loads and ten readers, every
# command under valgrind, then the fuzzers for SOAK_FUZZ seconds each (200: ten minutes; 0 leaves them out).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
bad=0
step() { echo "soak: $*"; "$@" || { echo "soak: failed: $*"; bad=1; }; }
OMS_LONG=1 step bats --timing tests/durable.bats tests/oversell.bats
step bash tests/valgrind.sh
[ "${SOAK_FUZZ:-200}" = 0 ] || step make --no-print-directory fuzz FUZZ_SECONDS="${SOAK_FUZZ:-200}"
[ "$bad" = 0 ] && echo 'soak: all held'
exit "$bad"
