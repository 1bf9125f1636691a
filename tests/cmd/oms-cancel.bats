#!/usr/bin/env bats
# What users of oms-cancel may rely on: stock comes back exactly once, whatever is told how often, and what has left stays out.

# shellcheck disable=SC2154,SC2030,SC2031
bats_require_minimum_version 1.5.0
load stock_help

setup() {
	shop; skus MUG POT; stock MUG BER 10 POT BER 10
	order 1 'MUG:4 POT:2' | take_in
	oms-confirm -q 1 >/dev/null
}
both() { echo "$(balance MUG BER); $(balance POT BER)"; }

@test "all of an order: its stock is free, its result fits the schema, and who ships and bills is told" {
	oms-cancel --reason='changed his mind' 1 >out
	[ "$(jq -c '[.outcome, .from, .to, [.released[] | [.sku, .quantity]]]' out)" = '["cancelled","confirmed","cancelled",[["MUG",4],["POT",2]]]' ]
	python3 "$SRC/tests/schema.py" out
	[ "$(both)" = "10 0 0 10; 10 0 0 10" ]
	[ "$(oms-show 1 | jq -r '.status, .cancel_reason' | paste -sd:)" = "cancelled:changed his mind" ]
	[ "$(sql "SELECT json_extract(body, '\$.trigger') FROM outbox ORDER BY outbox_id" | paste -sd' ')" = "confirmed cancelled" ]
	stock_ties
}

@test "units of a line, by its id or its SKU; more than there are is refused; picked ones too" {
	oms-cancel -q 1 --line=MUG:1 --reason=x >/dev/null
	oms-cancel -q 1 --line=1:1 --line=2:1 --reason=x >/dev/null
	[ "$(both)" = "10 0 2 8; 10 0 1 9" ]
	[ "$(oms-show 1 | jq -c '[.lines[].quantities | [.cancelled, .allocated, .open]]')" = '[[2,2,0],[1,1,0]]' ]
	dump >before
	for wrong in 1:3 POT:2 9:1; do run -1 oms-cancel -q 1 --line=$wrong --reason=x; done
	for wrong in 1 1: 1:0 1:-1 1:x :1 1:99999999999999999999; do run -64 oms-cancel -q 1 --line=$wrong --reason=x; done
	run -64 oms-cancel -q 1
	run -64 oms-cancel -q 1 2 --line=1:1 --reason=x
	dump | cmp - before
	told 1 shipment.updated '{"id":"s","status":"picked","lines":[{"line":"1","quantity":2}]}'
	run -1 --separate-stderr oms-cancel -q 1 --line=1:1 --reason=x
	[[ $stderr == *"0 that are neither picked nor gone"* ]]
	run -1 --separate-stderr oms-cancel 1 --reason=x
	[ "$(jq -r .code <<<"$output")" = picked ]
	[[ $stderr == *"put back first"* ]]
	told 1 shipment.updated '{"id":"s","status":"cancelled","lines":[{"line":"1","quantity":2}]}' 2026-11-20T09:30:00.000Z
	oms-cancel -q 1 --reason=x >/dev/null
	stock_ties
}

@test "twice is once" {
	oms-cancel -q 1 --reason=x >/dev/null
	dump >before
	[ "$(oms-cancel -q 1 --reason=x | jq -r '.outcome, .code' | paste -sd' ')" = "unchanged already_cancelled" ]
	run -1 oms-cancel -q 1 --line=1:1 --reason=x
	dump | cmp - before
}

@test "whoever says it, in whatever order and however often: the stock comes back once" {
	us() { oms-cancel -q 1 --reason=x >/dev/null; }
	units() { oms-cancel -q 1 --line=1:1 --reason=x >/dev/null; }
	channel() { told 1 order.cancelled '{"reason":"buyer"}' 2026-11-20T10:30:00.000Z; }
	refund() { told 1 refund.updated '{"id":"r","status":"succeeded","amount":"4.00","currency":"EUR","payment_ref":"pay_1","lines":[{"line":"1","quantity":4,"restock":"cancel"}]}' 2026-11-20T10:40:00.000Z; }
	counts() { told 1 order.updated '{"currency":"EUR","line_updates":[{"id":"1","cancelled":4}]}' 2026-11-20T10:50:00.000Z; }
	cp "$OMS_DB" kept.db; [ ! -e "$OMS_DB-wal" ] || cp "$OMS_DB-wal" kept.db-wal
	local way step
	for way in "us channel" "channel us" "units us channel" "refund us" "units refund channel" "refund refund counts us" "counts units us" "channel refund counts"; do
		rm -f "$OMS_DB"*; cp kept.db "$OMS_DB"; [ ! -e kept.db-wal ] || cp kept.db-wal "$OMS_DB-wal"
		for step in $way; do $step || [ "$step" = units ] || [ "$step" = us ]; done
		[ "$(both)" = "10 0 0 10; 10 0 0 10" ] || { echo "$way: $(both)"; return 1; }
		stock_ties || { echo "$way"; return 1; }
	done
}

@test "what has left is not cancelled: the rest by line, the others as a return" {
	told 1 shipment.updated '{"id":"s","status":"shipped","location":"BER","lines":[{"line":"1","quantity":3}]}'
	dump >before
	run -1 --separate-stderr oms-cancel 1 --reason=x
	[ "$(jq -r .code <<<"$output")" = shipped ]
	[[ $stderr == *--line* ]]
	dump | cmp - before
	oms-cancel -q 1 --line=1:1 --line=2:2 --reason=x >/dev/null
	[ "$(both)" = "7 0 0 7; 10 0 0 10" ]
	run -1 oms-cancel -q 1 --line=1:1 --reason=x
	told 1 refund.updated '{"id":"r","status":"succeeded","amount":"2.00","currency":"EUR","payment_ref":"pay_1","lines":[{"line":"1","quantity":2,"restock":"return"}]}' 2026-11-20T12:00:00.000Z
	told 1 refund.updated '{"id":"r","status":"succeeded","amount":"2.00","currency":"EUR","payment_ref":"pay_1","lines":[{"line":"1","quantity":2,"restock":"return"}]}' 2026-11-20T12:30:00.000Z
	told 1 refund.updated '{"id":"q","status":"succeeded","amount":"1.00","currency":"EUR","payment_ref":"pay_1","lines":[{"line":"1","quantity":1,"restock":"no_restock"}]}' 2026-11-20T13:00:00.000Z
	[ "$(balance MUG BER)" = "9 0 0 9" ]
	stock_ties
}

@test "backordered units go first, then those of the warehouse that was last" {
	echo '{"id":"MUG","backorder_limit":9}' | load sku
	stock MUG HAM 2
	order 2 MUG:10 | take_in
	oms-confirm -q 2 >/dev/null
	held() { oms-show 2 | jq -c '[.reservations[] | [.warehouse, .allocated, .backordered]]'; }
	[ "$(held)" = '[["BER",6,2],["HAM",2,0]]' ]
	oms-cancel -q 2 --line=1:1 --reason=x >/dev/null; [ "$(held)" = '[["BER",6,1],["HAM",2,0]]' ]
	oms-cancel -q 2 --line=1:2 --reason=x >/dev/null; [ "$(held)" = '[["BER",6,0],["HAM",1,0]]' ]
	oms-cancel -q 2 --line=1:2 --reason=x >/dev/null; [ "$(held)" = '[["BER",5,0]]' ]
	stock_ties
}

@test "units cancelled beyond those the channel has cancelled are cancelled as well" {
	stock MUG HAM 0
	order 2 MUG:5 | take_in
	oms-confirm -q 2 >/dev/null
	told 2 order.updated '{"currency":"EUR","lines":[{"id":"1","sku":"MUG","quantity":5,"cancelled":2,"unit_price":"1.00"}]}' 2026-11-20T09:00:00.000Z
	[ "$(oms-cancel -q 2 --line=1:1 --reason=x | jq -c '[.outcome, .released[0].quantity]')" = '["cancelled",1]' ]
	[ "$(oms-show 2 | jq -c '.lines[0].quantities | [.cancelled, .allocated]')" = '[3,2]' ]
	told 2 order.updated '{"currency":"EUR","lines":[{"id":"1","sku":"MUG","quantity":5,"cancelled":3,"unit_price":"1.00"}]}' 2026-11-20T12:00:00.000Z
	[ "$(oms-show 2 | jq -c '.lines[0].quantities | [.cancelled, .allocated]')" = '[3,2]' ] # the channel has heard of ours
	stock_ties
}

@test "cancelled before the time its document says it is of: the store is as a rebuild would make it" {
	order 2 MUG:1 '{"at":"2026-11-25T10:00:00.000Z"}' | jq -c 'del(.body.placed_at)' | take_in
	oms-cancel -q 2 --reason=x >/dev/null
	oms-fsck -q --deep
}

@test "an order that was not confirmed is cancelled too; a dry run writes nothing; all or nothing" {
	order 2 MUG:1 | take_in
	dump >before
	oms-cancel -q -n 2 --reason=x | jq -e '.outcome == "cancelled" and .dry_run'
	run -1 oms-cancel -q --all-or-nothing 2 no-such --reason=x
	dump | cmp - before
	oms-cancel -q 2 --reason=x >/dev/null
	[ "$(oms-show 2 | jq -r .status)" = cancelled ]
	run -1 oms-confirm -q 2
}

@test "the last of its units is the order; a result says what came back, and who bills hears what is not to be paid" {
	oms-cancel -q 1 --line=1:1 --reason=x >out
	[ "$(jq -r .message out)" = "1 unit; 1 MUG back in BER" ]
	oms-cancel -q 1 --line=1:3 --line=2:2 --reason=x >out
	[ "$(jq -r '.to' out)" = cancelled ]
	[ "$(oms-show 1 | jq -r .status)" = cancelled ]
	[ "$(both)" = "10 0 0 10; 10 0 0 10" ]
	mkdir s && oms-deliver -q --to=spool:s >/dev/null
	cat s/*billing* >bills
	python3 "$SRC/tests/schema.py" bills
	[ "$(jq -c 'select(.trigger == "changed") | [.payment_status, .cancelled]' bills)" = '["captured",[{"line":"1","sku":"MUG","quantity":1,"of":4,"line_total":"4.00"}]]' ]
	[[ $(oms-cancel -q 1 --reason=x -F text) == *unchanged* ]]
	oms-cancel -q 1 --reason=x -F text | tail -c1 | cmp - <(echo)
	stock_ties
}
