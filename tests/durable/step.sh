#!/usr/bin/env bash
# step.sh FAULT SYSCALL HOW-MANY [EXIT...]: the FAULT of strace's -e inject (signal=KILL, error=ENOSPC, …) at calls of SYSCALL all
# over a load, a new store each; the exit must be one of those named. Then the same command without it must end well.
# Needs in the folder: orders.jsonl, empty.db (a fresh store), clean.digest (what one clean run says).
set -euo pipefail
fault=$1 syscall=$2 many=$3
shift 3
# The leak checker cannot work under a tracer.
export ASAN_OPTIONS=detect_leaks=0
load() { "$@" oms-ingest --db=step.db --source=shopify orders.jsonl >told 2>err; }
fresh() { rm -f step.db-shm; cp empty.db step.db; cp empty.db-wal step.db-wal; }

fresh
load strace -f -qq -e trace="$syscall" -o calls || [ $? = 3 ]
last=$(grep -c "$syscall(" calls)
echo "# $syscall is called $last times"
for ((i = 1; i <= many; i++)); do
	at=$((last <= many ? i : 1 + (i - 1) * (last - 1) / (many - 1)))
	[ "$at" -le "$last" ] || break
	fresh
	got=0
	load strace -f -qq -e trace="$syscall" -e inject="$syscall:$fault:when=$at" -o /dev/null 2>/dev/null || got=$?
	case " $* " in *" $got "*) ;; *) echo "$fault at $syscall $at of $last: exit $got: $(cat err)"; exit 1 ;; esac
	case $got in 0 | 3 | 137) ;; *) [ "$(grep -c '^hint: ' err)" -ge 1 ] || { echo "$at of $last: no hint: $(cat err)"; exit 1; } ;; esac
	oms-fsck --db=step.db || { echo "$fault at $syscall $at of $last: not sound"; exit 1; }
	jq -r 'select(.outcome == "applied") | .order' told 2>/dev/null | sort -u >told.ids || true
	oms-find --db=step.db -L 0 -F ids | sort >have.ids
	[ -z "$(comm -23 told.ids have.ids)" ] || { echo "$fault at $syscall $at of $last: told and not there: $(comm -23 told.ids have.ids | head -n3)"; exit 1; }
	load || [ $? = 3 ] || { echo "$fault at $syscall $at of $last: again: $(cat err)"; exit 1; }
	oms-fsck --db=step.db --digest -F jsonl | cmp - clean.digest || { echo "$fault at $syscall $at of $last: another store"; exit 1; }
done
oms-fsck --db=step.db --deep
