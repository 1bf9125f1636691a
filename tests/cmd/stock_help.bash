# For tests of what takes stock: orders of a shop, its reference data, and what the store says of both.

# One order as events: order ID LINES [MORE-BODY]; LINES is "SKU:N SKU:N …", each unit 1.00; paid unless MORE says otherwise.
order() {
	jq -nc --arg key "$1" --arg lines "$2" --argjson more "${3:-null}" '
		($lines | split(" ") | map(split(":") | {sku: .[0], n: (.[1] | tonumber)})) as $l | "\($l | map(.n) | add).00" as $total | ($more // {}) as $m
		| ($m.at // "2026-11-18T10:00:00.000Z") as $at | (if $m | has("paid") then $m.paid else $total end) as $paid
		| {name: "Anna Berg", line1: "Weg 1", city: "Berlin", postcode: "10115", country: "DE"} as $address
		| def event($type; $i; $body): {schema: "oms.event/1", id: ($i + $key), type: $type, source: "shop", order: $key, occurred_at: $at, body: $body};
		event("order.created"; "o"; {number: "#\($key)", placed_at: $at, currency: "EUR", price_mode: "gross", customer: {email: "anna\($key)@example.org", name: "Anna Berg"},
			addresses: {shipping: $address, billing: $address}, shipping_method: "Standard", total: $total,
			lines: [$l | to_entries[] | {id: "\(.key + 1)", sku: .value.sku, name: .value.sku, quantity: .value.n, unit_price: "1.00", tax: "0.00"}]} + ($m | del(.paid, .at))),
		(if $paid == "" then empty else event("payment.updated"; "p"; {psp: "x", psp_ref: "pay_\($key)", kind: "sale", status: "succeeded", amount: $paid, currency: "EUR"}) end)'
}

# Events of order ID, as a source tells them: told ID TYPE BODY [TIME]
told() {
	jq -nc --arg id "t$1$2$RANDOM$RANDOM" --arg o "$1" --arg t "$2" --argjson b "$3" --arg at "${4:-2026-11-20T09:00:00.000Z}" \
		'{schema: "oms.event/1", id: $id, type: $t, source: "shop", order: $o, occurred_at: $at, body: $b}' | take_in
}
take_in() { oms-ingest -q --source=shop - >/dev/null; }
load() { oms-load -q "$1" - >/dev/null; } # records on standard input

# A shop with three warehouses that ship to Germany, and a service; SKUs are known by `skus`, stock by `stock`.
shop() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$BATS_TEST_TMPDIR" || return 1
	oms-init -q
	oms-source shop --channel=oms --currency=EUR >/dev/null
	echo '{"id":"DE","include":["DE"]}' | load zone
	printf '{"id":"BER","zones":["DE"],"priority":1}\n{"id":"HAM","zones":["DE"],"priority":2}\n{"id":"MUC","zones":["DE"],"priority":3}\n' | load warehouse
	echo '{"id":"STD","name":"Standard","carrier":"DHL","zones":["DE"]}' | load service
}
skus() { printf '{"id":"%s"}\n' "$@" | load sku; }
stock() { # SKU WAREHOUSE N …
	while [ $# -gt 0 ]; do
		printf '{"sku":"%s","warehouse":"%s","on_hand":%s,"counted_at":"2026-11-01T00:00:00Z"}\n' "$1" "$2" "$3"
		shift 3
	done | load count
}

check_of() { oms-check -q "$1" | jq -c --arg c "$2" '.checks[] | select(.id == $c)' || true; } # ORDER CHECK
verdict() { check_of "$@" | jq -r .verdict; }
balance() { oms-stock "$1" --warehouse="$2" | jq -r '"\(.on_hand) \(.held) \(.allocated) \(.available)"'; } # SKU WAREHOUSE
sql() { sqlite3 -readonly "$OMS_DB" "$1"; }
dump() { sqlite3 -readonly "$OMS_DB" .dump; }

# Said independently of oms: balances are the sums of their movements, orders hold what balances say, units of a line tie.
stock_ties() {
	sql "SELECT 'balance', s.sku, s.warehouse FROM stock s WHERE (s.on_hand, s.held, s.allocated, s.backordered) <> (SELECT sum(on_hand), sum(held), sum(allocated), sum(backordered)
		FROM stock_movement m WHERE m.sku = s.sku AND m.warehouse = s.warehouse);
		SELECT 'held by orders', s.sku, s.warehouse FROM stock s WHERE (s.allocated, s.backordered) <> (SELECT coalesce(sum(allocated), 0), coalesce(sum(backordered), 0)
		FROM reservation r WHERE r.sku = s.sku AND r.warehouse = s.warehouse);
		SELECT 'units', order_key, line_no FROM line_item WHERE (shipped <= quantity AND quantity < cancelled + backordered + allocated + picked + shipped) OR cancelled < 0 OR backordered < 0 OR allocated < 0;
		SELECT 'confirmed without its message', o.id FROM order_view o WHERE json_extract(o.extra, '\$.confirmed_at') IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox x WHERE x.order_key = o.order_key)" >"$BATS_TEST_TMPDIR/untied"
	[ ! -s "$BATS_TEST_TMPDIR/untied" ] || { cat "$BATS_TEST_TMPDIR/untied"; return 1; }
	oms-fsck -q --deep
}
