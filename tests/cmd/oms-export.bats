#!/usr/bin/env bats
# What users of oms-export may rely on: a file that is whole, the same each time, true to the store, and provable.

# shellcheck disable=SC2016,SC2030,SC2031 # quotes as they are meant; each test has a shell of its own
bats_require_minimum_version 1.5.0

# One store for all tests: real orders of the samples, generated ones, and texts that bite.
setup_file() {
	export OMS_DB=$BATS_FILE_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	cd "$BATS_FILE_TMPDIR" || return 1
	oms-init
	oms-source shopify --currency=EUR >/dev/null
	oms-source stripe >/dev/null
	oms-source gen --channel=shopify --currency=EUR >/dev/null
	oms-source raw --channel=oms >/dev/null
	oms-ingest -q --source=shopify "$SRC/share/samples/shopify/orders.jsonl" >/dev/null || [ $? = 3 ]
	oms-ingest -q --source=stripe "$SRC/share/samples/stripe/events.jsonl" >/dev/null || [ $? = 3 ]
	python3 "$SRC/tests/bench/generate.py" 150 3 >gen.jsonl
	oms-ingest -q --source=gen gen.jsonl >/dev/null
	python3 - >raw.jsonl <<-'END'
		import json
		# DST: Berlin's clocks go back on 2026-10-25 and forward on 2026-03-29; both instants around each local midnight
		instants = ["2026-10-24T21:59:59.999Z", "2026-10-24T22:00:00.000Z", "2026-10-25T22:59:59.999Z", "2026-10-25T23:00:00.000Z",
		            "2026-03-28T22:59:59.999Z", "2026-03-28T23:00:00.000Z", "2026-03-29T21:59:59.999Z", "2026-03-29T22:00:00.000Z"]
		names = ["=1+1", "+49 30 1", "-5", "@x", "\tx", " =x", "\uff1dx", "plain", 'say "hi", he\r\nsaid', "a\u001b[2Jb\u202e", "x\ny", "ends ", "\u00fc\u7f8e", "a\\b", "c\u009bd"]
		for i, name in enumerate(names):
		    x, at = f"r{i}", instants[i % len(instants)]
		    cur, price, total = [("EUR", "10.00", "10.00"), ("JPY", "300", "300"), ("KWD", "1.234", "1.234"), ("USD", "0.10", "0.10")][i % 4]
		    print(json.dumps({"schema": "oms.event/1", "id": x, "type": "order.created", "source": "raw", "order": x, "occurred_at": at, "body": {"external_id": x, "number": x, "placed_at": at,
		      "currency": cur, "price_mode": "gross", "total": total, "customer": {"name": name, "email": "a@example.org"}, "lines": [{"id": "1", "sku": "S", "name": name, "quantity": 1, "unit_price": price, "subtotal": total, "total": total}]}}, ensure_ascii=False))
	END
	oms-ingest -q --source=raw raw.jsonl >/dev/null
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

every_grain() { local g; for g in order line payment tax shipping event; do "$@" "$g" || { echo "^ $g"; return 1; }; done; }

# ---- the form

columns_documented() { # the page's list, in its order, is the header
	diff <(oms-export --grain="$1" -F csv -S 2031-01-01 | tr -d '\r' | tr , '\n') \
		<(awk -v set="oms.csv_$1/1" '/^\.Ss/ { on = $2 == set } on && /^\.It Va/ { $1 = $2 = ""; gsub(/,/, ""); n = split($0, w, " "); for (i = 1; i <= n; i++) print w[i] }' "$SRC/man/oms-csv.5")
	diff <(oms-export --grain="$1" -F csv -S 2031-01-01 | tr -d '\r' | tr , '\n') <(jq -r '.properties | keys_unsorted[] | select(. != "schema")' "$SRC/share/schemas/oms.csv_$1.json")
}
@test "the columns are those of the page and of the schema, in their order" { every_grain columns_documented; }

some_rows() { oms-export --grain="$1" >rows && [ -s rows ] && cat rows >>all; }
@test "rows as JSON fit their schema" {
	every_grain some_rows
	python3 "$SRC/tests/schema.py" all
}

csv_is_the_json() { # Python's reader gives back what JSON Lines have, of every cell
	oms-export --grain="$1" -F csv >rows.csv
	oms-export --grain="$1" >rows.jsonl
	python3 - <<-'END'
		import csv, json, re
		raw = open("rows.csv", "rb").read()
		assert raw.endswith(b"\r\n") and not raw.startswith(b"\xef\xbb\xbf")
		rows = list(csv.DictReader(open("rows.csv", newline="", encoding="utf-8"), strict=True))
		recs = [json.loads(l) for l in open("rows.jsonl", encoding="utf-8")]
		assert len(rows) == len(recs) > 0, (len(rows), len(recs))
		written = {"\x1b": r"\x1b", "\x9b": r"\u009b", "\u202e": r"\u202e"}
		def cell(v):
		    if isinstance(v, bool): return "true" if v else "false"
		    if isinstance(v, list): return " ".join(v)
		    return "".join(written.get(c, c) for c in str(v))
		for row, rec in zip(rows, recs):
		    for k, v in row.items():
		        if k == "body": assert json.loads(v) == rec[k]
		        else: assert v == cell(rec.get(k, "")), (k, v, rec.get(k))
	END
}
@test "CSV read by another reader is what JSON Lines say, cell by cell" { every_grain csv_is_the_json; }

@test "csv-excel: a BOM, no cell that is a formula, each counted; numbers stay" {
	oms-export --source=raw --grain=line -F csv-excel -o x.csv --manifest
	oms-export --source=raw --grain=line -F csv -o plain.csv --manifest
	python3 - <<-'END'
		import csv, json
		raw = open("x.csv", "rb").read()
		assert raw.startswith(b"\xef\xbb\xbf") and not raw[3:].startswith(b"\xef\xbb\xbf")
		names = [r["name"] for r in csv.DictReader(open("x.csv", newline="", encoding="utf-8-sig"))]
		plain = [r["name"] for r in csv.DictReader(open("plain.csv", newline="", encoding="utf-8"))]
		bite = {"=1+1", "+49 30 1", "-5", "@x", "\tx", " =x", "\uff1dx"}
		assert set(plain) >= bite
		assert names == ["'" + n if n in bite else n for n in plain], (names, plain)
		assert json.load(open("x.csv.manifest.json"))["guarded"] == len(bite)
		assert json.load(open("plain.csv.manifest.json"))["guarded"] == 0
	END
	run --separate-stderr oms-export --source=raw --grain=line -F csv-excel -o x.csv -v
	[[ $stderr == *"7 cells begin as a formula"* ]]
}

@test "--fields chooses columns; one that is not there is refused; a lone empty cell is no empty line" {
	[ "$(oms-export --grain=line -F csv --fields=sku,order | head -n1)" = $'sku,order\r' ]
	run -64 --separate-stderr oms-export --grain=line -F csv --fields=nothing
	[[ $stderr == *"no column nothing"*unit_price* ]]
	for form in csv csv-excel jsonl pdf; do
		run -64 --separate-stderr oms-export -F $form --fields=id,total,currency,total -o twice --manifest
		[[ $stderr == *"--fields names total twice"* && ! -e twice && ! -e twice.manifest.json ]]
	done
	[ "$(oms-export -F csv --fields=customer_company --source=raw | grep -c '^""')" = 15 ]
	oms-export -F csv --no-header --fields=id,total --source=raw -o n.csv --manifest
	[ "$(wc -l <n.csv)" = 15 ]
	oms-export --verify n.csv
	ln -s n.csv link.csv
	oms-export --verify link.csv
}

# ---- what is in it

@test "rows and sums of the generated orders are those of the file they came from" {
	oms-export --source=gen --grain=line -F csv -o line.csv --manifest
	oms-export --source=gen --grain=order -F csv -o order.csv --manifest
	oms-export --source=gen --grain=tax -F csv -o tax.csv --manifest
	python3 - "$BATS_FILE_TMPDIR/gen.jsonl" <<-'END'
		import json, sys, csv
		from decimal import Decimal as D
		orders = [o for o in (json.loads(l) for l in open(sys.argv[1], encoding="utf-8"))]
		man = {g: json.load(open(f"{g}.csv.manifest.json")) for g in ("line", "order", "tax")}
		assert man["order"]["rows"] == man["order"]["orders"] == len(orders) == 150
		assert man["line"]["rows"] == sum(len(o["line_items"]) for o in orders)
		def total(g, column): return D(man[g]["sums"][0]["total"][column])
		assert [len(m["sums"]) for m in man.values()] == [1, 1, 1]
		gross = sum(D(l["price"]) * l["quantity"] for o in orders for l in o["line_items"])
		assert total("line", "subtotal") == gross, (total("line", "subtotal"), gross)
		assert total("order", "total") == sum(D(o["total_price"]) for o in orders)
		assert total("order", "tax_total") == sum(D(o["total_tax"]) for o in orders)
		assert total("tax", "amount") == sum(D(t["price"]) for o in orders for l in o["line_items"] for t in l["tax_lines"])
		for g, m in man.items():
		    for s in m["sums"]:
		        assert all(D(s["total"][k]).scaleb(s["digits"]) == v for k, v in s["minor"].items())
		rows = list(csv.DictReader(open("order.csv", newline="", encoding="utf-8")))
		assert {r["number"] for r in rows} == {o["name"] for o in orders}
	END
}

@test "rows and sums are those the store's views give to others" {
	oms-export --grain=order -F csv -o order.csv --manifest
	oms-export --grain=payment -F csv -o payment.csv --manifest
	oms-export --grain=shipping -F csv -o shipping.csv --manifest
	sum() { jq -r --arg c "$3" --arg k "$2" '.sums[] | select(.currency == $c) | .minor[$k]' "$1.csv.manifest.json"; }
	for c in EUR JPY KWD USD; do
		[ "$(sum order total $c)" = "$(sqlite3 -readonly "$OMS_DB" "SELECT sum(total_minor) FROM order_view WHERE currency = '$c'")" ]
	done
	[ "$(jq .rows payment.csv.manifest.json)" = "$(sqlite3 -readonly "$OMS_DB" 'SELECT count(*) FROM payment_view')" ]
	[ "$(jq .rows payment.csv.manifest.json)" -gt 0 ]
	[ "$(sum payment captured EUR)" = "$(sqlite3 -readonly "$OMS_DB" "SELECT sum(captured_minor) FROM payment_view WHERE currency = 'EUR'")" ]
	[ "$(jq .rows shipping.csv.manifest.json)" = "$(sqlite3 -readonly "$OMS_DB" 'SELECT count(*) FROM shipping_view')" ]
	[ "$(oms-export --grain=event -F count)" = "$(sqlite3 -readonly "$OMS_DB" 'SELECT count(*) FROM event')" ]
}

@test "JPY has no decimals and KWD three, in rows and sums" {
	oms-export --source=raw -F csv -o r.csv --manifest
	[ "$(jq -c '[.sums[] | [.currency, .total.total, .minor.total]]' r.csv.manifest.json)" = '[["EUR","40.00",4000],["JPY","1200",1200],["KWD","4.936",4936],["USD","0.30",30]]' ]
}

# ---- the window

@test "local days round the changes of the clocks: the column, the window and oms-find agree" {
	python3 - "$BATS_FILE_TMPDIR/raw.jsonl" >want <<-'END'
		import json, sys
		from datetime import datetime, timedelta
		def berlin(at): # summer time from 2026-03-29T01:00Z to 2026-10-25T01:00Z
		    return at + timedelta(hours=2 if "2026-03-29T01" <= at.isoformat()[:13] < "2026-10-25T01" else 1)
		days = [berlin(datetime.fromisoformat(json.loads(l)["body"]["placed_at"][:-1])).date().isoformat() for l in open(sys.argv[1])]
		for d in sorted(set(days)): print(d, days.count(d))
	END
	[ "$(wc -l <want)" -ge 5 ]
	oms-export --source=raw --tz=Europe/Berlin --fields=placed_on | jq -r .placed_on | sort | uniq -c | awk '{ print $2, $1 }' | diff want -
	while read -r day n; do
		[ "$(oms-export --source=raw --tz=Europe/Berlin --window="$day" -F count)" = "$n" ]
		[ "$(oms-find --source=raw --tz=Europe/Berlin -S "$day" -U "$(date -u -d "$day + 1 day" +%F)" -F count)" = "$n" ]
	done <want
}

@test "windows people name; what is none is refused; --since stands in its place, not beside it" {
	window() { oms-export -F csv --tz=Europe/Berlin --window="$1" -o w.csv --manifest && jq -r '.window | "\(.since) \(.until) \(.closed)"' w.csv.manifest.json; }
	[ "$(window 2026-10)" = "2026-09-30T22:00:00.000Z 2026-10-31T23:00:00.000Z true" ]
	[ "$(window 2026-W41)" = "2026-10-04T22:00:00.000Z 2026-10-11T22:00:00.000Z true" ]
	[ "$(window yesterday)" = "2026-11-18T23:00:00.000Z 2026-11-19T23:00:00.000Z true" ]
	[ "$(window last-month)" = "$(window 2026-10)" ]
	[ "$(window this-year)" = "2025-12-31T23:00:00.000Z 2026-12-31T23:00:00.000Z false" ]
	for bad in 2026-13 2026-02-30 2027-W53 2026-W00 2026-Q5 26 2026- tomorrowish ''; do run -64 oms-export --window="$bad"; done
	run -64 --separate-stderr oms-export --window=2026-10 -S 2026-10-02
	[[ $stderr == *"in place of"* ]]
}

@test "what is refused prints nothing: no header that looks like an export of no rows" {
	for refused in --window=2026-13 --manifest --per-order=x --fields=nothing --source=nobody --late=x; do
		for form in csv csv-excel; do
			run ! --separate-stderr oms-export -F $form "$refused"
			[ -z "$output" ] && [ -n "$stderr" ] || { echo "$refused $form: $output"; return 1; }
		done
	done
	[ ! -e x ]
	OMS_DB=/dev/null run -65 --separate-stderr oms-export -F csv
	[ -z "$output" ]
}

@test "an empty window has a header and a manifest with 0" {
	[ "$(oms-export -F csv --window=2031 --fields=id,total)" = $'id,total\r' ]
	oms-export -F csv --window=2031 -o none.csv --manifest
	[ "$(wc -l <none.csv)" = 1 ]
	[ "$(jq -c '[.orders, .rows, .sums]' none.csv.manifest.json)" = '[0,0,[]]' ]
	oms-export --verify none.csv
	oms-export -F jsonl --window=2031 -o none.jsonl --manifest
	[ ! -s none.jsonl ]
	oms-export --verify none.jsonl
}

@test "filters are those of oms-find, on every grain; a source that is not there is refused" {
	for f in --status=new "--segment=consumer --source=gen" --held --sku=S --payment=captured "--attention=held"; do
		# shellcheck disable=SC2086
		[ "$(oms-export $f -F ids | sort)" = "$(oms-find $f -F ids | sort)" ]
		# shellcheck disable=SC2086
		[ "$(oms-export --grain=event $f -F ids | sort -u)" = "$(oms-find $f -F ids | sort)" ]
	done
	run -1 oms-export --source=nobody
	run -64 --separate-stderr oms-export --status=nwe
	[[ $stderr == *confirmed* ]]
	run -64 oms-export --grain=orders
}

# ---- the same bytes

by_arrival() { # GRAIN: another store, the records in reverse and twice
	oms-export --grain="$1" --source=raw,gen -F csv >here
	OMS_DB=$BATS_FILE_TMPDIR/other.db oms-export --grain="$1" -F csv >there
	cmp here there
}
@test "any order of arrival gives the same bytes" {
	export OTHER=$BATS_FILE_TMPDIR/other.db
	(
		export OMS_DB=$OTHER
		oms-init
		oms-source raw --channel=oms >/dev/null
		oms-source gen --channel=shopify --currency=EUR >/dev/null
		tac "$BATS_FILE_TMPDIR/raw.jsonl" >r && cat "$BATS_FILE_TMPDIR/raw.jsonl" >>r
		tac "$BATS_FILE_TMPDIR/gen.jsonl" >g
		oms-ingest -q --source=raw r >/dev/null
		oms-ingest -q --source=gen g >/dev/null
	)
	every_grain by_arrival
}

@test "the same window gives the same bytes, also while oms-ingest runs" {
	cp "$OMS_DB" own.db && cp "$OMS_DB-wal" own.db-wal
	export OMS_DB=$PWD/own.db
	oms-export --grain=line -F csv -U 2026-11-01 -o first.csv --manifest
	python3 "$SRC/tests/bench/generate.py" 600 5 | sed 's/"created_at": *"202[0-9]/"created_at":"2027/g' >late.jsonl
	oms-source late --channel=shopify --currency=EUR >/dev/null
	oms-ingest -q --source=late late.jsonl >/dev/null &
	while kill -0 $! 2>/dev/null; do
		oms-export --grain=line -F csv -U 2026-11-01 -o again.csv --manifest
		cmp first.csv again.csv
	done
	wait
	[ "$(oms-export -S 2027-01-01 -F count)" -gt 0 ]
	oms-export --grain=line -F csv -U 2026-11-01 | cmp first.csv -
}

# ---- the screen

shows() { # GRAIN COLUMN...: at 80 columns, in this order among others; no line is wider
	local grain=$1 head
	shift
	oms-export --source=shopify,stripe --grain="$grain" -F table --width=80 >t
	! grep -qE '.{81}' t || return 1
	head=$(head -n 1 t)
	local want=
	for c; do want="$want.*\\b$c\\b"; done
	grep -qP "$want" <<<"$head" || { echo "$grain: $head"; return 1; }
}
@test "a narrow terminal shows what is asked for first: number, time, state and amounts; ids are whole or not there" {
	shows order NUMBER 'PLACED AT' STATUS CURRENCY TOTAL
	grep -qE '^shopify:6031000002001 +#2001 .* EUR +73\.80$' t
	shows line NUMBER SKU NAME QUANTITY CURRENCY TOTAL
	shows payment NUMBER STATUS 'PAID AT' CURRENCY AMOUNT
	shows tax NUMBER NAME RATE CURRENCY AMOUNT
	shows event NUMBER TYPE 'OCCURRED AT'
	oms-export --source=shopify -F table --width=60 >t
	[[ $(head -n 1 t) =~ ^NUMBER\ +PLACED\ AT\ +STATUS\ +CURRENCY\ +TOTAL$ ]]
	oms-export --source=shopify -F table --width=200 >t
	! grep -qE '.{201}| MINOR' t
	head -n 1 t | grep -q 'PAYMENT STATUS.*CAPTURED.*CUSTOMER NAME'
	# amounts stand under each other by their last digit
	[ "$(oms-export --source=shopify -F table --width=60 | awk '{ print length }' | sort -u | wc -l)" = 1 ]
}

# ---- the proof

@test "the manifest fits its schema, its hash is sha256sum's, its stamp is the clock's and not in the data" {
	oms-export --grain=line -F csv --status=new,confirmed --window=2026-10 -o f.csv --manifest
	jq -c . f.csv.manifest.json | python3 "$SRC/tests/schema.py" -
	[ "$(jq -r .sha256 f.csv.manifest.json)" = "$(sha256sum <f.csv | cut -d' ' -f1)" ]
	[ "$(jq -r .bytes f.csv.manifest.json)" = "$(wc -c <f.csv)" ]
	[ "$(jq -r .made_at f.csv.manifest.json)" = 2026-11-20T10:00:00.000Z ]
	[ "$(jq -c .filter.status f.csv.manifest.json)" = '["new","confirmed"]' ]
	[ "$(jq -r .head.events f.csv.manifest.json)" = "$(sqlite3 -readonly "$OMS_DB" 'SELECT count(*) FROM event')" ]
	cp f.csv kept.csv
	OMS_NOW=2026-11-21T10:00:00Z oms-export --grain=line -F csv --status=new,confirmed --window=2026-10 -o f.csv --manifest
	cmp f.csv kept.csv
	[ "$(jq -r .made_at f.csv.manifest.json)" = 2026-11-21T10:00:00.000Z ]
}

verifies() { # GRAIN, in all forms
	local f
	for f in csv csv-excel jsonl; do
		oms-export --grain="$1" -F $f -o "v.$f" --manifest && (unset OMS_DB; HOME=/nonexistent oms-export --verify "v.$f") || return 1
	done
}
@test "--verify: every grain and form holds, without a store" { every_grain verifies; }

@test "--verify names what was changed" {
	changed() { # CHECK SED: 1, and that is among the differences
		cp good.csv bad.csv && cp good.csv.manifest.json bad.csv.manifest.json
		sed -i "$2" bad.csv
		run -1 --separate-stderr oms-export --verify bad.csv
		[[ $output == *"\"check\":\"$1\""* && $output == *'"check":"sha256"'* && $stderr == *"difference"* ]] || { echo "$1: $output"; return 1; }
		echo "$output" >>differences
	}
	oms-export --source=gen -F csv -o good.csv --manifest
	changed rows 3d
	changed bytes '3s/gen/gens/'
	changed sums '3s/\.\([0-9]\)[0-8],/.\19,/'
	changed columns 1s/number/nummer/
	changed columns '4s/^/,/'
	changed csv '5s/,/,"x/'
	changed sha256 '2s/gen/geN/'
	python3 "$SRC/tests/schema.py" differences
}

@test "--verify shows what is there and what should be: whole in JSON, cut where it is read" {
	mkdir deep
	oms-export --source=gen -F csv --fields=id,number -o deep/f.csv --manifest
	sed -i '2s/gen/geN/' deep/f.csv
	run -1 --separate-stderr oms-export --verify "$PWD/deep/f.csv"
	was=$(jq -r .sha256 deep/f.csv.manifest.json) is=$(sha256sum <deep/f.csv | cut -d' ' -f1)
	[ "$(jq -c '[.file, .found, .expected]' <<<"$output")" = "[\"f.csv\",\"$is\",\"$was\"]" ]
	[[ $stderr == *": 1 difference" ]]
	run -1 --separate-stderr oms-export --verify "$PWD/deep/f.csv" -F table --width=80
	[ "${lines[1]}" = "f.csv  sha256  ${is:0:12}…, the manifest says ${was:0:12}…" ]
	oms-export --source=raw -F pdf -o deep/p.pdf --manifest
	echo >>deep/p.pdf
	run -1 --separate-stderr oms-export --verify "$PWD/deep/p.pdf" -F table --width=80
	[[ ${lines[1]} =~ ^p.pdf\ \ bytes\ \ \ [0-9]+\ bytes,\ the\ manifest\ says\ [0-9]+$ ]]
}

@test "--verify says which is missing, the file or its manifest, and what to do" {
	missing() { # STATUS FILE WORDS HINT
		run "-$1" --separate-stderr oms-export --verify "$2"
		[[ -z $output && ${stderr_lines[0]} == "oms-export: $2"*"$3"* && ${stderr_lines[1]} == "hint: "*"$4"* ]] || { echo "$2: $stderr"; return 1; }
	}
	mkdir d
	oms-export --source=raw -F csv -o f.csv --manifest
	cp f.csv d && cp f.csv.manifest.json d/g.csv.manifest.json
	missing 66 none.csv "nor is there a manifest" none.csv.manifest.json
	missing 66 d/f.csv "no manifest beside it" "--manifest"
	missing 66 d/g.csv "only its manifest is there" "one folder"
	missing 64 f.csv.manifest.json "is a manifest" "--verify f.csv"
	missing 64 nowhere/f.csv.manifest.json "is a manifest" "--verify nowhere/f.csv"
}

# ---- whole or not at all

old() { echo old >f.csv; echo old >f.csv.manifest.json; }
clean() { [ -z "$(find . -name '.*.csv*')" ] || { find . -name '.*.csv*'; return 1; }; }

claims() { # FILE JQ CHECK: a manifest changed like that is found out
	jq -c "$2" "$1.manifest.json" >changed && cp "$1" "x.${1##*.}" && mv changed "x.${1##*.}.manifest.json"
	run -1 --separate-stderr oms-export --verify "x.${1##*.}"
	[[ $output == *"\"check\":\"$3\""* ]] || { echo "$2: $output"; return 1; }
}

@test "--verify: a manifest that was changed is found out wherever the file can tell" {
	oms-export --source=gen,raw --window=2026 --tz=Europe/Berlin -F csv -o c.csv --manifest
	claims c.csv '.orders += 1' orders
	claims c.csv '.rows += 1' rows
	claims c.csv '.bytes = 1' bytes
	claims c.csv '.guarded = 1' guarded
	claims c.csv '.sha256 = "0" * 64' sha256
	claims c.csv '.sums = []' sums
	claims c.csv '.sums[0].total.total = "1.00"' sums
	claims c.csv '.sums[0].minor.total += 1' sums
	claims c.csv 'del(.sums[0].minor.total)' sums
	claims c.csv '.sums += [.sums[0] | .currency = "XXX" | .total[] = "0.00" | .minor[] = 0]' sums
	claims c.csv '.sums |= map(if .currency == "EUR" then .digits = 3 | .total[] += "0" | .minor[] *= 10 else . end)' amount
	claims c.csv '.header = false' rows
	claims c.csv '.fields |= reverse' columns
	claims c.csv '.format = "csv-excel"' format
	claims c.csv '.format = "jsonl" | .header = false' json
	claims c.csv '.window.until = .window.since' window
	claims c.csv '.window.closed |= not' window
	claims c.csv '.zone = "Pacific/Auckland"' zone
	claims c.csv '.filter.source = "gen"' filter
	claims c.csv '.zone = "Mars/Base"' zone
	claims c.csv '.filter.status = ["closed"]' filter
	claims c.csv '.filter.attention = ["disputed"]' filter
	claims c.csv '.filter.late_at = "2026-01-01T00:00:00.000Z"' filter
	claims c.csv '.sums[1] = .sums[2]' sums
	oms-export --source=raw -F csv-excel --grain=line -o e.csv --manifest
	[ "$(jq .guarded e.csv.manifest.json)" -gt 3 ]
	claims e.csv '.guarded -= 1' guarded
	claims e.csv '.format = "csv"' format
	claims e.csv '.orders = 3' orders
	oms-export --source=raw --grain=event -F jsonl -o j.jsonl --manifest
	claims j.jsonl '.orders += 1' orders
	oms-export --source=gen --grain=line -F csv -o l.csv --manifest
	claims l.csv '.filter.sku = "of-none"' filter
	claims j.jsonl '.fields |= .[1:]' columns
	claims j.jsonl '.grain = "order" | .columns = "oms.csv_order/1" | .fields = ["source", "number", "placed_at"]' columns
}

@test "--verify: words as cells have them, orders late with a SKU, attention: what was chosen so is said to be" {
	export OMS_DB=$PWD/v.db
	oms-init -q
	oms-source shop --channel=oms >/dev/null
	n=0
	for segment in '=vip' '-neg' $'x\e''by' 'plain'; do
		n=$((n + 1))
		jq -nc --arg s "$segment" --arg n $n '{schema: "oms.event/1", id: "o\($n)", type: "order.confirmed", source: "shop", order: $n, occurred_at: "2026-11-0\($n)T09:00:00.000Z",
			body: {number: $n, placed_at: "2026-11-0\($n)T09:00:00.000Z", ship_by: "2026-11-1\(9 - ($n | tonumber))T09:00:00.000Z", currency: "EUR", total: "1.00", customer: {segment: $s},
			lines: [{id: "1", sku: "A", quantity: 1, unit_price: "1.00", subtotal: "1.00", total: "1.00"}]}} | .type = "order.created" | .body.status = "confirmed"'
	done | oms-ingest -q --source=shop - >/dev/null
	for form in csv csv-excel jsonl; do
		for segment in '=vip' '-neg' $'x\e''by' '=vip,plain'; do
			oms-export --segment="$segment" -F $form -o s.out --manifest
			[ "$(jq .orders s.out.manifest.json)" -ge 1 ]
			oms-export -q --verify s.out
		done
		oms-export --sku=A --grain=line -F $form -o k.out --manifest
		oms-export -q --verify k.out
		oms-export --late --scan --sku=A -S 2026-11-16 -F $form --fields=id,placed_at,due_at,attention -o t.out --manifest
		[ "$(jq .orders t.out.manifest.json)" = 3 ]
		oms-export -q --verify t.out
	done
}

@test "--verify is for a file that is there: nothing it reads is replaced, and nothing else goes with it" {
	oms-export -F csv --source=raw -o a.csv --manifest
	sha256sum a.csv a.csv.manifest.json >was
	for o in a.csv a.csv.manifest.json ./a.csv; do
		run -73 --separate-stderr oms-export --verify a.csv -o $o
		[[ $stderr == *"is read by this run"* ]]
	done
	sha256sum -c --quiet was
	cp "$(fc-list -f '%{file}\n' 2>/dev/null | grep -m1 'DejaVuSans\.ttf' || echo /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf)" my.ttf
	run -73 oms-export -q -F pdf --font=my.ttf -o my.ttf
	cmp -s my.ttf my.ttf && [ "$(head -c 4 my.ttf | od -An -tx1 | tr -d ' ')" = 00010000 ]
	for extra in --grain=line --window=2026 --manifest --status=new -S2026-01-01 '-F pdf' '-F csv-excel'; do
		# shellcheck disable=SC2086 # two words
		run -64 oms-export --verify a.csv $extra
	done
	mkdir d && echo '{}' >d.manifest.json
	run -66 --separate-stderr oms-export --verify d/
	[[ $stderr == *"d/: is a folder"* ]]
	mkfifo ff
	exec 9<>ff
	run -64 oms-export -F csv -o ff --manifest
	dd if=ff iflag=nonblock of=got status=none || true
	[ ! -s got ]
	run -73 oms-export -F csv --lock=x -o "$OMS_DB.x.lock"
}

@test "--verify: a cell that always began with a guarded formula is guarded too, and counted" {
	oms-init --db=own.db -q
	oms-source --db=own.db raw --channel=oms >/dev/null
	jq -c '.body.customer.name = "\u0027=1+1"' "$BATS_FILE_TMPDIR/raw.jsonl" | oms-ingest -q --db=own.db --source=raw - >/dev/null
	oms-export --db=own.db -F csv-excel --fields=customer_name -o q.csv --manifest
	[ "$(jq .guarded q.csv.manifest.json)" = 15 ] && grep -q "^''=1+1" q.csv
	oms-export --verify q.csv
}

@test "--verify: rows with texts over 1 MiB are summed up as all others" {
	oms-init --db=own.db -q
	oms-source --db=own.db raw --channel=oms >/dev/null
	head -n1 "$BATS_FILE_TMPDIR/raw.jsonl" | python3 -c 'import json, sys; d = json.load(sys.stdin); d["body"]["lines"][0]["name"] = "\"x, " * 600000; print(json.dumps(d))' | oms-ingest -q --db=own.db --source=raw - >/dev/null
	for f in csv csv-excel jsonl; do
		oms-export --db=own.db --grain=line -F $f -o "v.$f" --manifest
		[ "$(stat -c %s v.$f)" -gt 2000000 ]
		oms-export --verify v.$f
	done
	sed -i 's/10\.00/10.01/g' v.csv
	run -1 oms-export --verify v.csv
	[[ $output == *'"check":"sums"'* ]]
}

@test "--verify: a manifest that is none is 78 and says what is wrong; nothing in it is believed" {
	oms-export --source=gen -F csv -o c.csv --manifest
	none() { # JQ WORD
		jq -c "$1" c.csv.manifest.json >x.csv.manifest.json && cp c.csv x.csv
		run -78 --separate-stderr oms-export --verify x.csv
		[[ $stderr == *"x.csv.manifest.json: $2: "* ]] || { echo "$1: $stderr"; return 1; }
	}
	: >b.csv && echo '{"schema":"oms.manifest/1","grain":"order","fields":["id","currency","total"],"format":"csv","sums":[{"currency":"EUR","digits":200}]}' >b.csv.manifest.json
	run -78 --separate-stderr oms-export --verify b.csv
	[[ $stderr == *"digits: are more than an amount has"* ]]
	for d in 19 200 2147483648 4294967298; do none ".sums[0].digits = $d" digits; done
	for d in -1 '"2"' 2.5 null '[]'; do none ".sums[0].digits = $d" digits; done
	none '.sums[0].currency = 1' currency
	none '.sums[0].total.total = ("9" * 5000)' total
	none '.sums[0].total.total = "1e5"' total
	none '.sums[0].total.id = "1"' total
	none '.sums[0].minor.total = "1"' minor
	none '.sums[0].minor = [1]' minor
	none '.sums = {}' sums
	for n in orders rows guarded bytes; do for d in -1 '"1"' 1.5 null; do none ".$n = $d" $n; done; done
	none '.sha256 = "00"' sha256
	none '.sha256 |= ascii_upcase' sha256
	none '.schema = "oms.manifest/2"' schema
	none '.grain = "orders"' grain
	none '.format = "xls"' format
	none '.columns = "oms.csv_line/1"' columns
	for d in '[]' '["id","id"]' '["nothing"]' '[1]' '{}' '"id"' '[range(99) | "id"]'; do none ".fields = $d" fields; done
	none '.header = 1' header
	none '.documents = []' documents
	none '.format = "pdf"' documents
	none '.window.until = "soon"' until
	none 'del(.window)' window
	none '.filter = null' filter
	none '.filter.status = "new"' status
	none '.made_at = 5' made_at
	none '.zone = 1' zone
	none '.head.newest = "x"' newest
	none 'del(.head)' events
}

@test "--manifest needs -o FILE and a form it can prove; the store is not to be replaced" {
	run -64 --separate-stderr oms-export -F csv --manifest
	[ -z "$output" ]
	run -64 oms-export -F csv --manifest -o -
	run -64 oms-export -F csv --manifest -o /dev/null
	run -64 oms-export -F json --manifest -o f.json
	[ ! -e f.json ]
	run -73 --separate-stderr oms-export -F csv -o "$OMS_DB"
	[[ $stderr == *"is the store"* ]]
	oms-export -F count
}

@test "a link to a file that is not there yet stays a link; standard output by its other name loses nothing" {
	mkdir far && ln -s far/real.csv link.csv
	oms-export --source=raw -F csv -o link.csv --manifest
	[ -L link.csv ] && [ -s far/real.csv ] && [ -s far/real.csv.manifest.json ]
	oms-export -q --verify link.csv
	echo first >log
	oms-export --source=raw -F csv -o /dev/stdout >>log
	{ echo first; cat far/real.csv; } | cmp - log
	ln -s "$OMS_DB-journal" out.lnk
	run -73 oms-export -F csv -o out.lnk
	[ ! -e "$OMS_DB-journal" ]
	ln -s ring ring
	run -73 oms-export -F csv -o ring
	exec 8>gone && rm gone
	run -73 oms-export -F csv -o /dev/fd/8
	[ "$(ls)" = "$(printf '%s\n' far link.csv log out.lnk ring)" ]
	name=$(printf 'a%.0s' {1..250})
	oms-export --source=raw -F csv -o "$name"
	cmp "$name" far/real.csv
	run -73 oms-export --source=raw -F csv -o "${name}bcdefg"
}

@test "no way of writing a file hits the store or what SQLite keeps beside it" {
	copy() { cp "$OMS_DB" "$1" && if [ -e "$OMS_DB-wal" ]; then cp "$OMS_DB-wal" "$1-wal"; fi; }
	whole() { sqlite3 -readonly "$1" .dump | sha256sum; }
	was=$(whole "$OMS_DB")
	for f in -wal -shm -journal; do
		run -73 --separate-stderr oms-export -F csv -o "$OMS_DB$f"
		[[ $stderr == *"belongs to the store"* ]]
		run -73 oms-map --channel=oms -o "$OMS_DB$f" "$BATS_FILE_TMPDIR/raw.jsonl"
	done
	[ "$(whole "$OMS_DB")" = "$was" ]
	copy f.csv.manifest.json
	run -73 oms-export --db=f.csv.manifest.json -F csv --manifest -o f.csv
	[ ! -e f.csv ] && oms-export --db=f.csv.manifest.json -F count
	mkdir s && id=$(oms-find -L 1 -F ids) && copy "s/${id/:/_}.pdf"
	run -73 oms-export --db="s/${id/:/_}.pdf" --per-order s
	oms-export --db="s/${id/:/_}.pdf" -F count
}

@test "a full disk or a limit leaves the old file and the old manifest" {
	old
	got=0; (ulimit -f 1; trap '' XFSZ; oms-export --grain=event -F csv -o f.csv --manifest) 2>err || got=$?
	[ "$got" = 74 ]
	[ "$(cat f.csv f.csv.manifest.json)" = $'old\nold' ]
	clean
	got=0; oms-export -F csv >/dev/full 2>err || got=$?
	[ "$got" = 74 ]
	[ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=32k tmpfs small 2>/dev/null || return 0
	cp f.csv f.csv.manifest.json small
	got=0; oms-export --grain=event -F csv -o small/f.csv --manifest 2>err || got=$?
	cat small/f.csv small/f.csv.manifest.json >kept
	left=$(find small -name '.*.csv*')
	umount small
	[ "$got" = 74 ] && [ -z "$left" ]
	[ "$(cat kept)" = $'old\nold' ]
}

@test "killed at any moment: the file is the old one or whole, and verifies where its manifest is new" {
	oms-export --grain=event -F csv -o whole.csv --manifest
	for i in 0 1 2 3 4 5 6 7; do
		old
		oms-export --grain=event -F csv -o f.csv --manifest &
		sleep "0.0$((i * 4 / 10))$((i * 4 % 10))"
		kill -KILL $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		[ "$(cat f.csv)" = old ] || cmp f.csv whole.csv
		[ "$(cat f.csv.manifest.json)" = old ] || oms-export --verify f.csv
	done
	rm -f .f.csv*
	for signal in TERM INT HUP; do
		old
		oms-export --grain=event -F csv -o f.csv --manifest &
		sleep 0.01
		kill -$signal $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		[ "$(cat f.csv)" = old ] || cmp f.csv whole.csv
		clean
	done
}

@test "killed at each system call: the same" {
	command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip "strace is not here, or may not"
	oms-export --grain=order --source=raw -F csv -o whole.csv --manifest
	for call in write fsync rename fchmod close; do
		for n in 1 2 3 4; do
			old
			strace -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n oms-export --grain=order --source=raw -F csv -o f.csv --manifest 2>/dev/null || true
			[ "$(cat f.csv)" = old ] || cmp f.csv whole.csv
			[ "$(cat f.csv.manifest.json)" = old ] || [ "$(jq -r .sha256 f.csv.manifest.json)" = "$(sha256sum <f.csv | cut -d' ' -f1)" ]
		done
	done
}

# ---- schedules

@test "--lock: the second of a name ends at once with 75, another name does not wait; a killed holder leaves nothing" {
	mkfifo pipe
	oms-export --lock=daily --grain=event -F csv -o pipe &
	exec 9<pipe
	read -r -N 10 _ <&9
	run -75 --separate-stderr oms-export --lock=daily -F count
	[[ $stderr == *daily* ]]
	oms-export --lock=other -F count
	kill -KILL $!
	wait $! 2>/dev/null || true
	exec 9<&-
	oms-export --lock=daily -F count
	for bad in '' a/b ../x 'a b'; do run -64 oms-export --lock="$bad"; done
}

@test "success off a terminal says nothing" {
	run --separate-stderr oms-export -F csv-excel -o f.csv --manifest --lock=a
	[ -z "$output$stderr" ]
}

@test "the examples of schedules are sound" {
	mkdir units
	sed 's|/usr/local/bin/oms-export|/bin/true|' "$SRC/share/systemd/oms-export@.service" >units/oms-export@.service
	cp "$SRC/share/systemd/oms-export@.timer" units
	if command -v systemd-analyze >/dev/null; then
		got=0; systemd-analyze verify --man=no units/oms-export@line.service units/oms-export@line.timer >said 2>&1 || got=$?
		[ "$got" = 0 ] && [ ! -s said ] || { cat said; grep -qi 'bus\|initialize manager' said; } # in a container it may not run
	fi
	python3 - "$SRC" <<-'END'
		import configparser, os, re, sys, shlex
		src = sys.argv[1]
		for name, needs in (("service", ("Unit", "Service")), ("timer", ("Unit", "Timer", "Install"))):
		    unit = configparser.RawConfigParser(strict=False, delimiters="=")
		    unit.optionxform = str
		    unit.read(f"{src}/share/systemd/oms-export@.{name}")
		    assert tuple(unit.sections()) == needs, unit.sections()
		    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]*", k) for s in unit.sections() for k, _ in unit.items(s))
		jobs = 0
		for line in "\n".join(open(f"{src}/share/cron/{name}", encoding="utf-8").read() for name in os.listdir(f"{src}/share/cron")).splitlines():
		    if not line or line.startswith("#") or re.match(r"[A-Z_]+=", line): continue
		    *when, user, command = line.split(None, 6)
		    assert len(when) == 5 and all(re.fullmatch(r"(\*|\d+)([-,/]\d+)*", w) for w in when), when
		    assert user == "oms" and not re.search(r"(?<!\\)%", command), line
		    shlex.split(command)
		    jobs += 1
		assert jobs >= 2
	END
	# and their options are there
	grep -hoE -- ' --?[a-zA-Z][a-z-]*' <(grep -v '^#' "$SRC/share/cron/oms-export") "$SRC/share/systemd/oms-export@.service" | tr -d ' ' | grep -E '^--' | sort -u | while read -r o; do
		oms-export --help | grep -q -- "$o" || { echo "no option $o"; exit 1; }
	done
}

@test "a form that is not built in is refused" {
	run -64 --separate-stderr oms-export -F xlsx
	[[ $stderr == *csv-excel* ]]
	run -64 --separate-stderr oms-find -F csv-excel
	[[ $stderr == *"is one of table text"* ]]
}

@test "on a narrow terminal the first columns are kept" {
	[ "$(oms-export -F table --width=80 | head -n1 | awk '{ print $1 }')" = ID ]
	run ! grep -q BILL <(oms-export -F table --width=80)
	[ "$(oms-export -F table --width=80 | wc -L)" -le 80 ]
}
