#!/usr/bin/env bats
# What users of oms-stock may rely on: figures that add up, the rule behind each, and a ledger that can be followed.

# shellcheck disable=SC2154,SC2016
bats_require_minimum_version 1.5.0

setup() {
	export OMS_DB=$BATS_TEST_TMPDIR/oms.db OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0
	cd "$BATS_TEST_TMPDIR" || exit 1
	oms-init
	oms-source shop --channel=oms >/dev/null
	printf '%s\n' '{"id":"MUG","name":"Mug","category":"stoneware"}' '{"id":"LID"}' '{"id":"NIL"}' | oms-load sku >/dev/null
	printf '%s\n' '{"id":"LEJ"}' '{"id":"HAM"}' '{"id":"OLD","active":false}' | oms-load warehouse >/dev/null
	printf 'sku,category,warehouse,channel,quantity\n,stoneware,,,1\nMUG,,,,2\n,stoneware,LEJ,,3\nMUG,,LEJ,,4\nMUG,,LEJ,shop,5\n' | oms-load safety >/dev/null
	printf 'sku,warehouse,on_hand,held,reason\nMUG,LEJ,10,1,opening\nMUG,HAM,6,0,\nMUG,OLD,100,0,\nLID,LEJ,3,0,\n' | oms-load count --at=-1h >/dev/null
}

new_order() { # NUMBER UNITS
	echo "{\"schema\":\"oms.event/1\",\"id\":\"e$1\",\"type\":\"order.updated\",\"source\":\"shop\",\"order\":\"$1\",\"occurred_at\":\"2026-11-0${1}T09:00:00.000Z\",\"body\":{\"external_id\":\"$1\",\"placed_at\":\"2026-11-0${1}T09:00:00.000Z\",\"currency\":\"EUR\",\"price_mode\":\"gross\",\"total\":\"$2.00\",\"lines\":[{\"id\":\"1\",\"sku\":\"MUG\",\"name\":\"Mug\",\"quantity\":$2,\"unit_price\":\"1.00\"}]}}" |
		oms-ingest --source=shop >/dev/null
}
allocate() { # UNITS ORDER: as a confirmation books it
	python3 - "$OMS_DB" "$@" <<-'END'
		import sqlite3, sys
		d = sqlite3.connect(sys.argv[1]); d.execute("PRAGMA wal_autocheckpoint=0")
		units, order = int(sys.argv[2]), sys.argv[3]
		key, = d.execute("SELECT order_key FROM orders WHERE id = ?", (order,)).fetchone()
		on, held, al, back, last = d.execute("SELECT on_hand, held, allocated, backordered, movement_id FROM stock WHERE sku = 'MUG' AND warehouse = 'LEJ'").fetchone()
		event, = d.execute("SELECT max(event_id) FROM event WHERE order_key = ?", (key,)).fetchone()
		c = d.execute("INSERT INTO stock_movement (before_id, sku, warehouse, kind, on_hand, held, allocated, backordered, on_hand_after, held_after, allocated_after, backordered_after, at, event_id, order_key, line) VALUES (?, 'MUG', 'LEJ', 4, 0, 0, ?, 0, ?, ?, ?, ?, 1795168800000, ?, ?, '1')",
		    (last, units, on, held, al + units, back, event, key))
		d.execute("UPDATE stock SET allocated = ?, movement_id = ? WHERE sku = 'MUG' AND warehouse = 'LEJ'", (al + units, c.lastrowid))
		d.execute("INSERT INTO reservation VALUES (?, '1', 'LEJ', 'MUG', ?, 0, 0, 0, 0)", (key, units))
		d.commit()
	END
}

@test "a row for each SKU and warehouse, and its figures add up" {
	oms-stock >out
	python3 "$SRC/tests/schema.py" out
	[ "$(jq -r '[.sku, .warehouse] | join(" ")' out | paste -sd,)" = "LID LEJ,MUG HAM,MUG LEJ,MUG OLD" ]
	jq -se 'all(.available == .on_hand - .held - .allocated and .sellable == .available - .safety)' out
	[ "$(oms-stock MUG --warehouse=LEJ | jq -c '[.on_hand, .held, .allocated, .available, .safety, .sellable]')" = '[10,1,0,9,4,5]' ]
}

@test "the most specific rule of safety stock counts, and is named" {
	safety() { oms-stock "$@" | jq -c '[.safety, .safety_rule]'; }
	[ "$(safety MUG --warehouse=LEJ)" = '[4,"sku:MUG warehouse:LEJ"]' ]
	[ "$(safety MUG --warehouse=LEJ --channel=shop)" = '[5,"sku:MUG warehouse:LEJ channel:shop"]' ]
	[ "$(safety MUG --warehouse=LEJ --channel=olist)" = '[4,"sku:MUG warehouse:LEJ"]' ]
	[ "$(safety MUG --warehouse=HAM)" = '[2,"sku:MUG"]' ]
	[ "$(safety LID)" = '[0,null]' ]
	echo '{"id":"LID","category":"stoneware"}' | oms-load sku >/dev/null
	[ "$(safety LID)" = '[3,"category:stoneware warehouse:LEJ"]' ]
	run -1 oms-stock --channel=nope
}

@test "free to promise: what shipping warehouses can sell, less what new orders wait for" {
	new_order 1 3
	new_order 2 2
	[ "$(oms-stock MUG | jq -c '[.pending, .free_to_promise]' | sort -u)" = '[5,4]' ] # (9 - 4) + (6 - 2) - 5; OLD does not ship
	oms-stock --why MUG --warehouse=LEJ >out
	python3 "$SRC/tests/schema.py" out
	[ "$(jq -r .why.free_to_promise out)" = "4 in HAM + 5 in LEJ - 5 pending = 4" ]
	[ "$(jq -c '.why.waiting' out)" = '[{"order":"shop:2","quantity":2},{"order":"shop:1","quantity":3}]' ]
}

@test "--why names rule, newest movement, and who holds it; as a screen of 80 columns too" {
	new_order 1 3
	new_order 2 2
	allocate 3 shop:1
	allocate 2 shop:2
	oms-stock --why MUG --warehouse=LEJ >out
	python3 "$SRC/tests/schema.py" out
	[ "$(jq -r '.why.available' out)" = "10 on hand - 1 held - 5 allocated = 4" ]
	[ "$(jq -r '.why.sellable' out)" = "4 available - 4 safety = 0" ]
	[ "$(jq -c '.why.held_by | map([.order, .allocated])' out)" = '[["shop:2",2],["shop:1",3]]' ]
	[ "$(jq -r '.why.movement | "\(.kind) \(.message) \(.order)"' out)" = "allocate allocated 3 -> 5 shop:2" ]
	oms-stock --why MUG -F text >text
	oms-stock --why MUG -F text --tz=Asia/Tokyo | grep -q "+09:00"
	grep -q '^safety  *4, by sku:MUG warehouse:LEJ$' text
	grep -q '^allocated   to shop:2 2, shop:1 3$' text
	run ! grep -q 'held by' text # held is what may not be sold
	grep -q '^promisable  *4 in HAM + 0 in LEJ - 5 pending = -1$' text
	run ! grep -E '^.{81}' text
}

@test "--below shows what is short or under its safety stock, and nothing else" {
	[ "$(oms-stock --below -F count)" = 0 ]
	new_order 1 3
	allocate 6 shop:1
	[ "$(oms-stock --below | jq -c '[.sku, .warehouse, .short]')" = '["MUG","LEJ",null]' ]
	echo '{"id":"S","sku":"MUG","warehouse":"LEJ","quantity":5}' | oms-load scrap >/dev/null 2>&1
	[ "$(oms-stock --below | jq -c '[.available, .short]')" = '[-2,2]' ]
	[ "$(oms-stock --below -F ids | oms-stock --why - | jq -r .warehouse | paste -sd' ')" = "HAM LEJ OLD" ]
}

@test "SKUs come as operands or from a pipe; what is not known is told with the nearest name" {
	[ "$(printf 'MUG\nLID\n' | oms-stock - -F count)" = 4 ]
	run -3 --separate-stderr oms-stock MUGG LID
	[ "${#lines[@]}" = 1 ]
	[[ $stderr == *"MUGG: there is no such SKU"*"did you mean MUG?"* ]]
	run -1 oms-stock NOPE
	# One that is known and lies nowhere is a row of noughts.
	[ "$(oms-stock NIL | jq -c '[.warehouse, .on_hand, .free_to_promise]')" = '[null,0,0]' ]
	run -1 --separate-stderr oms-stock --warehouse=LEI
	[[ $stderr == *"did you mean LEJ?"* ]]
	run -64 oms-stock --moves --why
	run -64 oms-stock --since=-1d
}

@test "records name their SKU: of a movement it is no id and no order that is looked for" {
	[ "$(oms-stock --moves MUG -L 1 | oms-stock - | jq -r .sku | sort -u)" = MUG ]
	[ "$(oms-load sku --list MUG | oms-stock - | jq -r .sku | sort -u)" = MUG ]
	run -1 oms-stock - <<<'{"order":"1001"}'
	[[ $output == *'has neither "sku" nor "id"'* ]]
}

@test "the ledger, newest first: before, after, event, actor, reason" {
	oms-stock --moves >out
	python3 "$SRC/tests/schema.py" out
	[ "$(jq -r .id out | paste -sd' ')" = "4 3 2 1" ]
	echo '{"id":"R","sku":"MUG","warehouse":"LEJ","quantity":5,"reason":"delivery 7"}' | OMS_NOW=2026-11-20T12:00:00Z oms-load receipt >/dev/null
	[ "$(oms-stock --moves MUG -L 1 | jq -c '[.kind, .difference, .before.on_hand, .after.on_hand, .event, .reason]')" = '["receive",{"on_hand":5},10,15,"stock:receipt:R:MUG:LEJ","delivery 7"]' ]
	[ "$(oms-stock --moves MUG LID | jq -r .id | paste -sd' ')" = "5 4 3 2 1" ]
	[ "$(oms-stock --moves MUG --warehouse=LEJ | jq -r .id | paste -sd' ')" = "5 1" ]
	[ "$(oms-stock --moves --since=2026-11-20T11:00Z | jq -r .id)" = 5 ]
	[ "$(oms-stock --moves MUG --until=2026-11-20T11:00Z -L 2 | jq -r .id | paste -sd' ')" = "3 2" ]
	[ "$(oms-stock --after=3 | jq -r .cursor | paste -sd' ')" = "4 5" ]
	run -64 oms-stock --after=x
	[ "$(oms-stock --moves -F table | head -n1 | tr -s ' ')" = "ID BOOKED AT SKU WAREHOUSE KIND CHANGE ORDER ACTOR REASON COUNTED AT" ]
}

@test "of a count it is told when it was made, not only when it was booked" {
	echo '{"sku":"LID","warehouse":"LEJ","on_hand":2,"counted_at":"2026-11-20T09:30:00Z"}' | oms-load count >/dev/null
	oms-stock --moves LID -L 1 >out
	python3 "$SRC/tests/schema.py" out
	[ "$(jq -r '[.kind, .counted_at, .booked_at] | join(" ")' out)" = "count 2026-11-20T09:30:00.000Z 2026-11-20T10:00:00.000Z" ]
	[ "$(oms-stock --moves MUG --warehouse=HAM --fields=counted_at -F csv | tail -n1)" = 2026-11-20T09:00:00.000Z ]
	[ "$(oms-stock --why LID | jq -r .why.movement.counted_at)" = 2026-11-20T09:30:00.000Z ]
	oms-stock --why LID -F text | tr -s ' \n' ' ' | grep -q 'newest 2026-11-20 10:00:00 +00:00: count, on_hand 3 -> 2, counted 2026-11-20 09:30:00 +00:00, by '
	echo '{"id":"R","sku":"LID","warehouse":"LEJ","quantity":5}' | oms-load receipt >/dev/null
	[ "$(oms-stock --moves LID -L 1 | jq 'has("counted_at")')" = false ]
}

@test "a store with more movements than a page lists them all, once" {
	for i in {1..1300}; do echo "{\"id\":\"$i\",\"sku\":\"$([ $((i % 2)) = 0 ] && echo LID || echo MUG)\",\"warehouse\":\"LEJ\",\"quantity\":1}"; done | oms-load receipt >/dev/null
	[ "$(oms-stock --moves | jq -r .id)" = "$(seq 1304 -1 1)" ]
	[ "$(oms-stock --after=0 | jq -r .id)" = "$(seq 1304)" ]
	[ "$(oms-stock --moves MUG LID | jq -r .id)" = "$(seq 1304 -1 1)" ]
	[ "$(oms-stock LID | jq .on_hand)" = 653 ]
}

@test "--follow prints movements as they are committed, and ends with the signal" {
	oms-stock --follow >out &
	pid=$!
	sleep 0.4
	echo '{"id":"R","sku":"MUG","warehouse":"LEJ","quantity":5}' | oms-load receipt >/dev/null
	for _ in {1..60}; do [ -s out ] && break; sleep 0.05; done
	[ "$(jq -r .id out)" = 5 ]
	echo '{"id":"R2","sku":"LID","warehouse":"LEJ","quantity":5}' | oms-load receipt >/dev/null
	for _ in {1..60}; do [ "$(wc -l <out)" = 2 ] && break; sleep 0.05; done
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	[ "$got" = 143 ]
	[ "$(jq -r .id out | paste -sd' ')" = "5 6" ]
	[ "$(timeout 5 oms-stock -f --after=1 -L 3 MUG | jq -r .id | paste -sd' ')" = "2 3 5" ] # -L: after so many
}

@test "--follow ends when its reader goes away" {
	timeout 10 bash -c 'oms-stock -f --after=0 | head -n1' >out
	[ "$(jq -r .id out)" = 1 ]
}

@test "reading only: it changes no byte of the store" {
	bytes() { cat oms.db oms.db-wal 2>/dev/null | cksum; }
	sum=$(bytes)
	oms-stock >/dev/null
	oms-stock --why MUG >/dev/null
	oms-stock --moves >/dev/null
	[ "$(bytes)" = "$sum" ]
}

@test "texts from outside move no cursor" {
	python3 -c 'print("{\"id\":\"MUG\",\"name\":\"\\u0041\\u00e9 mug\",\"category\":\"x\"}")' | oms-load sku >/dev/null
	oms-stock -F table >table
	oms-stock --why MUG -F text >>table
	run ! grep -q $'\x1b' table
}

@test "a ledger's change is whole on any screen" {
	new_order 1 2
	allocate 2 shop:1
	for width in 80 100 125 200; do
		oms-stock --moves -F table --width=$width >screen
		[ "$(grep -c 'on_hand 0 -> 10, held 0 -> 1' screen)" = 1 ]
		[ "$(wc -L <screen)" -le $width ]
	done
	[ "$(oms-stock --moves -F table --width=80 | head -n1 | tr -s ' ')" = "ID BOOKED AT SKU WAREHOUSE CHANGE" ]
	[ "$(oms-stock --moves -F table --width=200 | head -n1 | tr -s ' ')" = "ID BOOKED AT SKU WAREHOUSE KIND CHANGE ORDER ACTOR REASON COUNTED AT" ]
}

@test "an empty answer says so on a terminal, and nowhere else" {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal to lend"
	at_terminal() { script -qec "$1" /dev/null </dev/null | tr -d '\r'; }
	printf 'sku,warehouse,on_hand\nMUG,OLD,100\nMUG,LEJ,90\nMUG,HAM,90\n' | oms-load count --at=-30m >/dev/null
	[ "$(at_terminal "oms-stock --below")" = "oms-stock: nothing is below its safety stock" ]
	[ "$(at_terminal "oms-stock NIL --warehouse=LEJ")" = "oms-stock: no stock matches" ]
	[ "$(at_terminal "oms-stock --moves NIL")" = "oms-stock: no movements match" ]
	oms-init --db=new.db
	[ "$(at_terminal "oms-stock --db=new.db")" = "oms-stock: there is no stock yet; oms-load count takes counts in" ]
	[ "$(at_terminal "oms-stock --moves --db=new.db")" = "oms-stock: there are no movements of stock yet" ]
	[ -z "$(at_terminal "oms-stock --below -q")" ]
	[ -z "$(at_terminal "oms-stock --below | cat")" ]
	run --separate-stderr oms-stock --below
	[ -z "$output$stderr" ]
}
