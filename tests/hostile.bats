#!/usr/bin/env bats
# Input that means harm, or was made by a broken program: one exact outcome each, the good records around it applied, the bytes
# kept, memory and time bounded, and nothing of it moving a terminal or running in a spreadsheet. Cases: tests/hostile/.

# shellcheck disable=SC2015,SC2030,SC2031,SC2154 # "this and that, or say so and fail" is meant as it reads
bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 HOSTILE=${SRC:-$BATS_TEST_DIRNAME/..}/tests/hostile
	cd "$BATS_TEST_TMPDIR" || return 1
}
store() { rm -f oms.db*; oms-init; oms-source shop --channel=oms >/dev/null; }
good() { python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); from json_cases import event; sys.stdout.buffer.write(event(sys.argv[2]))' "$HOSTILE" "$1"; }
outcomes() { jq -r '[.outcome, .code // empty] | join(" ")' | sort | uniq -c | awk '{ print $2 ($3 ? " " $3 : "") "=" $1 }' | paste -sd,; }

# STATUS OUTCOMES [WORD]: what becomes of the file "in".
ends() {
	local got=0
	store
	oms-ingest --source=shop in >out 2>err || got=$?
	[ "$got" = "$1" ] && [ "$(outcomes <out)" = "$2" ] && { [ -z "${3:-}" ] || grep -q -- "$3" err; } || { echo "exit $got, $(outcomes <out): $(tail -n4 err)"; return 1; }
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' err || { echo "a control character on stderr"; return 1; }
}

# What becomes of a large input, and that it takes no more than so much. A sanitizer takes far more of both.
bounded() { # NAME KILOBYTES MILLISECONDS STATUS OUTCOMES
	local got=0 used took
	store
	python3 "$HOSTILE/large.py" "$1" >in
	python3 "$HOSTILE/bounded.py" oms-ingest --source=shop in >out 2>err || got=$?
	[ "$got" = "$4" ] && [ "$(outcomes <out)" = "$5" ] || { echo "$1: exit $got, $(outcomes <out | cut -c1-300): $(tail -n4 err)"; return 1; }
	[ -z "${SAN:-}" ] || return 0
	read -r used took < <(cat used)
	[ "$used" -le "$2" ] && [ "$took" -le "$3" ] || { echo "$1: $used KB, $took ms"; return 1; }
}

@test "every bad JSON line is one dead letter with its code and its bytes, and every good one beside it is applied" {
	store
	python3 "$HOSTILE/json_cases.py" make .
	run -3 --separate-stderr oms-ingest --source=shop hostile.jsonl
	echo "$output" >results.jsonl
	python3 "$HOSTILE/json_cases.py" check .
	oms-fsck --deep
	for form in table text csv tsv json ids; do oms-find -L 0 -F "$form" >/dev/null; done # one odd order spoils no list
	[ "$(oms-find -F ids "f3'; DROP TABLE orders; --")" = "shop:f3'; DROP TABLE orders; --" ]
	for wild in 'f4%%' 'f4__' 'f%' '%' '_' '*' "' OR 1=1" 'good-_'; do run -1 oms-find "$wild"; done
}

@test "the same bad record twice in a load, and again in the next, is dead each time" {
	printf '{"a":1}\n{"a":1}\n{"b":}\n{"b":}\n' >in
	ends 1 "dead json_syntax=2,dead unknown_kind=2"
	run -1 --separate-stderr oms-ingest --source=shop in
	[ "$(oms-dead -F count)" = 2 ]
}

@test "a letter that can be read in no form keeps no other from being tried again" {
	{ printf '42\n'; good 1 | sed 's/"20.00","addresses/"x","addresses/'; echo; echo '"text"'; } >in
	ends 1 "dead not_an_amount=1,dead unknown_kind=2"
	run -1 --separate-stderr oms-redrive --all
	[ "${#lines[@]}" = 3 ]
	[[ $stderr != */dev/fd/* ]]
	[ "$(oms-dead | jq -r .attempts | paste -sd' ')" = "2 2 2" ]
}

@test "what is no input at all is refused whole, with what to do" {
	good 1 | iconv -t UTF-16 >in && ends 65 "" 'iconv -f UTF-16'
	good 1 | iconv -t UTF-16BE >in && ends 65 "" 'iconv -f UTF-16'
	good 1 | iconv -t UTF-32 >in && ends 65 "" 'iconv -f UTF-32'
	good 1 | gzip >in && ends 65 "" 'zcat'
	echo '<html><body>502 Bad Gateway</body></html>' >in && ends 65 "" 'HTML'
	head -c 100000 /dev/zero >in && ends 65 ""
	for bare in 42 '"a text"' null; do echo "$bare" >in && ends 65 "" 'neither JSON nor a table'; done
	: >in && ends 0 ""
	printf ' \n\n\t\n' >in && ends 0 ""
	mkdir dir
	run -66 oms-ingest --source=shop dir
	run oms-ingest --source=shop "$OMS_DB"
	[ "$status" = 65 ]
}

@test "byte order mark, two documents, something behind one, an array with a hole" {
	{ printf '\xef\xbb\xbf'; good 1; echo; } >in && ends 0 "applied=1"
	{ good 1; good 2; } >in && ends 0 "applied=2"
	{ good 1; printf ' rubbish'; } >in && ends 1 "dead json_trailing=1"
	{ printf '['; good 1; printf ',{"a":,},'; good 2; printf ']'; } >in && ends 3 "applied=2,dead json_syntax=1"
	{ printf '['; good 1; printf ','; good 2; } >in && ends 3 "applied=2,dead json_truncated=1"
	good 1 | jq . | head -n 20 >in && ends 1 "dead json_truncated=1"
	{ good 1 | jq .; good 9 | jq . | head -n 20; good 2 | jq .; } >in && ends 3 "applied=2,dead json_truncated=1"
}

@test "large and deep input takes bounded memory and time" {
	bounded text-17MiB 131072 3000 3 "applied=2,dead too_large=1"
	bounded text-15MiB 131072 4000 0 "applied=3"
	bounded digits 131072 3000 3 "applied=2,dead wrong_type=1"
	for name in objects arrays texts ones; do bounded "$name-inside" 131072 3000 1 "dead json_size=1"; done
	bounded keys-inside 131072 4000 1 "dead unknown_kind=1"
	bounded objects-bare 131072 3000 1 "dead json_trailing=1"
	bounded deep 131072 3000 1 "dead json_depth=1"
	bounded backslashes-inside 131072 3000 1 "dead json_truncated=1"
	bounded lines 131072 3000 0 ""
	for name in letters quotes backslashes; do bounded "$name" 131072 3000 65 ""; done
	bounded brackets 131072 3000 1 "dead json_depth=1,dead json_truncated=1"
	bounded braces 131072 3000 1 "dead json_syntax=1"
}

@test "a hundred thousand bad records in one array: a dead letter for those alike, and memory stays flat" {
	bounded records 32768 20000 1 "dead unknown_kind=100000"
	[ "$(oms-dead -F count)" = 1 ]
}

@test "CSV: broken rows are dead letters with their bytes, rows they cannot have harmed are applied" {
	python3 "$HOSTILE/csv_cases.py" .
}

@test "texts that move cursors, hide, turn or run as formulas reach no terminal, no error, no spreadsheet as such" {
	python3 "$HOSTILE/texts.py" .
}

@test "long ids, 1.10, 1e2, unknown nested members and the order of keys pass every filter byte for byte" {
	e='{"zeta":{"b":1.10,"a":1e2,"id":12345678901234567890},"schema":"oms.event/1","id":"e1","type":"order.updated","source":"shop","order":"9223372036854775807123","occurred_at":"2026-11-02T09:00:00.000Z","body":{"total":"20.10","external_id":"9223372036854775807123","currency":"EUR","price_mode":"gross","placed_at":"2026-11-02T09:00:00.000Z","x":[1e2,1.10,-0,1E+2,{"deep":{"k":"\u00fc\/","":null}}],"lines":[{"id":"1234567890123456789","sku":"MUG","name":"Mug","quantity":2,"unit_price":"10.05","more":{"n":1.50}}]}}'
	echo "$e" >e
	store
	oms-validate e | cmp - e
	oms-map --channel=oms e >mapped # it says of itself only what it was made by
	python3 -c 'import re, sys; sys.exit(re.sub(r",\"map\":\"oms/\d+\",\"payload\":\"[0-9a-f]{32}\"", "", open("mapped").read()) != open("e").read())'
	oms-validate mapped | cmp - mapped
	[ "$(oms-ingest --source=shop mapped | outcomes)" = applied=1 ]
	[ "$(oms-show -F jsonl 9223372036854775807123 | jq -c '[.id, .external_id, .lines[0].id, .total]')" = '["shop:9223372036854775807123","9223372036854775807123","1234567890123456789","20.10"]' ]
	# a number in a payload keeps its digits, too
	python3 "${SRC:-$BATS_TEST_DIRNAME/..}/tests/bench/generate.py" 1 2 | sed 's/5000000000/9223372036854775807123/g; s/9000000000/1234567890123456789/g' >s
	[ "$(oms-map --source=shopify s | jq -r '.order, .body.lines[0].id' | paste -sd' ')" = "9223372036854775807123 1234567890123456789" ]
	oms-ingest --source=shopify s >/dev/null
	[ "$(oms-find -F ids shopify:9223372036854775807123)" = shopify:9223372036854775807123 ]
}
