#!/usr/bin/env bats
# What users of oms-validate may rely on: what passes is unchanged, what does not is told whole, and the exit status.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 OMS_SHARE=$SRC/share
	cd "$BATS_TEST_TMPDIR" || return 1
	line() { # id quantity
		printf '{"schema":"oms.event/1","id":"%s","type":"order.updated","source":"shop","order":"7","occurred_at":"2026-11-02T10:00:00.000Z","body":{"lines":[{"id":"1","sku":"MUG","quantity":%s}]}}\n' "$1" "$2"
	}
	line a 1 >good
	line b 0 >bad
}

json() { python3 -c "import json, sys; r = [json.loads(l) for l in open(sys.argv[1])]; print($2)" "$1"; }

@test "what passes is not changed by a byte: spaces, escapes, order of members" {
	printf '%s\n' '{ "source":"shop", "schema":"oms.event/1","order":"7","id":"\u0061" ,"type":"order.updated","occurred_at":"2026-11-02T10:00:00Z","body":{"note":"caf\u00e9 é 1.10"}}' >odd
	cat good odd good >in
	run --separate-stderr oms-validate in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	oms-validate in >out
	cmp out in
	oms-validate <in >out
	cmp out in
}

@test "rejects are complete records: place, reasons, raw" {
	{ cat good bad; echo '{"a":1,"a":2}'; cat good; } >in
	run -3 oms-validate --rejects=rej in
	cat good good | cmp - <(oms-validate --rejects=rej -q in || true)
	python3 "$SRC/tests/schema.py" rej
	[ "$(json rej '[(x["source"], x["line"], x["record"], x["byte"], x["errors"][0]["code"]) for x in r]')" = \
		"[('in', 2, 2, $(stat -c %s good), 'not_positive'), ('in', 3, 3, $(($(stat -c %s good) + $(stat -c %s bad))), 'json_duplicate')]" ]
	[ "$(json rej 'r[0]["errors"][0]["path"] + " " + r[0]["errors"][0]["value"] + " " + r[0]["errors"][0]["owner"]')" = "/body/lines/0/quantity 0 catalog" ]
	json rej 'r[0]["raw"]' | cmp - bad
}

@test "all that is wrong with a record is told, not the first only" {
	echo '{"schema":"oms.event/1","type":"order.updated","source":"shop","body":{"currency":"eur","lines":[{"id":1,"sku":"A","quantity":0}]}}' >in
	run -1 oms-validate --rejects=rej in
	[ "$(json rej 'sorted(e["rule"] for e in r[0]["errors"])')" = "['A01', 'P01', 'P02', 'P16', 'S06', 'X05']" ]
}

@test "rejects mended go back through a pipe" {
	cat good bad >in
	oms-validate -q --rejects=rej in >out || true
	python3 -c 'import json, sys; [print(json.loads(l)["raw"]) for l in open("rej")]' | sed 's/"quantity":0/"quantity":1/' | oms-validate >mended
	line b 1 | cmp - mended
}

@test "without --rejects twenty are named with file, line and column, then how many more" {
	{ cat good; for i in $(seq 25); do line "x$i" -1; done; } >in
	run --separate-stderr oms-validate in
	[ "$status" -eq 3 ]
	[ "$(grep -c not_positive <<<"$stderr")" -eq 20 ]
	column=$(($(sed -n 2p in | grep -ob '":-1' | cut -d: -f1) + 3))
	[[ $stderr == *"in:2:$column: /body/lines/0/quantity: quantity must be 1 or more [not_positive]"* ]]
	[[ $stderr == *"and 5 more; use --rejects=FILE"* ]]
	[[ $stderr == *"26 read = 1 accepted"*"+ 25 rejected"* ]]
}

@test "exit: 0 all, 3 some, 1 none, 65 no JSON, 66 no file" {
	oms-validate good >/dev/null
	run -0 oms-validate /dev/null
	run -3 oms-validate good bad
	run -1 oms-validate bad
	echo 'id;name' >csv
	run -65 oms-validate csv
	run -66 oms-validate missing
	run -64 oms-validate --max-rejects=few good
	run -64 oms-validate --rejects=fd:77 good
	run -73 oms-validate --rejects=no/such/folder good
	printf '{"schema":"oms.event/1","id":' >half
	run -1 oms-validate half
}

@test "a broken line says which column, and its neighbours pass" {
	{ cat good; echo '{"schema":"oms.event/1",}'; cat good; } >in
	run --separate-stderr oms-validate in
	[ "$status" -eq 3 ]
	[[ $stderr == *"in:2:25: "*"[json_syntax]"* ]]
	[ "$(oms-validate -q in | wc -l)" -eq 2 ]
}

@test "a newer version is kept out, and said to be newer" {
	sed 's,oms.event/1,oms.event/9,' good >in
	run -1 oms-validate --rejects=rej in
	[ "$(json rej '[(e["rule"], e["severity"]) for e in r[0]["errors"]]')" = "[('S05', 'park')]" ]
}

@test "warnings pass and are listed by -v; --strict rejects for them" {
	sed 's/,"occurred_at":"[^"]*"//' good >in
	run --separate-stderr oms-validate in
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	run --separate-stderr oms-validate -v in
	[[ $stderr == *"in:1:1: /occurred_at: the event does not say when it happened [no_time]"* ]]
	run -1 oms-validate --strict in
}

@test "an order that cannot ship yet passes with a hold" {
	echo '{"schema":"oms.event/1","id":"a","type":"order.updated","source":"shop","order":"7","occurred_at":"2026-11-02T10:00:00.000Z","body":{"currency":"EUR","price_mode":"gross","total":"5.00","lines":[{"id":"1","sku":"MUG","quantity":1,"unit_price":"5.00"}]}}' >in
	run --separate-stderr oms-validate -v in
	[ "$status" -eq 0 ]
	[[ $stderr == *"/body/addresses/shipping: there is no street to ship to [no_ship_to]"* ]]
	[[ $stderr == *"1 read = 1 accepted (1 of them held"* ]]
}

@test "--max-rejects stops: by number at once, by share once it means something" {
	{ cat good bad bad; for i in $(seq 50); do cat good; done; } >in
	run -3 oms-validate -q --max-rejects=2 in
	run -65 oms-validate -q --max-rejects=1 in
	[ "$(oms-validate -q --max-rejects=1 in | wc -l)" -eq 1 ]
	run -3 oms-validate -q --max-rejects=10% in
	run -65 oms-validate -q --max-rejects=3% in
	[ "$(oms-validate -q --max-rejects=3% in | wc -l)" -eq 51 ]
}

@test "--summary counts, and read is the sum" {
	cat good bad good >in
	run -3 oms-validate -q --summary=sum --rejects=/dev/null in
	python3 "$SRC/tests/schema.py" sum
	[ "$(json sum '[r[0][k] for k in ("action", "input", "read", "accepted", "rejected", "by_code", "first_id", "last_id", "at")]')" = \
		"['validate', 'in', 3, 2, 1, {'not_positive': 1}, 'a', 'a', '2026-11-20T10:00:00.000Z']" ]
}

@test "--source accepts that source only" {
	oms-validate --source=shop good >/dev/null
	run -1 oms-validate --source=other --rejects=rej good
	[ "$(json rej 'r[0]["errors"][0]["rule"]')" = X02 ]
}

@test "rejects can go to an open descriptor" {
	oms-validate --rejects=fd:3 bad 3>rej >/dev/null || true
	[ "$(wc -l <rej)" -eq 1 ]
}

@test "what was read is passed on before waiting for more" {
	mkfifo to from
	oms-validate <to >from & pid=$!
	exec 8>to 9<from
	cat good >&8
	read -r -t 5 -u 9 got
	exec 8>&-
	wait $pid
	exec 9<&-
	[ "$got" = "$(cat good)" ]
}

@test "a full disk is 74, a closed pipe is quiet" {
	run -74 bash -c 'oms-validate good >/dev/full'
	for i in $(seq 2000); do cat good; done >in
	oms-validate in 2>err | head -1 | cmp - good
	[ ! -s err ]
}

@test "what is named on a terminal cannot move its cursor" {
	printf '{"schema":"oms.event/1","id":"e","type":"order.updated","source":"shop","order":"7","body":{"a\\u001b[2J":1,"lines":[{"id":"1","sku":"A","quantity":0}]}}\n' >in
	run oms-validate -v in
	[[ $output != *$'\033'* ]]
}

@test "--rejects and --summary write over neither the store, whether named or not, nor an input" {
	cp bad in
	for o in rejects summary; do
		run -73 oms-validate --$o=in in
		run -73 oms-validate --$o=in <in
		cmp bad in
		echo kept >s.db
		OMS_DB=s.db run -73 oms-validate --$o=s.db good
		run -73 oms-validate --db=s.db --$o=s.db-wal good
		[ "$(cat s.db)" = kept ] && [ ! -e s.db-wal ]
		mkdir -p data/oms && echo kept >data/oms/oms.db
		(unset OMS_DB && XDG_DATA_HOME=$PWD/data run -73 oms-validate --$o=data/oms/oms.db good && [ "$(cat data/oms/oms.db)" = kept ])
	done
	echo old >rej
	run -66 oms-validate --rejects=rej none
	[ "$(cat rej)" = old ]
}

@test "a folder of rules of one's own, and a mistake in it" {
	mkdir own
	cp "$SRC"/share/rules/S-syntax.json own/
	oms-validate --rules=own bad >/dev/null
	sed -i 's/"is_event"/"is_evnt"/' own/S-syntax.json
	run -78 oms-validate --rules=own good
	[[ $output == *"S-syntax.json: rule S01: no such check: is_evnt"* ]]
}
