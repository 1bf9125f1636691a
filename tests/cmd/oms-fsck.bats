#!/usr/bin/env bats
# What users of oms-fsck may rely on: it finds what is wrong, the rebuild mends it, and the digest tells equal stores.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$BATS_TEST_TMPDIR" || exit 1
	oms-init
	oms-source shop --channel=oms >/dev/null
	for i in 1 2 3; do
		echo "{\"schema\":\"oms.event/1\",\"id\":\"e$i\",\"type\":\"order.updated\",\"source\":\"shop\",\"order\":\"$i\",\"occurred_at\":\"2026-11-02T09:00:00.000Z\",\"body\":{\"external_id\":\"$i\",\"currency\":\"EUR\",\"price_mode\":\"gross\",\"total\":\"20.00\",\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"name\":\"Mug\",\"quantity\":2,\"unit_price\":\"10.00\"}]}}"
	done >in
	oms-ingest --source=shop in >/dev/null
}

# An administrator's hand in the file, which no command would do.
damage() { python3 -c 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute("PRAGMA wal_autocheckpoint=0"); d.executescript(sys.argv[2]); d.commit()' "$OMS_DB" "$1"; }

@test "a sound store: silent, exit 0" {
	run -0 --separate-stderr oms-fsck --deep
	[ -z "$output$stderr" ]
}

@test "a changed row is found by --deep, and mended by --rebuild" {
	digest=$(oms-fsck --digest -F jsonl)
	damage "UPDATE orders SET total = 1999 WHERE id = 'shop:2'"
	run -70 --separate-stderr oms-fsck --deep
	[[ $output == *shop:2* ]]
	[[ $stderr == *--rebuild* ]]
	oms-fsck --rebuild
	oms-fsck --deep
	[ "$(oms-fsck --digest -F jsonl)" = "$digest" ]
}

@test "lost rows and wrong counters are found and rebuilt" {
	damage "UPDATE profile SET orders = orders + 5; DELETE FROM line_item"
	run -70 oms-fsck
	run -70 oms-fsck --deep
	oms-fsck --rebuild
	run -0 oms-fsck --deep
	[ "$(oms-find -F count)" = 3 ]
}

@test "totals that do not tie are named" {
	damage "UPDATE line_item SET total = total + 1 WHERE order_key = (SELECT order_key FROM orders WHERE id = 'shop:1')"
	run -70 --separate-stderr oms-fsck
	[[ $output == *shop:1* ]]
}

@test "a file that is no store, and a store of tomorrow" {
	echo hello >not
	run --separate-stderr oms-fsck --db not
	[ "$status" -ge 65 ]
	damage "PRAGMA user_version = 9999"
	run -76 --separate-stderr oms-fsck
	[ -n "$stderr" ]
}

# All rows of the projections, as text; the ids of profiles aside, which say nothing.
projections() {
	python3 - "$OMS_DB" <<-'END'
		import sqlite3, sys
		d = sqlite3.connect(sys.argv[1])
		for t in "orders line_item allocation charge address payment refund dispute shipment shipping_log hold support_ticket message order_ref order_sku customer".split():
		    for r in sorted(map(repr, d.execute(f"SELECT * FROM {t}"))): print(t, r)
		for r in sorted(map(repr, d.execute("SELECT * FROM profile WHERE orders > 0"))): print("profile", r)
	END
}

more_records() {
	for e in '"id":"p1","type":"payment.updated","refs":[{"kind":"external_id","value":"1"}],"body":{"psp":"x","psp_ref":"ch_1","kind":"sale","status":"succeeded","amount":"25.00","currency":"EUR"}' \
		'"id":"r1","type":"refund.updated","order":"1","body":{"id":"re_1","payment_ref":"ch_1","status":"succeeded","amount":"5.00","currency":"EUR"}' \
		'"id":"h1","type":"hold.opened","order":"2","body":{"id":"H","type":"FRAUD","reason":"looks odd"}' \
		'"id":"k1","type":"ticket.updated","order":"2","body":{"id":"T1","subject":"where","status":"open"}' \
		'"id":"w1","type":"payment.updated","refs":[{"kind":"number","value":"none"}],"body":{"psp":"x","psp_ref":"ch_9","kind":"sale","status":"succeeded","amount":"1.00","currency":"EUR"}' \
		'"id":"c1","type":"order.updated","order":"9","body":{"external_id":"9","currency":"EUR","credit":true,"customer":{"name":"Bo"},"total":"-10.00","lines":[{"id":"1","sku":"MUG","quantity":-1,"unit_price":"10.00"}]}' \
		'"id":"x1","type":"order.updated","order":"8","body":{"external_id":"8","currency":"EUR","total":"5.00","lines":[{"id":"1","sku":"CUP","quantity":0}]}'; do
		echo "{\"schema\":\"oms.event/1\",\"source\":\"shop\",\"occurred_at\":\"2026-11-03T09:00:00.000Z\",$e}"
	done >more
	oms-ingest -q --source=shop more >/dev/null || true
}

@test "a rebuild is byte for byte, whatever hand was in the rows, with parked, dead, credits and holds" {
	more_records
	projections >before
	digest=$(oms-fsck --digest -F jsonl)
	for hand in "" "DELETE FROM order_ref WHERE kind = 1" "INSERT INTO order_ref VALUES ('zzz', 2, 1)" "DELETE FROM order_sku" "UPDATE orders SET due_at = 5 WHERE id = 'shop:3'" \
		"INSERT INTO line_item SELECT order_key, 7, 'x', sku, name, variant, quantity, unit_price, subtotal, discount, tax, total, flags, cancelled, backordered, allocated, picked, shipped, delivered, lost, returned, refunded FROM line_item LIMIT 1" \
		"UPDATE orders SET extra = '{' WHERE id = 'shop:2'" "INSERT INTO order_sku SELECT 'ZZ', profile_id, placed_at, id, order_key FROM orders LIMIT 1" \
		"PRAGMA foreign_keys=OFF; DELETE FROM orders WHERE id = 'shop:1'" "UPDATE hold SET status = 1; DELETE FROM payment"; do
		[ -z "$hand" ] || { damage "$hand"; case $hand in "INSERT INTO line_item"*) ;; *) run -70 oms-fsck --deep ;; esac; }
		oms-fsck --rebuild
		run -0 oms-fsck --deep
		projections | diff before - || { echo "$hand"; return 1; }
		[ "$digest" = "$(oms-fsck --digest -F jsonl)" ]
	done
}

@test "customers that no order names any more leave with a rebuild" {
	sed '1!d; s/"id":"e1"/"id":"n1"/; s/"currency"/"customer":{"name":"Old Name"},"currency"/' in >a
	sed 's/n1/n2/; s/Old Name/New Name/; s/02T09/03T09/' a | cat a - | while read -r l; do oms-ingest --source=shop <<<"$l" >/dev/null; done
	oms-fsck --rebuild
	[ "$(projections | grep -c "^customer")" = 1 ]
	projections | grep -q "New Name"
}

stocked() { # reference data and stock beside the orders, and what order shop:1 holds of it
	printf '{"id":"MUG"}\n{"id":"LID"}\n' | oms-load sku >/dev/null
	echo '{"id":"LEJ"}' | oms-load warehouse >/dev/null
	printf 'id,sku,warehouse,quantity\n1,MUG,LEJ,10\n2,MUG,LEJ,5\n1,LID,LEJ,3\n' | oms-load receipt >/dev/null
	damage "INSERT INTO stock_movement SELECT 4, 2, 'MUG', 'LEJ', 4, 0, 0, 2, 0, 15, 0, 2, 0, 1795168800000, min(event_id), min(order_key), '1' FROM event WHERE order_key = 1;
		UPDATE stock SET allocated = 2, movement_id = 4 WHERE sku = 'MUG'; INSERT INTO reservation VALUES (1, '1', 'LEJ', 'MUG', 2, 0, 0, 0, 0)"
}

# Each of these is named by fsck with these options, as is the SKU.
named() { # OPTION WHAT SQL
	rm -f broken.db*
	python3 -c 'import sqlite3; s = sqlite3.connect("oms.db"); s.backup(sqlite3.connect("broken.db"))'
	OMS_DB=broken.db damage "PRAGMA journal_mode = WAL; PRAGMA ignore_check_constraints = ON; $3"
	# shellcheck disable=SC2086
	run -70 --separate-stderr oms-fsck $1 --db broken.db
	[[ $output == *"$2"* ]] || { echo "not named: $2"; echo "$output"; return 1; }
}

@test "stock: a sound store with reference data and movements is silent, and its events are of no order" {
	stocked
	run -0 --separate-stderr oms-fsck --deep
	[ -z "$output$stderr" ]
	oms-fsck --rebuild
	[ "$(oms-find -F count)" = 3 ]
}

@test "stock: whatever is wrong with it is named" {
	stocked
	named "" "MUG in LEJ" "UPDATE stock SET on_hand = 16 WHERE sku = 'MUG'"
	named "" "the balance is not what its newest movement" "UPDATE stock SET movement_id = 3 WHERE sku = 'MUG'"
	named "" "orders hold 3 and wait for 0, the balance has 2 allocated" "UPDATE reservation SET allocated = 3"
	named "" "orders hold 0 and wait for 0, the balance has 2 allocated" "DELETE FROM reservation"
	named "" "CUP in LEJ" "INSERT INTO reservation VALUES (1, '2', 'LEJ', 'CUP', 1, 0, 0, 0, 0)"
	named --deep "the balance is not the sum of its movements" "UPDATE stock_movement SET on_hand = 9 WHERE movement_id = 1"
	named --deep "movement 2 does not go on from movement 1" "UPDATE stock_movement SET on_hand_after = 11 WHERE movement_id = 1"
	named --deep "movement 4 does not go on from movement 3" "UPDATE stock_movement SET before_id = 3 WHERE movement_id = 4"
	named --deep "2 movements name 0 as the one before" "UPDATE stock_movement SET before_id = 0 WHERE movement_id = 2"
	named --deep "is of event 99" "UPDATE stock_movement SET event_id = 99 WHERE movement_id = 3"
	named --deep "movements, and no balance" "DELETE FROM stock WHERE sku = 'LID'"
	named --deep "the ledger has those of 2" "DELETE FROM stock_movement WHERE movement_id = 3; DELETE FROM stock WHERE sku = 'LID'"
}

@test "reference data: each row is what the log says" {
	stocked
	named --deep "sku MUG" "UPDATE reference SET body = '{\"id\":\"MUG\",\"name\":\"x\"}' WHERE id = 'MUG'"
	named --deep "no event in the log says revision 7 of it" "UPDATE reference SET revision = 7 WHERE id = 'MUG'"
	named --deep "the log sets 3 revisions, and there are 2" "DELETE FROM reference WHERE id = 'LID'"
}

@test "the digest covers reference data, stock and movements, and not when they came" {
	a=$(oms-fsck --digest)
	stocked
	b=$(oms-fsck --digest)
	[ "$a" != "$b" ]
	for change in "UPDATE reference SET body = '{}' WHERE id = 'MUG'" "UPDATE stock SET on_hand = 4 WHERE sku = 'LID'" "UPDATE stock_movement SET kind = 7 WHERE movement_id = 3"; do
		rm -f broken.db*
		python3 -c 'import sqlite3; s = sqlite3.connect("oms.db"); s.backup(sqlite3.connect("broken.db"))'
		OMS_DB=broken.db damage "PRAGMA journal_mode = WAL; $change"
		[ "$(oms-fsck --digest --db broken.db)" != "$b" ]
	done
	export OMS_DB=other.db OMS_NOW=2026-11-25T10:00:00Z
	oms-init && oms-source shop --channel=oms >/dev/null && oms-ingest --source=shop in >/dev/null
	printf 'id,sku,warehouse,quantity\n1,LID,LEJ,3\n2,MUG,LEJ,5\n1,MUG,LEJ,10\n' >turned
	printf '{"id":"LID"}\n{"id":"MUG"}\n' | oms-load sku >/dev/null
	echo '{"id":"LEJ"}' | oms-load warehouse >/dev/null
	oms-load receipt turned >/dev/null
	c=$(oms-fsck --digest)
	(export OMS_DB=third.db OMS_NOW=2026-11-20T10:00:00Z; oms-init && oms-source shop --channel=oms >/dev/null && oms-ingest --source=shop in >/dev/null
		printf '{"id":"MUG"}\n{"id":"LID"}\n' | oms-load sku >/dev/null; echo '{"id":"LEJ"}' | oms-load warehouse >/dev/null; { head -n 1 turned; tail -n +2 turned | tac; } | oms-load receipt >/dev/null
		[ "$(oms-fsck --digest)" = "$c" ])
}
