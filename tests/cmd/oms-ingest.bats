#!/usr/bin/env bats
# What users of oms-ingest may rely on: one outcome a record, nothing lost or doubled, bad ones kept, and the right exit.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$BATS_TEST_TMPDIR" || exit 1
	oms-init
	oms-source shop --channel=oms >/dev/null
}

# event ID ORDER TIME BODY
event() { printf '{"schema":"oms.event/1","id":"%s","type":"%s","source":"shop",%s"occurred_at":"%s","body":%s}\n' "$1" "$2" "$3" "$4" "$5"; }
order() { event "order:$1:$2" order.updated "\"order\":\"$1\"," "$2" "{\"external_id\":\"$1\",\"number\":\"#$1\",\"placed_at\":\"2026-11-02T09:00:00.000Z\",\"currency\":\"EUR\",\"price_mode\":\"gross\",\"total\":\"${3:-20.00}\",\"addresses\":{\"shipping\":{\"name\":\"A\",\"line1\":\"B 1\",\"city\":\"C\",\"postcode\":\"10115\",\"country\":\"DE\"}},\"shipping_method\":\"std\",\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"name\":\"Mug\",\"quantity\":2,\"unit_price\":\"10.00\",\"subtotal\":\"20.00\"}]}"; }
payment() { event "pay:$1" payment.updated "\"refs\":[{\"kind\":\"number\",\"value\":\"#$2\"}]," 2026-11-03T09:00:00.000Z "{\"psp\":\"p\",\"psp_ref\":\"$1\",\"kind\":\"sale\",\"status\":\"succeeded\",\"amount\":\"20.00\",\"currency\":\"EUR\",\"at\":\"2026-11-03T09:00:00.000Z\"}"; }
outcomes() { jq -r .outcome | sort | uniq -c | awk '{print $2 "=" $1}' | paste -sd' '; }

@test "each record ends in one outcome; the same file again is all duplicate and changes nothing" {
	{ order 1 2026-11-02T09:00:00.000Z; order 2 2026-11-02T09:00:00.000Z; payment ch_1 1; } >in
	[ "$(oms-ingest --source=shop in | outcomes)" = "applied=3" ]
	before=$(oms-fsck --digest -F ids; oms-show --every)
	[ "$(oms-ingest --source=shop in | outcomes)" = "duplicate=3" ]
	[ "$before" = "$(oms-fsck --digest -F ids; oms-show --every)" ]
}

@test "a good, a bad and a good record: two applied, the bad one kept with its line, exit 3" {
	{ order 1 2026-11-02T09:00:00.000Z; echo '{"broken":'; order 2 2026-11-02T09:00:00.000Z; } >in
	run -3 --separate-stderr oms-ingest --source=shop in
	[ "$(outcomes <<<"$output")" = "applied=2 dead=1" ]
	[[ $stderr == *"in:2:"* ]]
	[ "$(oms-dead -F jsonl | jq -r '.line, .code' | paste -sd' ')" = "2 json_truncated" ]
	[ "$(oms-dead --raw 1)" = '{"broken":' ]
}

@test "all bad: exit 1; nothing readable at all: not a crash" {
	echo '{"no":"event"}' >in
	run -1 oms-ingest --source=shop in
	run oms-ingest --source=shop /dev/null
	[ "$status" -eq 0 ]
}

@test "the same bad bytes twice in one batch are dead twice, in one letter" {
	for bad in '{"broken" 1}' '{"no":"event"}'; do printf '%s\n%s\n' "$bad" "$bad"; done >in
	run -1 --separate-stderr oms-ingest --source=shop in
	[ "$(outcomes <<<"$output")" = "dead=4" ]
	[ "$(oms-dead -F jsonl | wc -l)" = 2 ]
}

@test "what names no order waits for it, and is applied when it comes" {
	payment ch_9 9 >pay
	order 9 2026-11-02T09:00:00.000Z >ord
	[ "$(oms-ingest --source=shop pay | jq -r '.outcome, .code' | paste -sd' ')" = "parked no_order" ]
	[ "$(oms-ingest --source=shop pay | outcomes)" = "duplicate=1" ]
	oms-ingest --source=shop ord >/dev/null
	[ "$(oms-show shop:9 | jq -r '.payment_status, .payments[0].psp_ref' | paste -sd' ')" = "captured ch_9" ]
	oms-fsck --deep
}

@test "an older document is kept and does not win: stale" {
	order 1 2026-11-05T09:00:00.000Z 20.00 >new
	order 1 2026-11-04T09:00:00.000Z 20.00 >old
	oms-ingest --source=shop new >/dev/null
	[ "$(oms-ingest --source=shop old | outcomes)" = "stale=1" ]
	[ "$(oms-show shop:1 | jq -c '.timeline | map(.superseded == true)')" = "[true,false]" ]
}

@test "one event id with two contents is a conflict: the first stays" {
	payment ch_1 1 >a
	payment ch_1 1 | sed 's/20.00/30.00/' >b
	order 1 2026-11-02T09:00:00.000Z >o
	oms-ingest --source=shop o a >/dev/null
	run -1 --separate-stderr oms-ingest --source=shop b
	[ "$(jq -r .code <<<"$output")" = event_conflict ]
	[ "$(oms-show shop:1 | jq -r .captured)" = 20.00 ]
}

@test "a dry run says the same and stores nothing" {
	{ order 1 2026-11-02T09:00:00.000Z; payment ch_1 1; } >in
	before=$(oms-fsck --digest -F jsonl)
	[ "$(oms-ingest -n --source=shop in | outcomes)" = "applied=2" ]
	[ "$before" = "$(oms-fsck --digest -F jsonl)" ]
	[ "$(oms-find -F count)" = 0 ]
}

@test "--atomic: one bad record leaves the store as it was, exit 65" {
	{ order 1 2026-11-02T09:00:00.000Z; echo '{"broken":'; } >in
	before=$(oms-fsck --digest -F jsonl)
	run -65 oms-ingest --atomic --source=shop in
	[ "$before" = "$(oms-fsck --digest -F jsonl)" ]
}

@test "--max-rejects and --on-reject=stop end with 65, and what was applied stays" {
	{ order 1 2026-11-02T09:00:00.000Z; for i in 1 2 3; do echo "{\"broken\":$i}"; done; } >in
	run -65 oms-ingest --max-rejects=2 --source=shop in
	[ "$(oms-find -F count)" = 1 ]
	run -3 oms-ingest --restart --max-rejects=75% --source=shop in
	run -65 --separate-stderr oms-ingest --restart --max-rejects=74% --source=shop in # 3 of 4: of so few a share counts at the end
	[[ $stderr == *"3 of 4 records rejected: more than --max-rejects allows"* ]]
}

@test "any order of arrival and any doubling make the same store" {
	for i in 1 2 3 4 5 6; do order $i 2026-11-02T09:00:00.000Z; order $i 2026-11-04T09:00:00.000Z 20.00 | sed 's/Mug/Cup/'; payment ch_$i $i; done >in
	oms-ingest --source=shop in >/dev/null
	oms-show --every --all -F jsonl >first
	digest=$(oms-fsck --digest -F jsonl)
	for seed in 1 2 3; do
		export OMS_DB=$BATS_TEST_TMPDIR/again$seed.db
		oms-init
		oms-source shop --channel=oms >/dev/null
		cat in in | shuf --random-source=<(yes $seed) >mixed
		oms-ingest --source=shop mixed >/dev/null
		oms-show --every --all -F jsonl | cmp first -
		[ "$(oms-fsck --digest -F jsonl)" = "$digest" ]
	done
}

@test "without a source, or with an unknown one: said, with the way out" {
	run -64 --separate-stderr oms-ingest in
	[[ $stderr == *"--source"* ]]
	run -1 --separate-stderr oms-ingest --source=shoop in
	[[ $stderr == *"shoop"* ]]
	run -66 --separate-stderr oms-ingest --source=shop /no/such/file
}

@test "a locked store is 75 after --wait-lock, and says that trying again is safe" {
	order 1 2026-11-02T09:00:00.000Z >in
	python3 - "$OMS_DB" <<-'END' &
		import sqlite3, sys, time
		d = sqlite3.connect(sys.argv[1], isolation_level=None); d.execute("BEGIN IMMEDIATE"); open("held", "w").close(); time.sleep(3)
	END
	while [ ! -e held ]; do sleep 0.02; done
	run -75 --separate-stderr oms-ingest --wait-lock=0 --source=shop in
	[ -n "$stderr" ]
	kill %1; wait || true
	oms-ingest --source=shop in >/dev/null
	[ "$(oms-find -F count)" = 1 ]
}

@test "results are told while the input still lives" {
	order 1 2026-11-02T09:00:00.000Z >one
	( cat one; sleep 2 ) | oms-ingest --source=shop | { IFS= read -r -t 1 line; jq -e '.outcome == "applied"' <<<"$line"; }
}

@test "a rejected record ends the load where it stands, also while more may come" {
	{ order 1 2026-11-02T09:00:00.000Z; echo '{"no":"event"}'; order 2 2026-11-02T09:00:00.000Z; } >in
	run -65 --separate-stderr oms-ingest --source=shop --on-reject=stop in
	[[ $stderr == *"stopped at line 2 of in"* ]]
	[ "$(oms-find -F ids)" = shop:1 ]
	mkfifo pipe
	exec 7<>pipe # stays open: there is no end to wait for
	{ order 3 2026-11-02T09:00:00.000Z; echo '{"no":"one"}'; } >&7
	run -65 --separate-stderr timeout 20 oms-ingest --source=shop --max-rejects=0 <&7
	exec 7>&-
	oms-find -q shop:3 >/dev/null
	for n in -1 x 5% 5x 1.5; do
		run --separate-stderr oms-ingest --source=shop --max-rejects=$n /dev/null
		[ "$status" = $([ $n = 5% ] && echo 0 || echo 64) ]
	done
}

@test "a place is kept for the very file: one corrected further up is read from its start" {
	for i in {1..40}; do order $i 2026-11-02T09:00:00.000Z; done >in
	sed 's/"20.00","addr/"20.x0","addr/; 1!s/x0/00/' in >bad
	echo '{"no":"event"}' | cat bad - in >both
	run -65 oms-ingest --source=shop --max-rejects=1 both
	sed -i 's/20.x0/20.00/' both
	run -3 --separate-stderr oms-ingest --source=shop both
	[ "$(outcomes <<<"$output")" = "applied=1 dead=1 duplicate=79" ]
	run -65 oms-ingest --source=shop --on-reject=stop both
	[ "$(oms-ingest --source=shop -v both 2>err | wc -l)" = 40 ]
	grep -q 'going on behind record 41' err
}

@test "a commit that fails while the input pauses: nothing of the batch is half there" {
	size=$(($(stat -c %s "$OMS_DB"-wal 2>/dev/null || echo 0) / 1024 + 16))
	got=0
	{ for i in {1..120}; do order $i 2026-11-02T09:00:00.000Z; done; sleep 1; order 999 2026-11-02T09:00:00.000Z; } | (ulimit -f $size; exec oms-ingest --source=shop >out 2>err) || got=$?
	[ "$got" = 74 ]
	[ ! -s out ]
	oms-fsck --deep
	[ "$(oms-find -F count)" = 0 ]
}

@test "one id with two contents is a conflict inside a batch and inside a record as well, also while it waits" {
	payment ch_9 9 >a
	sed 's/"20.00"/"21.00"/' a >b
	run -3 --separate-stderr oms-ingest --source=shop - <<<"$(cat a b a b)"
	[ "$(jq -r '.outcome, .code' <<<"$output" | paste -sd' ')" = "parked no_order dead event_conflict duplicate null dead event_conflict" ]
	[ "$(oms-dead -F jsonl | jq -r '.attempts, .code' | paste -sd' ')" = "2 event_conflict" ]
	order 9 2026-11-02T09:00:00.000Z | oms-ingest -q --source=shop >/dev/null
	[ "$(oms-show shop:9 | jq -r .payments[0].amount)" = 20.00 ]
}

@test "what another program parked meanwhile finds its order too" {
	mkfifo pipe
	oms-ingest --source=shop <pipe >out &
	local load=$!
	exec 7>pipe
	order 1 2026-11-02T09:00:00.000Z >&7
	while [ ! -s out ]; do sleep 0.02; done
	payment ch_2 2 | oms-ingest -q --source=shop >/dev/null
	order 2 2026-11-02T09:00:00.000Z >&7
	exec 7>&-
	wait $load
	[ "$(oms-show shop:2 | jq -r .payment_status)" = captured ]
}

# Two shops with the same numbers and ids, orders renamed, parcels renumbered, payments that refer to what both have.
contested() {
	python3 - <<-'END'
		import json
		def ev(i, typ, source, day, body, order=None, *refs):
		    e = {"schema": "oms.event/1", "id": i, "type": typ, "source": source, "order": order, "refs": [{"kind": k, "value": v} for k, v in refs], "occurred_at": f"2026-11-{day:02d}T09:00:00.000Z", "body": body}
		    print(json.dumps({k: v for k, v in e.items() if v}))
		def order(i, source, day, order, number): ev(i, "order.updated", source, day, {"external_id": order, "number": number, "currency": "EUR", "total": "20.00", "lines": [{"id": "1", "sku": "MUG", "quantity": 2, "unit_price": "10.00"}]}, order)
		def pay(i, source, day, ref, order, *refs): ev(i, "payment.updated", source, day, {"psp": "p", "psp_ref": ref, "kind": "sale", "status": "succeeded", "amount": "5.00", "currency": "EUR"}, order, *refs)
		order("a1", "shop", 2, "1", "#1001"); order("a2", "shop", 4, "1", "#1001-B")
		order("b1", "other", 3, "1", "#1001"); order("b2", "other", 3, "2", "#1002")
		pay("p1", "psp", 5, "ch_1", None, ("psp_ref", "ch_1"), ("number", "1001"))
		pay("p2", "psp", 5, "ch_1x", None, ("psp_ref", "ch_1"))
		pay("p3", "psp", 6, "ch_2", None, ("psp_ref", "ch_2"), ("number", "1002"))
		pay("p4", "shop", 6, "tx_1", "1", ("psp_ref", "ch_2"))
		pay("p5", "shop", 6, "tx_2", "7", ("psp_ref", "ch_2"))
		order("a7", "shop", 3, "7", "#1007")
		ev("s1", "shipment.updated", "shop", 5, {"id": "f1", "status": "shipped", "tracking_numbers": ["T0"]}, "1")
		ev("s2", "shipment.updated", "shop", 6, {"id": "f1", "status": "shipped", "tracking_numbers": ["T1"]}, "1")
		ev("t1", "tracking.updated", "carrier", 7, {"tracking_number": "T0", "code": "in_transit"}, None, ("tracking", "T0"))
		ev("k1", "ticket.updated", "desk", 7, {"id": "77", "subject": "where", "status": "open"}, None, ("ticket", "77"), ("number", "1001"))
		ev("k2", "ticket.message", "desk", 8, {"ticket": "77", "id": "m1", "text": "hi", "role": "customer"}, None, ("ticket", "77"))
		ev("k3", "ticket.updated", "other", 7, {"id": "78", "subject": "why", "status": "open"}, None, ("ticket", "78"), ("number", "1001"))
	END
}

@test "names that several orders have: what came first does not matter, in one batch or in many" {
	for s in other psp carrier desk; do oms-source $s --channel=oms >/dev/null; done
	cp oms.db empty.db
	cp oms.db-wal empty.db-wal
	contested >events
	for seed in {1..12}; do
		cp empty.db oms.db
		cp empty.db-wal oms.db-wal
		rm -f oms.db-shm part.*
		shuf --random-source=<(yes $seed) events | split -l $((seed * seed % 17 + 1)) - part.
		for f in part.*; do oms-ingest -q --source=shop "$f" >/dev/null; done
		oms-fsck --deep
		{ oms-fsck --digest -F jsonl; oms-show --every --all -F jsonl; } >state.$seed
		cmp state.1 state.$seed
	done
	jq -sr '.[1:][] | "\(.id) \([.payments[]?.psp_ref] | sort | join(",")) \([.tickets[]?.id] | join(","))"' state.1 >homes
	# p1 and p2 mean either 1001, and so neither; k3 is of the other shop, as its 1001 is
	diff homes - <<-'END'
		other:1  78
		other:2 ch_2 
		shop:1 tx_1 
		shop:7 tx_2 
	END
	[ "$(sqlite3 -readonly oms.db 'SELECT count(*) FROM parked' 2>/dev/null || echo 4)" = 4 ]
}

@test "a note about an order of another source names it in refs; in order it would be its own" {
	oms-source oms --channel=oms >/dev/null
	order 1 2026-11-02T09:00:00.000Z | oms-ingest -q --source=shop >/dev/null
	note() { jq -nc --argjson about "$2" --arg id "$1" '{schema: "oms.event/1", id: $id, type: "note.added", source: "oms", body: {text: "called back"}} + $about' | oms-ingest -q --source=oms | jq -r '[.outcome, .order, .code] | map(. // "") | join(" ")'; }
	[ "$(note n1 '{"refs":[{"kind":"external_id","value":"1"}]}')" = "applied shop:1 " ]
	[[ $(note n2 '{"order":"shop:1"}') == "parked "*" no_order" ]]
	[ "$(oms-show shop:1 | grep -o 'called back' | wc -l)" = 1 ]
}

@test "a payment shown with one order waits again when another has the same number, and the doubt may end" {
	for s in other psp; do oms-source $s --channel=oms >/dev/null; done
	order 1 2026-11-02T09:00:00.000Z >one
	payment ch_1 1 | sed 's/"source":"shop"/"source":"psp"/; s/"refs":\[/&{"kind":"psp_ref","value":"ch_1"},/' >pay
	sed 's/"source":"shop"/"source":"other"/' one >two
	[ "$(oms-ingest --source=shop one pay | outcomes)" = applied=2 ]
	[ "$(oms-show shop:1 | jq -r .payment_status)" = captured ]
	[ "$(oms-ingest --source=shop two | outcomes)" = applied=1 ]
	[ "$(oms-show shop:1 other:1 | jq -r .payment_status | paste -sd' ')" = "unpaid unpaid" ]
	[ "$(oms-ingest --source=shop pay | outcomes)" = duplicate=1 ]
	event own payment.updated '"order":"1",' 2026-11-03T08:00:00.000Z '{"psp":"p","psp_ref":"ch_1","kind":"authorization","status":"succeeded","amount":"20.00","currency":"EUR"}' | oms-ingest --source=shop >/dev/null
	[ "$(oms-show shop:1 | jq -r .payment_status)" = captured ]
	oms-fsck --deep
}

@test "each of several records in one document has its own line and part" {
	printf '[{"orders":[\n  {"id":1,"line_items":[],"total_price":"x"},\n\n  {"id":2,"line_items":[],"total_price":"y"}\n]}]\n' >in
	run -1 --separate-stderr oms-ingest --source=shopify in
	[ "$(jq -r '[.line, .record, .part] | join(" ")' <<<"$output" | paste -sd,)" = "2 1 1,4 1 2" ]
	[ "$(oms-dead -F jsonl | jq -r .line | paste -sd' ')" = "2 4" ]
}

@test "on a screen names of files are cut on the left: their ends tell them apart" {
	mkdir -p "a/long/way/down/to/the/files/of"
	echo '{"broken":' | tee a/long/way/down/to/the/files/of/monday.jsonl >a/long/way/down/to/the/files/of/tuesday.jsonl
	run -1 --separate-stderr oms-ingest --source=shop -F table --width=90 a/long/way/down/to/the/files/of/*
	[[ "${lines[1]}" == …*"/of/monday.jsonl "* ]]
	[[ "${lines[2]}" == …*"/of/tuesday.jsonl "* ]]
	[ "$(wc -L <<<"$output")" -le 90 ]
}
