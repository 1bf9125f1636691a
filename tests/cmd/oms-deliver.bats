#!/usr/bin/env bats
# What users of oms-deliver may rely on: every message is handed on, whole, in its order's order, under one key however often.

# shellcheck disable=SC2154,SC2030,SC2031
bats_require_minimum_version 1.5.0
load stock_help

setup() {
	shop; skus MUG; stock MUG BER 4 MUG HAM 90
	for o in 1 2 3; do order $o MUG:3 | take_in; done
	oms-confirm -q 1 2 3 >/dev/null
	mkdir spool
}
deliver() { oms-deliver -q --to="spool:${1:-spool}"; }
waiting() { oms-deliver --pending | jq -r '"\(.open) \(.sending) \(.done)"'; }
keys() { cat spool/*.json | jq -r .id | sort; }

@test "a manifest line a warehouse and a trigger for billing an order; records that fit their schemas" {
	[ "$(waiting)" = "3 0 0" ]
	deliver >out
	[ "$(waiting)" = "0 0 3" ]
	python3 "$SRC/tests/schema.py" out
	cat spool/*.json >all
	python3 "$SRC/tests/schema.py" all
	[ "$(jq -r 'select(.schema == "oms.manifest_line/1") | "\(.order) \(.warehouse) \(.lines[0].quantity)"' all | sort | paste -sd,)" = "shop:1 BER 3,shop:2 HAM 3,shop:3 HAM 3" ]
	[ "$(jq -r 'select(.schema == "oms.billing/1") | "\(.order) \(.trigger) \(.total)"' all | sort | paste -sd,)" = "shop:1 confirmed 3.00,shop:2 confirmed 3.00,shop:3 confirmed 3.00" ]
	[ "$(keys | uniq -d)" = "" ]
	for f in spool/*; do [[ ${f##*/} =~ ^[0-9]{12}-(billing|manifest_line)-[0-9a-f]{32}\.json$ ]]; done
	[ -z "$(deliver)" ]
}

@test "nobody is told to ship what has left: parcels of more than is promised, and those that are taken back" {
	ship() { told "$1" shipment.updated "$(jq -nc --arg s "$2" --argjson n "$3" '{id: "s", status: $s, lines: [{line: "1", quantity: $n}]}')" "$4"; }
	units() { cat spool/*.json | jq -r --arg o "shop:$1" 'select(.schema == "oms.manifest_line/1" and .order == $o).lines[].quantity' | paste -sd' '; }
	oms-cancel -q 1 --line=1:1 --reason=x >/dev/null
	ship 1 shipped 3 2026-11-20T11:00:00.000Z
	oms-cancel -q 2 --reason=x >/dev/null
	ship 2 shipped 3 2026-11-20T11:00:00.000Z
	deliver >/dev/null
	[ "$(units 1)/$(units 2)" = "3 -1/3 -3" ]
	ship 2 cancelled 3 2026-11-20T12:00:00.000Z
	ship 3 shipped 3 2026-11-20T11:00:00.000Z
	ship 3 cancelled 3 2026-11-20T12:00:00.000Z
	deliver >/dev/null
	[ "$(units 2)/$(units 3)" = "3 -3/3" ]
}

@test "messages of a life sum up to what is to be shipped: cancelled behind a parcel that is then taken back" {
	ship() { told "$1" shipment.updated "$(jq -nc --arg s "$2" --argjson n "$3" '{id: "s", status: $s, lines: [{line: "1", quantity: $n}]}')" "$4"; }
	sum() { sqlite3 "$OMS_DB" "SELECT coalesce(sum(json_extract(u.value, '$.quantity') + coalesce(json_extract(u.value, '$.backordered'), 0)), 0) FROM outbox x JOIN orders o ON o.order_key = x.order_key, json_each(x.body, '$.units') u WHERE o.id = 'shop:$1'"; }
	for o in 1 2 3; do ship $o shipped 3 2026-11-20T10:10:00.000Z; done
	told 1 refund.updated '{"id":"R","status":"succeeded","amount":"3.00","lines":[{"line":"1","quantity":3,"restock":"cancel"}]}' 2026-11-20T10:20:00.000Z
	told 2 order.cancelled '{"reason":"x","at":"2026-11-20T10:20:00.000Z"}' 2026-11-20T10:20:00.000Z
	told 3 order.updated '{"line_updates":[{"id":"1","cancelled":1}]}' 2026-11-20T10:20:00.000Z
	[ "$(sum 1) $(sum 2) $(sum 3)" = "3 3 3" ]
	for o in 1 2 3; do ship $o cancelled 3 2026-11-20T10:30:00.000Z; done
	[ "$(sum 1) $(sum 2) $(sum 3)" = "0 0 2" ]
	ship 3 shipped 2 2026-11-20T10:40:00.000Z
	[ "$(sum 3)" = 2 ]
	oms-fsck -q --deep
}

@test "two sources that name their events alike: no key of one is the other's" {
	oms-source web --channel=oms --currency=EUR >/dev/null
	order 7 MUG:1 | sed 's/"source":"shop"/"source":"web"/' | oms-ingest -q --source=web - >/dev/null
	oms-confirm -q web:7 >/dev/null
	for s in shop:2 web:7; do
		jq -nc --arg s "${s%:*}" --arg o "${s#*:}" '{schema:"oms.event/1",id:"c1",type:"order.cancelled",source:$s,order:$o,occurred_at:"2026-11-20T10:30:00.000Z",body:{reason:"x",at:"2026-11-20T10:30:00.000Z"}}' |
			oms-ingest -q --source="${s%:*}" - >/dev/null
	done
	deliver >/dev/null
	[ "$(cat spool/*.json | jq -r 'select(.trigger == "cancelled") | .order' | sort | uniq -c | xargs)" = "2 shop:2 2 web:7" ]
	[ "$(keys | uniq -d)" = "" ]
}

@test "what was confirmed and cancelled before anybody heard of it comes in that order" {
	oms-cancel -q 1 --line=1:1 --reason=x >/dev/null
	oms-cancel -q 1 --reason=x >/dev/null
	deliver >/dev/null
	[ "$(cat spool/*.json | jq -r 'select(.order == "shop:1" and .schema == "oms.manifest_line/1") | "\(.trigger) \(.lines[0].quantity)"' | paste -sd,)" = "confirmed 3,changed -1,cancelled -2" ]
	[ "$(keys | uniq -d)" = "" ]
}

@test "an attempt that ended without a word is made again after its lease, with the same keys and no second file" {
	deliver >/dev/null
	keys >first
	# As if it had been killed behind the writing: the rows are still being sent.
	sqlite3 "$OMS_DB" "PRAGMA wal_autocheckpoint=0; UPDATE outbox SET state = 1, token = 7, lease_at = 1795168860000, done_at = NULL" >/dev/null # 10:01
	[ -z "$(OMS_NOW=2026-11-20T10:00:59Z deliver)" ]
	rm spool/*-billing-*
	[ "$(OMS_NOW=2026-11-20T10:01:01Z deliver | jq -r .outcome | sort | uniq -c | xargs)" = "3 delivered" ]
	keys | cmp - first
	[ "$(sql 'SELECT max(crashes) FROM outbox')" = 1 ]
}

@test "killed at any moment and run again: every message, each once" {
	command -v strace >/dev/null && strace -qq -o /dev/null true || skip "strace cannot trace here"
	deliver >/dev/null
	keys >whole
	local call n
	for call in linkat fsync pwrite64 openat; do
		for n in 1 2 3 5; do
			rm -f spool/* spool/.[0-9]*
			sqlite3 "$OMS_DB" "PRAGMA wal_autocheckpoint=0; UPDATE outbox SET state = 0, token = NULL, lease_at = NULL, done_at = NULL" >/dev/null
			strace -qq -f -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" oms-deliver -q --to=spool:spool >/dev/null 2>&1 || true
			for f in spool/*.json; do [ ! -e "$f" ] || jq -e .id "$f" >/dev/null; done
			OMS_NOW=2026-11-20T11:00:00Z deliver >/dev/null
			keys | cmp - whole || { echo "$call $n"; return 1; }
			[ "$(waiting)" = "0 0 3" ]
		done
	done
}

@test "a folder that cannot be written to: said, deferred, and tried again later; one that is not there: nothing is touched" {
	run -73 --separate-stderr oms-deliver --to=spool:nowhere
	[ "$(waiting)" = "3 0 0" ]
	[ "$(id -u)" = 0 ] && chattr +i spool 2>/dev/null || chmod a-w spool
	touch spool/x 2>/dev/null && skip "this user may write anywhere"
	run --separate-stderr oms-deliver --to=spool:spool
	chattr -i spool 2>/dev/null || chmod u+w spool
	[ "$status" -ge 64 ]
	[[ $stderr == *spool/* ]]
	[ "$(waiting)" = "3 0 0" ]
	[ -z "$(OMS_NOW=2026-11-20T10:00:10Z deliver)" ]
	[ "$(OMS_NOW=2026-11-20T10:00:31Z deliver | wc -l)" = 3 ]
}

@test "two at once, and one that was stopped for longer than its lease" {
	deliver spool >a & deliver spool >b & wait
	[ "$(cat a b | jq -r .order | sort | paste -sd' ')" = "shop:1 shop:2 shop:3" ]
	[ "$(keys | uniq -d)" = "" ]
	[ "$(keys | wc -l)" = 6 ]
}

@test "-L ends it after so many; wrong targets are usage; messages say what was so when it was so" {
	[ "$(oms-deliver -q --to=spool:spool -L 2 | wc -l)" = 2 ]
	[ "$(waiting)" = "1 0 2" ]
	run -64 oms-deliver
	run -64 oms-deliver --to=mail:x
	told 3 order.updated '{"addresses":{"shipping":{"name":"Else","line1":"Elsewhere","postcode":"20095","country":"DE"}}}' 2026-11-20T12:00:00.000Z
	deliver >/dev/null
	[ "$(cat spool/*.json | jq -r 'select(.order == "shop:3") | .ship_to.line1 // empty')" = "Weg 1" ]
}

@test "something else of a message's name is no message handed on; a damaged row keeps nothing else back" {
	mkdir -p other/s && (cd other && sqlite3 "$OMS_DB" "VACUUM INTO '$PWD/c.db'" && sqlite3 c.db "PRAGMA journal_mode=WAL" >/dev/null && oms-deliver -q --db="$PWD/c.db" --to=spool:s >/dev/null)
	name=$(cd other/s && ls | head -1)
	ln -s /etc/passwd "spool/$name"
	run --separate-stderr oms-deliver --to=spool:spool
	[ "$status" -ge 64 ]
	[[ $stderr == *"something else of this name"* ]]
	rm "spool/$name"
	# As long as the message, and nothing in it: what a machine leaves that stopped.
	head -c "$(stat -c %s "other/s/$name")" /dev/zero >"spool/$name"
	OMS_NOW=2026-11-20T11:00:00Z run --separate-stderr oms-deliver --to=spool:spool
	[ "$status" -ge 64 ]
	[[ $stderr == *"something else of this name"* ]]
	cp "other/s/$name" "spool/$name" # all of it is there
	OMS_NOW=2026-11-20T12:00:00Z deliver >/dev/null
	[ "$(find spool -type f | wc -l)" = 6 ]
	order 8 MUG:1 | take_in; order 9 MUG:1 | take_in
	oms-confirm -q 8 9 >/dev/null
	sqlite3 "$OMS_DB" "UPDATE outbox SET body = '{' WHERE outbox_id = (SELECT min(outbox_id) FROM outbox WHERE state = 0)"
	run -3 --separate-stderr oms-deliver --to=spool:spool
	[ "$(jq -r '"\(.order) \(.outcome)"' <<<"$output" | paste -sd,)" = "shop:8 deferred,shop:9 delivered" ]
	[[ $stderr == *damaged* ]]
}

@test "a confirmed order without stock is billed, and called off when it is cancelled" {
	echo '{"id":"DL","stocked":false}' | load sku
	order 8 DL:1 | take_in
	oms-confirm -q 8 >/dev/null
	told 8 order.cancelled '{"reason":"x","at":"2026-11-20T11:00:00.000Z"}' 2026-11-20T11:00:00.000Z
	told 8 note.added '{"text":"x"}'
	deliver >/dev/null
	[ "$(cat spool/*.json | jq -r 'select(.order == "shop:8") | .trigger' | paste -sd' ')" = "confirmed cancelled" ]
}

@test "a clock that was ahead holds no message back" {
	order 8 MUG:1 | take_in
	OMS_NOW=2027-03-01T10:00:00Z oms-confirm -q 8 >/dev/null
	deliver >/dev/null
	[ "$(waiting)" = "0 0 4" ]
}
