#!/usr/bin/env bats
# What every command promises, whichever it is: the list of commands is what the build made, so a new one is held to it
# without an edit. Checks that need a store or an input take a command line from the table `lines` below.

# shellcheck disable=SC2015,SC2013,SC2016,SC2154 # "this and that, or say so and fail" is meant as it reads
bats_require_minimum_version 1.5.0

# NAME KIND COMMAND-LINE, of these kinds:
#   data   prints some records of the seeded store      flood  prints over 1 MiB
#   refused  may not run: not even a header is printed, whichever form is put behind it
#   live   answers each line of its input at once; behind "<" the line
#   mixed  one that is there, one that is not, one that is there
lines() {
	cat <<-'END'
		oms-find data oms-find -L 5
		oms-find flood oms-find -L 0
		oms-show data oms-show shop:1 shop:2
		oms-show flood oms-show --every
		oms-show live oms-show - <shop:1
		oms-show mixed oms-show shop:1 no-such-order shop:2
		oms-source data oms-source
		oms-export data oms-export -U 2026-11-03
		oms-export flood oms-export -F csv --grain=event
		oms-dead data oms-dead -L 5
		oms-queue data oms-queue -L 5
		oms-eta mixed oms-eta shop:1 no-such-order shop:2
		oms-risk mixed oms-risk shop:1 no-such-order shop:2
		oms-late data oms-late -L 5
		oms-audit data oms-audit -L 5
		oms-metrics data oms-metrics
		oms-health data oms-health
		oms-find refused oms-find --source=nobody
		oms-export refused oms-export --window=2026-13
		oms-export refused oms-export --manifest
		oms-export refused oms-export --source=nobody
		oms-dead refused oms-dead --source=nobody
		oms-source refused oms-source nobody
		oms-load refused oms-load nothing --list
		oms-load refused oms-load sku nowhere.csv
		oms-ingest refused oms-ingest --source=nobody day.jsonl
		oms-map refused oms-map --channel=nobody day.jsonl
		oms-stock data oms-stock
		oms-stock data oms-stock --moves -L 5
		oms-stock flood oms-stock --moves
		oms-stock live oms-stock - <B-77
		oms-load data oms-load sku --list
		oms-load data oms-load --kinds
		oms-map data oms-map --channel=oms day.jsonl
		oms-validate data oms-validate day.jsonl
		oms-validate flood oms-validate day.jsonl
	END
}

bin=${BUILD:-build}/bin

commands() { for c in "$bin"/oms-*; do [ -x "$c" ] && echo "${c##*/}"; done; }

# Lines of a kind whose command is built: NAME TAB COMMAND-LINE.
of_kind() { lines | while read -r name kind line; do [ "$kind" = "$1" ] && [ -x "$bin/$name" ] && printf '%s\t%s\n' "$name" "$line"; done; return 0; }

# Runs a check for every command; all that fail are named.
every() {
	local bad=0 name
	for name in $(commands); do "$@" "$name" || { echo "^ $name"; bad=1; }; done
	return "$bad"
}
every_of() { # KIND CHECK: the check gets the name and the line
	local bad=0 name line n=0
	while IFS=$'\t' read -r -u 9 name line; do
		n=$((n + 1))
		"$2" "$name" "$line" || { echo "^ $name: $line"; bad=1; }
	done 9< <(of_kind "$1")
	[ "$n" -gt 0 ] || skip "no command of this kind is built"
	return "$bad"
}

setup_file() {
	cd "${SRC:-$BATS_TEST_DIRNAME/..}" || return 1
	bin=$(realpath "${BUILD:-build}")/bin
	export BUILD=${bin%/bin} SRC=$PWD PATH=$bin:$PATH
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 LC_ALL=C.UTF-8 OMS_DB=$BATS_FILE_TMPDIR/oms.db SEED=$BATS_FILE_TMPDIR/seed
	unset OMS_JSON_ERRORS NO_COLOR CLICOLOR CLICOLOR_FORCE COLUMNS
	mkdir "$BATS_FILE_TMPDIR/said"
	for c in $(commands); do "$bin/$c" --describe >"$BATS_FILE_TMPDIR/said/$c"; done
	seed >"$BATS_FILE_TMPDIR/seed.log" 2>&1 || rm -f "$SEED"
}

# A shop's orders, as events; texts among them that would move a terminal's cursor.
seed() {
	[ -x "$bin/oms-init" ] && [ -x "$bin/oms-source" ] && [ -x "$bin/oms-ingest" ] || { echo "oms-init, oms-source or oms-ingest is not built"; return 1; }
	cd "$BATS_FILE_TMPDIR" || return 1
	awk 'BEGIN { for (i = 1; i <= 3000; i++) {
		printf "{\"schema\":\"oms.event/1\",\"id\":\"order:%d:1\",\"type\":\"order.created\",\"source\":\"shop\",\"order\":\"%d\",\"occurred_at\":\"2026-11-02T10:00:00.000Z\",\"body\":{", i, i
		printf "\"external_id\":\"%d\",\"number\":\"#%d\",\"placed_at\":\"2026-11-02T10:00:00.000Z\",\"updated_at\":\"2026-11-02T10:00:00.000Z\",\"currency\":\"EUR\",\"price_mode\":\"net\",", i, 1000 + i
		printf "\"subtotal\":\"99.90\",\"tax_total\":\"18.98\",\"total\":\"118.88\",\"note\":\"\\u001b[2J\\u009b1m\\u202e\",\"payment_status\":\"captured\","
		printf "\"customer\":{\"id\":\"c%d\",\"name\":\"An\\u001b[31mna M\\u202e\\u200bueller\",\"email\":\"p%d@example.org\"},", i, i
		print "\"lines\":[{\"id\":\"1\",\"sku\":\"B-77\",\"name\":\"Lid \\u001b]0;x\\u0007\",\"quantity\":2,\"unit_price\":\"49.95\",\"subtotal\":\"99.90\",\"tax\":\"18.98\",\"total\":\"118.88\",\"taxes\":[{\"name\":\"VAT\",\"rate\":\"0.19\",\"amount\":\"18.98\"}]}]}}"
	} }' >day.jsonl
	oms-init && oms-source shop --channel=oms --currency=EUR --source-tz=UTC || return 1
	{ cat day.jsonl; echo '{"schema":"oms.event/1","what":"no event"}'; } >some.jsonl
	oms-ingest --source=shop some.jsonl >result.jsonl
	[ $? = 3 ] || return 1 # one of them is no event, and stays as a dead letter
	[ ! -x "$bin/oms-load" ] || {
		echo '{"id":"B-77","name":"Lid"}' | oms-load sku && echo '{"id":"LEJ"}' | oms-load warehouse
		awk 'BEGIN { print "id,sku,warehouse,quantity,reason"; for (i = 1; i <= 5000; i++) print i ",B-77,LEJ,1,a delivery as they come every day" }' | oms-load receipt
	} >/dev/null || return 1
	touch "$SEED"
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

seeded() { [ -e "$SEED" ] || skip "no seeded store: $(tail -n1 "$BATS_FILE_TMPDIR/seed.log")"; ln -sf "$BATS_FILE_TMPDIR/day.jsonl" "$BATS_FILE_TMPDIR/some.jsonl" .; }

has() { grep -qP "^option\t[^\t]*\t.\t$2\t" "$BATS_FILE_TMPDIR/said/$1"; }
listed_options() { awk -F'\t' -v mark="${2:-}" '$1 == "option" && $6 != "h" && $4 != "-" { print "--" $4 (mark && $5 != "-" && $6 != "?" ? mark : "") }' "$BATS_FILE_TMPDIR/said/$1" | sort -u; }

status_of() { # WANTED COMMAND...: out and err are what it wrote
	local want=$1 got=0
	shift
	"$@" >out 2>err </dev/null || got=$?
	[ "$got" = "$want" ] || { echo "$*: status $got and not $want: $(head -c 300 err)"; return 1; }
}

# ---- 1

help_is_whole() {
	local how
	for how in --help -h '-?' --usage --version -V; do
		status_of 0 "$1" "$how" || return 1
		[ -s out ] && [ ! -s err ] || { echo "$how writes elsewhere"; return 1; }
	done
	for how in --help --usage --version; do
		got=0; "$1" "$how" >/dev/full 2>err || got=$?
		[ "$got" = 74 ] || { echo "$how to a full disk: $got"; return 1; }
	done
	"$1" --help | awk 'length > 80 { print "over 80 columns: " $0; bad = 1 } END { exit bad }' || return 1
	"$1" --version | grep -qE "^$1 \(oms\) [0-9]+\.[0-9]+\.[0-9]+$"
}
@test "1 help, usage and version: on stdout, status 0; 74 on a full disk" { every help_is_whole; }

# ---- 2

wrong_usage() {
	status_of 64 "$1" --no-such-option && [ ! -s out ] && [ -s err ] || return 1
	status_of 64 "$1" --json-err && grep -q -- --json-errors err || return 1
	status_of 64 "$1" --no-such-option --json-errors && [ ! -s out ] || return 1
	jq -e '.schema == "oms.error/1" and .level == "error" and .code == "usage" and .exit == 64' err >/dev/null || { cat err; return 1; }
	if ! grep -q '^operand' "$BATS_FILE_TMPDIR/said/$1"; then
		status_of 64 "$1" some-operand && grep -q some-operand err || return 1
	fi
	OMS_NOW=yesterday status_of 64 "$1" --db=nowhere.db x y z
}
@test "2 unknown and shortened options, unknown operands: 64, said on stderr, as JSON if asked" { every wrong_usage; }

refused_in_silence() {
	local form got
	for form in csv tsv json jsonl count ids table; do
		got=0; bash -c "$2 -F $form" >out 2>err </dev/null || got=$?
		[ "$got" -ge 1 ] && [ -s err ] && [ ! -s out ] || { echo "$form: status $got: $(head -n 3 out)"; return 1; }
	done
}
@test "2 what is refused prints nothing that looks like an empty answer, in any form" { seeded; every_of refused refused_in_silence; }

# ---- 3

cut_short() {
	local trap
	for trap in '' 'trap "" PIPE;'; do
		rm -f err
		got=$(bash -c "$trap { $2; echo \$? >&3; } 2>err 3>status | head -n1 >/dev/null; cat status")
		[ "$got" = 141 ] || { echo "status $got"; return 1; }
		[ ! -s err ] || { cat err; return 1; }
	done
	[ "$(bash -c "$2" 2>/dev/null | wc -c)" -gt 1048576 ] || { echo "not over 1 MiB"; return 1; }
}
@test "3 a reader that goes away ends it by SIGPIPE, silently, also where the signal was ignored" { seeded; every_of flood cut_short; }

# ---- 4

at_once() {
	local line=${2%% <*} input=${2##* <} began ended
	began=$(date +%s%N)
	{ echo "$input"; sleep 1; } | bash -c "$line" 2>err | { head -c1 >/dev/null; date +%s%N >ended; cat >/dev/null; }
	ended=$(<ended)
	[ $(((ended - began) / 1000000)) -lt 600 ] || { echo "after $(((ended - began) / 1000000)) ms"; return 1; }
}
@test "4 a slow producer's first line is answered before its second" { seeded; every_of live at_once; }

# ---- 5

full_disk() {
	got=0; bash -c "$2" >/dev/full 2>err || got=$?
	[ "$got" = 74 ] && [ -s err ] || { echo "status $got: $(cat err)"; return 1; }
	has "$1" output || return 0
	echo keep >file
	got=0; (ulimit -f 0; trap '' XFSZ; bash -c "$2 -o file") 2>err || got=$?
	[ "$got" = 74 ] && [ "$(cat file)" = keep ] && [ "$(find . -name '.file.*')" = '' ] || { echo "-o file: status $got: $(cat err)"; return 1; }
	bash -c "$2" >whole && bash -c "$2 -o file" && cmp whole file
}
@test "5 a full disk is 74 and said; -o keeps the old file" { seeded; every_of data full_disk; }

# ---- 6

closed_streams() {
	local got
	for close in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
		got=0; bash -c "$1 --describe $close" >/dev/null 2>&1 || got=$?
		case $close in *'>&- '* | '>&-') [ "$got" = 74 ] ;; *) [ "$got" = 0 ] ;; esac || { echo "--describe $close: $got"; return 1; }
		got=0; bash -c "$1 --db=nowhere.db no-such-order $close" >/dev/null 2>&1 </dev/null || got=$?
		[ "$got" -ge 1 ] && [ "$got" -lt 128 ] && [ "$got" != 70 ] || { echo "$close: $got"; return 1; }
	done
}
@test "6 closed streams: no crash, and the right status" { every closed_streams; }

@test "6 a closed stdout is 74 where there is data" {
	seeded
	closed_stdout() { got=0; bash -c "$2 >&-" 2>err || got=$?; [ "$got" = 74 ] || { echo "status $got"; return 1; }; }
	every_of data closed_stdout
}

# ---- 7

some_of_them() {
	shopt -s extglob
	got=0; bash -c "$2" >out 2>err || got=$?
	[ "$got" = 3 ] && [ "$(wc -l <out)" = 2 ] && grep -q no-such-order err || { echo "status $got, $(wc -l <out) records: $(cat err)"; return 1; }
	got=0; bash -c "${2//@(shop:[0-9]|B-77)/no-such-order}" >out 2>err || got=$?
	[ "$got" = 1 ] && [ ! -s out ] || { echo "none: status $got"; return 1; }
	got=0; bash -c "$2 --json-errors" 2>err >/dev/null || got=$?
	jq -se 'last.exit == 3 and all(.schema == "oms.error/1")' err >/dev/null || { cat err; return 1; }
}
@test "7 one that is not there among those that are: the others are done, status 3; none: 1" { seeded; every_of mixed some_of_them; }

# ---- 9

same_bytes() {
	local env
	bash -c "$2" >here 2>/dev/null
	for env in "LC_ALL=de_DE.UTF-8 CLICOLOR_FORCE=1 TERM=xterm" "LC_ALL=tr_TR.UTF-8 TZ=Pacific/Chatham COLUMNS=20" "LC_ALL=C PAGER=cat TERM=dumb"; do
		# shellcheck disable=SC2086
		env $env bash -c "$2" >there 2>/dev/null
		cmp here there || { echo "$env"; return 1; }
	done
}
@test "9 locale, zone and terminal settings change no byte of what a pipe gets" { seeded; every_of data same_bytes; }

# ---- 12

quiet_success() {
	bash -c "$2" >out 2>err || return 1
	[ ! -s err ] || { cat err; return 1; }
	bash -c "$2" | jq -e '.schema | test("^oms\\.[a-z_]+/1$")' >/dev/null || { echo "no schema"; return 1; }
	! bash -c "$2" | grep -qv '^{"schema":"oms\.' || { echo "schema does not stand first"; return 1; }
	has "$1" format || return 0
	local form
	for form in jsonl json csv tsv table; do
		bash -c "$2 -F $form" >out 2>err || { echo "$form: $(cat err)"; return 1; }
		! grep -q $'\033' out || { echo "ESC in $form"; return 1; }
	done
	bash -c "$2 --json" | jq -e 'type == "array"' >/dev/null || return 1
	[ "$(bash -c "$2 -F count")" = "$(bash -c "$2" | wc -l)" ] || { echo "count differs"; return 1; }
}
@test "12 success off a terminal is silent, and no form has an escape byte" { seeded; every_of data quiet_success; }

# ---- 13

page() {
	local page=$BUILD/man/$1.1 options
	[ -r "$page" ] || { echo "no page"; return 1; }
	mandoc -Tlint -Wwarning "$page" || return 1
	options=$(listed_options "$1")
	diff <(echo "$options") <(mandoc -Tascii "$page" | col -bx | sed -n '/^OPTIONS/,/^[A-Z]/p' | grep -oE '^ +(-., )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort -u) || return 1
	diff <(echo "$options") <("$1" --help | grep -oE '^ +(-., )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort -u) || return 1
	grep -q '^\.Sh EXAMPLES' "$page" && grep -q '^\.Dl ' "$page" || { echo "no examples"; return 1; }
}
@test "13 a page each, clean, with the options of --help and with examples" {
	command -v mandoc >/dev/null || skip "mandoc is not here"
	[ -d "$BUILD/man" ] || skip "the pages are not built"
	every page
}

examples_are_usable() { # of the options that follow this command's name, up to the next command
	local name wrong
	name=$1
	wrong=$({ sed -n 's/^\.Dl \$ //p' "$BUILD/man/$1.1"; sed -n 's/^example\t//p' "$BATS_FILE_TMPDIR/said/$1"; } | sed 's/\\-/-/g; s/\\e/\\/g; s/oms /oms-/g' |
		awk -v name="$name" '{ n = split($0, part, /[|;&]/); for (i = 1; i <= n; i++) if (part[i] ~ "(^|[ (])" name "( |$)") print part[i] }' |
		grep -oE -- ' --[a-z][a-z-]*' | tr -d ' ' | sort -u | comm -23 - <(listed_options "$name"))
	[ -z "$wrong" ] || { echo "no such option: $wrong"; return 1; }
}
@test "13 no example names an option that is not there" {
	[ -d "$BUILD/man" ] || skip "the pages are not built"
	every examples_are_usable
}

# ---- 14

completes() {
	local all
	all=$(listed_options "$1" =)
	patiently same_options "$1" "$all" && patiently same_options "oms ${1#oms-}" "$all" || return 1
	patiently silent_on_trouble "$1"
}
same_options() { # shellcheck disable=SC2086
	diff <(echo "$2") <(oms __complete $1 -- | cut -f1 | sort)
}
silent_on_trouble() {
	local began=${EPOCHREALTIME/[.,]/} db
	echo "no store" >broken.db
	for db in /dev/null/x broken.db; do
		OMS_DB=$db oms __complete "$1" shop: >out 2>err || return 1
		[ ! -s err ] && ! grep -q shop: out || { cat out err; return 1; }
	done
	[ $(((${EPOCHREALTIME/[.,]/} - began) / 2000)) -lt $((SAN ? 500 : 100)) ]
}
patiently() { # it gives up after 100 ms, which a busy machine may take for anything
	for _ in {1..12}; do "$@" >said && return; sleep 0.2; done
	cat said
	return 1
}
@test "14 completion knows every option, and a broken store leaves it silent" { every completes; }

@test "14 a command that hangs is ended alone, and not the shell that asked" {
	mkdir bin && cp "$(command -v oms)" bin
	printf '#!/bin/sh\nexec sleep 9\n' >bin/oms-find && chmod +x bin/oms-find
	setsid bash -c 'bin/oms __complete oms-find --; bin/oms __complete oms find shop:; bin/oms help; echo alive' >out
	[ "$(tail -n1 out)" = alive ]
}

@test "14 completion offers ids of the store" {
	seeded
	[ "$(oms __complete oms show shop:300 | cut -f1 | tr '\n' ' ')" = "shop:300 shop:3000 " ]
	[ "$(oms __complete oms-show --db="$OMS_DB" shop:300 | wc -l)" = 2 ]
	[ "$(oms __complete oms show shop: | wc -l)" -le 100 ]
}

@test "14 bash, zsh and fish complete a command, an option, a value and a file" {
	local shells=0
	touch manifest.txt
	bash -c 'source "$SRC/completions/oms.bash"
		try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _oms; printf "%s\n" "${COMPREPLY[@]}"; }
		try oms fin; try oms find --form; try oms find --format = tab; try oms-find -F ts; try oms find --output = mani' >got
	printf '%s\n' find --format= table tsv manifest.txt | diff - got
	if command -v fish >/dev/null; then
		fish --no-config -c 'source $SRC/completions/oms.fish; for l in "oms fin" "oms find --form" "oms find --format=tab" "oms-find -F ts" "oms find --output=mani"; complete -C $l; end' | cut -f1 >got
		printf '%s\n' find --format= --format=table tsv --output=manifest.txt | diff - got
		shells=$((shells + 1))
	fi
	if command -v zsh >/dev/null; then
		zsh -fc 'fpath=($SRC/completions $fpath); autoload -Uz compinit; compinit -u -D; print -rl -- $_comps[oms] ${(kv)_postpatcomps}' >got
		[ "$(head -n1 got)" = _oms ]
		grep -qxF 'oms-*' got
		shells=$((shells + 1))
	fi
	echo "$shells further shells"
}

# ---- 15

on_a_terminal() {
	command -v script >/dev/null && has "$1" format || return 0
	local form
	for form in table text jsonl csv; do
		TERM=dumb script -qec "$2 -F $form" /dev/null </dev/null >out 2>&1
		! LC_ALL=C grep -qP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]' out || { echo "$form: $(LC_ALL=C grep -aP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]' out | head -n2 | cat -v)"; return 1; }
	done
}
@test "15 nothing of a payload moves a terminal's cursor" { seeded; every_of data on_a_terminal; }

# ---- 16

same_by_both_names() {
	local args
	for args in --help --version --no-such-option "--db=nowhere.db no-such-order"; do
		# shellcheck disable=SC2086
		{ got=0; "$1" $args >out1 2>err1 </dev/null || got=$?; echo "$got" >>out1; got=0; oms "${1#oms-}" $args >out2 2>err2 </dev/null || got=$?; echo "$got" >>out2; }
		cmp out1 out2 && cmp err1 err2 || { echo "$args"; return 1; }
	done
}
@test "16 oms NAME and oms-NAME: the same bytes, the same status" { every same_by_both_names; }

# ---- 17

best_of() { # µs of the quickest of some runs, the shell's own share included
	local best=1000000 began took
	for _ in 1 2 3 4 5; do
		began=${EPOCHREALTIME/[.,]/}
		"$@" >/dev/null
		took=$((${EPOCHREALTIME/[.,]/} - began))
		[ "$took" -ge "$best" ] || best=$took
	done
	echo "$best"
}
quick() {
	local empty own
	for _ in 1 2 3 4 5; do # a machine with other work is forgiven some of it
		empty=$(best_of /bin/true) own=$(best_of "$1" --help)
		[ "$own" -ge $((empty * 2 + 1000)) ] || return 0
	done
	echo "$own µs, /bin/true $empty µs"
	return 1
}
@test "17 a command starts about as fast as an empty program" {
	[ -z "$SAN" ] || skip "sanitizers are slow"
	every quick
}

# ---- the door

@test "oms: what help says fits 80 columns" {
	local topic
	for topic in -a time formats exit-codes; do
		! oms help "$topic" | LC_ALL=C.UTF-8 grep -E '.{81}' || return 1
	done
}

@test "oms: help lists every command, a typo gets the nearest name, foreign commands are found on PATH" {
	for name in $(commands); do oms help | grep -qE "^  ${name#oms-} " || { echo "$name is not listed"; return 1; }; done
	run -64 --separate-stderr oms fnd
	[[ -z $output && $stderr == *"did you mean oms find?"* ]]
	run -64 --separate-stderr oms fnd --json-errors
	jq -e '.exit == 64 and .code == "usage"' <<<"$stderr"
	run -64 --separate-stderr oms
	[ -z "$output" ]
	run -64 --separate-stderr oms --nothing
	mkdir own && printf '#!/bin/sh\necho "own $*"\n' >own/oms-mine && chmod +x own/oms-mine
	PATH=$PWD/own:$PATH run -0 oms mine a 'b c'
	[ "$output" = "own a b c" ]
	printf '#!/bin/sh\necho no\n' >own/oms-find && chmod +x own/oms-find
	PATH=$PWD/own:$PATH run -0 oms find --version
	[[ $output == "oms-find (oms)"* ]]
	for topic in time formats exit-codes; do oms help $topic | awk 'length > 90 { exit 1 } END { exit NR < 8 }'; done
	run -64 oms help nonsense
	for args in help --help -h version --version 'help time'; do
		# shellcheck disable=SC2086
		{ oms $args >/dev/null; got=0; oms $args >/dev/full 2>/dev/null || got=$?; [ "$got" = 74 ]; }
	done
	oms version --json | jq -e '.schema == "oms.version/1" and .store_version >= 1'
}

@test "help NAME is the manual, or plain help where there is none" {
	oms help find | grep -q .
	mkdir bin && cp "$(command -v oms)" "$(command -v oms-find)" bin
	[ "$(bin/oms help find | head -n1)" = "$(oms-find --help | head -n1)" ]
}
