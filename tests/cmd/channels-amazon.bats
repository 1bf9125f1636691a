#!/usr/bin/env bats
# What the mappings amazon, amazon-flat, olist and online-retail make of what these channels really send: an order's figures are the
# payload's, documents that say a part of an order come together whatever comes first, and other documents are refused. The payloads
# lie outside the tree; without them that part is skipped.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 OMS_SHARE=$SRC/share OMS_DB=$BATS_TEST_TMPDIR/oms.db
	data=${OMS_DATA:-$SRC/../shared/data}
	cd "$BATS_TEST_TMPDIR" || return 1
}

needs_data() { [ -d "$data/$1" ] || skip "no data in $data/$1"; }

# file outcome code, and how often
outcomes() { # source file…
	local source=$1
	shift
	oms-ingest -q --source="$source" --format=jsonl "$@" 2>>errors | python3 -c '
import collections, json, os, sys
n = collections.Counter()
for r in map(json.loads, sys.stdin):
    n[" ".join(filter(None, [os.path.basename(r["input"]), r["outcome"], r.get("code")]))] += 1
for key, count in sorted(n.items()): print(key, count)'
}
order() { # id expression on the order o
	oms-show -q --json --all "$1" | python3 -c 'import json, sys
o = json.load(sys.stdin)[0]
print('"$2"')'
}

@test "the mappings' own tests" {
	for c in amazon amazon-flat olist online-retail; do oms-map --channel=$c --test; done
}

@test "amazon: every payload's outcome, total, currency, lines, tax and day" {
	needs_data channels/amazon
	run python3 "$SRC/tests/data/amazon.py" "$data/channels/amazon"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "amazon: what becomes of every record in a store" {
	needs_data channels/amazon
	oms-init -q
	outcomes amazon "$data"/channels/amazon/*.json >got
	diff - got <<-'END'
		finances_order_events.json dead unknown_kind 1
		mcf_getFulfillmentOrder.json dead unknown_kind 1
		mcf_packageTracking.json dead unknown_kind 1
		notification_fulfillment_order_status.json dead unknown_kind 1
		notification_order_change.json applied 1
		v0_address.json applied 1
		v0_buyerInfo.json applied 1
		v0_getOrder.json applied 1
		v0_getOrder_iba.json applied 1
		v0_getOrders.json applied 1
		v0_getOrders_sandbox.json applied 2
		v0_orderItems.json dead map_money 1
		v0_orderItems_buyerInfo.json parked no_order 1
		v2026_getOrder.json applied 1
		v2026_getOrder_brl.json applied 1
		v2026_getOrder_pickup.json applied 1
		v2026_searchOrders.json applied 1
		v2026_searchOrders_jpy.json applied 1
		vendor_purchaseOrders.json dead unknown_kind 1
	END
	outcomes amazon-flat "$data/channels/amazon/flatfile_unshipped_orders.tsv" >got
	[ "$(<got)" = "flatfile_unshipped_orders.tsv applied 4" ]
	oms-fsck -q --deep
}

@test "amazon: reports of another kind leave nothing behind" {
	needs_data channels/amazon
	oms-init -q
	run --separate-stderr oms-ingest -q --source=amazon-flat "$data/channels/amazon/date_range_report.csv"
	[ "$status" -eq 65 ]
	[[ $stderr == *"not a table of this channel"* ]]
	for f in finances_order_events.json vendor_purchaseOrders.json mcf_packageTracking.json flatfile_unshipped_orders.tsv; do
		run ! oms-ingest -q --source=amazon "$data/channels/amazon/$f"
	done
	[ "$(oms-find -F count)" = 0 ]
}

# 2 mugs at 12.50 with 2.00 tax, shipping 5.00 less 1.00 with 0.32 tax, gift wrap 3.99 with 0.30 tax: 35.61
amazon_documents() {
	cat <<-'END'
		{"payload":{"AmazonOrderId":"114-1","PurchaseDate":"2026-11-01T10:00:00Z","LastUpdateDate":"2026-11-02T10:00:00Z","OrderStatus":"Unshipped","FulfillmentChannel":"MFN","MarketplaceId":"ATVPDKIKX0DER","ShipServiceLevel":"Std US","OrderTotal":{"CurrencyCode":"USD","Amount":"35.61"},"ShippingAddress":{"City":"Boise","StateOrRegion":"ID","PostalCode":"83702","CountryCode":"US"},"BuyerInfo":{"BuyerEmail":"b@marketplace.example.org"}}}
		{"payload":{"AmazonOrderId":"114-1","OrderItems":[{"ASIN":"B1","OrderItemId":"1","SellerSKU":"MUG","Title":"Mug","QuantityOrdered":2,"QuantityShipped":0}]}}
		{"payload":{"AmazonOrderId":"114-1","OrderItems":[{"ASIN":"B1","OrderItemId":"1","SellerSKU":"MUG","Title":"Mug","QuantityOrdered":2,"QuantityShipped":0,"ItemPrice":{"CurrencyCode":"USD","Amount":"25.00"},"ItemTax":{"CurrencyCode":"USD","Amount":"2.00"},"ShippingPrice":{"CurrencyCode":"USD","Amount":"5.00"},"ShippingTax":{"CurrencyCode":"USD","Amount":"0.32"},"ShippingDiscount":{"CurrencyCode":"USD","Amount":"1.00"},"BuyerInfo":{"GiftWrapPrice":{"CurrencyCode":"USD","Amount":"3.99"},"GiftWrapTax":{"CurrencyCode":"USD","Amount":"0.30"},"GiftMessageText":"For you"}}]}}
		{"payload":{"AmazonOrderId":"114-1","ShippingAddress":{"Name":"Wanda Price","AddressLine1":"410 Juniper St","City":"Boise","StateOrRegion":"ID","PostalCode":"83702","CountryCode":"US"}}}
		{"payload":{"AmazonOrderId":"114-1","BuyerName":"Wanda Price"}}
		{"payload":{"AmazonOrderId":"114-1","OrderItems":[{"OrderItemId":"1","GiftMessageText":"For you"}]}}
		{"payload":{"AmazonOrderId":"114-1","OrderItems":[{"ASIN":"B1","OrderItemId":"1","SellerSKU":"MUG","Title":"Mug","QuantityOrdered":2,"QuantityShipped":2,"ItemPrice":{"CurrencyCode":"USD","Amount":"25.00"},"ItemTax":{"CurrencyCode":"USD","Amount":"2.00"},"ShippingPrice":{"CurrencyCode":"USD","Amount":"5.00"},"ShippingTax":{"CurrencyCode":"USD","Amount":"0.32"},"ShippingDiscount":{"CurrencyCode":"USD","Amount":"1.00"},"BuyerInfo":{"GiftWrapPrice":{"CurrencyCode":"USD","Amount":"3.99"},"GiftWrapTax":{"CurrencyCode":"USD","Amount":"0.30"},"GiftMessageText":"For you"}}]}}
	END
}

@test "amazon: order, items, address and buyer come together, whatever comes first" {
	for way in cat tac "shuf --random-source=/dev/zero"; do
		export OMS_DB=$BATS_TEST_TMPDIR/${way%% *}.db
		oms-init -q
		amazon_documents | $way | oms-ingest -q --source=amazon >/dev/null 2>>errors
		[ "$(order amazon:114-1 'o["subtotal"], o["discount_total"], o["shipping_total"], o["fee_total"], o["tax_total"], o["total"]')" = "25.00 1.00 5.00 3.99 2.62 35.61" ]
		[ "$(order amazon:114-1 'o["lines"][0]["quantities"]["shipped"], o["addresses"]["shipping"]["line1"], o["customer"]["name"], o["customer"]["email"], o["note"], len(o["holds"])')" = "2 410 Juniper St Wanda Price b@marketplace.example.org For you 0" ]
		oms-fsck -q --deep
		oms-fsck --digest >"${way%% *}.digest"
	done
	cmp cat.digest tac.digest
	cmp cat.digest shuf.digest
}

@test "amazon: items in pages, whatever comes first; what shipping comes to is not guessed" {
	cat >pages <<-'END'
		{"payload":{"AmazonOrderId":"114-2","NextToken":"t","OrderItems":[{"ASIN":"B1","OrderItemId":"1","QuantityOrdered":1,"ItemPrice":{"CurrencyCode":"USD","Amount":"20.00"},"ShippingPrice":{"CurrencyCode":"USD","Amount":"4.00"}}]}}
		{"payload":{"AmazonOrderId":"114-2","OrderItems":[{"ASIN":"B2","OrderItemId":"2","QuantityOrdered":3,"ItemPrice":{"CurrencyCode":"USD","Amount":"30.00"},"ShippingPrice":{"CurrencyCode":"USD","Amount":"2.00"}}]}}
		{"payload":{"AmazonOrderId":"114-2","PurchaseDate":"2026-11-01T10:00:00Z","LastUpdateDate":"2026-11-02T10:00:00Z","OrderStatus":"Unshipped","FulfillmentChannel":"AFN","MarketplaceId":"ATVPDKIKX0DER","OrderTotal":{"CurrencyCode":"USD","Amount":"56.00"}}}
	END
	for way in cat tac; do
		export OMS_DB=$BATS_TEST_TMPDIR/$way.db
		oms-init -q
		$way pages | oms-ingest -q --source=amazon >/dev/null 2>>errors
		[ "$(order amazon:114-2 'sorted((l["id"], l["quantity"], l["subtotal"]) for l in o["lines"]), o["total"], [h["type"] for h in o["holds"]]')" = "[('1', 1, '20.00'), ('2', 3, '30.00')] 56.00 ['RECON']" ]
	done
}

@test "amazon: an order called off in part, and a wish to cancel that two documents tell is one hold" {
	oms-init -q
	oms-ingest -q --source=amazon >/dev/null <<-'END'
		{"payload":{"AmazonOrderId":"114-3","PurchaseDate":"2026-11-01T10:00:00Z","LastUpdateDate":"2026-11-02T10:00:00Z","OrderStatus":"Unshipped","FulfillmentChannel":"AFN","MarketplaceId":"ATVPDKIKX0DER","OrderTotal":{"CurrencyCode":"USD","Amount":"20.00"}}}
		{"payload":{"AmazonOrderId":"114-3","OrderItems":[{"ASIN":"B1","OrderItemId":"1","QuantityOrdered":1,"QuantityShipped":0,"ItemPrice":{"CurrencyCode":"USD","Amount":"20.00"},"BuyerRequestedCancel":{"IsBuyerRequestedCancel":"true"}},{"ASIN":"B2","OrderItemId":"2","QuantityOrdered":3,"QuantityShipped":0,"ItemPrice":{"CurrencyCode":"USD","Amount":"30.00"},"ItemTax":{"CurrencyCode":"USD","Amount":"3.00"}}]}}
		{"payload":{"AmazonOrderId":"114-3","OrderItems":[{"ASIN":"B1","OrderItemId":"1","QuantityOrdered":1,"QuantityShipped":0,"ItemPrice":{"CurrencyCode":"USD","Amount":"20.00"},"BuyerRequestedCancel":{"IsBuyerRequestedCancel":"true"}},{"ASIN":"B2","OrderItemId":"2","QuantityOrdered":0,"QuantityShipped":0}]}}
		{"NotificationType":"ORDER_CHANGE","EventTime":"2026-11-03T00:00:00Z","Payload":{"OrderChangeNotification":{"AmazonOrderId":"114-3","OrderChangeType":"BuyerRequestedChange","OrderChangeTrigger":{"TimeOfOrderChange":"2026-11-03T00:00:00Z","ChangeReason":"Buyer Requested Cancel"},"Summary":{"OrderStatus":"Unshipped","FulfillmentType":"AFN","OrderItems":[{"OrderItemId":"1","Quantity":1,"QuantityShipped":0}]}}},"NotificationMetadata":{"NotificationId":"n1"}}
	END
	[ "$(order amazon:114-3 '[(l["id"], l["quantity"], l.get("quantities", {}).get("cancelled"), l["subtotal"]) for l in o["lines"]], o["total"], o["tax_total"], [h["type"] for h in o["holds"]]')" = "[('1', 1, None, '20.00'), ('2', 1, 1, '0.00')] 20.00 0.00 ['CANCEL_REQ']" ]
	oms-fsck -q --deep
}

@test "amazon: a notification as text inside a message, and an error answer, are told apart" {
	oms-init -q
	run --separate-stderr oms-ingest --source=amazon <<-'END'
		{"MessageId":"1","Body":"{\"NotificationType\":\"ORDER_CHANGE\"}"}
		{"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota"}]}
	END
	[ "$status" -eq 1 ]
	[ "$(oms-dead -F jsonl | python3 -c 'import json, sys; print(*sorted(json.loads(r)["code"] for r in sys.stdin))')" = "error_answer unknown_kind" ]
}

@test "amazon-flat: bytes of Windows-1252, and an order in two places" {
	oms-init -q
	printf 'order-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\tshipping-price\r\n1-1\t1\t2026-11-01T00:00:00Z\tA\tCaf\xe9\t1\tEUR\t5.00\t0.00\r\n' >latin1.tsv
	outcomes amazon-flat latin1.tsv >got
	[ "$(<got)" = "latin1.tsv dead csv_utf8 1" ]
	printf '\xef\xbb\xbforder-id\torder-item-id\tpurchase-date\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\tshipping-price\r\n2-1\t1\t2026-11-01T00:00:00Z\tA\tTea, five\t1\tEUR\t5.00\t0.00\r\n2-2\t1\t2026-11-01T00:00:00Z\tA\tTea\t1\tEUR\t5.00\t0.00\r\n2-1\t2\t2026-11-01T00:00:00Z\tB\tCup\t2\tEUR\t8.00\t0.00\r\n2-2\t2\t2026-11-01T00:00:00Z\tB\tCup\t2\tEUR\t8.00\t1.50\r\n' >apart.tsv
	outcomes amazon-flat apart.tsv >got
	diff - got <<-'END'
		apart.tsv applied 3
		apart.tsv dead rows_apart 1
	END
	[ "$(order amazon-flat:2-1 'len(o["lines"]), o["lines"][0]["name"], o["total"]')" = '2 Tea, five 13.00' ]
}

@test "online-retail: BOM, CRLF, quotes, month first, an invoice that goes on" {
	oms-init -q
	printf '\xef\xbb\xbfInvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\r\n536365,1,"MUG, ""BLUE""\nAND RED",6,12/1/2010 8:26,2.55,17850,United Kingdom\r\n536366,2,TEA,1,12/1/2010 8:28,1.00,,France\r\n536365,3,CUP,2,12/1/2010 8:26,1.25,17850,United Kingdom\r\nC536367,3,CUP,-2,12/1/2010 8:30,1.25,17850,United Kingdom\r\n' >till.csv
	outcomes online-retail till.csv >got
	[ "$(<got)" = "till.csv applied 4" ]
	[ "$(order online-retail:536365 'o["placed_at"], [(l["id"], l["subtotal"]) for l in o["lines"]], o["total"], o["lines"][0]["name"].split()[1]')" = "2010-12-01T08:26:00.000Z [('1', '15.30'), ('2', '2.50')] 17.80 \"BLUE\"" ]
	[ "$(order online-retail:C536367 'o["total"], o["credit"], o["lines"][0]["quantity"]')" = "-2.50 True -2" ]
	oms-fsck -q --deep
}

@test "amazon: twice, and backwards: the same store" {
	needs_data channels/amazon
	for way in cat tac; do
		export OMS_DB=$BATS_TEST_TMPDIR/$way.db
		oms-init -q
		python3 -c '
import glob, json, sys
for f in sorted(glob.glob(sys.argv[1] + "/*.json")): print(json.dumps(json.load(open(f, encoding="utf-8"))))' "$data/channels/amazon" | $way >records
		oms-ingest -q --source=amazon records >/dev/null 2>>errors || [ $? -eq 3 ]
		oms-ingest -q --source=amazon --restart --format=jsonl records 2>>errors >again || [ $? -eq 3 ]
		run ! grep -q '"outcome":"\(applied\|stale\)"' again
		oms-fsck --digest >"$way.digest"
	done
	cmp cat.digest tac.digest
}

@test "500 orders of Olist and 6,000 invoice lines, compared with their CSV files" {
	needs_data olist
	run bash "$SRC/tests/data/datasets.sh" slice
	echo "$output"
	[ "$status" -eq 0 ]
}
