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
