#!/usr/bin/env bats
# What users of oms-dead may rely on: every refused record is there with its bytes, all reasons and an owner.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$BATS_TEST_TMPDIR" || exit 1
	oms-init
	oms-source shop --channel=oms >/dev/null
	printf '%s\n' '{"broken":' '{"schema":"oms.event/1","id":"e1","type":"order.updated","source":"shop","order":"1","occurred_at":"2026-11-02T09:00:00.000Z","body":{"currency":"EUR","total":"-1.00","lines":[{"id":"1","sku":"MUG","quantity":0}]}}' \
		$'{"un\x1bknown\xff":1}' >in
	oms-ingest -q --source=shop in >/dev/null || true
}

@test "each has its line, code, owner, reasons and bytes" {
	[ "$(oms-dead -F jsonl | jq -r .line | sort | paste -sd' ')" = "1 2 3" ]
	id=$(oms-dead -F jsonl | jq -r 'select(.line == 2) | .id')
	[ "$(oms-dead "$id" -F jsonl | jq -r '[.reasons[].code] | sort | join(" ")')" = "negative_amount not_positive" ]
	[ "$(oms-dead --raw "$id")" = "$(sed -n 2p in)" ]
	oms-dead -F jsonl >out
	python3 "$SRC/tests/schema.py" out
	# Bytes that are no text come back as they were.
	oms-dead --raw "$(oms-dead -F jsonl | jq -r 'select(.line == 3) | .id')" | cmp - <(sed -n 3p in | tr -d '\n')
}

@test "filters, and no control byte in text" {
	[ "$(oms-dead --code=json_truncated -F count)" = 1 ]
	[ "$(oms-dead --owner=channel-ops -F count)" = 2 ]
	[ "$(oms-dead --source=olist -F count)" = 0 ]
	oms-dead "$(oms-dead -F jsonl | jq -r 'select(.line == 3) | .id')" -F text >text
	run -1 env LC_ALL=C grep -q $'\x1b' text
	run -1 oms-dead 99
	run -64 oms-dead seven
}

@test "a second failure is the same letter, tried again" {
	oms-ingest -q --source=shop in >/dev/null || true
	[ "$(oms-dead -F count)" = 3 ]
	[ "$(oms-dead -F jsonl | jq -r .attempts | sort -u)" = 2 ]
}

@test "--state=parked lists what waits for its order, until that comes" {
	printf '{"schema":"oms.event/1","id":"p1","type":"payment.updated","source":"shop","refs":[{"kind":"number","value":"#77"}],"occurred_at":"2026-11-03T09:00:00.000Z","body":{"psp":"p","psp_ref":"ch_1","kind":"sale","status":"succeeded","amount":"20.00","currency":"EUR","at":"2026-11-03T09:00:00.000Z"}}\n' >pay
	oms-ingest --source=shop pay >/dev/null
	oms-dead --state=parked -F jsonl >out
	[ "$(jq -r '[.state, .source, .code, .first_at, .expires_at] | join(" ")' out)" = "parked shop no_order 2026-11-20T10:00:00.000Z 2026-11-23T10:00:00.000Z" ]
	[[ "$(jq -r .message out)" == *"number 77"* ]]
	[ "$(jq -r '.raw | fromjson | .id' out)" = p1 ]
	python3 "$SRC/tests/schema.py" out
	[ "$(oms-dead --state=parked --source=olist -F count)" = 0 ]
	[ "$(oms-dead -F count)" = 3 ]
	run -64 oms-dead --state=parked --owner=finance
	printf '{"schema":"oms.event/1","id":"o1","type":"order.updated","source":"shop","order":"7","occurred_at":"2026-11-02T09:00:00.000Z","body":{"external_id":"7","number":"#77","currency":"EUR","price_mode":"gross","total":"20.00","lines":[{"id":"1","sku":"MUG","name":"Mug","quantity":2,"unit_price":"10.00"}]}}\n' >ord
	oms-ingest --source=shop ord >/dev/null
	[ "$(oms-dead --state=parked -F count)" = 0 ]
}

# A letter of a mapping's expression, which is long, and of more bytes than a screen should have.
long_one() {
	oms-source shopify --currency=EUR >/dev/null
	sed -n 12p "$SRC/share/samples/shopify/orders.jsonl" >bad
	oms-ingest -q --source=shopify bad -F table >screen || true
	id=$(oms-dead --code=map_money -F ids)
}

@test "as text: what is wrong and what to do first, wrapped; expression and bytes where they are asked for" {
	long_one
	for width in 80 200; do
		oms-dead "$id" -F text --width=$width >text
		[ "$(wc -L <text)" -le $width ]
		[ "$(wc -l <text)" -le 12 ]
		sed -n 2p text | grep -q '^why         the amount has more decimal places than its currency \[map_money\]$'
		sed -n 3p text | grep -q '^to do       correct the amount'
		grep -q '^where       /body/total: 43.905$' text
		run -1 grep -qF 'line_items[]' text
		grep -qx "bytes       $(oms-dead --raw "$id" | wc -c); all of them: oms-dead --raw $id" text
	done
	oms-dead "$id" -F text -v >text
	grep -q '^read by     if(current_total_price > total_price' text
	[ "$(tr -d ' \n' <text | grep -c '"shipping_address":')" = 1 ]
	oms-dead "$id" -F text >one
	oms-dead "$id" "$id" -F text >two
	cmp two <(cat one; echo; cat one)
}

@test "a list has no expression, records have it" {
	long_one
	run -0 oms-dead --code=map_money -F table --width=200
	[[ $output == *"more decimal places than its currency" ]]
	run -1 grep -qF 'line_items[]' screen # of the intake that it came from
	grep -q 'more decimal places than its currency$' screen
	run -1 --separate-stderr oms-redrive "$id" -F table
	[[ $output == *"more decimal places than its currency" ]]
	[[ "$(oms-dead --code=map_money -F jsonl | jq -r .message)" == *"its currency (from if("*" | money)" ]]
	[[ "$(oms-dead "$id" -F jsonl | jq -r '.reasons[0].message')" == *"(from if("* ]]
}

@test "an empty list says so on a terminal, and nowhere else" {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal to lend"
	at_terminal() { script -qec "$1" /dev/null </dev/null | tr -d '\r'; }
	[ "$(at_terminal "oms-dead --owner=finance")" = "oms-dead: no dead letters match" ]
	[ "$(at_terminal "oms-dead --state=redriven")" = "oms-dead: no dead letters are redriven" ]
	[ "$(at_terminal "oms-dead --state=parked")" = "oms-dead: nothing waits for its order" ]
	oms-init --db=new.db
	[ "$(at_terminal "oms-dead --db=new.db")" = "oms-dead: no dead letters are open" ]
	[ -z "$(at_terminal "oms-dead --owner=finance -q")" ]
	run --separate-stderr oms-dead --owner=finance
	[ -z "$output$stderr" ]
}

@test "an event that waits for its order is shown by its id too" {
	# shellcheck source=/dev/null
	. "$SRC/tests/cmd/stock_help.bash"
	shop
	told 77 shipment.updated '{"id":"s","status":"shipped"}'
	oms-dead parked-1 | jq -e '.state == "parked" and (.raw | fromjson | .order == "77")'
	run -1 --separate-stderr oms-dead parked-2
	[[ $stderr == *"no event parked-2 waits"* ]]
	run -64 oms-dead parked-x
}
