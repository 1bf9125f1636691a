#!/usr/bin/env bats
# The views say what oms-show says: read with sqlite3 -readonly beside it, over every sample the project ships.

bats_require_minimum_version 1.5.0

@test "order_view, line_view, payment_view and shipping_view agree with oms-show, order by order" {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$SRC/share/samples" || return 1
	oms-init
	oms-source shopify --currency=EUR --source-tz=Europe/Berlin >/dev/null
	oms-source shopify-jp --channel=shopify --currency=JPY --source-tz=Asia/Tokyo >/dev/null
	for source in *; do [ "$source" = reference ] || oms-ingest -q --source="$source" "$source"/* >/dev/null || [ $? = 3 ]; done
	oms-show --every >"$BATS_TEST_TMPDIR/shown"
	for v in order line payment shipping; do
		sqlite3 -readonly -json "$OMS_DB" "SELECT * FROM ${v}_view" >"$BATS_TEST_TMPDIR/$v.json"
	done
	run -0 python3 - "$BATS_TEST_TMPDIR" <<-'END'
		import json, os, sys
		folder = sys.argv[1]
		shown = {o["id"]: o for o in map(json.loads, open(folder + "/shown"))}
		view = lambda v: json.load(open(f"{folder}/{v}.json"))
		def minor(text, digits):
		    return None if text is None else int(text.replace(".", "")) if digits == 0 or "." in text else int(text) * 10 ** digits
		def same(a, b, what):
		    assert a == b, f"{what}: the view says {a!r}, oms-show {b!r}"
		orders = view("order")
		same(len(orders), len(shown), "orders")
		for r in orders:
		    o, d = shown[r["id"]], r["digits"]
		    for name in ("source", "external_id", "number", "status", "payment_status", "fulfilment_status", "placed_at", "updated_at", "currency"):
		        if name != "placed_at" or name in o: same(r[name], o.get(name), f"{r['id']} {name}")
		    for column, member in (("subtotal", "subtotal"), ("discount", "discount_total"), ("shipping", "shipping_total"), ("fee", "fee_total"), ("tax", "tax_total"), ("total", "total"), ("captured", "captured"), ("refunded", "refunded"), ("disputed", "disputed")):
		        same(r[column + "_minor"], minor(o.get(member), d), f"{r['id']} {member}")
		    same(r["lines"], len(o["lines"]), f"{r['id']} lines")
		    same(r["customer_name"], o.get("customer", {}).get("name"), f"{r['id']} customer")
		    same(r["segment"], o.get("customer", {}).get("segment"), f"{r['id']} segment")
		lines, payments, scans = {}, {}, {}
		for r in view("line"): lines.setdefault(r["order_id"], []).append(r)
		for r in view("payment"): payments.setdefault(r["order_id"], []).append(r)
		for r in view("shipping"): scans.setdefault(r["order_id"], {}).setdefault(r["shipment_id"], []).append(r)
		seen = {"lines": 0, "payments": 0, "scans": 0}
		for i, o in shown.items():
		    same(len(lines.get(i, [])), len(o["lines"]), f"{i} lines")
		    for r, l in zip(lines.get(i, []), o["lines"]):
		        for name in ("sku", "name", "quantity"): same(r[name], l.get(name), f"{i} line {name}")
		        for name in ("unit_price", "subtotal", "discount", "tax", "total"): same(r[name + "_minor"], minor(l.get(name), r["digits"]), f"{i} line {name}")
		        seen["lines"] += 1
		    same(len(payments.get(i, [])), len(o["payments"]), f"{i} payments")
		    for r, p in zip(payments.get(i, []), o["payments"]):
		        for name in ("psp", "psp_ref", "status", "method", "last4", "at"): same(r[name], p.get(name), f"{i} payment {name}")
		        for name in ("captured", "refunded", "authorized"): same(r[name + "_minor"], minor(p.get(name), r["digits"]), f"{i} payment {name}")
		        seen["payments"] += 1
		    same(sorted(scans.get(i, {})), sorted(s["id"] for s in o["shipments"]), f"{i} shipments")
		    for s in o["shipments"]:
		        rows = [r for r in scans[i][s["id"]] if r["entry_n"] is not None]
		        same([(r["at"], r["code"], r["message"]) for r in rows], [(t.get("at"), t.get("code"), t.get("message")) for t in s["events"]], f"{i} shipping log")
		        same(scans[i][s["id"]][0]["status"], s["status"], f"{i} shipment status")
		        seen["scans"] += len(rows)
		print(seen)
		assert min(seen.values()) > 10, seen
	END
	echo "$output"
}
