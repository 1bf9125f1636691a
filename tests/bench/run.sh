#!/usr/bin/env bash
# make bench: the figures of intake and look-up beside what a user would take instead, in turns, written to RESULTS.md.
#
#   BENCH_ORDERS=100000  orders of the intake figures        BENCH_FULL=1  also the look-ups at BENCH_MOST=1000000 orders
#   BENCH_DIR=DIR        work there and keep what was made: a store of BENCH_MOST orders found there is used again
#   BENCH_OUT=FILE       the table, in place of tests/bench/RESULTS.md: a figure not measured now keeps its row and its day
#   BENCH_ONLY="validate map ingest show find confirm export pdf start"          these parts only        BENCH_GATE=1  a missed goal is exit 1
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${SRC:-$(cd "$here/../.." && pwd)}
orders=${BENCH_ORDERS:-100000} most=${BENCH_MOST:-1000000} full=${BENCH_FULL:-}
out=${BENCH_OUT:-$here/RESULTS.md}
seed=1 small=10000 few=1000 more=4000 # few, more: instructions an order are those of the second less the first
export OMS_NOW=2026-01-05T00:00:00Z LC_ALL=C.UTF-8
unset PYTHONPATH OMS_DB
python=$(command -v /usr/bin/python3 || python3 -c 'import sys; print(sys.executable)') # never a wrapper that only finds one

if [ -n "${BENCH_DIR:-}" ]; then
	work=$BENCH_DIR
	mkdir -p "$work"
else
	work=$(mktemp -d "${TMPDIR:-/tmp}/oms-bench.XXXXXX")
	trap 'rm -rf "$work"' EXIT
fi
rows=$work/rows.tsv
: >"$rows"
wanted() { [[ " ${BENCH_ONLY:-validate map ingest show find confirm export pdf start} " = *" $1 "* ]]; }
say() { printf 'bench: %s\n' "$*" >&2; }
generate() { "$python" "$here/generate.py" "$@"; }
turns() { "$work/turns" "$@"; }
# Thousand instructions of one run, user space; the same on every run but for a few of the loader.
kinstr() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$work/callgrind.log" "$@" >/dev/null
	awk '/Collected/ { printf "%.1f", $4 / 1000 }' "$work/callgrind.log"
}
calc() { awk "BEGIN { printf \"${2:-%.2f}\", ($1) }"; }
field() { awk -F'\t' -v row="$1" -v f="$2" 'NR == row { printf "%.2f", $f }' "$work/turns.tsv"; } # of turns' output: command, column
bytes() { stat -c %s "$1" "$1-wal" 2>/dev/null | awk '{ n += $1 } END { print n }'; }

# One row of the table: figure ID WHAT VALUE UNIT 'le|ge|-' GOAL ORDERS HOW
figure() {
	local met=-
	case $5 in
	le) met=$(awk -v a="$3" -v b="$6" 'BEGIN { print (a <= b ? "yes" : "MISSED") }') ;;
	ge) met=$(awk -v a="$3" -v b="$6" 'BEGIN { print (a >= b ? "yes" : "MISSED") }') ;;
	esac
	local goal=-
	[ "$5" = - ] || goal="$([ "$5" = le ] && echo '≤' || echo '≥') $6"
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3${4:+ $4}" "$goal" "$met" "$7" "$8" >>"$rows"
	printf '%-4s %-62s %12s  %-8s %s\n' "$1" "$2" "$3${4:+ $4}" "$goal" "$met" >&2
}

# --- input ---------------------------------------------------------------------------------------------------------------

make_orders() { # in two pieces at a time
	[ ! -s "$work/orders.jsonl" ] || [ "$(wc -l <"$work/orders.jsonl")" != "$orders" ] || return 0
	say "generating $orders orders"
	local half=$((orders / 2))
	generate "$orders" $seed $half "$orders" >"$work/second" &
	generate "$orders" $seed 0 $half >"$work/first"
	wait
	cat "$work/first" "$work/second" >"$work/orders.jsonl"
	rm -f "$work/first" "$work/second"
}

new_store() { rm -f "$1" "$1"-*; oms-init -q --db="$1"; }

# The peer must do the same work: its rows are the store's, but for keys that each chooses by itself.
check_peer() {
	local t
	new_store "$work/same.db"
	rm -f "$work/peer.db"*
	head -n 2000 "$work/orders.jsonl" >"$work/same.jsonl"
	oms-ingest -q --db="$work/same.db" --source=shopify "$work/same.jsonl" >/dev/null
	"$python" "$here/peer_ingest.py" "$root/share/schema" "$work/peer.db" "$work/same.jsonl"
	for t in 'orders JOIN profile USING (profile_id)' line_item allocation charge address payment shipment order_sku order_ref customer; do
		for db in same peer; do
			# Names are folded another way, and customers and sources have numbers of their own.
			sqlite3 -readonly -csv -nullvalue NULL "$work/$db.db" "CREATE TEMP VIEW v AS SELECT * FROM $t; SELECT name FROM pragma_table_info('v')" |
				awk '{ sub(/\r/, "") } !/^(customer_key|profile_id|source_id|orders|orders:1)$/ { printf "%s\"%s\"", n++ ? "," : "", $0 }' >"$work/columns"
			sqlite3 -readonly -csv -nullvalue NULL "$work/$db.db" "SELECT $(cat "$work/columns") FROM $t $([ "$t" = order_ref ] && echo 'WHERE kind <> 8')" | sort >"$work/$db.csv"
		done
		cmp -s "$work/same.csv" "$work/peer.csv" || { say "the peer's rows of $t differ: the comparison would not be fair"; exit 1; }
	done
	say "the peer writes the same rows"
}

# --- figures -------------------------------------------------------------------------------------------------------------

bench_validate() {
	local a b n per
	n=$((orders < 12500 ? orders : 12500))
	head -n $n "$work/orders.jsonl" | oms-map --channel=shopify >"$work/events.jsonl"
	head -n $few "$work/orders.jsonl" | oms-map --channel=shopify >"$work/few"
	head -n $more "$work/orders.jsonl" | oms-map --channel=shopify >"$work/more"
	a=$(kinstr oms-validate "$work/few")
	b=$(kinstr oms-validate "$work/more")
	per=$(calc "($b - $a) / ($(wc -l <"$work/more") - $(wc -l <"$work/few"))" %.1f)
	figure 1a 'oms-validate: kinstr an order, with all its events' "$(calc "($b - $a) / ($more - $few)" %.1f)" '' le 110 $more "callgrind, $more less $few orders; an event $per"
	local events
	events=$(wc -l <"$work/events.jsonl")
	printf 'import json, sys\nfor line in open(sys.argv[1], encoding="utf-8"):\n    json.loads(line)\n' >"$work/loads.py"
	turns -n 9 -- oms-validate "$work/events.jsonl" -- "$python" "$work/loads.py" "$work/events.jsonl" -- jq -c . "$work/events.jsonl" >"$work/turns.tsv"
	figure 1b 'oms-validate: times as fast as python json.loads' "$(field 2 5)" '' ge 3 "$n" "$events events, whole processes; CPU time $(field 2 6); $(calc "$(field 1 1) * 1000 / $events" %.1f) us an event"
	figure 1c 'oms-validate: times as fast as jq -c .' "$(field 3 5)" '' - 0 "$n" "the same lines; CPU time $(field 3 6)"
	figure 1d 'oms-validate: peak memory' "$(calc "$(field 1 3) / 1024" %.1f)" MB - 0 "$n" 'at any size: one event at a time'
}

bench_map() {
	local a b
	head -n $few "$work/orders.jsonl" >"$work/few"
	head -n $more "$work/orders.jsonl" >"$work/more"
	a=$(kinstr oms-map --channel=shopify "$work/few")
	b=$(kinstr oms-map --channel=shopify "$work/more")
	figure 2a 'oms-map: kinstr an order' "$(calc "($b - $a) / ($more - $few)" %.1f)" '' - 0 $more 'callgrind'
}

bench_ingest() {
	local a b
	check_peer
	head -n $few "$work/orders.jsonl" >"$work/few"
	head -n $more "$work/orders.jsonl" >"$work/more"
	new_store "$work/few.db"
	new_store "$work/more.db"
	a=$(kinstr oms-ingest -q --db="$work/few.db" --source=shopify "$work/few")
	b=$(kinstr oms-ingest -q --db="$work/more.db" --source=shopify "$work/more")
	figure 3a 'oms-ingest: kinstr an order' "$(calc "($b - $a) / ($more - $few)" %.1f)" '' - 0 $more 'callgrind: map, validate, log, fold and rows'
	a=$(kinstr oms-ingest -q --db="$work/few.db" --source=shopify "$work/few")
	b=$(kinstr oms-ingest -q --db="$work/more.db" --source=shopify "$work/more")
	figure 3b 'oms-ingest again, all duplicate: kinstr an order' "$(calc "($b - $a) / ($more - $few)" %.1f)" '' - 0 $more callgrind
	say "loading $orders orders, in turns"
	local fresh="rm -f '$work'/t.db* '$work'/p.db*; oms-init -q --db='$work/t.db'"
	turns -n 3 -p "$fresh" -- oms-ingest -q --db="$work/t.db" --source=shopify "$work/orders.jsonl" \
		-- "$python" "$here/peer_ingest.py" "$root/share/schema" "$work/p.db" "$work/orders.jsonl" >"$work/turns.tsv"
	figure 3c 'oms-ingest: times as fast as python json+sqlite3' "$(field 2 5)" '' ge 1.8 "$orders" "peer_ingest.py, a fresh store each; CPU time $(field 2 6); $(calc "$(field 1 1) * 1000 / $orders" %.0f) us an order"
	figure 3d 'oms-ingest: peak memory' "$(calc "$(field 1 3) / 1024" %.1f)" MB le 40 "$orders" "the peer $(calc "$(field 2 3) / 1024" %.0f) MB"
	new_store "$work/orders.db"
	oms-ingest -q --db="$work/orders.db" --source=shopify "$work/orders.jsonl" >/dev/null
	figure 3e 'store bytes an order, payload kept' "$(calc "$(bytes "$work/orders.db") / $orders" %.0f)" B le 2500 "$orders" "input $(calc "$(stat -c %s "$work/orders.jsonl") / $orders" %.0f) B"
	local first
	first=$(field 1 1)
	turns -n 3 -- oms-ingest -q --db="$work/orders.db" --source=shopify "$work/orders.jsonl" >"$work/turns.tsv"
	figure 3f 'oms-ingest again: times as fast as the first load' "$(calc "$first / $(field 1 1)")" '' ge 10 "$orders" "all duplicate; $(calc "$(field 1 1) * 1000 / $orders" %.1f) us an order"
}

# Random orders, the same ones on every run.
ids() { awk -v n="$1" 'BEGIN { srand(7); for (i = 0; i < 400; i++) printf "shopify:%.0f\n", 5000000000 + int(rand() * n) }'; }
select_one="select * from orders where id='{1}'"
select_two="select * from orders where id='{2}'"

make_small() {
	head -n $small "$work/orders.jsonl" >"$work/small.jsonl"
	new_store "$work/small.db"
	oms-ingest -q --db="$work/small.db" --source=shopify "$work/small.jsonl" >/dev/null
	rm -f "$work/small.jsonl"
}

make_big() {
	local i pieces=20 size
	[ ! -s "$work/big.db" ] || { say "using the store of $most orders that is there"; return 0; }
	size=$(((most + pieces - 1) / pieces))
	say "generating $most orders in $pieces pieces"
	for ((i = 0; i < pieces; i++)); do
		generate "$most" $seed $((i * size)) $size >"$work/piece.$(printf %02d $i)" &
		((i % 2 == 0)) || wait
	done
	wait
	new_store "$work/filling.db"
	say "loading $most orders"
	turns -n 1 -- oms-ingest -q --db="$work/filling.db" --source=shopify "$work"/piece.?? >"$work/turns.tsv"
	figure 3g 'oms-ingest: peak memory' "$(calc "$(field 1 3) / 1024" %.1f)" MB le 40 "$most" "$(calc "$(field 1 1) * 1000 / $most" %.0f) us an order, CPU time $(calc "$(field 1 4) * 1000 / $most" %.0f) us"
	rm -f "$work"/piece.??
	figure 3h 'store bytes an order, payload kept' "$(calc "$(bytes "$work/filling.db") / $most" %.0f)" B le 2500 "$most" ''
	generate "$most" $seed 0 "$most" holds >"$work/holds.jsonl"
	oms-ingest -q --db="$work/filling.db" --source=shopify "$work/holds.jsonl" >/dev/null
	mv "$work/filling.db" "$work/big.db"
	rm -f "$work"/filling.db-*
}

warm() { cat "$@" >/dev/null; } # into the page cache: a disk is not what is measured

bench_show() {
	local a b id
	make_small
	warm "$work/small.db"
	if [ -n "$full" ]; then warm "$work/big.db"; fi
	ids $small >"$work/ids.small"
	ids "$most" >"$work/ids.big"
	id=$(head -n 1 "$work/ids.small")
	a=$(kinstr oms-show --db="$work/small.db" "$id")
	b=$(kinstr sqlite3 -readonly "$work/small.db" "select * from orders where id='$id'")
	figure 4a 'oms-show by id, cold: instructions to the sqlite3 shell'"'"'s' "$(calc "$a / $b")" '' - 0 $small "callgrind; $(calc "$a / 1000" %.2f) million"
	if [ -z "$full" ]; then
		turns -n 300 -w 10 -i "$work/ids.small" -- sqlite3 -readonly "$work/small.db" "$select_one" -- oms-show --db="$work/small.db" '{1}' -- "$work/empty" >"$work/turns.tsv"
	else
		turns -n 300 -w 10 -i "$work/ids.small" -i "$work/ids.big" -- sqlite3 -readonly "$work/small.db" "$select_one" -- oms-show --db="$work/small.db" '{1}' -- "$work/empty" \
			-- sqlite3 -readonly "$work/big.db" "$select_two" -- oms-show --db="$work/big.db" '{2}' >"$work/turns.tsv"
	fi
	figure 4b 'oms-show by id, cold: time to the sqlite3 shell'"'"'s one-row select' "$(field 2 5)" '' le 1.3 $small "300 processes in turn, other orders each; CPU time $(field 2 6); an empty process $(field 3 5)"
	figure 4c 'oms-show: peak memory' "$(calc "$(field 2 3) / 1024" %.1f)" MB - 0 $small "the shell $(calc "$(field 1 3) / 1024" %.1f) MB"
	[ -n "$full" ] || return 0
	figure 4d 'oms-show by id, cold: time to the sqlite3 shell'"'"'s one-row select' "$(calc "$(field 5 5) / $(field 4 5)")" '' le 1.3 "$most" "300 processes in turn; CPU time $(calc "$(field 5 6) / $(field 4 6)")"
	figure 4e "oms-show by id, cold: time at $most to that at $small orders" "$(calc "$(field 5 5) / $(field 2 5)")" '' le 1.1 "$most" "the same turns; CPU time $(calc "$(field 5 6) / $(field 2 6)"); the shell $(calc "$(field 4 5) / $(field 1 5)")"
	a=$(kinstr oms-show --db="$work/small.db" "$id")
	b=$(kinstr oms-show --db="$work/big.db" "$id")
	figure 4f "oms-show by id, cold: instructions at $most to those at $small orders" "$(calc "$b / $a")" '' - 0 "$most" callgrind
}

# --- find ----------------------------------------------------------------------------------------------------------------

time_finds() { # DB IDS ORDERS ID: the single filters, and the combinations that took the most steps
	local db=$1 command=() names=() line
	mapfile -t names < <(printf '%s\n' '' --status=confirmed --payment=captured --fulfilment=shipped --segment=vip --source=shopify --sku=SKU-00000 --held --late --since=2025-01-02 --until=2025-12-01 \
		'--status=confirmed --payment=captured --segment=vip --since=2025-01-02'
	sort -t$'\t' -k1,1nr "$work/combinations.tsv" | awk -F'\t' '!seen[$1 FS $2 FS $3]++ { print $5 }' | sed -n 1,12p)
	for line in "${names[@]}"; do
		read -ra words <<<"$line"
		command+=(-- oms-find --db="$db" -L50 "${words[@]}")
	done
	turns -n 60 -w 3 -i "$2" -- oms-show --db="$db" '{1}' "${command[@]}" >"$work/turns.tsv"
	paste <(printf '%s\n' oms-show "${names[@]}") "$work/turns.tsv" | sort -t$'\t' -k6,6nr >"$work/finds.tsv"
	local worst
	worst=$(awk -F'\t' '$1 != "oms-show"' "$work/finds.tsv" | sed -n 1p)
	figure "$4" 'oms-find, 50 rows: time to cold oms-show, the slowest combination' "$(cut -f6 <<<"$worst" | xargs printf %.2f)" '' le 1.3 "$3" "$(cut -f1 <<<"$worst"); CPU time $(cut -f7 <<<"$worst" | xargs printf %.2f); without a filter $(awk -F'\t' '$1 == "" { printf "%.2f", $6 }' "$work/finds.tsv")"
}

# A shop of several channels has its orders in hundreds of states at once: each is a stream that a list merges.
make_many() {
	rm -f "$work/many.db"*
	sqlite3 -readonly "$work/small.db" "VACUUM INTO '$work/many.db'"
	sqlite3 "$work/many.db" "
		INSERT INTO profile (source_id, status, payment_status, fulfilment_status, attention, segment, orders)
			SELECT s.source_id, a.n, b.n, c.n, 0, d.column1, 0 FROM (SELECT source_id FROM profile LIMIT 1) s, word a, word b, word c, (VALUES ('consumer'), ('b2b'), ('vip')) d
			WHERE a.axis = 'status' AND a.n < 3 AND b.axis = 'payment' AND b.n BETWEEN 1 AND 7 AND c.axis = 'fulfilment' AND c.n IN (0, 4, 5, 7) ON CONFLICT DO NOTHING;
		CREATE TEMP TABLE p AS SELECT row_number() OVER (ORDER BY profile_id) - 1 AS i, profile_id FROM profile;
		UPDATE orders SET profile_id = (SELECT p.profile_id FROM p WHERE p.i = (orders.order_key * 7919) % (SELECT count(*) FROM p));
		UPDATE profile SET orders = (SELECT count(*) FROM orders o WHERE o.profile_id = profile.profile_id)"
}

bench_many() {
	local n
	make_many
	n=$(sqlite3 -readonly "$work/many.db" 'SELECT count(*) FROM profile WHERE orders > 0')
	turns -n 60 -w 3 -i "$work/ids.small" -- oms-show --db="$work/many.db" '{1}' -- oms-find --db="$work/many.db" -L50 --late -- oms-find --db="$work/many.db" -L50 --status=new,confirmed >"$work/turns.tsv"
	figure 5d "oms-find, 50 rows out of $n states: time to cold oms-show" "$(calc "$(field 2 5) > $(field 3 5) ? $(field 2 5) : $(field 3 5)")" '' le 1.3 $small '--late, --status=new,confirmed; the slower'
}

bench_find() {
	local db=$work/small.db n=$small list=$work/ids.small id=5
	[ -s "$db" ] || make_small
	ids $small >"$work/ids.small"
	if [ -n "$full" ]; then db=$work/big.db n=$most list=$work/ids.big id=6; ids "$most" >"$list"; fi
	warm "$db"
	say "every combination of filters at $n orders"
	local bad=0 count steps
	"$python" "$here/find_combinations.py" "$db" SKU-00000 >"$work/combinations.tsv" || bad=1
	count=$(wc -l <"$work/combinations.tsv")
	figure ${id}a 'oms-find: combinations that scan, sort or build an index' "$bad" '' le 0 "$n" "all $count that are offered, by SQLite's counters (--explain)"
	steps=$(sort -t$'\t' -k1,1nr "$work/combinations.tsv" | sed -n 1p)
	figure ${id}b 'oms-find, 50 rows: steps of SQLite'"'"'s machine, the most' "$(cut -f1 <<<"$steps")" '' - 0 "$n" "$(cut -f5 <<<"$steps"); the median $(cut -f1 "$work/combinations.tsv" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')"
	time_finds "$db" "$list" "$n" ${id}c
	bench_many
}

# --- confirm -------------------------------------------------------------------------------------------------------------

# What its orders want, in two warehouses that ship everywhere they come from; and the orders that may be confirmed.
make_stock() {
	local db=$work/stock.db w
	rm -f "$db"*
	sqlite3 -readonly "$work/small.db" "VACUUM INTO '$db'"
	sqlite3 "$db" 'PRAGMA journal_mode=WAL' >/dev/null
	load() { oms-load -q --db="$db" "$1" - >/dev/null; }
	echo '{"id":"ALL","include":["DE","FR","PL","US","BR","CA"]}' | load zone
	printf '{"id":"W%s","zones":["ALL"],"priority":%s}\n' 1 1 2 2 | load warehouse
	echo '{"id":"STD","carrier":"DHL","zones":["ALL"]}' | load service
	sqlite3 -readonly "$db" 'SELECT DISTINCT sku FROM line_item WHERE sku IS NOT NULL' | sed '1iid' | load sku
	for w in W1 W2; do sqlite3 -readonly -csv "$db" "SELECT DISTINCT sku, '$w', 100000, '2025-01-01T00:00:00Z' FROM line_item WHERE sku IS NOT NULL" | sed '1isku,warehouse,on_hand,counted_at' | load count; done
	oms-find --db="$db" --status=new -F ids | { oms-check -q --db="$db" -F jsonl || [ $? = 3 ]; } | jq -r 'select(.verdict == "pass" or .verdict == "warn").id' >"$work/ids.new"
	sqlite3 "$db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
}

# Milliseconds of one run over the first N of them, on a fresh copy of the store in FOLDER.
confirm_ms() { # FOLDER N
	cp "$work/stock.db" "$1/confirm.db"
	local t
	t=$(date +%s%N)
	head -n "$2" "$work/ids.new" | oms-confirm -q --db="$1/confirm.db" -F jsonl >/dev/null
	calc "($(date +%s%N) - $t) / 1000000" '%.1f\n'
	rm -f "$1/confirm.db"*
}

bench_confirm() {
	local n lines a b ms tmp=$work
	[ -s "$work/small.db" ] || make_small
	make_stock
	n=$(wc -l <"$work/ids.new")
	lines=$(sqlite3 -readonly "$work/stock.db" "SELECT round(avg(lines), 1) FROM order_view WHERE status = 'new'")
	some() { # instructions of one run over N of them
		cp "$work/stock.db" "$work/confirm.db"
		rm -f "$work/confirm.db-"*
		head -n "$1" "$work/ids.new" >"$work/ids.some"
		kinstr oms-confirm -q --db="$work/confirm.db" -F jsonl <"$work/ids.some"
	}
	a=$(some 100) b=$(some 900)
	figure 10a 'oms-confirm in one process: kinstr an order' "$(calc "($b - $a) / 800" %.1f)" '' le 260 $small "callgrind; $lines lines an order: ten checks, stock, event, rows, outbox"
	[ ! -w /dev/shm ] || tmp=/dev/shm
	ms=$(for _ in 1 2 3 4 5; do confirm_ms "$tmp" "$n"; done | sort -n | sed -n 3p)
	figure 10b 'oms-confirm in one process: orders a second, each durable' "$(calc "$n * 1000 / $ms" %.0f)" '' ge 5000 $small "$n orders, the file in memory; on the disk here $(calc "$n * 1000 / $(confirm_ms "$work" "$n")" %.0f)"
	cp "$work/stock.db" "$tmp/confirm.db"
	turns -n 300 -w 10 -i "$work/ids.new" -- oms-show --db="$tmp/confirm.db" '{1}' -- oms-confirm --db="$tmp/confirm.db" '{1}' >"$work/turns.tsv"
	figure 10c 'oms-confirm, a process an order: time to cold oms-show' "$(field 2 5)" '' le 1.5 $small "300 processes in turn, other orders each, the file in memory; CPU time $(field 2 6)"
	rm -f "$work/confirm.db"* "$tmp/confirm.db"*
}

# --- export --------------------------------------------------------------------------------------------------------------

# The same rows in the same order by the sqlite3 shell: amounts as it has them, in minor units.
select_lines="SELECT o.id, s.name, o.number, strftime('%Y-%m-%dT%H:%M:%fZ', o.placed_at / 1000.0, 'unixepoch'), date(o.placed_at / 1000, 'unixepoch'), w.word, l.line_no, l.id, l.sku, l.name,
	l.variant, l.quantity, o.currency, l.unit_price, l.subtotal, l.discount, l.tax, l.total, l.total, l.cancelled, l.shipped, l.returned, l.refunded
	FROM orders o JOIN line_item l ON l.order_key = o.order_key JOIN profile p ON p.profile_id = o.profile_id JOIN source s ON s.source_id = p.source_id
	JOIN word w ON w.axis = 'status' AND w.n = p.status ORDER BY o.placed_at, o.id, l.line_no"

bench_export() {
	local db=$work/small.db n=$small id=8 a b rows_a rows_b all rounds=20
	[ -s "$db" ] || make_small
	a=@$((1735689600 + few * 31)) b=@$((1735689600 + more * 31))
	rows_a=$(oms-export --db="$db" --grain=line -U $a -F count) rows_b=$(oms-export --db="$db" --grain=line -U $b -F count)
	per_row() { calc "($(kinstr oms-export --db="$db" --grain=line -U $b "$@") - $(kinstr oms-export --db="$db" --grain=line -U $a "$@")) / ($rows_b - $rows_a)" %.1f; }
	figure 8a 'oms-export of lines: kinstr a row of 23 columns' "$(per_row -F csv)" '' le 22 $more "callgrind; with its manifest $(per_row -F csv --manifest -o "$work/out.csv"), as JSON Lines $(per_row -F jsonl)"
	if [ -n "$full" ]; then db=$work/big.db n=$most id=9 rounds=3; fi
	warm "$db"
	all=$(oms-export --db="$db" --grain=line -F count)
	turns -n $rounds -w 1 -- sqlite3 -readonly -csv -header "$db" "$select_lines" -- oms-export --db="$db" --grain=line -F csv -- oms-export --db="$db" --grain=line -F csv --manifest -o "$work/out.csv" >"$work/turns.tsv"
	figure ${id}b "oms-export of lines: time to sqlite3 -csv of the same join" "$(field 2 5)" '' le 1 "$n" "$all rows; CPU time $(field 2 6); with its manifest, in a file $(field 3 5); $(calc "$(field 2 1) * 1000 / $all" %.2f) us a row"
	figure ${id}c 'oms-export of lines: peak memory' "$(calc "$(field 3 3) / 1024" %.1f)" MB le 10 "$n" "the shell $(calc "$(field 1 3) / 1024" %.1f) MB"
	rm -f "$work/out.csv"*
}

# The same cells drawn by libharu's own operators, out of a file: what a page costs where nothing is read, chosen or laid out.
bench_pdf() {
	local db=$work/small.db a b rows_a rows_b pages_a pages_b fields own floor csv
	[ -s "$db" ] || make_small
	a=@$((1735689600 + few * 31)) b=@$((1735689600 + more * 31))
	${CC:-gcc} -std=gnu11 -O2 -D_GNU_SOURCE "$here/pdf_floor.c" -o "$work/pdf_floor" -lhpdf
	of() { jq -r "$2" "$work/$1.pdf.manifest.json"; } # of a register's manifest
	oms-export -q --db="$db" --grain=line -U $a -F pdf -o "$work/a.pdf" --manifest
	oms-export -q --db="$db" --grain=line -U $b -F pdf -o "$work/b.pdf" --manifest
	rows_a=$(of a .rows) rows_b=$(of b .rows) pages_a=$(of a '[.documents[].pages] | add') pages_b=$(of b '[.documents[].pages] | add')
	fields=$(of b '.fields | join(",")')
	for u in a b; do oms-export --db="$db" --grain=line -U "${!u}" -F tsv --no-header --fields="$fields" | iconv -c -f UTF-8 -t WINDOWS-1252 >"$work/$u.tsv"; done
	own=$(calc "$(kinstr oms-export -q --db="$db" --grain=line -U $b -F pdf) - $(kinstr oms-export -q --db="$db" --grain=line -U $a -F pdf)" %.1f)
	csv=$(calc "$(kinstr oms-export --db="$db" --grain=line -U $b -F csv --fields="$fields") - $(kinstr oms-export --db="$db" --grain=line -U $a -F csv --fields="$fields")" %.1f)
	floor=$(calc "$(kinstr "$work/pdf_floor" $((rows_b / pages_b)) "$work/b.tsv" "$work/floor.pdf") - $(kinstr "$work/pdf_floor" $((rows_b / pages_b)) "$work/a.tsv" "$work/floor.pdf")" %.1f)
	figure 8d 'oms-export -F pdf: instructions to libharu drawing the same cells' "$(calc "$own / $floor")" '' le 1.3 $more "callgrind, compressed; of ours $(calc "$csv / $own * 100" %.0f) % read the store"
	figure 8e 'oms-export -F pdf of lines: kinstr a page of 15 columns' "$(calc "$own / ($pages_b - $pages_a)" %.0f)" '' - 0 $more "$((rows_b / pages_b)) rows a page; libharu $(calc "$floor / ($rows_b - $rows_a) * ($rows_b / $pages_b)" %.0f)"
	turns -n 5 -- oms-export -q --db="$db" -F pdf -o "$work/all.pdf" -- oms-export -q --db="$db" --grain=line -F pdf -o "$work/all.pdf" --manifest >"$work/turns.tsv"
	figure 8f 'oms-export -F pdf: peak memory' "$(calc "($(field 1 3) > $(field 2 3) ? $(field 1 3) : $(field 2 3)) / 1024" %.1f)" MB le 24 $small "$(of all '[.documents[].pages] | add') pages of lines in $(of all '.documents | length') documents, $(calc "$(of all '[.documents[].pages] | add') / $(field 2 1) * 1000" %.0f) a second"
	rm -f "$work"/*.pdf*
}

bench_start() {
	turns -n 300 -w 10 -- "$work/empty" -- oms-show --help -- oms-ingest --help -- "$python" -c pass >"$work/turns.tsv"
	figure 7a 'oms-show --help: time to an empty C program' "$(field 2 5)" '' le 1.35 - "300 processes in turn; CPU time $(field 2 6); oms-ingest $(field 3 5), python3 -c pass $(field 4 5)"
}

# --- the run -------------------------------------------------------------------------------------------------------------

main() { # read whole before it runs, so that it may be edited meanwhile
	local missed
	[ "$orders" -ge $small ] || { say "BENCH_ORDERS=$orders is too few: $small at least"; exit 64; }
	${CC:-gcc} -std=gnu11 -O2 -D_GNU_SOURCE "$here/turns.c" -o "$work/turns"
	echo 'int main(void) { return 0; }' | ${CC:-gcc} -O2 -x c - -o "$work/empty"
	make_orders
	if [ -n "$full" ]; then make_big; fi
	if wanted validate; then bench_validate; fi
	if wanted map; then bench_map; fi
	if wanted ingest; then bench_ingest; fi
	if wanted show; then bench_show; fi
	if wanted find; then bench_find; fi
	if wanted confirm; then bench_confirm; fi
	if wanted export; then bench_export; fi
	if wanted pdf; then bench_pdf; fi
	if wanted start; then bench_start; fi
	"$python" "$here/results.py" "$rows" "$out" "generate.py $orders $seed$([ -z "$full" ] || echo ", generate.py $most $seed")" "$(gcc -dumpfullversion)" "$(sqlite3 --version | cut -d' ' -f1)"
	missed=$(awk -F'\t' '$5 == "MISSED"' "$rows" | wc -l)
	say "$out: $(wc -l <"$rows") figures, $missed goals missed"
	[ -z "${BENCH_GATE:-}" ] || [ "$missed" = 0 ]
}
main
exit
