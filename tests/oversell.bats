#!/usr/bin/env bats
# Stock is never sold twice: many processes at once, killed and stopped; and a batch that is killed leaves nothing half confirmed.
# OMS_LONG=1 (make soak): eight times 500 orders, and 50 kills.

# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0

setup() {
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 HELP=${SRC:-$BATS_TEST_DIRNAME/..}/tests/durable
	each=40 rounds=15 steps=150
	if [ -n "${SAN:-}" ]; then each=10 rounds=4 steps=40; fi
	if [ -n "${OMS_LONG:-}" ]; then each=500 rounds=50 steps=2000; fi
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "eight processes, too little stock, kills and stops: what stands above the safety stock is sold, and not a unit more" {
	run python3 "$HELP/oversell.py" . "$each" "${OMS_SEED:-$((RANDOM))}"
	echo "$output" | tee -a /dev/fd/3
	[ "$status" = 0 ]
}

@test "a batch killed at random moments: nothing is half confirmed, and again completes it" {
	load cmd/stock_help
	shop
	skus MUG POT
	stock MUG BER 400 MUG HAM 200 POT BER 250
	python3 - "$((each * 10))" <<-'END' | take_in
		import json, sys
		at = "2026-11-19T10:00:00.000Z"
		for n in range(int(sys.argv[1])):
		    total = "%d.00" % (n % 3 + 2)
		    event = lambda kind, i, body: print(json.dumps({"schema": "oms.event/1", "id": "%s%d" % (i, n), "type": kind, "source": "shop", "order": str(n), "occurred_at": at, "body": body}))
		    event("order.created", "o", {"placed_at": at, "currency": "EUR", "price_mode": "gross", "customer": {"name": "A"}, "shipping_method": "Standard", "total": total,
		          "addresses": {"shipping": {"name": "A", "line1": "Weg 1", "city": "Berlin", "postcode": "10115", "country": "DE"}},
		          "lines": [{"id": "1", "sku": "MUG", "name": "Mug", "quantity": n % 3 + 1, "unit_price": "1.00"}, {"id": "2", "sku": "POT", "name": "Pot", "quantity": 1, "unit_price": "1.00"}]})
		    event("payment.updated", "p", {"psp": "x", "psp_ref": "pay_%d" % n, "kind": "sale", "status": "succeeded", "amount": total, "currency": "EUR"})
	END
	oms-find --status=new -F ids >ids
	sqlite3 "$OMS_DB" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	cp "$OMS_DB" base.db
	run python3 "$HELP/halves.py" . "$rounds" "${OMS_SEED:-$((RANDOM))}"
	echo "$output" | tee -a /dev/fd/3
	[ "$status" = 0 ]
}

@test "a random walk of all that moves stock: ledger, balances, orders and lines tie" {
	run python3 "$HELP/walk.py" . "$steps" "${OMS_SEED:-$((RANDOM))}"
	echo "$output" | tail -n 20 | tee -a /dev/fd/3
	[ "$status" = 0 ]
}
