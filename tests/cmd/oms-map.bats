#!/usr/bin/env bats
# What users of oms-map may rely on: events on standard output and nothing else there, every refused record named, mappings tried.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	unset OMS_DB
	cd "$BATS_TEST_TMPDIR"
	cat >shop.json <<-'EOT'
		{"channel": "shop", "version": 2, "defaults": {"tz": "Europe/Berlin", "currency": "EUR"},
		 "tables": {"pay": {"paid": "captured"}}, "owners": {"*": "channel-ops", "total": "finance"},
		 "kinds": [{"kind": "order", "topic": "orders/*", "from": ["orders[]", ""], "when": "has(total)",
		  "events": [{"type": "order.updated", "id": "join(':', 'order', id, digest())", "order": "id", "occurred_at": "at | time",
		   "body": {"number": "number", "payment_status": "state | enum(pay)", "currency": "$currency", "total": "total | money"}}]}],
		 "tests": [{"name": "a total", "input": {"id": 1, "total": 19.90}, "expect": {"events": 1, "0.body.total": "19.90"}}]}
	EOT
}

field() { python3 -c 'import json, sys; d = json.loads(sys.stdin.readline()); print(eval(sys.argv[1], {"d": d}))' "$1"; }

@test "a payload becomes an event" {
	echo '{"id":7,"number":"#7","at":"2026-07-01 12:00:00","state":"paid","total":"5.5","x":1}' >in
	oms-map --mapping=shop.json in >out
	[ "$(wc -l <out)" -eq 1 ]
	[ "$(field 'd["type"], d["order"], d["occurred_at"], d["map"], d["body"]' <out)" = \
		"('order.updated', '7', '2026-07-01T10:00:00.000Z', 'shop/2', {'number': '#7', 'payment_status': 'captured', 'currency': 'EUR', 'total': '5.50'})" ]
	digest=$(python3 -c 'import hashlib, sys; print(hashlib.blake2b(open("in", "rb").read().rstrip(b"\n"), digest_size=16).hexdigest())')
	[ "$(field 'd["payload"]' <out)" = "$digest" ]
	[ "$(field 'd["id"]' <out)" = "order:7:${digest:0:16}" ]
}

@test "what does not convert is refused, with line, member and value, and the rest goes on" {
	printf '%s\n' '{"id":1,"total":"1.00"}' '{"id":2,"total":"1.005"}' '{"id":3,"total":"2.00","state":"odd"}' '{"foo":1}' '{"id":4,' >in
	run -3 --separate-stderr oms-map --mapping=shop.json in
	[ "${#lines[@]}" -eq 2 ]
	[[ $stderr == *'oms-map: in:2: /body/total: "1.005": the amount has more decimal places than its currency (from total | money) [map_money]'* ]]
	[[ $stderr == *'oms-map: warning: in:3: /body/payment_status: "odd": a word that the mapping'*'[map_enum]'* ]]
	[[ $stderr == *'in:4: unknown kind of document: it has foo; shop/2 knows order [unknown_kind]'* ]]
	[[ $stderr == *'in:5: '*'[json_'* ]]
	[[ $stderr == *'5 records read, 2 mapped, 3 refused'* ]]
	oms-map --mapping=shop.json --json-errors in 2>said >/dev/null || [ $? = 3 ]
	[ "$(jq -r '.level + " " + (.code // "-")' said | paste -sd,)" = "error map_money,warning -,error unknown_kind,error json_truncated,info -" ]
	python3 "$SRC/tests/schema.py" said
	run -1 --separate-stderr oms-map --mapping=shop.json <<<'{"foo":1}'
	[ -z "$output" ]
}

@test "refused records are kept as they were read, with the reasons" {
	printf '%s\n' '{"id":1,"total":"1.00"}' '{"id":2,"total":"1.005","at":"soon"}' >in
	run -3 oms-map --mapping=shop.json --rejects=rejects in
	[ "$(wc -l <rejects)" -eq 1 ]
	[ "$(field '[(e["code"], e["path"], e["owner"], e["value"]) for e in d["errors"]]' <rejects)" = \
		"[('map_time', '/occurred_at', 'channel-ops', 'soon'), ('map_money', '/body/total', 'finance', '1.005')]" ]
	[ "$(field 'd["schema"], d["line"], d["byte"], d["raw"]' <rejects)" = "('oms.reject/1', 2, 24, '{\"id\":2,\"total\":\"1.005\",\"at\":\"soon\"}')" ]
	python3 "$SRC/tests/schema.py" rejects
}

@test "a mapping is tried: its tests, what it leaves unread, where a value came from" {
	run -0 --separate-stderr oms-map --mapping=shop.json --test -v
	[ -z "$output" ]
	[[ $stderr == *'shop/2: 1 test passed'* ]]
	sed 's/"19.90"/"19.91"/' shop.json >wrong.json
	run -65 --separate-stderr oms-map --mapping=wrong.json --test
	[[ $stderr == *'a total: 0.body.total: expected "19.91", got "19.90"'* ]]
	printf '%s\n' '{"id":1,"total":1,"a":{"b c":[1,2]}}' '{"id":1,"total":1,"number":"x","z":2}' >in
	[ "$(oms-map --mapping=shop.json --coverage in | field 'd["kind"], d["records"], d["untouched"], d["touched"]')" = \
		"('order', 2, [\"a['b c'][]\", 'z'], ['id', 'total', 'number'])" ]
	[ "$(oms-map --mapping=shop.json --trace in | field '[t for t in d["trace"] if t["path"] == "/body/total"][0]')" = \
		"{'event': 0, 'path': '/body/total', 'expression': 'total | money', 'read': ['/total'], 'value': '1.00'}" ]
}

@test "a mapping that is wrong is named with the place, and nothing is read" {
	sed 's/total | money/total | mony/' shop.json >wrong.json
	run -78 --separate-stderr oms-map --mapping=wrong.json <<<'{"id":1,"total":1}'
	[ -z "$output" ]
	[[ $stderr == *'wrong.json: kinds[0]: order: events[0]: body: total: column 9 of "total | mony": there is no function mony(); did you mean money()?'* ]]
	run -78 --separate-stderr oms-map --mapping=<(echo '{"channel": "x",') </dev/null
	run -1 --separate-stderr oms-map --channel=omss </dev/null
	[[ $stderr == *'did you mean oms?'* ]]
	run -64 oms-map </dev/null
}

@test "--rejects writes over no input and not the store, and empties its file only where a run begins" {
	echo '{"id":7,"total":"5.5"}' >in && cp in kept
	run -73 oms-map --mapping=shop.json --rejects=in in
	cmp in kept
	echo kept >s.db
	run -73 oms-map --db=s.db --mapping=shop.json --rejects=s.db in
	[ "$(cat s.db)" = kept ]
	echo old >rej
	run -66 oms-map --mapping=shop.json --rejects=rej none
	[ "$(cat rej)" = old ]
	oms-map --mapping=shop.json --rejects=rej in >/dev/null
	[ ! -s rej ]
}

@test "a topic decides what a document is" {
	[ "$(oms-map --mapping=shop.json --topic=orders/paid <<<'{"id":5}' | field 'd["order"]')" = 5 ]
	run -1 oms-map --mapping=shop.json --topic=carts/paid <<<'{"id":5}'
}

@test "a registered source gives its channel, zone and name" {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db
	oms-init
	oms-source desk --channel=oms >/dev/null
	[ "$(oms-map --source=desk <<<'{"schema":"oms.event/1","id":"n:1","type":"note.added","order":"7","body":{"text":"x"}}' | field 'd["source"], d["map"]')" = "('desk', 'oms/1')" ]
	run -1 oms-map --source=nobody </dev/null
}

@test "the mappings that come along pass their own tests" {
	for f in "$SRC"/share/channels/*.json; do
		run -0 --separate-stderr oms-map --mapping="$f" --test
		[ -z "$stderr" ]
	done
}

@test "an event that comes through is again what comes out" {
	echo '{"id":7,"total":"5.5"}' | oms-map --mapping=shop.json >once
	oms-map --channel=oms once >twice
	cmp once twice
}
