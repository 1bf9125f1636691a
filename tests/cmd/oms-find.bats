#!/usr/bin/env bats
# What users of oms-find may rely on: any identifier resolves and says why, filters narrow without a scan, pages do not skip.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z
	cd "$BATS_TEST_TMPDIR" || exit 1
	oms-init
	oms-source shop --channel=oms >/dev/null
	python3 - >in <<-'END'
		import json
		def ev(i, type_, order, at, body, refs=None):
		    e = {"schema": "oms.event/1", "id": i, "type": type_, "source": "shop", "order": order, "occurred_at": at, "body": body}
		    print(json.dumps({k: v for k, v in e.items() if v is not None}))
		for i in range(1, 41):
		    day = f"2026-11-{1 + i // 4:02d}T{i % 24:02d}:00:00.000Z"
		    ev(f"o{i}", "order.updated", str(i), day, {"external_id": str(i), "number": f"#{45000 + i}", "placed_at": day, "currency": "EUR", "price_mode": "gross", "total": "10.00",
		       "status": "cancelled" if i % 10 == 0 else "new", "customer": {"id": f"c{i % 5}", "name": f"Anna Mustermann {i % 5}", "email": f"anna{i % 5}@example.org", "phone": f"+49 30 55500{i % 5}", "segment": "vip" if i % 3 == 0 else "consumer"},
		       "addresses": {"shipping": {"name": "A", "line1": "B 1", "city": "C", "postcode": "10115", "country": "DE"}}, "shipping_method": "std", "ship_by": "2026-11-15T00:00:00.000Z",
		       "lines": [{"id": "1", "sku": f"SKU-{i % 7}", "name": "Mug", "quantity": 1, "unit_price": "10.00", "subtotal": "10.00"}]})
		ev("s1", "shipment.updated", "1", "2026-11-05T00:00:00.000Z", {"id": "S1", "status": "shipped", "carrier": "DHL", "tracking_numbers": ["JD0146"], "shipped_at": "2026-11-05T00:00:00.000Z", "lines": [{"line": "1", "quantity": 1}]})
		ev("p1", "payment.updated", "2", "2026-11-05T00:00:00.000Z", {"psp": "stripe", "psp_ref": "ch_AbC", "kind": "sale", "status": "succeeded", "amount": "10.00", "currency": "EUR", "at": "2026-11-05T00:00:00.000Z"})
		ev("t1", "ticket.updated", "3", "2026-11-05T00:00:00.000Z", {"id": "T-552", "subject": "broken lid", "status": "open", "created_at": "2026-11-05T00:00:00.000Z"})
		ev("h1", "hold.opened", "4", "2026-11-05T00:00:00.000Z", {"id": "H1", "type": "ADDRESS", "owner": "logistics", "reason": "no house number", "blocks": ["confirm"]})
	END
	oms-ingest --source=shop in >/dev/null
}

one() { oms-find "$1" -F jsonl | jq -r '[.id, .matched_on[]] | join(" ")'; }

@test "every identifier an agent holds resolves, and says what it matched on" {
	[ "$(one shop:7)" = "shop:7 id" ]
	[[ "$(one '#45007')" == "shop:7 number"* ]]
	[[ "$(one 45007)" == "shop:7 number"* ]]
	[[ "$(one 5007)" == "shop:7 number_tail" ]]
	[ "$(one 'jd 0146')" = "shop:1 tracking" ]
	[ "$(one ch_AbC)" = "shop:2 psp_ref" ]
	[ "$(one T-552)" = "shop:3 ticket" ]
	[ "$(oms-find anna3@EXAMPLE.org -F count)" = 8 ]
	[ "$(oms-find '030 555003' -F count)" = 8 ]
	[ "$(oms-find '0049 (30) 555-003' -F count)" = 8 ]
	[ "$(oms-find '+49 30 555003' -F count)" = 8 ]
	run -1 oms-find 0000003
	printf '{"schema":"oms.event/1","id":"n1","type":"order.updated","source":"shop","order":"9001","occurred_at":"2026-11-02T09:00:00.000Z","body":{"external_id":"9001","number":"#555003","currency":"EUR","total":"0.00"}}\n' >number
	oms-ingest --source=shop number >/dev/null
	[ "$(one 555003)" = "shop:9001 number" ] # the end of a telephone number is a guess, asked for where nothing answers in full
	[ "$(oms-find 'anna muster' -F count)" = 40 ]
	run -1 oms-find no-such-thing
}

@test "filters are conjunctive, and no combination scans or sorts" {
	[ "$(oms-find --status=cancelled -F count)" = 4 ]
	[ "$(oms-find --status=new --segment=vip -F count)" = 12 ]
	[ "$(oms-find --held -F ids)" = shop:4 ]
	[ "$(oms-find --sku=SKU-3 --status=new -F count)" = 5 ]
	[ "$(oms-find --since=2026-11-03 --until=2026-11-04 -F count)" = 4 ]
	[ "$(oms-find --late -F count)" = "$(oms-find --late -F ids | wc -l)" ]
	for f in "" --status=new "--status=new,cancelled --segment=vip" --payment=captured --fulfilment=none "--source=shop --held" --late --sku=SKU-3 "--sku=SKU-3 --segment=vip -S 2026-11-02" "--status=new -U 2026-11-08 --oldest" "--late --status=new"; do
		# shellcheck disable=SC2086
		run --separate-stderr oms-find $f --explain -F ids
		[ "$status" -eq 0 ]
		[[ $stderr == *"full_scans 0 sorts 0 auto_indexes 0"* ]] || { echo "$f: $stderr"; false; }
	done
	run -64 --separate-stderr oms-find --sku=SKU-3 --late
	[[ $stderr == *--scan* ]]
	oms-find --sku=SKU-3 --late --scan -F ids >/dev/null
}

@test "pages by cursor give each order once, in the order of the whole list" {
	oms-find -F ids >all
	[ "$(wc -l <all)" = 40 ]
	: >paged
	cursor=
	while :; do
		oms-find -L 7 ${cursor:+--after=$cursor} -F jsonl >page
		[ -s page ] || break
		jq -r .id page >>paged
		cursor=$(tail -1 page | jq -r .cursor)
	done
	cmp all paged
	oms-find --oldest -F ids | tac | cmp all -
}

@test "the count of a filter needs no list" {
	[ "$(oms-find -F count)" = 40 ]
	[ "$(oms-find --segment=vip -F count)" = "$(oms-find --segment=vip -F ids | wc -l)" ]
}

@test "a word that does not exist is refused with those that do" {
	run -64 --separate-stderr oms-find --status=nwe
	[[ $stderr == *confirmed* ]]
}

@test "completion: ids by prefix, silent where there is no store" {
	[ "$(oms-find --offer=ORDER:shop:4 | wc -l)" = 2 ]
	OMS_DB=$BATS_TEST_TMPDIR/none run --separate-stderr oms __complete ORDER shop:
	[ -z "$output$stderr" ]
}

# Orders of one instant, with ids that need quoting, in several profiles.
ties() {
	python3 - >ties <<-'END'
		import json
		for i, s in enumerate(["new", "cancelled", "closed"] * 9):
		    x = f't"{i:02d}\\'
		    print(json.dumps({"schema": "oms.event/1", "id": f"tie{i}", "type": "order.updated", "order": x, "occurred_at": "2026-11-12T00:00:00.000Z",
		      "body": {"external_id": x, "number": f"T{i}", "placed_at": "2026-11-12T00:00:00.000Z", "currency": "EUR", "total": "1.00", "status": s, "ship_by": f"2026-11-{13 + i % 5}T00:00:00.000Z",
		        "customer": {"name": "Zoë Tie", "email": "zoe@example.org"}, "lines": [{"id": "1", "sku": f"TIE-{i % 2}", "quantity": 1, "unit_price": "1.00"}]}}))
	END
	oms-ingest -q --source=shop ties >/dev/null
}

paged() { # filter…: ids, four a page
	local cursor= n=0
	while [ $((n += 1)) -lt 40 ]; do
		oms-find "$@" -L 4 ${cursor:+"--after=$cursor"} -F jsonl >page
		[ -s page ] || return 0
		jq -r .id page
		cursor=$(tail -1 page | jq -r .cursor)
	done
	return 1
}

@test "pages hold through ties and odd ids, in every order of the list" {
	ties
	for f in "--status=new,cancelled" "--oldest --status=new,closed" --late "--late --status=new" --sku=TIE-1 "--sku=TIE-1 --late --scan" "-S 2026-11-12 -U 2026-11-13"; do
		# shellcheck disable=SC2086
		oms-find $f -F jsonl | jq -r .id >whole
		# shellcheck disable=SC2086
		paged $f >pages
		[ -s whole ]
		cmp whole pages
		[ -z "$(sort whole | uniq -d)" ]
	done
}

@test "--late gives the most overdue first; a window over the due date is half-open, with a SKU too" {
	ties
	oms-find --late -F jsonl | jq -r .due_at >due
	sort -c due
	[ "$(oms-find --late -S 2026-11-13 -U 2026-11-14 -F jsonl | jq -r .due_at | sort -u)" = 2026-11-13T00:00:00.000Z ]
	[ "$(oms-find --late --sku=TIE-1 --scan -S 2026-11-13 -U 2026-11-14 -F jsonl | jq -r .due_at | sort -u)" = 2026-11-13T00:00:00.000Z ]
}

# One order that is late in all three ways, and one that is stalled and promised for later.
late_parcels() {
	oms-ingest -q --source=shop >/dev/null <<-'END'
		{"schema":"oms.event/1","id":"s5","type":"shipment.updated","source":"shop","order":"5","occurred_at":"2026-11-06T00:00:00.000Z","body":{"id":"S5","status":"shipped","carrier":"DHL","tracking_numbers":["JD5"],"shipped_at":"2026-11-06T00:00:00.000Z","promised_at":"2026-11-18T00:00:00.000Z"}}
		{"schema":"oms.event/1","id":"s6","type":"shipment.updated","source":"shop","order":"6","occurred_at":"2026-11-07T00:00:00.000Z","body":{"id":"S6","status":"shipped","carrier":"DHL","tracking_numbers":["JD6"],"shipped_at":"2026-11-07T00:00:00.000Z","promised_at":"2026-11-28T00:00:00.000Z"}}
	END
}

@test "the words of --attention that are the clock's find what the orders say, in the order of --late, without a scan" {
	late_parcels
	oms-find >all
	for w in stalled late_to_ship late_in_transit stalled,late_in_transit held,late_to_ship; do
		oms-find --attention=$w -F jsonl >found
		jq -r --arg w "$w" 'select(($w | split(",")) - .attention == []) | .id' all | sort >want
		[ -s want ]
		jq -r .id found | sort | cmp want -
		jq -r .due_at found | sort -c
		[ "$(oms-find --attention=$w -F count)" = "$(wc -l <want)" ]
		[ "$(oms-export --attention=$w -F ids | sort)" = "$(cat want)" ]
		[ "$(paged --attention=$w)" = "$(jq -r .id found)" ]
		run --separate-stderr oms-find --attention=$w --segment=vip,consumer --explain -F ids
		[[ $stderr == *"full_scans 0 sorts 0 auto_indexes 0"* ]]
		[ "$(oms-find shop:5 shop:6 shop:7 --attention=$w -F ids 2>/dev/null)" = "$(grep -E ':[567]$' want)" ]
	done
	[ "$(oms-find --attention=stalled -F ids | paste -sd' ')" = "shop:1 shop:5 shop:6" ]
	[ "$(oms-find --attention=late_in_transit -F ids)" = shop:5 ]
	[ "$(oms-find --attention=stalled -S 2026-11-09 -U 2026-11-10 -F ids)" = shop:5 ]
	run -64 --separate-stderr oms-find --sku=SKU-5 --attention=stalled
	[[ $stderr == *"--sku with --attention=stalled"*--scan* ]]
	[ "$(oms-find --sku=SKU-5 --attention=stalled --scan -F ids)" = shop:5 ]
	[ "$(OMS_NOW=2026-11-08T12:00:00Z oms-find --attention=stalled -F ids)" = shop:1 ] # a matter of the clock
}

@test "filters choose among what a token finds before the limit cuts, the SKU too" {
	ties
	[ "$(oms-find zoe@example.org --status=closed -F ids | wc -l)" = 9 ]
	[ "$(oms-find 'zoë t' --status=closed -L 3 -F ids 2>/dev/null | wc -l)" = 3 ]
	[ "$(oms-find zoe@example.org --sku=TIE-1 -F ids | wc -l)" = 13 ]
	run -1 oms-find zoe@example.org --sku=NONE
}

@test "a cursor does not widen the window" {
	[ "$(oms-find -U 2026-11-05 --after=9999999999999:z -F ids)" = "$(oms-find -U 2026-11-05 -F ids)" ]
	[ "$(oms-find --oldest -S 2026-11-05 --after=0: -F ids)" = "$(oms-find --oldest -S 2026-11-05 -F ids)" ]
}

@test "a screen's columns are those of its width, whatever is asked for: the number before the long id" {
	narrow="NUMBER PLACED STATUS TOTAL CUSTOMER ATTENTION"
	for f in --status=new --status=cancelled --held --sku=SKU-3 "--segment=vip --late" "45007"; do
		# shellcheck disable=SC2086
		[ "$(oms-find $f -F table --width=80 | sed '1!d' | xargs)" = "$narrow" ]
		# shellcheck disable=SC2086
		[[ "$(oms-find $f -F table --width=200 | sed '1!d' | xargs)" == "ORDER NUMBER PLACED STATUS PAYMENT FULFILMENT TOTAL CUSTOMER ATTENTION"* ]]
	done
	[ "$(oms-find -F table --width=80 -L 0 | wc -L)" -le 80 ]
	oms-find 45007 -F table --width=80 | grep -qE '^#45007 +2026-11-02 07:00 +new +10.00 +EUR +Anna Mustermann'
	# An order without a number goes by its id, and a pipe has the id in any case.
	printf '{"schema":"oms.event/1","id":"nn","type":"order.updated","source":"shop","order":"nameless","occurred_at":"2026-11-02T09:00:00.000Z","body":{"external_id":"nameless","currency":"EUR","total":"0.00"}}\n' >nameless
	oms-ingest --source=shop nameless >/dev/null
	oms-find nameless -F table --width=80 | grep -q '^shop:nameless '
	[[ "$(oms-find -F table | head -1)" == "ORDER "* ]]
}

# What a person at a terminal reads: both streams are the terminal.
at_terminal() { script -qec "$1" /dev/null </dev/null | tr -d '\r'; }

@test "an empty answer says so on a terminal, and nowhere else" {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal to lend"
	[ "$(at_terminal "oms-find --sku=FK-MUG")" = "oms-find: no orders match" ]
	[ "$(at_terminal "oms-find --status=new -S 2030-01-01 -F ids")" = "oms-find: no orders match" ]
	[ "$(at_terminal "oms-find --after=0:a")" = "oms-find: no further orders" ]
	oms-init --db=new.db
	[ "$(at_terminal "oms-find --db=new.db")" = "oms-find: there are no orders yet; oms-ingest takes them in" ]
	[ "$(at_terminal "oms-find -F count --db=new.db")" = 0 ]
	[ -z "$(at_terminal "oms-find -q --sku=FK-MUG")" ]
	[ -z "$(at_terminal "oms-find --sku=FK-MUG | cat")" ]
	run --separate-stderr oms-find --sku=FK-MUG
	[ -z "$output$stderr" ]
}

@test "the least number of last digits is said where fewer were given" {
	run -1 --separate-stderr oms-find 99
	[[ $stderr == *"no order answers to it"*"from 3 digits on"* ]]
	run -1 --separate-stderr oms-show 99
	[[ $stderr == *"from 3 digits on"* ]]
	[ "$(oms-find 017 -F ids)" = shop:17 ]
	run -1 --separate-stderr oms-find 00000099
	[[ $stderr != *"digits on"* ]]
}
