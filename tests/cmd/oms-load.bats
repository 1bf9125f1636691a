#!/usr/bin/env bats
# What users of oms-load may rely on: checked whole, written once, told what changed; and nothing half.

# shellcheck disable=SC2154,SC2016
bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	cd "$BATS_TEST_TMPDIR" || exit 1
	oms-init
}

known() { # a SKU or two and two warehouses
	printf '{"id":"MUG","name":"Mug"}\n{"id":"LID"}\n' | oms-load sku >/dev/null
	printf '{"id":"LEJ"}\n{"id":"HAM"}\n' | oms-load warehouse >/dev/null
}
dump() { python3 -c 'import sqlite3, sys; print("\n".join(sqlite3.connect(sys.argv[1]).iterdump()))' "${1:-$OMS_DB}"; }
balance() { sqlite3 -readonly "$OMS_DB" "SELECT on_hand, held, allocated FROM stock WHERE sku = '$1' AND warehouse = '$2'"; }
# Movements of confirmed orders, as a confirmation would book them.
promise() { # SKU WAREHOUSE UNITS ORDER...
	python3 - "$OMS_DB" "$@" <<-'END'
		import sqlite3, sys
		d = sqlite3.connect(sys.argv[1]); d.execute("PRAGMA wal_autocheckpoint=0")
		sku, where, units, orders = sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:]
		for o in orders:
		    key, = d.execute("SELECT order_key FROM orders WHERE id = ?", (o,)).fetchone()
		    on, held, al, back, last = d.execute("SELECT on_hand, held, allocated, backordered, movement_id FROM stock WHERE sku = ? AND warehouse = ?", (sku, where)).fetchone()
		    event, = d.execute("SELECT max(event_id) FROM event WHERE order_key = ?", (key,)).fetchone()
		    c = d.execute("INSERT INTO stock_movement (before_id, sku, warehouse, kind, on_hand, held, allocated, backordered, on_hand_after, held_after, allocated_after, backordered_after, at, event_id, order_key, line) VALUES (?, ?, ?, 4, 0, 0, ?, 0, ?, ?, ?, ?, 1795168800000, ?, ?, '1')",
		        (last, sku, where, units, on, held, al + units, back, event, key))
		    d.execute("UPDATE stock SET allocated = ?, movement_id = ? WHERE sku = ? AND warehouse = ?", (al + units, c.lastrowid, sku, where))
		    d.execute("INSERT INTO reservation VALUES (?, '1', ?, ?, ?, 0, 0, 0, 0)", (key, where, sku, units))
		d.commit()
	END
}
orders() {
	oms-source shop --channel=oms >/dev/null
	for i in "$@"; do
		echo "{\"schema\":\"oms.event/1\",\"id\":\"e$i\",\"type\":\"order.updated\",\"source\":\"shop\",\"order\":\"$i\",\"occurred_at\":\"2026-11-02T09:00:00.000Z\",\"body\":{\"external_id\":\"$i\",\"currency\":\"EUR\",\"price_mode\":\"gross\",\"total\":\"20.00\",\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"name\":\"Mug\",\"quantity\":2,\"unit_price\":\"10.00\"}]}}"
	done | oms-ingest --source=shop >/dev/null
}

@test "the samples load, twice: the second time no byte of the store changes" {
	cp -r "$SRC/share/samples/reference" .
	load() {
		oms-load zone reference/zones.jsonl && oms-load warehouse reference/warehouses.jsonl && oms-load service reference/services.jsonl &&
			oms-load sku reference/skus.csv && oms-load safety reference/safety.csv && oms-load count reference/counts.csv
	}
	oms-source amazon >/dev/null
	run -0 --separate-stderr load
	[ -z "$stderr" ]
	echo "$output" >out
	[ "$(jq -r .outcome out | sort -u | paste -sd' ')" = "added booked" ]
	python3 "$SRC/tests/schema.py" out
	dump >first
	OMS_NOW=2026-11-21T10:00:00Z load >out
	[ "$(jq -r '"\(.outcome) \(.changed)"' out | sort -u)" = "unchanged false" ]
	dump | cmp first -
	oms-fsck --deep
}

@test "every SKU of the sample orders is known, and every country they go to has a zone" {
	cat "$SRC"/share/samples/shopify/orders.jsonl "$SRC"/share/samples/woocommerce/orders.json | grep -oE 'FK-[A-Z]+(-[A-Z])?' | sort -u >sold
	cut -d, -f1 "$SRC/share/samples/reference/skus.csv" | sort >known
	[ "$(comm -23 sold known)" = "" ]
	for c in DE FR JP US GB; do jq -e --arg c "$c" -s 'any(.[].include[]; . == $c)' "$SRC/share/samples/reference/zones.jsonl"; done
}

@test "a change is told member by member, is an event, and counts the revision on" {
	known
	echo '{"id":"MUG","name":"Mug, moss","active":false,"denied":["RU"]}' | oms-load sku >out
	[ "$(jq -c '[.outcome, .changed, .revision]' out)" = '["changed",true,2]' ]
	[ "$(jq -c '.changes' out)" = '[{"field":"name","from":"Mug","to":"Mug, moss"},{"field":"active","from":true,"to":false},{"field":"denied","to":["RU"]}]' ]
	oms-load sku --list MUG >out
	[ "$(jq -c . out)" = '{"schema":"oms.reference/1","id":"MUG","kind":"sku","revision":2,"changed_at":"2026-11-20T10:00:00.000Z","name":"Mug, moss","active":false,"denied":["RU"]}' ]
	python3 "$SRC/tests/schema.py" out
	[ "$(sqlite3 -readonly oms.db "SELECT count(*), sum(order_key) FROM event WHERE type = 17")" = "5|0" ]
	oms-fsck --deep
}

@test "what it lists loads back unchanged, as JSON Lines and as CSV" {
	cp -r "$SRC/share/samples/reference" .
	for k in sku:skus.csv zone:zones.jsonl warehouse:warehouses.jsonl service:services.jsonl safety:safety.csv; do
		oms-load "${k%%:*}" "reference/${k##*:}" >/dev/null 2>&1
	done
	for k in sku zone warehouse service safety; do
		[ "$(oms-load $k --list | oms-load $k 2>/dev/null | jq -r .outcome | sort -u)" = unchanged ]
		[ "$(oms-load $k --list -F csv | oms-load $k 2>/dev/null | jq -r .outcome | sort -u)" = unchanged ]
	done
	run -64 oms-load count --list
	run -1 oms-load sku --list NOPE
	run -3 oms-load sku --list NOPE FK-BOOK
}

@test "a dry run tells the same and stores nothing" {
	known
	dump >first
	echo '{"id":"MUG","name":"Cup"}' >in
	oms-load sku -n in >dry
	echo '{"sku":"MUG","warehouse":"LEJ","on_hand":5,"counted_at":"2026-11-20T08:00:00Z"}' | oms-load count -n >count
	[ "$(jq -r .message count)" = "on_hand 0 -> 5" ]
	dump | cmp first -
	oms-load sku in >wet
	diff <(jq -c 'del(.dry_run)' dry) <(jq -c . wet)
	[ "$(jq .dry_run dry)" = true ]
}

@test "all that is wrong with a record is said: file, line, field, code, what to do; the others are taken" {
	printf '%s\n' '{"id":"A","nmae":"x","weight_g":-1,"active":"maybe","denied":["XX"]}' '{"id":"B"}' '{"name":"no id"}' >in
	run -3 --separate-stderr oms-load sku in
	[[ $stderr == *"in:1: nmae: is no field of a sku [unknown_field]; did you mean name?"* ]]
	[[ $stderr == *"in:1: weight_g: is below zero [below_zero]"* ]]
	[[ $stderr == *"in:1: active: is neither true nor false [not_a_flag]"* ]]
	[[ $stderr == *"in:3: id: is missing [missing]"* ]]
	[[ $stderr == *"3 records = 1 added + 0 changed + 0 unchanged + 2 refused"* ]]
	[ "$(oms-load sku --list -F ids)" = B ]
	printf '{"name":1}\n' >bad
	run -1 --separate-stderr oms-load sku --json-errors bad
	echo "$stderr" | jq -se 'any(.code == "missing")'
}

@test "what a spreadsheet writes above its columns is read whatever its case; what is near is told so too" {
	printf '\xef\xbb\xbfID;Name;WEIGHT_G\nA;Mug;300\n' >in
	run -0 --separate-stderr oms-load sku in
	[ -z "$stderr" ]
	[ "$(oms-load sku --list | jq -c '[.id, .name, .weight_g]')" = '["A","Mug",300]' ]
	printf 'ID,Nmae\nB,Mug\n' >in
	run -1 --separate-stderr oms-load sku in
	[[ $stderr == *"Nmae: is no field of a sku [unknown_field]; did you mean name?"* && $stderr != *missing* ]]
	printf 'id,ID\nB,C\n' >in
	run -1 --separate-stderr oms-load sku in
	[[ $stderr == *"id: stands there twice, once in capitals [twice]"* ]]
	known
	run -1 --separate-stderr oms-load receipt <<<'{"id":"1","sku":"mug","warehouse":"lej","quantity":1}'
	[[ $stderr == *"did you mean MUG?"*"did you mean LEJ?"* ]]
}

@test "components with a bare number or a lone x are refused, and the form to write is shown" {
	for c in 'FK-MUG-M x 2' 'FK-MUG-M 2' 'FK-MUG-M x2' '2 FK-MUG-M'; do
		run -1 --separate-stderr oms-load sku <<<"$(printf 'id,components\nTEA-SET,%s\n' "$c")"
		[[ $stderr == *" where a SKU must be [not_components]; write MUG*2 LID"* ]]
	done
	[ "$(oms-load sku --list -F count)" = 0 ]
}

@test "rejects keep the record and all reasons; --max-rejects stops; --all-or-nothing stores nothing" {
	printf '%s\n' '{"id":"A"}' '{"id":"B","weight_g":"x","x":1}' '{"id":"C"}' >in
	run -3 oms-load sku --rejects=bad in
	python3 "$SRC/tests/schema.py" bad
	[ "$(jq -c '[.line, (.errors | map(.code) | sort | join(" ")), .raw]' bad)" = '[2,"not_whole unknown_field","{\"id\":\"B\",\"weight_g\":\"x\",\"x\":1}"]' ]
	[ "$(oms-load sku --list -F count)" = 2 ]
	printf '%s\n' '{"id":"D"}' '{"i":1}' '{"id":"E"}' >in
	run -65 --separate-stderr oms-load sku --all-or-nothing in
	[[ $stderr == *"nothing was stored"* ]]
	[ "$(oms-load sku --list -F count)" = 2 ]
	run -65 oms-load sku --max-rejects=0 in
	printf '%s\n' '{"id":"F"}' '{"id":"G"}' | oms-load sku --all-or-nothing >/dev/null
	[ "$(oms-load sku --list -F count)" = 5 ]
}

@test "--rejects writes over neither the store nor an input, and empties its file only where a run begins" {
	known
	dump >before
	for f in "$OMS_DB" "$OMS_DB"-wal "$OMS_DB"-shm "$OMS_DB"-journal; do
		run -73 --separate-stderr oms-load sku --rejects="$f" <<<x
		[[ $stderr == *"store; it would be replaced"* ]]
		run -73 oms-load -n sku --rejects="$f" <<<x
	done
	ln "$OMS_DB" other.db && ln -s "$OMS_DB" link.db
	for f in other.db link.db; do run -73 oms-load sku --rejects="$f" <<<x; done
	dump | cmp - before
	oms-fsck -q --deep
	echo '{"id":"A"}' >in && cp in kept
	run -73 --separate-stderr oms-load sku in --rejects=in
	[[ $stderr == *"in: is an input of this run"* ]]
	run -73 oms-load sku --rejects=./in <in
	run -73 oms-load sku kept - --rejects=./in <in
	cmp in kept
	echo old >bad && echo '{"i":1}' >wrong
	run -66 oms-load sku --rejects=bad none
	run -1 oms-load -n sku --rejects=bad wrong
	[ "$(cat bad)" = old ]
	run -1 oms-load -n sku --rejects=fd:5 wrong 5>told
	[ "$(jq -r .raw told)" = '{"i":1}' ]
	oms-load -q sku --rejects=bad in >/dev/null
	[ -f bad ] && [ ! -s bad ]
}

@test "--rejects=fd:N is a descriptor it was given, not one it opened itself, nor the store" {
	known
	dump >before
	for n in 3 4 5 6 7 8 9; do run -64 bash -c "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; echo x | oms-load sku --rejects=fd:$n"; done
	run -73 oms-load sku --rejects=fd:5 5<>"$OMS_DB" <<<x
	dump | cmp - before
}

@test "a thing stands twice in an input only where it says the same" {
	run -3 --separate-stderr oms-load sku <<<$'{"id":"A"}\n{"id":"A"}\n{"id":"A","name":"x"}'
	[[ $stderr == *"stdin:3: A stands in line 1 too, and says something else [twice]"* ]]
	[ "$(oms-load sku --list A | jq -c '[.revision, .name]')" = '[1,null]' ]
}

@test "what is referred to may come later in the run; what never comes is warned of, and refused by --strict" {
	printf '%s\n' '{"id":"SET","components":[{"sku":"MUG","quantity":2}]}' '{"id":"MUG"}' >in
	run -0 --separate-stderr oms-load sku in
	[ -z "$stderr" ]
	run -0 --separate-stderr oms-load warehouse <<<'{"id":"LEJ","zones":["EU"]}'
	[[ $stderr == *"stdin:1: zone EU is not known [unknown_reference]"* ]]
	run -1 oms-load warehouse --strict <<<'{"id":"HAM","zones":["EU"]}'
	[[ $output == *unknown_zone* ]]
	run -1 oms-load sku <<<'{"id":"PACK","components":"SET*2"}'
	[[ $output == *nested_bundle* ]]
	run -1 oms-load safety --strict <<<'{"sku":"MUG","warehouse":"LEJ","channel":"amzon","quantity":1}'
	[[ $output == *"did you mean amazon"* ]]
}

@test "a count is brought up to now: what moved since stays moved" {
	known
	echo '{"sku":"MUG","warehouse":"LEJ","on_hand":10,"held":1,"counted_at":"2026-11-20T08:00:00Z"}' | oms-load count >/dev/null
	echo '{"id":"R1","sku":"MUG","warehouse":"LEJ","quantity":5}' | OMS_NOW=2026-11-20T12:00:00Z oms-load receipt >/dev/null
	echo '{"sku":"MUG","warehouse":"LEJ","on_hand":8,"counted_at":"2026-11-20T11:00:00Z"}' | OMS_NOW=2026-11-20T13:00:00Z oms-load count >out
	[ "$(jq -r .message out)" = "on_hand 15 -> 13" ]
	[ "$(balance MUG LEJ)" = "13|1|0" ]
	# The count of 11:00 put right what was wrong before it: one of 12:30 must not have that on top.
	echo '{"sku":"MUG","warehouse":"LEJ","on_hand":13,"counted_at":"2026-11-20T12:30:00Z"}' | OMS_NOW=2026-11-20T14:00:00Z oms-load count >out
	[ "$(jq -r .message out)" = "on_hand 13 -> 13" ]
	# And an older one that comes late changes nothing.
	run -0 --separate-stderr oms-load count <<<'{"sku":"MUG","warehouse":"LEJ","on_hand":1,"counted_at":"2026-11-20T09:00:00Z"}'
	[ "$(jq -r .outcome <<<"$output")" = stale ]
	[[ $stderr == *count_overtaken* ]]
	[ "$(balance MUG LEJ)" = "13|1|0" ]
	oms-fsck --deep
}

@test "what had come before a count says so itself, and is not added to it: heard of behind the count it is refused" {
	known
	at() { OMS_NOW=2026-11-20T$1:00Z oms-load "${@:2}"; }
	count() { at "$1" -q count <<<"{\"sku\":\"MUG\",\"warehouse\":\"LEJ\",\"counted_at\":\"2026-11-20T$2:00Z\",$3}" >/dev/null; }
	count 10:05 10:00 '"on_hand":10,"held":4'
	late='{"id":"R1","sku":"MUG","warehouse":"LEJ","quantity":10,"received_at":"2026-11-20T09:00:00Z"}'
	dump >first
	for how in "" -n --strict; do
		run -1 --separate-stderr at 11:00 ${how:+"$how"} receipt <<<"$late"
		[[ $stderr == *"received_at: is not later than the count of 2026-11-20T10:00:00.000Z, which found 10 with this in it [counted_since]; "*"set received_at behind that or leave it away"*"count again"* ]]
		[ "$(jq -r '.outcome, .code' <<<"$output" | paste -sd' ')" = "refused counted_since" ]
	done
	run -1 at 11:00 transfer <<<'{"id":"T1","sku":"MUG","from":"HAM","to":"LEJ","quantity":1,"at":"2026-11-20T10:00:00Z"}'
	[[ $output == *"at: is not later than the count of"*counted_since*"count where it left anew"* ]]
	run -1 at 11:00 quarantine <<<'{"id":"Q1","sku":"MUG","warehouse":"LEJ","quantity":-3,"at":"2026-11-20T09:00:00Z"}'
	[[ $output == *"which found 4 held, with this in it [counted_since]"* ]]
	dump | cmp first -
	# What came behind it, what says no time, and what lowers what may be sold is booked; so is what was booked before, again.
	printf '%s\n' '{"id":"R2","sku":"MUG","warehouse":"LEJ","quantity":1,"received_at":"2026-11-20T10:00:01Z"}' '{"id":"R3","sku":"MUG","warehouse":"LEJ","quantity":2}' | at 11:00 receipt >out
	[ "$(jq -r .outcome out | sort -u)" = booked ]
	at 11:00 quarantine <<<'{"id":"Q2","sku":"MUG","warehouse":"LEJ","quantity":1,"at":"2026-11-20T09:00:00Z"}' >/dev/null
	at 11:00 scrap <<<'{"id":"S2","sku":"MUG","warehouse":"LEJ","quantity":1,"at":"2026-11-20T09:00:00Z"}' >/dev/null
	[ "$(balance MUG LEJ)" = "12|5|0" ]
	count 12:05 12:00 '"on_hand":12'
	at 13:00 receipt <<<'{"id":"R2","sku":"MUG","warehouse":"LEJ","quantity":1,"received_at":"2026-11-20T10:00:01Z"}' | jq -e '.outcome == "unchanged"'
	# A count that does not say what is held leaves that to the one before it.
	run -1 at 13:00 quarantine <<<'{"id":"Q3","sku":"MUG","warehouse":"LEJ","quantity":-1,"at":"2026-11-20T10:00:00Z"}'
	at 13:00 quarantine <<<'{"id":"Q3","sku":"MUG","warehouse":"LEJ","quantity":-1,"at":"2026-11-20T11:00:00Z"}' >/dev/null
	[ "$(balance MUG LEJ)" = "12|4|0" ]
	# The other way round, the count being the later to come: what it had in it is not added either.
	at 14:00 receipt <<<'{"id":"R4","sku":"LID","warehouse":"LEJ","quantity":10,"received_at":"2026-11-20T09:00:00Z"}' >/dev/null
	at 14:00 receipt <<<'{"id":"R5","sku":"LID","warehouse":"LEJ","quantity":3,"received_at":"2026-11-20T13:30:00Z"}' >/dev/null
	at 14:30 count <<<'{"sku":"LID","warehouse":"LEJ","on_hand":10,"counted_at":"2026-11-20T13:00:00Z"}' | jq -e '.message == "on_hand 13 -> 13"'
	oms-fsck --deep
}

@test "a count made a little later than one that is booked, by a clock that is ahead, stands" {
	known
	count() { oms-load count <<<"{\"sku\":\"MUG\",\"warehouse\":\"LEJ\",\"on_hand\":$2,\"counted_at\":\"2026-11-20T$1:00Z\"}"; }
	count 10:09 9 >/dev/null
	[ "$(count 10:05 3 | jq -r .outcome)" = stale ]
	[ "$(balance MUG LEJ)" = "9|0|0" ]
	[ "$(count 10:10 4 | jq -r .outcome)" = booked ]
	[ "$(balance MUG LEJ)" = "4|0|0" ]
}

@test "counts without a time take that of --at; one of tomorrow is refused" {
	known
	printf 'sku,warehouse,on_hand,held\nMUG,LEJ,40,2\nLID,LEJ,7,\n' >c.csv
	run -1 oms-load count c.csv
	oms-load count --at='2026-11-20 08:00' c.csv >out
	[ "$(jq -r .id out | head -n1)" = "stock:count:MUG:LEJ:2026-11-20T08:00:00.000Z" ]
	[ "$(balance MUG LEJ)" = "40|2|0" ]
	run -1 oms-load count --at=+2h c.csv
	[[ $output == *in_future* ]]
	run -64 oms-load sku --at=now c.csv
}

@test "each movement is booked once, whoever brings it; the same key with other content is refused" {
	known
	echo '{"id":"R1","sku":"MUG","warehouse":"LEJ","quantity":5,"reason":"delivery"}' >in
	[ "$(oms-load receipt in | jq -r .outcome)" = booked ]
	[ "$(oms-load receipt in in | jq -r .outcome | sort -u)" = unchanged ]
	run -1 --separate-stderr oms-load receipt <<<'{"id":"R1","sku":"MUG","warehouse":"LEJ","quantity":6,"reason":"delivery"}'
	[[ $stderr == *"quantity: is 6 here, and 5 was booked already [stock_conflict]"* ]]
	[ "$(balance MUG LEJ)" = "5|0|0" ]
	# The same number for another SKU or warehouse is another receipt; a colon inside a name moves no border.
	printf '%s\n' '{"id":"R1","sku":"LID","warehouse":"LEJ","quantity":1}' '{"id":"R1","sku":"MUG","warehouse":"HAM","quantity":1}' | oms-load receipt | jq -e '.outcome == "booked"'
	printf '%s\n' '{"id":"a:b"}' '{"id":"b"}' | oms-load sku >/dev/null
	printf '%s\n' '{"id":"x","sku":"a:b","warehouse":"LEJ","quantity":1}' '{"id":"x:a","sku":"b","warehouse":"LEJ","quantity":2}' | oms-load receipt | jq -e '.outcome == "booked"'
}

@test "quarantine, scrap and transfer move what they say, and nothing below zero" {
	known
	echo '{"id":"R","sku":"MUG","warehouse":"LEJ","quantity":10}' | oms-load receipt >/dev/null
	echo '{"id":"Q","sku":"MUG","warehouse":"LEJ","quantity":4}' | oms-load quarantine >/dev/null
	[ "$(balance MUG LEJ)" = "10|4|0" ]
	echo '{"id":"Q2","sku":"MUG","warehouse":"LEJ","quantity":-1}' | oms-load quarantine >/dev/null
	echo '{"id":"S","sku":"MUG","warehouse":"LEJ","quantity":3,"held":2}' | oms-load scrap >/dev/null
	[ "$(balance MUG LEJ)" = "7|1|0" ]
	echo '{"id":"T","sku":"MUG","from":"LEJ","to":"HAM","quantity":6}' | oms-load transfer >out
	[ "$(jq -r .message out)" = "LEJ on_hand 7 -> 1, HAM on_hand 0 -> 6" ]
	[ "$(balance MUG LEJ) $(balance MUG HAM)" = "1|1|0 6|0|0" ]
	dump >first
	run -1 oms-load quarantine <<<'{"id":"Q3","sku":"MUG","warehouse":"LEJ","quantity":-2}'
	[[ $output == *not_held* ]]
	run -1 oms-load quarantine <<<'{"id":"Q3","sku":"MUG","warehouse":"LEJ","quantity":1}'
	[[ $output == *held_over_on_hand* ]]
	run -1 oms-load scrap <<<'{"id":"S2","sku":"MUG","warehouse":"LEJ","quantity":1}'
	[[ $output == *held_over_on_hand* ]]
	run -1 oms-load transfer <<<'{"id":"T2","sku":"MUG","from":"HAM","to":"LEJ","quantity":7}'
	[[ $output == *not_on_hand* ]]
	run -1 oms-load quarantine <<<'{"id":"Q4","sku":"MUG","warehouse":"HAM","quantity":7}'
	[[ $output == *"quantity: is more than can be held: HAM has 6 on hand, 0 held, 0 allocated of it [held_over_on_hand]; hold 6 at most"* ]]
	run -1 oms-load scrap <<<'{"id":"S2","sku":"MUG","warehouse":"LEJ","quantity":1}'
	[[ $output == *"say in held how many of them are: 1 at least"* ]]
	run -1 oms-load transfer <<<'{"id":"T2","sku":"MUG","from":"HAM","to":"HAM","quantity":1}'
	[[ $output == *same_warehouse* ]]
	dump | cmp first -
	oms-fsck --deep
}

@test "a count that says what is held, and more were taken since than it leaves: it is told what it would be by now" {
	known
	at() { OMS_NOW=2026-11-20T$1:00Z oms-load "${@:2}"; }
	echo '{"sku":"MUG","warehouse":"LEJ","on_hand":30,"held":0,"counted_at":"2026-11-20T08:00:00Z"}' | at 09:00 count >/dev/null
	echo '{"id":"Q","sku":"MUG","warehouse":"LEJ","quantity":5}' | at 12:00 quarantine >/dev/null
	echo '{"id":"S","sku":"MUG","warehouse":"LEJ","quantity":3,"held":2}' | at 12:00 scrap >/dev/null
	echo '{"id":"T","sku":"MUG","from":"LEJ","to":"HAM","quantity":14}' | at 12:00 transfer >/dev/null
	run -1 at 12:01 count <<<'{"sku":"MUG","warehouse":"LEJ","on_hand":20,"held":1,"counted_at":"2026-11-20T11:59:00Z"}'
	[[ $output == *"held: would be 4, of 3 on hand, by now, with what was booked since [held_over_on_hand]; count again"* ]]
	run -1 at 12:01 count <<<'{"sku":"MUG","warehouse":"LEJ","on_hand":19,"counted_at":"2026-11-20T11:59:00Z"}'
	[[ $output == *"on_hand: leaves fewer units than are held: LEJ has 13 on hand, 3 held, 0 allocated of it [held_over_on_hand]; say in held how many of them are"* ]]
}

@test "a movement names what is known, and the nearest name is told" {
	known
	run -1 oms-load receipt <<<$'{"id":"1","sku":"MGU","warehouse":"LEJ","quantity":1}\n{"id":"1","sku":"MUG","warehouse":"LEK","quantity":1}'
	[[ $output == *"MGU is no SKU that is known [unknown_sku]; did you mean MUG?"* ]]
	[[ $output == *"LEK is no warehouse that is known [unknown_warehouse]; did you mean LEJ?"* ]]
	echo '{"id":"GIFT","stocked":false}' | oms-load sku >/dev/null
	run -0 --separate-stderr oms-load receipt <<<'{"id":"1","sku":"GIFT","warehouse":"LEJ","quantity":1}'
	[[ $stderr == *not_stocked* ]]
}

@test "a count below what is promised is booked, and the orders that hold it are named" {
	known
	orders 1 2
	echo '{"sku":"MUG","warehouse":"LEJ","on_hand":10,"counted_at":"2026-11-20T08:00:00Z"}' | oms-load count >/dev/null
	promise MUG LEJ 3 shop:1 shop:2
	run -0 --separate-stderr oms-load count <<<'{"sku":"MUG","warehouse":"LEJ","on_hand":4,"counted_at":"2026-11-20T09:00:00Z"}'
	[[ $stderr == *"leaves LEJ short by 2: 4 on hand, 0 held, 6 allocated; allocated to shop:2 (3), shop:1 (3) [short]"* ]]
	[ "$(jq -r '.findings[0].code' <<<"$output")" = short ]
	[ "$(balance MUG LEJ)" = "4|0|6" ]
}

@test "hostile input is refused, record by record" {
	known
	printf '%s\n' '{"id":"A","weight_g":99999999999999999999999999}' '{"id":"A","weight_g":1e9}' '{"id":"A","id":"B"}' '{"id":"a\u001b[2Jb"}' '{"id":"\u202eA"}' '{"id":["A"]}' '[1]' '"x"' '{"id":"A","active":[]}' \
		'{"id":"A","components":[{"sku":"B","quantity":0}]}' '{"id":"A","components":[{"sku":"B","weight":1}]}' '{"id":"A","components":"B*9999999999999"}' '{"id":"A","components":[{"sku":"A"}]}' '{"id":"A","denied":["RU",7]}' \
		'{"id":"A","components":"B B"}' '{"kind":"zone","id":"A"}' '{"schema":"oms.order/1","id":"A"}' "{\"id\":\"$(printf 'x%.0s' {1..300})\"}" '{"id":"A"' >in
	run -1 --separate-stderr oms-load sku in
	[[ $stderr != *$'\x1b'* ]]
	echo "$output" | jq -r .code | sort | uniq -c | awk '{ print $2, $1 }' >codes
	diff codes - <<-'END'
		control_character 2
		json_duplicate 1
		json_truncated 1
		no_record 2
		not_a_flag 1
		not_components 3
		not_text 1
		not_texts 1
		not_whole 2
		of_itself 1
		other_kind 1
		other_schema 1
		too_long 1
		twice 1
	END
	[ "$(oms-load sku --list -F count)" = 2 ]
	printf 'id,name,name\nA,x,y\n' | run -1 oms-load sku
	printf 'id,name\nA,"x\nB,y\n' >in # only the row that is broken is
	run -3 oms-load sku in
	printf 'id,name\nA,x,y,z\nB,fine\n' >in
	run -3 oms-load sku in
	printf '{"id":"%s","include":"DE AT FR"}\n' Z | run -1 oms-load zone
	python3 -c 'print("{\"id\":\"Z\",\"include\":[" + ",".join(["\"DE\""] * 200000) + "]}")' | run -1 oms-load zone
	python3 -c 'print("{\"id\":\"Z\",\"include\":\"" + "DE;" * 200000 + "\"}")' | run -1 oms-load zone
	python3 -c 'print("{" + ",".join(f"\"f{i}\":1" for i in range(200000)) + "}")' | run -1 oms-load zone
}

@test "cells list by blanks, by ; where names have blanks, and areas by , or ;" {
	printf 'id,include,exclude\nUK,GB,GB BT\nEU,"DE, FR;AT",\nDACH,"DE, AT, CH",\n' | run -3 oms-load zone
	printf 'id,include,exclude\nUK,GB,GB BT\nEU,DE;FR;AT,\nDACH,"DE, AT, CH",\n' | oms-load zone >/dev/null
	[ "$(oms-load zone --list UK EU DACH | jq -c '[.include, .exclude]' | paste -sd' ')" = '[["GB"],["GB BT"]] [["DE","FR","AT"],null] [["DE","AT","CH"],null]' ]
	printf 'id,zones\nA,UK EU\nB,North zone;UK\n' | oms-load warehouse 2>/dev/null >/dev/null
	[ "$(oms-load warehouse --list A B | jq -c .zones | paste -sd' ')" = '["UK","EU"] ["North zone","UK"]' ]
}

@test "two loads at once book everything once" {
	known
	for i in {1..3000}; do echo "{\"id\":\"$((i % 2500))\",\"sku\":\"MUG\",\"warehouse\":\"LEJ\",\"quantity\":1}"; done >in
	oms-load receipt --wait-lock=60 in >one &
	oms-load receipt --wait-lock=60 in >two
	wait %1
	[ "$(cat one two | jq -r 'select(.outcome == "booked") | .id' | sort | uniq -d)" = "" ]
	[ "$(balance MUG LEJ)" = "2500|0|0" ]
	oms-fsck --deep
}

@test "a store that is busy is 75, and nothing is stored" {
	known
	python3 - "$OMS_DB" <<-'END' &
		import sqlite3, sys, time
		d = sqlite3.connect(sys.argv[1], isolation_level=None); d.execute("BEGIN IMMEDIATE"); open("locked", "w").close(); time.sleep(3)
	END
	while [ ! -e locked ]; do sleep 0.05; done
	run -75 oms-load sku --wait-lock=0 <<<'{"id":"NEW"}'
	wait
	[ "$(oms-load sku --list -F count)" = 2 ]
}

@test "a killed run and one more end as one clean run" {
	known
	(export OMS_DB=clean.db; oms-init; known)
	for i in {1..6000}; do echo "{\"id\":\"$i\",\"sku\":\"$([ $((i % 3)) = 0 ] && echo LID || echo MUG)\",\"warehouse\":\"LEJ\",\"quantity\":$((i % 7 + 1))}"; done >in
	OMS_DB=clean.db oms-load receipt in >/dev/null
	oms-load receipt >/dev/null < <(head -n 2500 in; sleep 5) & # a batch or two are stored, and it waits for more
	until [ "$(sqlite3 -readonly oms.db 'SELECT count(*) FROM stock_movement')" -ge 2000 ]; do sleep 0.05; done
	kill -9 $!
	oms-load receipt in >/dev/null
	wait || true
	[ "$(oms-fsck --digest)" = "$(oms-fsck --digest --db clean.db)" ]
	diff <(dump) <(dump clean.db)
	oms-fsck --deep
}

@test "a full disk below the output: all is stored, and that is said" {
	seq -f '{"id":"S%g"}' 3000 >in
	run -74 --separate-stderr bash -c 'oms-load sku in >/dev/full'
	[[ $stderr == *"what was asked is stored; only the output is not whole"* ]]
	[ "$(oms-load sku --list -F count)" = 3000 ]
	run -74 --separate-stderr bash -c '(cat in; echo "{}"; echo "{\"id\":\"NEW\"}") | oms-load sku >/dev/full'
	[[ $stderr == *"what was not refused is stored; only the output is not whole"* ]]
	[ "$(oms-load sku --list NEW -F count)" = 1 ]
	run -74 --separate-stderr bash -c 'oms-load -n sku in >/dev/full'
	[[ $stderr != *"stored;"* ]]
}

@test "SIGTERM finishes the batch; what was printed is stored" {
	known
	for i in {1..2500}; do echo "{\"id\":\"$i\",\"sku\":\"MUG\",\"warehouse\":\"LEJ\",\"quantity\":1}"; done >in
	mkfifo pipe
	oms-load receipt pipe >out 2>err &
	pid=$!
	exec 8>pipe
	cat in >&8
	until [ "$(wc -l <out)" = 2500 ]; do sleep 0.05; done # what was read is told before it waits
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	exec 8>&-
	[ "$got" = 143 ]
	[ "$(balance MUG LEJ)" = "2500|0|0" ]
}

@test "the kinds and their fields are listed, and the page has just these" {
	oms-load --kinds >kinds
	python3 "$SRC/tests/schema.py" kinds
	for k in $(jq -r .id kinds); do
		oms-load "$k" --kinds >fields
		python3 "$SRC/tests/schema.py" fields
		diff <(jq -r '.message | (.[:1] | ascii_upcase) + .[1:] + "."' fields) \
			<(sed -n "/^\.Ss $k\$/,/^\.\(Ss\|Sh\)/p" "$SRC/man/oms-refdata.5" | sed -n '/^\.It Va /{n; p}')
		diff <(jq -r '"\(.field) \(.type)\(if .required then " required" else "" end)"' fields) \
			<(sed -n "/^\.Ss $k\$/,/^\.\(Ss\|Sh\)/p" "$SRC/man/oms-refdata.5" | sed -n 's/^\.It Va \([a-z_]*\) Pq Li \([a-z]*\)\( , required\)\?$/\1 \2\3/p' | sed 's/ ,//')
	done
	# What may be below zero says so itself, and the type points there.
	[ "$(for k in $(jq -r .id kinds); do oms-load "$k" --kinds; done | jq -r 'select(.message | test("below zero")) | .id')" = quarantine.quantity ]
	sed -n '/^\.It Li whole$/,/^\.It /p' "$SRC/man/oms-refdata.5" | grep -q 'below zero'
	[ "$(oms-load --kinds -F ids | wc -l)" = 10 ]
	run -64 oms-load skus in
	[[ $output == *"did you mean sku"* ]]
	run -64 oms-load
}

@test "who loaded it stands in the event: the login, not what is typed" {
	known
	echo '{"id":"R1","sku":"MUG","warehouse":"LEJ","quantity":5}' | USER=nobody LOGNAME=nobody OMS_ACTOR=nobody oms-load receipt >/dev/null
	[ "$(oms-stock --moves MUG | jq -r .actor)" = "$(id -un)" ]
}

@test "a count adds nothing for units that were found by their leaving" {
	export OMS_DB=$BATS_TEST_TMPDIR/count.db
	# shellcheck source=/dev/null
	. "$SRC/tests/cmd/stock_help.bash"
	shop; echo '{"id":"MUG","backorder_limit":100}' | load sku
	order A MUG:5 | take_in
	oms-confirm -q A >/dev/null
	export OMS_NOW=2026-11-20T12:00:00Z
	told A shipment.updated '{"id":"P","status":"shipped","location":"BER","lines":[{"line":"1","quantity":5}]}' 2026-11-20T11:30:00.000Z
	echo '{"sku":"MUG","warehouse":"BER","on_hand":10,"counted_at":"2026-11-20T11:00:00Z"}' | load count
	[ "$(balance MUG BER)" = "5 0 0 5" ]
	stock_ties
}

@test "a clock that was ahead is told of by the next count, and one made just now stands" {
	export OMS_DB=$BATS_TEST_TMPDIR/ahead.db
	# shellcheck source=/dev/null
	. "$SRC/tests/cmd/stock_help.bash"
	shop; skus MUG
	echo '{"id":"r1","sku":"MUG","warehouse":"BER","quantity":10,"received_at":"2026-11-19T10:00:00Z"}' | OMS_NOW=2027-11-20T10:00:00Z load receipt
	run -1 --separate-stderr oms-load count - <<<'{"sku":"MUG","warehouse":"BER","on_hand":10,"counted_at":"2026-11-20T09:00:00Z"}'
	[[ $output == *clock_ahead* && $output == *--at=now* ]]
	[ "$(balance MUG BER)" = "10 0 0 10" ]
	echo '{"sku":"MUG","warehouse":"BER","on_hand":12}' | oms-load -q count --at=2026-11-20T10:00:00Z - >/dev/null
	[ "$(balance MUG BER)" = "12 0 0 12" ]
	stock_ties
}

@test "a list in any form loads back as it is, whatever its texts begin with" {
	printf '%s\n' '{"id":"-X1","name":"=a"}' '{"id":"+Y","name":"@b, \"c\""}' | oms-load sku >/dev/null
	for form in csv tsv jsonl; do
		oms-load sku --list -F $form >list.$form
		oms-load sku list.$form >out
		[ "$(jq -r .outcome out | sort | uniq -c | xargs)" = "2 unchanged" ]
	done
}

@test "a part of a bundle is no bundle, in whatever run that is said; what was refused does not stand twice" {
	printf '%s\n' '{"id":"A"}' '{"id":"X"}' '{"id":"K","components":[{"sku":"A"}]}' | oms-load sku >/dev/null
	run -1 oms-load sku <<<'{"id":"A","components":[{"sku":"X","quantity":3}]}'
	[[ $output == *nested_bundle* ]]
	run -3 --separate-stderr oms-load sku <<<$'{"id":"X","components":[{"sku":"K"}]}\n{"id":"X","name":"right"}'
	[ "$(jq -r .outcome <<<"$output" | paste -sd' ')" = "refused changed" ]
	run -0 oms-load sku <<<'{"id":"K","components":[{"sku":"A","quantity":2}]}'
}
