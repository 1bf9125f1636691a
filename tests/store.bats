#!/usr/bin/env bats
# The store as others see it: its page names every table and column, and what it says of looking in holds.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "the page names every table, view and column, and none that is not there" {
	python3 - "$SRC" <<-'END'
		import glob, re, sqlite3, sys
		src = sys.argv[1]
		db = sqlite3.connect(":memory:")
		for f in sorted(glob.glob(src + "/share/schema/*.sql")): db.executescript(open(f).read())
		have = {n: {c[1] for c in db.execute(f"PRAGMA table_info({n})")} for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
		page = {}
		for part in re.split(r"^\.Ss ", open(src + "/man/oms-store.5").read(), flags=re.M)[1:]:
		    name = part.split("\n", 1)[0]
		    if name.islower(): page[name] = {c for l in re.findall(r"^\.It Va (.*)$", part, re.M) for c in l.split() if c != ","}
		bad = [f"{t}: {sorted(have.get(t, set()) ^ page.get(t, set())) or 'missing'}" for t in sorted(have.keys() | page.keys()) if have.get(t) != page.get(t)]
		print("\n".join(bad))
		sys.exit(bool(bad))
	END
}

@test "anybody may look in with sqlite3 -readonly, also beside a command at work" {
	command -v sqlite3 >/dev/null || skip "no sqlite3 shell here"
	oms-init
	run sqlite3 -readonly oms.db "SELECT count(*) FROM order_view; SELECT count(*) FROM line_view; SELECT count(*) FROM payment_view; SELECT count(*) FROM shipping_view"
	[ "$status" -eq 0 ]
	[ "$output" = $'0\n0\n0\n0' ]
	run sqlite3 -readonly oms.db "DELETE FROM source"
	[ "$status" -ne 0 ]
	[ "$(sqlite3 -readonly oms.db 'PRAGMA journal_mode')" = wal ]
	oms-source >/dev/null
}

@test "a store taken out of WAL mode is refused by writers, with the way back" {
	command -v sqlite3 >/dev/null || skip "no sqlite3 shell here"
	oms-init
	sqlite3 oms.db 'PRAGMA journal_mode=DELETE' >/dev/null
	run -78 oms-init
	[[ $output == *"WAL mode"* ]]
	sqlite3 oms.db 'PRAGMA journal_mode=WAL' >/dev/null
	oms-init
}

@test "no statement of the store scans or sorts what it need not" {
	python3 - "$SRC" <<-'END'
		import glob, re, sqlite3, sys
		src = sys.argv[1]
		db = sqlite3.connect(":memory:")
		for f in sorted(glob.glob(src + "/share/schema/*.sql")): db.executescript(open(f).read())
		# whole small tables, read as lists; and the few matches of one reference, newest first
		fine = {"source_list", "profiles", "order_key_most", "order_by_ref", "shipments_load", "stock_pending_orders"}
		bad = []
		for f in ("order", "event", "source", "dead", "stock", "find"):
		    for name, text in re.findall(r"-- name: (\w+)\n(.*?)(?=\n--|\Z)", open(f"{src}/lib/sql/{f}.sql").read(), re.S):
		        values = {p: None for p in re.findall(r"\$(\d+)", text)}
		        plan = [r[3] for r in db.execute("EXPLAIN QUERY PLAN " + text.strip().rstrip(";"), values)]
		        if name not in fine: bad += [f"{name}: {p}" for p in plan if re.search("SCAN|TEMP B-TREE|AUTOMATIC", p)]
		print("\n".join(bad))
		sys.exit(bool(bad))
	END
}
