#!/usr/bin/env bats
# What users of oms-show may rely on: the whole order, sections that open, the past, and the same bytes from any arrival order.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	cd "$BATS_TEST_TMPDIR"
	oms-init
	oms-source shop --channel=oms >/dev/null
}

# An order document as an event: id, number, time, the channel's payment word. Its names try to reach the terminal.
document() {
	printf '{"schema":"oms.event/1","id":"order:%s:%s","type":"order.updated","source":"shop","order":"%s","refs":[{"kind":"number","value":"#%s"}],"occurred_at":"%s",' "$1" "$3" "$1" "$2" "$3"
	printf '"body":{"external_id":"%s","number":"#%s","placed_at":"2026-11-02T09:00:00.000Z","updated_at":"%s","channel_payment":"%s","currency":"EUR","price_mode":"net",' "$1" "$2" "$3" "$4"
	printf '"subtotal":"99.90","discount_total":"0.00","shipping_total":"0.00","tax_total":"18.98","total":"118.88","customer":{"id":"7","name":"Anna M\\u202eller","email":"anna@example.org"},'
	printf '"addresses":{"shipping":{"name":"Anna","line1":"Hauptstr. 1","city":"Berlin","postcode":"10115","country":"DE"}},"lines":[{"id":"11","sku":"B-77","name":"Lid \\u001b[31mred","quantity":2,'
	printf '"unit_price":"49.95","subtotal":"99.90","discount":"0.00","tax":"18.98","total":"118.88","taxes":[{"name":"VAT","jurisdiction":"DE","rate":"0.19","amount":"18.98","included":false}]}]}}\n'
}

two_orders() {
	document 1 1001 2026-11-02T09:00:00.000Z pending >day1.jsonl
	document 2 1002 2026-11-03T09:00:00.000Z pending >>day1.jsonl
	document 1 1001 2026-11-10T09:00:00.000Z paid >day2.jsonl
	printf '{"schema":"oms.event/1","id":"hold:H-1","type":"hold.opened","source":"shop","order":"1","occurred_at":"2026-11-09T09:00:00.000Z",' >>day2.jsonl
	printf '"body":{"id":"H-1","type":"ADDRESS","owner":"logistics","blocks":["confirm"],"reason":"no house number"}}\n' >>day2.jsonl
}

field() { python3 -c 'import json, sys; d = json.loads(sys.stdin.readline()); print(eval(sys.argv[1], {"d": d}))' "$1"; }

@test "a pipe gets one record an order, of the shape the schema says" {
	two_orders
	oms-ingest --source=shop day1.jsonl day2.jsonl >/dev/null
	oms-show shop:1 1002 >out
	[ "$(wc -l <out)" -eq 2 ]
	python3 "$SRC/tests/schema.py" out
	[ "$(field 'd["id"], d["number"], d["total"], d["lines"][0]["sku"]' <out)" = "('shop:1', '#1001', '118.88', 'B-77')" ]
	[ "$(field 'len(d["timeline"]), d["holds"][0]["type"]' <out)" = "(3, 'ADDRESS')" ]
}

@test "references come from operands, ids on stdin, and JSON Lines" {
	two_orders
	oms-ingest --source=shop day1.jsonl >/dev/null
	oms-show shop:1 shop:2 >a
	oms-find -F ids --oldest | oms-show - >b
	oms-find -F jsonl --oldest </dev/null | oms-show >c
	oms-show --every >d
	cmp a b
	cmp a c
	cmp a d
}

@test "a reference that names no order, or two, is an error and not a guess" {
	two_orders
	oms-ingest --source=shop day1.jsonl >/dev/null
	run -1 --separate-stderr oms-show 9999
	[ -z "$output" ]
	[[ $stderr == *9999* ]]
	run -1 --separate-stderr oms-show anna@example.org
	[ -z "$output" ]
	[[ $stderr == *shop:1* && $stderr == *shop:2* ]]
	run -3 --separate-stderr oms-show shop:1 9999 shop:2
	[ "${#lines[@]}" -eq 2 ]
}

@test "the summary fits one screen and shows closed sections" {
	two_orders
	oms-ingest --source=shop day1.jsonl day2.jsonl >/dev/null
	run -0 oms-show -F text shop:1
	[ "${#lines[@]}" -le 24 ]
	[[ $output == *"order       shop:1  number #1001"* ]]
	for word in state customer placed lines financials logistics tickets holds history; do grep -q "^$word " <<<"$output"; done
	grep -q '^lines  *1 line, 2 units' <<<"$output"
	grep -q '^holds  .*open: .*ADDRESS (logistics)' <<<"$output"
}

@test "sections open, alone or below the summary" {
	two_orders
	oms-ingest --source=shop day1.jsonl >/dev/null
	run -0 oms-show -F text --only=lines shop:1
	[[ $output == *"tax DE VAT 19 %"* && $output != *customer* && $output != *financials* ]]
	run -0 oms-show -F text --open=lines,history shop:1
	[[ $output == *"tax DE VAT 19 %"* && $output == *customer* && $output == *order.updated* ]]
	run -0 oms-show -F text --all shop:1
	[[ $output == *"    total"* ]]
	run -64 --separate-stderr oms-show --open=finance shop:1
	[[ $stderr == *finance* && $stderr == *financials* ]]
}

@test "no line is wider than asked, and nothing in a payload acts on a terminal" {
	two_orders
	oms-ingest --source=shop day1.jsonl >/dev/null
	for width in 60 80 120 200; do
		oms-show -F text --all --width=$width shop:1 >out
		python3 - $width out <<-'END'
		import sys, unicodedata
		for line in open(sys.argv[2], encoding="utf-8"):
		    line = line.rstrip("\n")
		    assert len(line) <= int(sys.argv[1]), line
		    assert not any(unicodedata.category(c) in ("Cc", "Cf") for c in line), line
		END
	done
	grep -q 'x1b\[31mred' out
}

@test "as it was: only what had happened by then" {
	two_orders
	oms-ingest --source=shop day1.jsonl day2.jsonl >/dev/null
	oms-show shop:1 >now
	oms-show --at=2026-11-05 shop:1 >then
	[ "$(field 'd["channel"]["payment"]' <now)" = paid ]
	[ "$(field 'd["channel"]["payment"]' <then)" = pending ]
	[ "$(field 'len(d["timeline"])' <then)" = 1 ]
	run -1 --separate-stderr oms-show --at=2026-10-01 shop:1
	[[ $stderr == *"no such order yet"* ]]
	run -64 oms-show --at=03/11/2026 shop:1
}

@test "the order in which events came does not show" {
	two_orders
	oms-ingest --source=shop day1.jsonl day2.jsonl >/dev/null
	oms-show --every --all >one
	export OMS_DB=$BATS_TEST_TMPDIR/other.db
	oms-init
	oms-source shop --channel=oms >/dev/null
	OMS_NOW=2026-11-21T10:00:00Z oms-ingest --source=shop day2.jsonl >/dev/null
	OMS_NOW=2026-11-22T10:00:00Z oms-ingest --source=shop day1.jsonl day2.jsonl >/dev/null
	oms-show --every --all >two
	cmp one two
}
