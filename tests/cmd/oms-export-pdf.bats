#!/usr/bin/env bats
# What users of oms-export's PDFs may rely on: every figure of the store, the same bytes each time, whole or absent, nothing garbled.

# shellcheck disable=SC2016,SC2030,SC2031 # quotes as they are meant; each test has a shell of its own
bats_require_minimum_version 1.5.0

# A store of real and generated orders and of texts that bite (s.db), and one whose register is longer than a document (long.db).
setup_file() {
	export OMS_DB=$BATS_FILE_TMPDIR/s.db LONG=$BATS_FILE_TMPDIR/long.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	cd "$BATS_FILE_TMPDIR" || return 1
	oms-init
	oms-source shopify --currency=EUR >/dev/null
	oms-source stripe >/dev/null
	oms-source easypost >/dev/null
	oms-source gen --channel=shopify --currency=EUR >/dev/null
	for s in raw scripts rtl; do oms-source $s --channel=oms >/dev/null; done
	oms-ingest -q --source=shopify "$SRC/share/samples/shopify/orders.jsonl" "$SRC/share/samples/shopify/order-updated.json" >/dev/null || [ $? = 3 ]
	oms-ingest -q --source=stripe "$SRC/share/samples/stripe/events.jsonl" >/dev/null || [ $? = 3 ]
	oms-ingest -q --source=easypost "$SRC/share/samples/easypost/events.jsonl" >/dev/null || [ $? = 3 ]
	python3 "$SRC/tests/bench/generate.py" 120 3 >gen.jsonl
	oms-ingest -q --source=gen gen.jsonl >/dev/null
	python3 - <<-'END'
		import json
		def order(source, i, name, item, cur="EUR", price="10.00", variant=None, **more):
		    x = f"{source[0]}{i}"
		    line = {"id": "1", "sku": "S-1", "name": item, "quantity": 2, "unit_price": price, "subtotal": more.pop("total", None) or price, "total": price}
		    if variant: line["variant"] = variant
		    body = {"external_id": x, "number": x, "placed_at": "2026-10-05T12:00:00.000Z", "currency": cur, "price_mode": "gross", "total": price,
		            "customer": {"name": name, "email": "a@example.org"}, "lines": [line], **more}
		    return json.dumps({"schema": "oms.event/1", "id": x, "type": "order.created", "source": source, "order": x, "occurred_at": "2026-10-05T12:00:00.000Z", "body": body}, ensure_ascii=False)
		bite = ["=1+1", ") Tj ET", "(((", "\\)", "\t=x", "a\u001b[2Jb\u202e", "say \"hi\"\nhe said", "endstream endobj", "%PDF", "<</A 1>>", "c\u009bd", "\u20acuro \u00fcber", "x" * 60, "=cmd|' /C calc'!A0"]
		with open("raw.jsonl", "w") as f:
		    for i, name in enumerate(bite):
		        cur, price = [("EUR", "10.00"), ("JPY", "300"), ("KWD", "1.234"), ("USD", "0.10")][i % 4]
		        print(order("raw", i, name, name, cur, price), file=f)
		scripts = ["Łódź Ćmielów", "Дмитрий Иванов", "Αθήνα", "Nguyễn Thị", "თბილისი", "東京都 美咲", "box \U0001f4e6", "snow ☃ ₿ Ł"]
		with open("scripts.jsonl", "w") as f:
		    for i, name in enumerate(scripts): print(order("scripts", i, name, "tea"), file=f)
		with open("rtl.jsonl", "w") as f:
		    print(order("rtl", 0, "Anna", "tea"), file=f)
		    print(order("rtl", 1, "\u05e9\u05dc\u05d5\u05dd", "tea"), file=f)
		    print(order("rtl", 2, "Ben", "\u0634\u0627\u064a tea"), file=f)
		    print(order("rtl", 3, "Carl", "tea", note="late"), file=f)
		with open("long.jsonl", "w") as f:
		    for i in range(260): print(order("raw", i, "N", f"item{i} " + "many words " * 350, "EUR", f"{i}.07", "also long " * 400), file=f)
	END
	for s in raw scripts rtl; do oms-ingest -q --source=$s $s.jsonl >/dev/null; done
	oms-init -q --db="$LONG"
	oms-source --db="$LONG" raw --channel=oms >/dev/null
	oms-ingest -q --db="$LONG" --source=raw long.jsonl >/dev/null
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

text() { pdftotext -layout "$@" 2>/dev/null; }
sane() { qpdf --check "$1" >/dev/null && ! qpdf --check "$1" | grep -qi warning; }
every_grain() { local g; for g in order line payment tax shipping event; do "$@" "$g" || { echo "^ $g"; return 1; }; done; }
fits="--source=shopify,gen,raw,stripe"

# ---- figures

figures() { # GRAIN: all amounts of the page are those of the CSV of its columns, and the sums of its manifest; no more, no fewer
	oms-export $fits --grain="$1" -F pdf -q -o f.pdf --manifest
	sane f.pdf
	oms-export --verify f.pdf
	oms-export $fits --grain="$1" -F csv --fields="$(jq -r '.fields | join(",")' f.pdf.manifest.json)" -o f.csv --manifest
	[ "$(jq -c .sums f.pdf.manifest.json)" = "$(jq -c .sums f.csv.manifest.json)" ]
	text f.pdf - >f.txt
	python3 - "$1" <<-'END'
		import csv, json, re, sys
		from collections import Counter
		rows = list(csv.DictReader(open("f.csv", newline="", encoding="utf-8")))
		man = json.load(open("f.pdf.manifest.json"))
		assert len(rows) == man["rows"] > 0 and sum(d["rows"] for d in man["documents"]) == len(rows)
		money = [k for k in rows[0] if k in dict.fromkeys(c for s in man["sums"] for c in s["total"]) or k in ("unit_price", "rate")]
		assert money or sys.argv[1] in ("shipping", "event")
		want = Counter(r[k] for r in rows for k in money if "." in r[k]) + Counter(v for s in man["sums"] for v in s["total"].values() if "." in v)
		page = re.sub(r"Page \d+ of \d+", "", open("f.txt", encoding="utf-8").read())
		got = Counter(w for w in page.split() if re.fullmatch(r"-?\d+\.\d\d\d?", w))
		assert got == want, (got - want, want - got)
	END
}
@test "every amount of every grain is on its pages, and no other; sums are the manifest's; qpdf finds nothing" { every_grain figures; }

@test "a row's figures stand in its line, in the digits of its currency" {
	oms-export $fits -F pdf -q --fields=id,currency,subtotal,total,captured,tax_total -o r.pdf
	oms-export $fits -F csv --no-header --fields=id,currency,subtotal,total,captured,tax_total | tr -d '\r' | sed 's/,,*/ /g; s/ *$//' | sort >want
	text r.pdf - | awk '$1 ~ /^(shopify|gen|raw):/ { $1 = $1; print }' | sort >got
	diff want got
	[ "$(wc -l <got)" -gt 100 ]
	grep -q ' JPY 300 300' got
	grep -q ' KWD 1.234 1.234' got
}

@test "page x of y, the heads and the window on every page; totals and counts at the end" {
	oms-export --grain=line --source=gen --tz=Europe/Berlin --window=2025 --status=new,confirmed -F pdf -q -o p.pdf --manifest
	pages=$(pdfinfo p.pdf | awk '/^Pages:/ { print $2 }')
	[ "$pages" -ge 5 ]
	[ "$(jq '.documents[0].pages' p.pdf.manifest.json)" = "$pages" ]
	for ((i = 1; i <= pages; i++)); do
		text -f "$i" -l "$i" p.pdf - >page
		grep -q "Page $i of $pages\$" page
		grep -q 'Order lines' page
		grep -q 'placed from 2025-01-01 to before 2026-01-01 · zone Europe/Berlin · source gen · status new, confirmed' page
		[ "$(grep -cE 'Placed +Order +.*SKU +.*Total' page)" = 1 ]
	done
	tail -n 8 page | grep -q "^$(jq -r .rows p.pdf.manifest.json) rows of $(jq -r .orders p.pdf.manifest.json) orders\$"
	tail -n 12 page | grep -q "Totals by currency"
}

@test "one row is no rows, one order no orders" {
	foot() { oms-export --source=shopify -F pdf -q -o f.pdf "$@" && text f.pdf - | grep -E '^[0-9]+ row'; }
	[ "$(foot --window=2026-11-02)" = '1 row of 1 order' ]
	[ "$(foot --window=2026-11-02 --grain=line)" = '2 rows of 1 order' ]
	[ "$(foot --window=2031)" = '0 rows of 0 orders' ]
}

@test "filters of any length and any text: ten lines at the head of all, one on each later page, the rows below" {
	for filter in --sku="$(printf 'x\n%.0s' {1..60})" --segment="consumer,$(printf 'WW%.0s' {1..2000})"; do
		oms-export --source=shopify --grain=event -F pdf -q "$filter" -o h.pdf
		sane h.pdf
		[ "$(pdfinfo h.pdf | awk '/^Pages:/ { print $2 }')" -le 3 ]
		text h.pdf - >h.txt
		[ "$(grep -cE '(x.x0a|WW)' h.txt)" -le 13 ]
		pdftotext -bbox h.pdf - | awk -F'"' '/<word/ && ($2 < 0 || $4 < 0 || $6 > 842 || $8 > 596) { print; bad = 1 } END { exit bad }'
	done
	grep -q 'WW…$' h.txt
	[ "$(text -f 2 -l 2 h.pdf - | head -n 1 | grep -cE '^Events +Orders placed at any time .* segment consumer,W+…')" = 1 ]
	oms-export --source=shopify --sku=$'a\nb' -F pdf -q -o h.pdf
	text h.pdf - | grep -q 'SKU a.x0ab$'
}

@test "letters of a filter that cannot be set are written out in the head, which is whole and true" {
	head() { oms-export --source=shopify -F pdf -o h.pdf "$@" 2>err && [ ! -s err ] && sane h.pdf && text h.pdf - | sed -n 2p; }
	[ "$(head --sku=שלום --window=2026-10)" = 'Orders placed from 2026-10-01 to before 2026-11-01 · zone UTC0 · source shopify · SKU \u05e9\u05dc\u05d5\u05dd' ]
	[ "$(head --segment=日本 --status=new)" = 'Orders placed at any time · zone UTC0 · source shopify · status new · segment \u65e5\u672c' ]
	[ "$(head --sku=$'Łódź \U1f4e6 café\u202e')" = 'Orders placed at any time · zone UTC0 · source shopify · SKU Łódź \U0001f4e6 café\u202e' ]
	oms-export --source=shopify -F pdf --sku=日本 -q -o h.pdf --manifest
	[ "$(jq 'has("flaws")' h.pdf.manifest.json)" = false ]
}

@test "ids and days stay in one piece, other texts give way; an id that is wider than that is broken alone" {
	python3 - >ids.jsonl <<-'END'
		import json
		at = "2026-10-05T12:00:00.000Z"
		for i in range(12):
		    x = f"6031000002{i:06}"
		    line = {"id": "1", "sku": f"FK-TEAPOT-LARGE-{i:03}-BLUE", "name": "Teapot, fern green, with a long description of handle and lid", "variant": "Large / Blue / Gift wrapped", "quantity": 2,
		            "unit_price": "12345.67", "subtotal": "24691.34", "total": "24691.34"}
		    for more in ("", "y" * 200) if i == 11 else ("",):
		        print(json.dumps({"schema": "oms.event/1", "id": f"e{i}{more}", "type": "order.created", "source": "shopify-germany", "order": x + more, "occurred_at": at, "body": {"external_id": x + more,
		          "number": f"#DE-2026-{i:05}", "placed_at": f"2026-10-{10 + len(more) // 100}T12:00:00.000Z", "currency": "EUR", "price_mode": "gross", "total": "49382.68",
		          "customer": {"name": "Maximiliane-Charlotte von Oberhausen-Schmidthuber"}, "lines": [line]}}))
	END
	export OMS_DB=$PWD/ids.db
	oms-init
	oms-source shopify-germany --channel=oms >/dev/null
	oms-ingest -q --source=shopify-germany ids.jsonl >/dev/null
	words() { oms-export -F pdf -q -o i.pdf "$@" && pdftotext -bbox i.pdf - | sed -n 's/.*<word.*>\(.*\)<\/word>/\1/p' >words; }
	for g in order line; do
		words --grain=$g -U 2026-10-11
		[ "$(grep -cxE 'shopify-germany:6031000002[0-9]{6}' words)" = 12 ]
		[ "$(grep -cx 2026-10-10 words)" = 12 ]
		[ $g = order ] || [ "$(grep -cxE 'FK-TEAPOT-LARGE-[0-9]{3}-BLUE' words)" = 12 ]
	done
	words --grain=line
	[ "$(grep -cxE 'FK-TEAPOT-LARGE-[0-9]{3}-BLUE' words)" = 13 ]
	[ "$(tr -d '\n' <words | grep -o y | wc -l)" -ge 200 ]
}

@test "--fields chooses, +NAME adds; too many for a page is said" {
	oms-export --source=shopify -F pdf -q --fields=number,total -o a.pdf
	text a.pdf - | grep -qE '^ *Number +Total$'
	oms-export --source=shopify -F pdf -q --fields=+customer_email -o b.pdf
	pdftotext -raw b.pdf - | tr -d ' \n' | grep -q 'chiara.moretti@example.org'
	oms-export --source=shopify -F pdf -q --fields=+total -o t.pdf && oms-export --source=shopify -F pdf -q -o u.pdf && cmp t.pdf u.pdf
	run -64 --separate-stderr oms-export --source=gen -F pdf -o c.pdf --fields="$(oms-export -F csv -S 2031-01-01 | tr -d '\r')"
	[[ $stderr == *"do not fit"*--fields* && ! -e c.pdf ]]
	run -64 oms-export -F pdf -o c.pdf --fields=nothing
}

# ---- the same bytes

twice() {
	oms-export $fits --grain="$1" -F pdf -q >one.pdf
	OMS_NOW=2027-01-01T00:00:00Z oms-export $fits --grain="$1" -F pdf -q -o two.pdf
	cmp one.pdf two.pdf
}
@test "the same rows are the same bytes, on whichever day, to a file or a pipe" {
	every_grain twice
	oms-export --per-order one --source=shopify
	OMS_NOW=2027-01-01T00:00:00Z oms-export --per-order two --source=shopify
	diff -r one two
}

@test "also while oms-ingest runs" {
	cp "$OMS_DB" own.db && cp "$OMS_DB-wal" own.db-wal
	export OMS_DB=$PWD/own.db
	oms-export $fits --grain=line -F pdf -q -U 2026-11-10 -o first.pdf
	python3 "$SRC/tests/bench/generate.py" 600 5 | sed 's/"created_at": *"202[0-9]/"created_at":"2027/g' >late.jsonl
	oms-source late --channel=shopify --currency=EUR >/dev/null
	oms-ingest -q --source=late late.jsonl >/dev/null &
	n=0
	while kill -0 $! 2>/dev/null; do
		oms-export $fits --grain=line -F pdf -q -U 2026-11-10 -o again.pdf
		cmp first.pdf again.pdf
		n=$((n + 1))
	done
	wait
	[ "$n" -gt 0 ]
	[ "$(oms-export -S 2027-01-01 -F count)" -gt 0 ]
}

# ---- texts

@test "texts that bite are text: formulas, operators, controls; long names wrap and lose nothing" {
	oms-export --source=raw --grain=line -F pdf --fields=order,name,total -o t.pdf 2>err
	[ ! -s err ]
	sane t.pdf
	text t.pdf - >t.txt
	for s in '=1+1' ') Tj ET' '(((' '\)' 'endstream endobj' '%PDF' '<</A 1>>' '€uro über' 'say "hi"' 'he said' "=cmd|' /C calc'!A0" 'a\x1b[2Jb\u202e' 'c\u009bd'; do
		grep -qF -- "$s" t.txt || { echo "$s"; cat t.txt; false; }
	done
	! LC_ALL=C grep -qP '[\x00-\x09\x0b\x0e-\x1f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' t.txt
	oms-export --source=raw -F pdf -q -o w.pdf
	pdftotext -raw w.pdf - | tr -d '\n ' | grep -q "$(printf 'x%.0s' {1..60})"
	oms-export --per-order sheets --source=raw
	for f in sheets/*; do sane "$f"; done
}

@test "letters beyond Latin have a font of their own; one that no font has is a box and is told by order and field" {
	oms-export --source=scripts -F pdf -o s.pdf 2>err
	sane s.pdf
	text s.pdf - >s.txt
	for s in 'Łódź Ćmielów' 'Дмитрий Иванов' 'Αθήνα' 'Nguyễn Thị' 'თბილისი' 'snow ☃ ₿ Ł'; do grep -q "$s" s.txt; done
	[ "$(grep warning err | cut -d' ' -f3-)" = $'scripts:s5: customer_name: no font here has U+6771, U+4EAC, U+90FD, U+7F8E, U+54B2: boxes are printed\nscripts:s6: customer_name: no font here has U+1F4E6: a box is printed' ]
	oms-export --source=raw -F pdf -o latin.pdf
	! pdffonts latin.pdf | grep -q TrueType # 100 kB more a file: only where a text needs it
	pdffonts s.pdf 2>/dev/null | grep -q TrueType
	oms-export --per-order o --source=scripts 2>err
	[ "$(grep -c 'scripts:s5: customer: no font here has U+6771' err)" = 1 ]
	[ "$(grep -c ^hint: err)" = 2 ]
	grep -q '^hint: --font=FILE .*fonts-vlgothic' err
	grep -q '^hint: letters beyond U+FFFF' err
	run -66 --separate-stderr oms-export --source=scripts -F pdf --font=nowhere.ttf -o x.pdf
	[[ $stderr == *nowhere.ttf* ]]
	run -65 --separate-stderr oms-export --source=scripts -F pdf --font=/dev/null -o x.pdf
	[[ $stderr == *"scripts:s0: customer_name: "*"no TrueType font"* && ! -e x.pdf ]]
	oms-export --source=raw -F pdf --font=/dev/null -o latin.pdf # not read where no text needs it
}

@test "a letter and its accent in two characters are one on the page; a mark that makes no letter is a box, told and in flaws" {
	python3 - >marks.jsonl <<-'END'
		import json, unicodedata
		at = "2026-10-05T12:00:00.000Z"
		names = ["Jos\u00e9 \u00c5ngstr\u00f6m", "Nguy\u1ec5n Th\u1ecb", "\u0391\u03b8\u03ae\u03bd\u03b1 \u0439", "za\u0301mok \u0437\u0430\u0301", "\ufe0f" * 6000 + "END", "c\rd"]
		for i, name in enumerate(names):
		    print(json.dumps({"schema": "oms.event/1", "id": f"k{i}", "type": "order.created", "source": "marks", "order": f"k{i}", "occurred_at": at, "body": {"external_id": f"k{i}", "number": f"k{i}",
		      "placed_at": at, "currency": "EUR", "price_mode": "gross", "total": "1.00", "customer": {"name": unicodedata.normalize("NFD", name)}}}))
	END
	export OMS_DB=$PWD/marks.db
	oms-init
	oms-source marks --channel=oms >/dev/null
	oms-ingest -q --source=marks marks.jsonl >/dev/null
	oms-export -F pdf -o m.pdf --manifest 2>err
	sane m.pdf
	text m.pdf - >m.txt
	for s in $'Jos\u00e9 \u00c5ngstr\u00f6m' $'Nguy\u1ec5n Th\u1ecb' $'\u0391\u03b8\u03ae\u03bd\u03b1 \u0439' $'z\u00e1mok' ' END ' 'c\x0dd'; do grep -qF -- "$s" m.txt || { echo "$s"; cat m.txt; false; }; done
	[ "$(grep -v ^hint: err)" = 'oms-export: warning: marks:k3: customer_name: no font here has U+0301: a box is printed' ]
	[ "$(jq -c .flaws m.pdf.manifest.json)" = '{"fields":1,"first":[{"order":"marks:k3","field":"customer_name","letter":"U+0301"}]}' ]
	oms-export -F csv --fields=customer_name | grep -q $'^Jose\u0301 A\u030angstro\u0308m' # in CSV it is as it came
}

@test "--font: a font that the PDF library must not be given is refused as none, whatever is wrong with it" {
	for font in /usr/share/fonts/truetype/liberation{2,}/LiberationSans-Regular.ttf; do [ ! -e "$font" ] || break; done
	python3 - "$font" <<-'END'
		import struct, sys
		whole = open(sys.argv[1], "rb").read()
		at = {whole[i:i + 4]: struct.unpack(">II", whole[i + 8:i + 16]) for i in range(12, 12 + 16 * struct.unpack(">H", whole[4:6])[0], 16)}
		def change(name, table, offset, value): # a number of two bytes
		    x = bytearray(whole)
		    struct.pack_into(">H", x, (at[table][0] if table else 0) + offset, value)
		    open(name + ".ttf", "wb").write(x)
		change("good", b"head", 18, 1000)
		change("units", b"head", 18, 0)
		change("locations", b"head", 50, 0)
		change("glyphs", b"maxp", 4, 0)
		change("metrics", b"hhea", 34, 0xffff)
		change("map", b"cmap", 2, 0)
		change("begins", b"loca", 40, 0xffff)
		change("names", b"name", 2, 0xffff)
		change("tables", None, 4, 0)
		change("outside", None, 12 + 8, 0xffff)
		for n in (0, 11, 200, len(whole) - 1): open(f"cut{n}.ttf", "wb").write(whole[:n])
	END
	oms-export --source=scripts -F pdf -q --font="$font" -o whole.pdf
	oms-export --source=scripts -F pdf -q --font=good.ttf -o good.pdf
	rm good.ttf
	for f in *.ttf; do
		run -65 --separate-stderr oms-export --source=scripts -F pdf --font="$f" -o x.pdf
		[[ $stderr == *"no TrueType font"* && ! -e x.pdf ]] || { echo "$f: $stderr"; false; }
	done
	[ "$(oms-export --source=shopify --sku=Łódź -F pdf --font=units.ttf -o h.pdf && text h.pdf - | sed -n 2p)" = 'Orders placed at any time · zone UTC0 · source shopify · SKU \u0141ód\u017a' ]
}

@test "of letters without a font one line an order is said, ten at most, with a hint once; the manifest names the fields" {
	python3 - >many.jsonl <<-'END'
		import json
		at = "2026-10-05T12:00:00.000Z"
		for i in range(13):
		    name = "\u7d50\u57ce" if i else "\u7d50 \u57ce \u8863 \u5c71 \u7530"
		    lines = [{"id": str(k), "sku": "S", "name": word, "quantity": 1, "unit_price": "1.00", "subtotal": "1.00", "total": "1.00"} for k, word in enumerate(name.split() + [name])]
		    place = {"name": name, "line1": name, "city": name, "country": "JP"}
		    print(json.dumps({"schema": "oms.event/1", "id": f"m{i}", "type": "order.created", "source": "many", "order": f"m{i:02}", "occurred_at": at, "body": {"external_id": f"m{i:02}",
		      "number": f"m{i}", "placed_at": at, "currency": "EUR", "price_mode": "gross", "total": "9.00", "customer": {"name": name}, "addresses": {"shipping": place, "billing": place}, "lines": lines}}))
	END
	export OMS_DB=$PWD/many.db
	oms-init
	oms-source many --channel=oms >/dev/null
	oms-ingest -q --source=many many.jsonl >/dev/null
	oms-export --per-order d 2>err
	[ "$(grep -c '^oms-export: warning: many:m' err)" = 10 ]
	[ "$(grep -c ^hint: err)" = 1 ]
	grep -qx 'oms-export: warning: many:m00: customer, addresses.billing, addresses.shipping, lines.name: no font here has U+7D50, U+57CE, U+8863, U+5C71, U+7530: boxes are printed' err
	[ "$(tail -n 1 err)" = "oms-export: warning: 3 orders more with letters that no font here has: -v names each" ]
	[ "$(oms-export --per-order d -v 2>&1 | grep -c 'many:m')" = 13 ]
	[ -z "$(oms-export --per-order d -q 2>&1)" ]
	oms-export --per-order d --json-errors 2>err
	head -n 1 err | jq -e '.level == "warning" and (.hint | test("--font"))'
	python3 "$SRC/tests/schema.py" err
	oms-export --grain=line -F pdf -q -o l.pdf --manifest
	jq -c . l.pdf.manifest.json | python3 "$SRC/tests/schema.py" -
	[ "$(jq -c '[.flaws.fields, .flaws.first[0]]' l.pdf.manifest.json)" = '[13,{"order":"many:m00","field":"name","letter":"U+7D50"}]' ]
	# each line of an order may have letters of its own, and none is told twice
	[ "$(jq -r '[.flaws.first[] | select(.order == "many:m00") | .letter] | join(" ")' l.pdf.manifest.json)" = 'U+7D50 U+57CE U+8863 U+5C71 U+7530' ]
	[ "$(jq '.flaws.first | length' l.pdf.manifest.json)" = 29 ]
	oms-export --verify l.pdf
}

@test "of an order with many letters that no font has the first sixteen are named, with -v all" {
	python3 - >wide.jsonl <<-'END'
		import json
		at = "2026-10-05T12:00:00.000Z"
		for i in range(16, 18):
		    print(json.dumps({"schema": "oms.event/1", "id": f"w{i}", "type": "order.created", "source": "wide", "order": f"w{i}", "occurred_at": at, "body": {"external_id": f"w{i}",
		      "number": f"w{i}", "placed_at": at, "currency": "EUR", "price_mode": "gross", "total": "1.00", "customer": {"name": "".join(chr(0x7d50 + k) for k in range(i))},
		      "lines": [{"id": "1", "sku": "S", "name": "tea", "quantity": 1, "unit_price": "1.00", "subtotal": "1.00", "total": "1.00"}]}}))
	END
	export OMS_DB=$PWD/wide.db
	oms-init
	oms-source wide --channel=oms >/dev/null
	oms-ingest -q --source=wide wide.jsonl >/dev/null
	oms-export -F pdf -o w.pdf --manifest 2>err
	grep -q 'wide:w16: customer_name: no font here has U+7D50, .*, U+7D5F: boxes are printed$' err
	grep -q 'wide:w17: customer_name: no font here has U+7D50, .*, U+7D5F and 1 more: boxes are printed$' err
	oms-export -F pdf -v -o w.pdf 2>&1 | grep -q 'wide:w17: .*, U+7D5F, U+7D60: boxes are printed$'
	[ "$(jq -c '[.flaws.fields, (.flaws.first | length)]' w.pdf.manifest.json)" = '[2,33]' ]
}

@test "what is embedded can be searched and copied: readers find no fault in the map from codes to letters" {
	oms-export --source=scripts -F pdf -q -o s.pdf
	pdffonts s.pdf >fonts 2>err
	[ ! -s err ]
	grep -q TrueType fonts
	pdftoppm -r 20 -png s.pdf page 2>err
	[ ! -s err ]
	for s in 'Łódź Ćmielów' 'Дмитрий Иванов' 'თბილისი'; do pdftotext s.pdf - | grep -q "$s"; done
	qpdf --qdf --object-streams=disable s.pdf - | LC_ALL=C awk '/beginbfrange/ { n = $1; on = 1; next } /endbfrange/ { if (n) exit 1; on = 0; seen++ } on { n--; if (substr($1, 2, 2) != substr($2, 2, 2) || $1 != $3) exit 1 } END { exit seen < 3 }'
}

@test "right-to-left text is refused by order and field, never garbled" {
	run -1 --separate-stderr oms-export --source=rtl -F pdf -o r.pdf
	[[ $stderr == *"rtl:r1: customer_name: "*"right to left"*--fields* && ! -e r.pdf ]]
	run -1 --separate-stderr oms-export --source=rtl --grain=line -F pdf -o r.pdf
	[[ $stderr == *"rtl:r2: name: "* && ! -e r.pdf ]]
	run -1 --separate-stderr oms-export --source=rtl -F pdf
	[ -z "$output" ]
	oms-export --source=rtl -F pdf --fields=id,total -o ok.pdf
	run -3 --separate-stderr oms-export --source=rtl --per-order sheets
	[[ $stderr == *"rtl:r1: customer: "*"rtl:r2: lines.name: "* ]]
	[[ ${stderr_lines[-1]} == "oms-export: 2 sheets in sheets, 2 refused" ]]
	[ "$(ls -A sheets)" = $'rtl_r0.pdf\nrtl_r3.pdf' ]
	[ "$(oms-export --window=2026-11-02 --per-order one -v 2>&1 | tail -n 1)" = "oms-export: 1 sheet in one" ]
}

# ---- sequels

@test "a register over 500 pages goes on in numbered documents; one manifest proves all of them" {
	export OMS_DB=$LONG
	oms-export --grain=line -F pdf -o l.pdf --manifest 2>err
	[ ! -s err ]
	[ "$(ls l*.pdf)" = $'l-2.pdf\nl.pdf' ]
	[ "$(pdfinfo l.pdf | awk '/^Pages:/ { print $2 }')" = 500 ]
	jq -c . l.pdf.manifest.json | python3 "$SRC/tests/schema.py" -
	[ "$(jq 'has("flaws")' l.pdf.manifest.json)" = false ]
	[ "$(jq -c '[.documents[].file]' l.pdf.manifest.json)" = '["l.pdf","l-2.pdf"]' ]
	[ "$(jq '[.documents[].rows] | add' l.pdf.manifest.json)" = 260 ]
	for i in 0 1; do
		f=$(jq -r ".documents[$i].file" l.pdf.manifest.json)
		sane "$f"
		[ "$(jq -r ".documents[$i].sha256" l.pdf.manifest.json)" = "$(sha256sum <"$f" | cut -d' ' -f1)" ]
		[ "$(jq -r ".documents[$i].pages" l.pdf.manifest.json)" = "$(pdfinfo "$f" | awk '/^Pages:/ { print $2 }')" ]
	done
	[ "$(jq -r '.sha256, .bytes' l.pdf.manifest.json)" = "$(jq -r '.documents[0] | .sha256, .bytes' l.pdf.manifest.json)" ]
	text l.pdf - | grep -q 'continued in part 2'
	text l-2.pdf - | grep -q 'part 2'
	for f in l l-2; do pdftotext -raw $f.pdf -; done | grep -oE 'item[0-9]+ ' | sort -u | wc -l | grep -qx 260
	text l-2.pdf - | grep -qE "^ *EUR .*$(jq -r '.sums[0].total.total' l.pdf.manifest.json)"
	(unset OMS_DB; HOME=/nonexistent oms-export --verify l.pdf)
	cp -a . ../moved && (cd ../moved && oms-export --verify l.pdf)
	printf x >>l-2.pdf
	run -1 oms-export --verify l.pdf
	[[ $output == *'"check":"bytes"'*'l-2.pdf'* && $output == *'"check":"sha256"'* ]]
	rm l-2.pdf
	run -1 oms-export --verify l.pdf
	[[ $output == *'"check":"file"'*'l-2.pdf'* ]]
	run -64 --separate-stderr bash -c 'set -o pipefail; oms-export --grain=line -F pdf | wc -c'
	run -64 --separate-stderr oms-export --grain=line -F pdf
	[[ -z $output && $stderr == *"-o FILE"* ]]
}

@test "--verify: of a PDF's manifest all is held against its bytes that can be, and the rest must hold together" {
	claims() { # JQ CHECK
		jq -c "$1" p.pdf.manifest.json >x.pdf.manifest.json && cp p.pdf x.pdf
		run -1 --separate-stderr oms-export --verify x.pdf
		[[ $output == *"\"check\":\"$2\""* ]] || { echo "$1: $output"; return 1; }
	}
	oms-export --source=gen -F pdf -o p.pdf --manifest
	run -0 --separate-stderr oms-export -v --verify p.pdf
	[[ $stderr == *"not counted again"* ]]
	zero=$(printf '0%.0s' {1..64})
	claims ".sha256 = \"$zero\"" sha256
	claims '.bytes = 1' bytes
	claims '.sums = []' sums
	claims '.orders = 99' orders
	claims '.rows += 1 | .orders += 1' rows
	claims '.guarded = 1' guarded
	claims ".documents[0].sha256 = \"$zero\"" sha256
	claims '.documents[0].bytes += 1' bytes
	claims '.documents[0].pages += 1' pages
	claims '.documents[0].file = "y.pdf"' file
	claims '.documents += [.documents[0] | .file = "p-2.pdf"]' file
	oms-export --source=scripts -F pdf -q -o p.pdf --manifest
	claims '.flaws.fields += 1' flaws
	claims '.flaws.first[0].order = "scripts:s6"' flaws
	none() { # JQ MEMBER
		jq -c "$1" p.pdf.manifest.json >x.pdf.manifest.json && cp p.pdf x.pdf
		run -78 --separate-stderr oms-export --verify x.pdf
		[[ $stderr == *"x.pdf.manifest.json: $2: "* ]] || { echo "$1: $stderr"; return 1; }
	}
	for d in null '[]' '"1"'; do none ".flaws = $d" flaws; done
	for d in -1 1.5 null; do none ".flaws.fields = $d" fields; done
	for d in null '[]' '{}' '[range(1001) | {}]'; do none ".flaws.first = $d" first; done
	none '.flaws.first[0] = 1' order
	none '.flaws.first[0].field = "nothing"' field
	for d in '"U+77"' '"u+6771"' '"U+6771 "' '"東"' 1; do none ".flaws.first[0].letter = $d" letter; done
	none '.flaws.first[0].cut_at = 5' cut_at
	none 'del(.flaws.first[0].letter)' cut_at
}

@test "--verify: what is wrong with the first document is told once, though its manifest names its bytes twice" {
	oms-export --source=gen -F pdf -o p.pdf --manifest
	echo >>p.pdf
	run -1 --separate-stderr oms-export --verify p.pdf
	[ "$(jq -r .check <<<"$output" | sort | tr '\n' ' ')" = 'bytes sha256 ' ]
	[ "$(jq -c 'select(.check == "bytes") | [.file, .found, .expected]' <<<"$output")" = "[\"p.pdf\",\"$(stat -c %s p.pdf)\",\"$(jq .bytes p.pdf.manifest.json)\"]" ]
}

@test "a document of an earlier, longer run is pointed at" {
	touch r-2.pdf
	oms-export --source=raw -F pdf -q -o r.pdf
	run -0 --separate-stderr oms-export --source=raw -F pdf -o r.pdf
	[[ $stderr == *"r-2.pdf is of another run"* ]]
}

# ---- sheets

@test "a sheet has all of its order: every figure, payments, refunds, parcels, and the foot on each page" {
	oms-export --per-order s --source=shopify,stripe
	[ "$(ls s | wc -l)" = "$(oms-find --source=shopify,stripe -F count)" ]
	for f in s/*.pdf; do
		sane "$f"
		text "$f" - >t.txt
		id=$(basename "$f" .pdf) id=${id/_/:}
		oms-show "$id" >order.json
		python3 - <<-'END'
		import json, re
		o, page = json.load(open("order.json", encoding="utf-8")), open("t.txt", encoding="utf-8").read()
		words, flat = set(page.split()), re.sub(r"\s+", "", page)
		need = [o[k] for k in ("subtotal", "total", "tax_total") if k in o]
		for l in o["lines"]:
		    need += [str(l["quantity"]), l["total"]] + [l[k] for k in ("unit_price", "tax") if k in l] + [t["amount"] for t in l.get("taxes", [])]
		need += [p["captured"] for p in o["payments"]] + [r["amount"] for r in o["refunds"]]
		assert not [n for n in need if n not in words], (o["id"], [n for n in need if n not in words])
		texts = [o["id"], o["number"], o["customer"]["name"]] + [l["sku"] for l in o["lines"]] + [l["name"] for l in o["lines"]] + [p["psp_ref"] for p in o["payments"]]
		texts += [s["tracking_number"] for s in o["shipments"] if "tracking_number" in s]
		missing = [t for t in texts if re.sub(r"\s+", "", t) not in flat]
		assert not missing, (o["id"], missing)
		assert not [h for h in o["holds"] if h.get("reason") and h["reason"] in page], "holds are the house's own"
		feet = re.findall(r"Page (\d+) of (\d+)", page)
		assert feet == [(str(i + 1), str(len(feet))) for i in range(len(feet))] and feet
		END
	done
}

@test "sheets add up: the figures of the ladder are the order's total" {
	oms-export --per-order s --source=gen -q
	for f in s/*[05].pdf; do text "$f" - | awk '
		$1 == "Subtotal" || $1 == "Discounts" || $1 == "Fees" || ($1 == "Shipping" && NF == 2) || ($1 == "Tax" && NF == 2) || $1 == "Rounding" { sum += $NF; n++ }
		$1 == "Total" && $2 == "EUR" { total = $3; got = 1 } END { exit !(n && got && sprintf("%.2f", sum) == total) }' || { echo "$f"; text "$f" -; false; }; done
}

huge() { # an order of long texts, one of more pages than a document has, and one that comes after it
	python3 - >huge.jsonl <<-'END'
		import json
		def event(i, lines, **more):
		    return json.dumps({"schema": "oms.event/1", "id": i, "type": "order.created", "source": "h", "order": i, "occurred_at": "2026-10-05T12:00:00.000Z", "body": {"external_id": i, "number": i,
		      "placed_at": f"2026-10-05T12:00:0{i[0]}.000Z", "currency": "EUR", "price_mode": "gross", "lines": lines, **more}})
		def line(k, name): return {"id": str(k), "sku": "S", "name": name, "quantity": 1, "unit_price": "1.00", "subtotal": "1.00", "total": "1.00"}
		def words(tag): return " ".join(f"{tag}{k}" for k in range(380))
		a = {"name": words("street"), "line1": "L", "city": "C", "country": "DE"}
		print(event("1", [line(1, words("item"))], total="1.00", number=words("number"), note=words("note"), customer={"name": words("name")}, shipping_address=a, addresses={"shipping": a}))
		print(event("2", [line(k, words("item")) for k in range(900)], total="900.00"))
		print(event("3", [line(1, "x" * 500000)], total="1.00"))
	END
	oms-init -q --db=h.db
	oms-source --db=h.db h --channel=oms >/dev/null
	oms-ingest -q --db=h.db --source=h huge.jsonl >/dev/null
}
@test "texts longer than a page run on, nothing is lost; what no document holds is refused by itself" {
	huge
	run -3 --separate-stderr oms-export --db=h.db --per-order s
	[[ $stderr == *"h:2: is more than a document holds"* && $stderr == *"h:3: lines.name: only its first 4000 letters"* ]]
	[ "$(ls -A s)" = $'h_1.pdf\nh_3.pdf' ]
	sane s/h_1.pdf
	pdftotext -raw s/h_1.pdf - | tr -s ' \n' '\n\n' >words
	for tag in item number note name street; do
		for k in 0 1 378 379; do grep -qx "$tag$k" words; done
		[ "$(grep -cE "^$tag[0-9]+\$" words)" -ge 380 ]
	done
	pages=$(pdfinfo s/h_1.pdf | awk '/^Pages:/ { print $2 }')
	[ "$pages" -ge 3 ]
	[ "$(pdftotext -raw s/h_1.pdf - | grep -cE "^Page [0-9]+ of $pages\$")" = "$pages" ]
	# no letter stands off its page
	pdftotext -bbox s/h_1.pdf - | awk -F'"' '/<word/ { if ($2 < 0 || $4 < 0 || $6 > 596 || $8 > 842) { print; bad = 1 } n++ } END { exit bad || !n }'
}

@test "a long name takes no place of what stands below it: e-mail, telephone, street, town" {
	python3 - >long.jsonl <<-'END'
		import json
		at, long = "2026-10-05T12:00:00.000Z", "word " * 2000
		place = {"name": long, "line1": "Street 1", "postcode": "P" * 9000, "city": "Lyon", "country": "FR"}
		print(json.dumps({"schema": "oms.event/1", "id": "1", "type": "order.created", "source": "l", "order": "1", "occurred_at": at, "body": {"external_id": "1", "number": "1", "placed_at": at, "currency": "EUR",
		  "price_mode": "gross", "total": "1.00", "customer": {"name": long, "email": "anna@example.org", "phone": "+49 40 1234"}, "addresses": {"shipping": place}}}))
	END
	oms-init -q --db=l.db
	oms-source --db=l.db l --channel=oms >/dev/null
	oms-ingest -q --db=l.db --source=l long.jsonl >/dev/null
	oms-export --db=l.db --per-order s 2>err
	[ "$(sed 's/^oms-export: warning: l:1: //' err)" = $'customer: only its first 4000 letters are printed\naddresses.shipping: only its first 4000 letters are printed' ]
	pdftotext -raw s/l_1.pdf - >s.txt
	for s in anna@example.org '+49 40 1234' 'Street 1' Lyon France; do grep -qxF -- "$s" s.txt || { echo "$s"; false; }; done
}

@test "of texts that are cut ten are named, with -v all" {
	python3 - >cuts.jsonl <<-'END'
		import json
		at = "2026-10-05T12:00:00.000Z"
		for i in range(12):
		    print(json.dumps({"schema": "oms.event/1", "id": f"c{i}", "type": "order.created", "source": "c", "order": f"c{i:02}", "occurred_at": at, "body": {"external_id": f"c{i:02}", "number": "1",
		      "placed_at": at, "currency": "EUR", "price_mode": "gross", "total": "1.00", "customer": {"name": "x " * 3000}}}))
	END
	oms-init -q --db=c.db
	oms-source --db=c.db c --channel=oms >/dev/null
	oms-ingest -q --db=c.db --source=c cuts.jsonl >/dev/null
	for to in "-o c.pdf" "--per-order s"; do
		# shellcheck disable=SC2086
		oms-export --db=c.db -F pdf $to 2>err
		[ "$(grep -c 'c:c0[0-9]: customer.*: only its first 4000 letters are printed$' err)" = 10 ]
		[ "$(tail -n 1 err)" = 'oms-export: warning: 2 texts more of which only the first 4000 letters are printed: -v names each' ]
		# shellcheck disable=SC2086
		[ "$(oms-export --db=c.db -F pdf -v $to 2>&1 | grep -c 'only its first')" = 12 ]
	done
}

@test "names of sheets: the id in safe letters, one file an order" {
	python3 - >ids.jsonl <<-'END'
		import json
		for x in ["a/b", "a_b", "a b", "../../etc/x", "..", "A-1.2", "ü", "x" * 300]:
		    print(json.dumps({"schema": "oms.event/1", "id": x, "type": "order.created", "source": "ids", "order": x, "occurred_at": "2026-10-05T12:00:00.000Z", "body": {"external_id": x, "number": "1",
		      "placed_at": "2026-10-05T12:00:00.000Z", "currency": "EUR", "price_mode": "gross", "total": "1.00"}}))
	END
	oms-init -q --db=ids.db
	oms-source --db=ids.db ids --channel=oms >/dev/null
	oms-ingest -q --db=ids.db --source=ids ids.jsonl >/dev/null || [ $? = 3 ]
	oms-export --db=ids.db --per-order d/
	n=$(oms-find --db=ids.db -F count)
	[ "$n" -ge 6 ]
	[ "$(find . -name '*.pdf' | wc -l)" = "$n" ]
	[ "$(find d -name '*.pdf' | wc -l)" = "$n" ]
	[ -e d/ids_A-1.2.pdf ]
	[ "$(find d -name 'ids_a_b-????????????????.pdf' | wc -l)" = 3 ]
	! ls d | grep -vE '^[A-Za-z0-9._-]+$'
}

@test "--per-order makes sheets and nothing else" {
	for bad in "-o x" "--manifest -o x" "--grain=line" "-F csv" "--fields=id"; do
		# shellcheck disable=SC2086
		run -64 oms-export --per-order d $bad
	done
	touch file
	run -73 oms-export --per-order file/d --source=raw
	run --separate-stderr oms-export --per-order d --source=raw
	[ -z "$output$stderr" ]
	run -0 oms-export --per-order none -S 2031-01-01
}

# ---- whole or not at all

old() { echo old >f.pdf; echo old >f-2.pdf; echo old >f.pdf.manifest.json; }
clean() { [ -z "$(find . -name '.*.pdf*')" ] || { find . -name '.*.pdf*'; return 1; }; }
old_or() { [ "$(cat "$1")" = old ] || cmp "$1" "$2"; }

@test "a terminal gets no PDF; --manifest needs -o FILE" {
	run -64 script -qec "oms-export -F pdf" /dev/null
	[[ $output == *"-o FILE"* ]]
	run -64 oms-export -F pdf --manifest
	run -64 oms-export -F pdf --manifest --source=raw -o /dev/null
}

@test "a closed pipe is quiet, a full disk or a limit is 74 and leaves what was there" {
	got=$(bash -c '{ oms-export --source=gen --grain=line -F pdf -q; echo $? >&3; } 2>err 3>status | head -c 10 >/dev/null; cat status')
	[ "$got" = 141 ] || [ "$got" = 0 ] # it may all have been in the pipe
	[ ! -s err ]
	got=0; oms-export --source=raw -F pdf >/dev/full 2>err || got=$?
	[ "$got" = 74 ]
	old
	got=0; (ulimit -f 4; trap '' XFSZ; oms-export --source=gen -F pdf -q -o f.pdf --manifest) 2>err || got=$?
	[ "$got" = 74 ]
	[ "$(cat f.pdf f-2.pdf f.pdf.manifest.json)" = $'old\nold\nold' ]
	clean
	got=0; (ulimit -f 4; trap '' XFSZ; oms-export --source=gen --per-order d -q) 2>err || got=$?
	[ "$got" = 74 ]
	for f in d/*.pdf; do [ ! -e "$f" ] || sane "$f"; done
	clean
}

@test "killed at each system call: each file is the old one or whole" {
	command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip "strace is not here, or may not"
	oms-export --source=raw -F pdf -o whole.pdf --manifest
	oms-export --source=raw --per-order whole
	for call in write fsync rename fchmod close; do
		for n in 1 2 3 4; do
			old
			strace -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n oms-export --source=raw -F pdf -o f.pdf --manifest 2>/dev/null || true
			old_or f.pdf whole.pdf
			[ "$(cat f.pdf.manifest.json)" = old ] || [ "$(jq -r .sha256 f.pdf.manifest.json)" = "$(sha256sum <f.pdf | cut -d' ' -f1)" ]
			strace -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$n oms-export --source=raw --per-order d 2>/dev/null || true
			for f in d/*.pdf; do [ ! -e "$f" ] || cmp "$f" "whole/${f##*/}"; done
			rm -rf d
		done
	done
}

@test "what a name stands for is on the disk before the name is, and the names at the end" {
	command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip "strace is not here, or may not"
	calls() { ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=fsync,rename "$@" && awk '/= 0$/ { sub(/\(.*/, "", $2); printf "%s ", $2 }' trace; }
	[ "$(calls oms-export --db="$LONG" --grain=line -F pdf -o f.pdf --manifest)" = "fsync fsync fsync rename rename rename fsync " ]
	[[ "$(calls oms-export --source=scripts -q --per-order s)" =~ ^("fsync rename "){8}"fsync "$ ]]
}

@test "killed between documents: FILE is new only where its sequels are" {
	command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null || skip "strace is not here, or may not"
	export OMS_DB=$LONG
	oms-export --grain=line -F pdf -o f.pdf --manifest
	mv f.pdf whole.pdf && mv f-2.pdf whole-2.pdf
	for n in 1 2 3; do
		old
		strace -f -o /dev/null -e trace=rename -e inject=rename:signal=KILL:when=$n oms-export --grain=line -F pdf -o f.pdf --manifest 2>/dev/null || true
		old_or f.pdf whole.pdf
		old_or f-2.pdf whole-2.pdf
		[ "$(cat f.pdf)" = old ] || cmp f-2.pdf whole-2.pdf
	done
	rm -f .f*
	old
	for signal in TERM INT; do
		oms-export --grain=line -F pdf -o f.pdf --manifest &
		sleep 0.1
		kill -$signal $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		old_or f.pdf whole.pdf
		clean
	done
}

# ---- cost

@test "memory stays below 24 MB, however many pages" {
	[ -z "${SAN:-}" ] || skip "a sanitizer needs memory of its own"
	OMS_DB=$LONG python3 - <<-'END'
		import resource, subprocess
		subprocess.run(["oms-export", "--grain=line", "-F", "pdf", "-o", "m.pdf"], check=True)
		peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
		assert 1 < peak < 24, peak
	END
}

@test "only oms-export is linked with the PDF library" {
	for c in "$BUILD"/bin/oms "$BUILD"/bin/oms-*; do
		! readelf -d "$c" | grep -q libhpdf || [ "${c##*/}" = oms-export ] || { echo "$c"; false; }
	done
	readelf -d "$BUILD/bin/oms-export" | grep -q libhpdf
}
