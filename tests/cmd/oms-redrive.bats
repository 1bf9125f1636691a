#!/usr/bin/env bats
# What users of oms-redrive may rely on: a corrected or re-mapped letter is applied once, and leaves the list with that.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$BATS_TEST_TMPDIR" || exit 1
	oms-init
	oms-source shop --channel=oms >/dev/null
	echo '{"schema":"oms.event/1","id":"e1","type":"order.updated","source":"shop","order":"1","occurred_at":"2026-11-02T09:00:00.000Z","body":{"external_id":"1","currency":"EUR","price_mode":"gross","total":"20.00","lines":[{"id":"1","sku":"MUG","name":"Mug","quantity":0,"unit_price":"10.00"}]}}' >in
	oms-ingest -q --source=shop in >/dev/null || true
}

@test "corrected bytes are applied and the letter is closed; again it is refused as done" {
	oms-dead --raw 1 | sed 's/"quantity":0/"quantity":2/' >fixed
	[ "$(oms-redrive 1 --with=fixed -n | jq -r .outcome)" = applied ]
	[ "$(oms-find -F count)" = 0 ]
	[ "$(oms-redrive 1 --with=fixed | jq -r .outcome)" = applied ]
	[ "$(oms-dead -F count)" = 0 ]
	[ "$(oms-dead --state=redriven -F count)" = 1 ]
	[ "$(oms-show shop:1 | jq -r .total)" = 20.00 ]
	run -1 --separate-stderr oms-redrive 1
	[[ $stderr == *redriven* ]]
}

@test "what fails again stays, with exit 1" {
	run -1 --separate-stderr oms-redrive --all
	[ "$(oms-dead -F jsonl | jq -r '.attempts' )" -ge 1 ]
	[ "$(oms-dead -F count)" = 1 ]
}

@test "records of a source that was not known are applied once it is" {
	sed 's/"source":"shop"/"source":"later"/; s/"quantity":0/"quantity":2/' in >other
	oms-ingest -q --source=oms other >/dev/null || true
	[ "$(oms-dead --code=unknown_source -F count)" = 1 ]
	oms-source later --channel=oms >/dev/null
	oms-redrive --code=unknown_source >/dev/null
	[ "$(oms-show later:1 | jq -r .total)" = 20.00 ]
}

@test "a filter is enough on a terminal, too" {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal to lend"
	run -0 script -qec "oms-redrive --source=shop -n || [ \$? = 1 ]" /dev/null </dev/null
	[[ $output == *"dead as before"* ]]
}

@test "usage: names or a filter, not both, not neither" {
	run -64 oms-redrive </dev/null
	run -64 oms-redrive 1 --all
	run -64 oms-redrive --all --with=in
}

@test "a correction that fails leaves no letter of its own" {
	oms-dead --raw 1 | sed 's/"quantity":0/"quantity":-1/' >worse
	run -1 --separate-stderr oms-redrive 1 --with=worse
	[ "$(jq -r .dead <<<"$output")" = 1 ]
	[ "$(oms-dead --state=any -F jsonl | jq -c '[.id, .attempts, .state]')" = '["1",1,"open"]' ]
	sed 's/"quantity":-1/"quantity":2/' worse >fixed
	[ "$(oms-redrive 1 --with=fixed | jq -r .outcome)" = applied ]
	[ "$(oms-dead -F count)" = 0 ]
}

@test "rows of a table go through again with the header that stood above them" {
	printf 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\r\n489434,85048,"LIGHTS, 20",12,2009-12-01 07:45:00,6.95,13085,United Kingdom\r\n489435,22195,SPOON,x,2009-12-01 07:46:00,1.65,13086,France\r\n489435,22196,"FORK\r\nBIG",2,2009-12-01 07:46:00,1.65,13086,France\r\n' >rows.csv
	run -3 oms-ingest -q --source=online-retail rows.csv
	oms-dead --raw 2 >raw
	[ "$(head -c 30 raw)" = InvoiceNo,StockCode,Descriptio ]
	[ "$(grep -c 489435 raw)" = 2 ]
	[ "$(grep -c 489434 raw)" = 0 ]
	run -1 --separate-stderr oms-redrive 2
	[ "$(oms-dead -F jsonl | jq -rs 'map(.attempts) | join(" ")')" = "1 2" ]
	sed 's/SPOON,x/SPOON,3/' raw >fixed
	[ "$(oms-redrive 2 --with=fixed | jq -r .outcome)" = applied ]
	[ "$(oms-show online-retail:489435 | jq -c '[.lines[].quantity]')" = "[3,2]" ]
	run -0 --separate-stderr oms-ingest --source=online-retail rows.csv
	[ "$(jq -rs 'map(.outcome) | join(" ")' <<<"$output")" = "duplicate duplicate" ]
}

@test "a source that is not there is said, not an empty answer" {
	for c in "oms-redrive --source=shpo" "oms-dead --source=shpo" "oms-find --source=oms,shpo"; do
		run -1 --separate-stderr $c
		[[ $stderr == *"did you mean shop"* ]]
	done
}
