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

@test "usage: names or a filter, not both, not neither" {
	run -64 oms-redrive </dev/null
	run -64 oms-redrive 1 --all
	run -64 oms-redrive --all --with=in
}
