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
