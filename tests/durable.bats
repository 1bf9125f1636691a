#!/usr/bin/env bats
# What the store survives: kills at any moment, faults of the disk at any call, a full disk, folders that may not be written,
# locks, and many commands at once. OMS_LONG=1 (make soak) does more of each. Helpers: tests/durable/.

# shellcheck disable=SC2015,SC2030,SC2031,SC2154 # "this and that, or say so and fail" is meant as it reads
bats_require_minimum_version 1.5.0

setup_file() {
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 HELP=${SRC:-$BATS_TEST_DIRNAME/..}/tests/durable
	export ROUNDS=15 SECONDS_LONG=3 STEPS=4
	if [ -n "${SAN:-}" ]; then ROUNDS=4 SECONDS_LONG=2 STEPS=2; fi
	if [ -n "${OMS_LONG:-}" ]; then export ROUNDS=50 SECONDS_LONG=30 STEPS=40 ORDERS=3000; fi
	cd "$BATS_FILE_TMPDIR" || return 1
	python3 "$HELP/orders.py" 250 3 >orders.jsonl
	oms-init --db=empty.db
	oms-init --db=clean.db
	oms-ingest --db=clean.db --source=shopify orders.jsonl >clean.told 2>/dev/null || [ $? = 3 ]
	oms-fsck --db=clean.db --digest -F jsonl >clean.digest
}

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/at/oms.db
	mkdir "$BATS_TEST_TMPDIR/at"
	cd "$BATS_TEST_TMPDIR/at" || return 1
	ln -s "$BATS_FILE_TMPDIR"/{orders.jsonl,empty.db,empty.db-wal,clean.digest} .
}
teardown() { if [ -e mounted ]; then while read -r at; do umount "$at"; done <mounted; fi; }

as_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }
mounted() { mount "$@" 2>/dev/null || skip "nothing can be mounted here"; echo "${*: -1}" >>mounted; }
other() { setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nowhere "$@"; }
said() { # STATUS COMMAND...: that status, one message, and a hint where a person can do something
	local want=$1 got=0
	shift
	"$@" >out 2>err || got=$?
	[ "$got" = "$want" ] && [ -s err ] || { echo "$*: exit $got, not $want: $(cat err)"; return 1; }
}
ingest() { oms-ingest --source=shopify "${1:-orders.jsonl}" >out 2>err || [ $? = 3 ]; }
same_store() { oms-fsck --digest -F jsonl | cmp - clean.digest && oms-fsck --deep; }

# ---- kills

@test "killed at random moments and run again, a load ends as one clean run does" {
	run python3 "$HELP/kill.py" "$ROUNDS" "$BATS_TEST_TMPDIR" "${OMS_SEED:-$((RANDOM))}"
	echo "$output" | tee -a /dev/fd/3
	[ "$status" = 0 ]
}

@test "killed in any write or sync of the store, likewise" {
	command -v strace >/dev/null && strace -qq -o /dev/null true || skip "strace cannot trace here"
	bash "$HELP/step.sh" signal=KILL pwrite64 "$STEPS" 137
	bash "$HELP/step.sh" signal=KILL fdatasync "$STEPS" 137
}

@test "a write or a sync that fails: exit 74 or 75, a hint, a sound store, and again is safe" {
	command -v strace >/dev/null && strace -qq -o /dev/null true || skip "strace cannot trace here"
	bash "$HELP/step.sh" error=ENOSPC pwrite64 "$STEPS" 74 3 # 3: in a checkpoint, which is tried again later
	bash "$HELP/step.sh" error=EIO fdatasync "$STEPS" 75 74 3
}

interrupted() { # SIGNAL STATUS [OPTION]
	local pid got=0 n
	for n in 2500 30000; do # enough that the signal comes before the end
		rm -f oms.db* out err
		oms-init
		[ -s "many.$n" ] || python3 "$HELP/orders.py" "$n" 4 | grep -v '"cut":$' >"many.$n"
		ln -sf "many.$n" many.jsonl
		env --default-signal=INT oms-ingest --source=shopify ${3:+"$3"} many.jsonl >out 2>err &
		pid=$!
		if [ -z "${3:-}" ]; then while [ ! -s out ]; do sleep 0.01; done; else sleep 0.2; fi
		kill "-$1" "$pid"
		wait "$pid" || got=$?
		[ "$got" = 3 ] || break
	done
	[ "$got" = "$2" ] && grep -q 'stopped at line [0-9]* of many.jsonl' err || { echo "SIG$1: exit $got: $(tail -n3 err)"; return 1; }
}

@test "TERM and INT: the batch is finished, said, and the next run goes on behind it" {
	local at told
	for how in "TERM 143" "INT 130"; do
		# shellcheck disable=SC2086
		interrupted $how
		at=$(sed -n 's/.*stopped at line \([0-9]*\) of.*/\1/p' err)
		grep -q 'run the same command to go on' err
		told=$(wc -l <out)
		[ "$told" = "$at" ] # a line is a record here: all that was read is stored and told
		oms-fsck
		run --separate-stderr oms-ingest -v --source=shopify many.jsonl
		[[ $stderr == *"going on behind record $at"* ]]
		[ $((told + ${#lines[@]})) = "$(wc -l <many.jsonl)" ]
	done
	oms-fsck --digest -F jsonl >interrupted.digest
	rm -f oms.db*
	oms-init
	ingest many.jsonl
	oms-fsck --digest -F jsonl | cmp - interrupted.digest
}

@test "a signal leaves nothing of a load that is all or nothing, and nothing of a dry run" {
	interrupted TERM 143 --atomic
	grep -q 'nothing was stored' err
	[ ! -s out ]
	[ "$(oms-find -F count)" = 0 ]
	interrupted TERM 143 -n
	run ! grep -q 'is stored' err
	[ "$(oms-find -F count)" = 0 ]
}

# ---- many at once

@test "two loads of overlapping halves and ten that look: no lock is seen, and the store is that of one load" {
	run python3 "$HELP/together.py" "$SECONDS_LONG" "$BATS_TEST_TMPDIR"
	echo "$output" | tee -a /dev/fd/3
	[ "$status" = 0 ]
}

@test "a store that stays locked: 75 for whoever writes, nothing for whoever looks" {
	oms-init
	ingest
	python3 -c 'import sqlite3, sys, time
d = sqlite3.connect(sys.argv[1], isolation_level=None); d.execute("BEGIN IMMEDIATE"); open("held", "w").close(); time.sleep(60)' "$OMS_DB" 3>&- &
	while [ ! -e held ]; do sleep 0.02; done
	for c in "oms-ingest --source=shopify orders.jsonl" "oms-source new --channel=oms" "oms-redrive --all" "oms-fsck --rebuild" oms-init; do
		# shellcheck disable=SC2086
		said 75 $c --wait-lock=0
		grep -q '^hint: .*--wait-lock' err
	done
	for c in "oms-find -L 3" "oms-show shopify:5000000001" "oms-dead -L 3" oms-source "oms-fsck --digest" "oms-fsck --deep"; do
		$c --wait-lock=0 >/dev/null
	done
	kill %1
	wait || true
	ingest
	same_store
}

@test "a load leaves a small WAL behind, and so do many small ones" {
	oms-init
	ingest
	[ "$(stat -c %s oms.db-wal)" -lt $((9 << 18)) ] # 2 MiB are left at most, and a page's margin
	split -l 40 orders.jsonl piece.
	oms-init --db=small.db
	for p in piece.*; do oms-ingest --db=small.db --source=shopify "$p" >/dev/null 2>&1 || [ $? = 3 ] || [ $? = 1 ]; done
	[ "$(stat -c %s small.db-wal)" -lt $((9 << 18)) ]
	oms-fsck --db=small.db --digest -F jsonl | cmp - clean.digest
}

@test "limits of memory, files and stack end a command with a status of the table, and harm nothing" {
	[ -z "${SAN:-}" ] || skip "a sanitizer needs more than any limit"
	local got limit
	grep -v '"cut":$' orders.jsonl >good.jsonl
	for limit in "-v 7000" "-v 8000" "-v 8400" "-v 8800" "-v 9400" "-v 10000" "-v 12000" "-v 16000" "-n 4" "-n 6" "-n 8" "-f 8" "-s 256"; do
		for c in "oms-init" "oms-ingest --source=shopify good.jsonl" "oms-find -L 1" "oms-show --every" "oms-map --source=shopify good.jsonl" "oms-fsck --deep" oms-source; do
			got=0
			# shellcheck disable=SC2086
			(ulimit -c 0; ulimit $limit; exec $c) >/dev/null 2>err || got=$?
			case $got in 0 | 1 | 3 | 6[4-9] | 7[1-8] | 127) ;; *) echo "$limit $c: exit $got: $(cat err)"; return 1 ;; esac # 127: the loader itself
		done
	done
	oms-init
	ingest good.jsonl
	[ "$(oms-dead -F count)" = 0 ] # no good record was taken for a bad one
	oms-fsck --deep
}

# ---- the disk

@test "a full disk: 74, with what to do; looking works, and with room again the same command completes it" {
	as_root
	mkdir disk && mounted -t tmpfs -o size=1200k tmpfs "$PWD/disk"
	export OMS_DB=$PWD/disk/oms.db
	oms-init
	said 74 oms-ingest --source=shopify orders.jsonl
	grep -q 'disk is full' err
	grep -q '^hint: make room' err
	cat /dev/zero >disk/filler 2>/dev/null || true # to the last byte
	said 74 oms-ingest --source=shopify orders.jsonl
	oms-find -F count && oms-source >/dev/null && oms-fsck --deep
	echo old >disk/list 2>/dev/null || true
	rm disk/filler
	mount -o remount,size=64m "$PWD/disk"
	ingest
	same_store
}

@test "-o on a full disk keeps the old file and leaves none of its own" {
	as_root
	oms-init
	ingest
	mkdir disk && mounted -t tmpfs -o size=64k tmpfs "$PWD/disk"
	echo old >disk/list
	for c in "oms-find -L 0" "oms-show --every --all" "oms-map --source=shopify orders.jsonl"; do
		said 74 bash -c "$c -o disk/list"
		[ "$(cat disk/list)" = old ] && [ "$(ls -A disk)" = list ]
	done
	oms-find -L 1 -o disk/list
	[ "$(oms-find -L 1)" = "$(cat disk/list)" ]
}

@test "a limit on the size of files is a full disk like another" {
	oms-init
	said 74 bash -c 'ulimit -f 800; oms-ingest --source=shopify orders.jsonl'
	grep -q '^hint: make room' err
	oms-fsck --deep
	said 74 bash -c 'ulimit -f 8; oms-init --db=new.db'
	ingest
	same_store
	oms-init --db=new.db
}

@test "a full device behind standard output: 74 for every command, and a writer's work stays" {
	oms-init
	said 74 bash -c 'oms-ingest --source=shopify orders.jsonl >/dev/full'
	same_store
	for c in "oms-find -L 1" "oms-show shopify:5000000001" "oms-dead -L 1" oms-source "oms-source more --channel=oms" "oms-fsck --digest" \
		"oms-map --source=shopify orders.jsonl" "oms-redrive --all" "oms-ingest --source=shopify orders.jsonl" "oms-ingest -n --source=shopify orders.jsonl"; do
		said 74 bash -c "$c >/dev/full"
	done
	oms-map --source=shopify orders.jsonl >events 2>/dev/null || true
	said 74 bash -c 'oms-validate events >/dev/full'
	same_store
}

# ---- who may do what

@test "no right to read: 77; no right to write: looking works, the rest is 77; no folder for a new store: 73; no store: 66" {
	as_root
	for up in "$PWD" "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_SUITE_TMPDIR" "$BATS_RUN_TMPDIR"; do chmod o+x "$up" 2>/dev/null || true; done # bats makes its folders for the owner alone
	command -v setpriv >/dev/null && other test -r orders.jsonl && other oms-find --version >/dev/null || skip "another user cannot reach this folder"
	mkdir store && chmod 755 store
	export OMS_DB=$PWD/store/oms.db
	oms-init
	ingest
	looking="oms-find|oms-show shopify:5000000001|oms-dead|oms-source|oms-fsck --deep|oms-fsck --digest"
	writing="oms-ingest --source=shopify orders.jsonl|oms-source more --channel=oms|oms-redrive --all|oms-fsck --rebuild|oms-init"
	each() { local list; IFS='|' read -ra list <<<"$2"; for c in "${list[@]}"; do ${1/COMMAND/$c}; done; }
	each "said 77 other COMMAND" "$looking|$writing"
	chmod 644 store/*
	works() { other "$@" >/dev/null; }
	each "works COMMAND" "$looking"
	each "said 77 other COMMAND" "$writing"
	said 73 other oms-init --db="$PWD/store/new.db"
	said 73 other oms-find -o "$PWD/store/list"
	chmod 700 store
	each "said 77 other COMMAND" "$looking|${writing%|oms-init}"
	said 73 other oms-init
	export OMS_DB=$PWD/none.db
	each "said 66 COMMAND" "$looking|${writing%|oms-init}"
	grep -q '^hint: .*oms-init' err
	[ ! -e none.db ]
}

@test "without root, too: a folder that may not be written" {
	[ "$(id -u)" != 0 ] || skip "root may write everywhere"
	mkdir store
	export OMS_DB=$PWD/store/oms.db
	oms-init
	ingest
	chmod 555 store
	chmod 444 store/*
	oms-find -F count && oms-fsck --deep
	said 77 oms-ingest --source=shopify orders.jsonl
	said 73 oms-init --db="$PWD/store/new.db"
	chmod 755 store
}

@test "a store on a file system mounted for reading only can be looked into" {
	as_root
	mkdir store there
	oms-init --db=store/oms.db
	OMS_DB=store/oms.db ingest
	mounted --bind store "$PWD/there"
	mount -o remount,ro,bind "$PWD/there" || skip "nothing can be mounted read-only here"
	export OMS_DB=$PWD/there/oms.db
	oms-fsck --digest -F jsonl | cmp - clean.digest
	oms-fsck --deep
	oms-show shopify:5000000001 >/dev/null
	said 77 oms-ingest --source=shopify orders.jsonl
	said 73 oms-find -o there/list
}
