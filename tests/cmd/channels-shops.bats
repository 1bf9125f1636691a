#!/usr/bin/env bats
# What the mappings shopify and woocommerce make of real payloads: the figures of an order are the payload's, whatever the shape,
# and the order in which records come makes no difference. The payloads lie outside the tree; without them that part is skipped.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 OMS_SHARE=$SRC/share OMS_DB=$BATS_TEST_TMPDIR/oms.db
	data=${OMS_DATA:-$SRC/../shared/data}/channels
	cd "$BATS_TEST_TMPDIR" || return 1
}

needs_data() { [ -d "$data/$1" ] || skip "no payloads in $data/$1"; }

# file outcome code, sorted, of what was taken in
outcomes() { # channel file…
	local channel=$1
	shift
	oms-ingest -q --source="$channel" --format=jsonl "$@" 2>errors | python3 -c '
import collections, json, os, sys
n = collections.Counter()
for r in map(json.loads, sys.stdin):
    n[" ".join(filter(None, [os.path.basename(r["input"]), r["outcome"], r.get("code")]))] += 1
for key, count in sorted(n.items()): print(key, count)'
}

stores() { # channel
	oms-init -q
	oms-source -q "$1" --channel="$1" >/dev/null
}

@test "shopify: the mapping's own tests" {
	run --separate-stderr oms-map --channel=shopify --test
	[ "$status" -eq 0 ]
}

@test "woocommerce: the mapping's own tests" {
	run --separate-stderr oms-map --channel=woocommerce --test
	[ "$status" -eq 0 ]
}

@test "shopify: total, currency, lines, tax and day of every payload" {
	needs_data shopify
	run python3 "$SRC/tests/data/shops.py" shopify "$data/shopify"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "woocommerce: total, currency, lines, tax and day of every payload" {
	needs_data woocommerce
	run python3 "$SRC/tests/data/shops.py" woocommerce "$data/woocommerce"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "shopify: what becomes of every record" {
	needs_data shopify
	stores shopify
	outcomes shopify "$data"/shopify/rest_order{,s}_*.json >orders
	run ! grep -v ' applied 1$' orders
	outcomes shopify "$data"/shopify/rest_{d,f,l,r,t}*.json >rest
	cat >expected <<-'END'
		rest_disputes_list.json dead no_reference 1
		rest_disputes_list.json parked no_order 8
		rest_draft_order_completed.json parked no_order 1
		rest_fulfillment_cancelled.json applied 1
		rest_fulfillment_events.json applied 1
		rest_fulfillment_order_hold.json applied 1
		rest_fulfillment_orders.json applied 1
		rest_fulfillments_list.json stale 1
		rest_line_item_properties_as_object.json dead unknown_kind 1
		rest_refund_no_restock.json applied 1
		rest_refunds_list.json stale 1
		rest_transactions_list.json applied 3
	END
	sed 's/rest_\(fulfillments\|refunds\)_list.json \(applied\|stale\)/rest_\1_list.json stale/' rest | diff expected -
	outcomes shopify "$data"/shopify/graphql_*.json >graphql
	run ! grep -v ' dead unknown_kind 1$' graphql
}

@test "woocommerce: what becomes of every record" {
	needs_data woocommerce
	stores woocommerce
	outcomes woocommerce "$data"/woocommerce/{v3_orders_list,v3_order_notes,v3_order_refunds,app_*}.json >all
	grep -q '^v3_orders_list.json applied 2$' all
	grep -q '^v3_order_notes.json applied 3$' all
	grep -q '^v3_order_refunds.json applied 2$' all
	grep -q '^app_order_deleted_refunds.invalid.json dead json_syntax 1$' all
	[ "$(grep -c 'template.json dead map_time 1$' all)" -eq 2 ]
	grep -q '^app_order_statuses.json dead unknown_kind 1$' all
	[ "$(oms-show --json woocommerce:723 | python3 -c 'import json, sys; o = json.load(sys.stdin)[0]; print(o["refunded"], len(o["refunds"]), o["total"])')" = "19.00 2 39.00" ]
}

@test "twice, and backwards: the same store" {
	needs_data shopify
	needs_data woocommerce
	for way in cat tac; do
		export OMS_DB=$BATS_TEST_TMPDIR/$way.db
		stores shopify
		stores woocommerce
		for channel in shopify woocommerce; do
			python3 -c '
import glob, json, sys
for f in sorted(glob.glob(sys.argv[1] + "/*.json")):
    try: print(json.dumps(json.load(open(f, encoding="utf-8"))))
    except ValueError: pass' "$data/$channel" | "$way" >"$channel"
			oms-ingest -q --source="$channel" "$channel" >/dev/null 2>&1 || [ $? -eq 3 ]
			oms-ingest -q --source="$channel" --restart --format=jsonl "$channel" 2>/dev/null >again || [ $? -eq 3 ]
			run ! grep -q '"outcome":"\(applied\|stale\)"' again
		done
		oms-fsck --digest >"$way.digest"
	done
	cmp cat.digest tac.digest
}
