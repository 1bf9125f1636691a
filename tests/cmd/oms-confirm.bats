#!/usr/bin/env bats
# What users of oms-confirm may rely on: what was checked is what is taken, once; and nothing is half done.

# shellcheck disable=SC2154,SC2030,SC2031
bats_require_minimum_version 1.5.0
load stock_help

setup() { shop; skus MUG POT; }

@test "confirmed: status, line units, stock, history, and a message, all at once; its result fits its schema" {
	stock MUG BER 5 POT BER 5
	order 1 'MUG:2 POT:1' | take_in
	oms-confirm 1 >out
	[ "$(jq -r '[.outcome, .from, .to, .changed, .actor] | join(" ")' out)" = "confirmed new confirmed true $(id -un)" ]
	[ "$(jq -c '[.deductions[] | [.sku, .before, .quantity, .after]]' out)" = '[["MUG",5,2,3],["POT",5,1,4]]' ]
	python3 "$SRC/tests/schema.py" out
	oms-show 1 >shown
	python3 "$SRC/tests/schema.py" shown
	[ "$(jq -c '[.status, .fulfilment_status, .confirmed_by, .service, [.lines[].quantities.allocated]]' shown)" = "[\"confirmed\",\"allocated\",\"$(id -un)\",\"STD\",[2,1]]" ]
	[ "$(jq -r '.timeline[-1].summary' shown)" = "order confirmed: 3 units from BER" ]
	[ "$(balance MUG BER)" = "5 0 2 3" ]
	[ "$(sql 'SELECT count(*) FROM outbox')" = 1 ]
	stock_ties
}

@test "a confirmed order on a screen of 80 columns" {
	stock MUG BER 5
	order 1 MUG:2 | take_in
	oms-confirm -q 1 >/dev/null
	run oms-show -F text --width=80 --all 1
	[[ $output == *"stock: 2 allocated in BER"* && $output == *"confirmed   2026-11-20"* ]]
	while IFS= read -r line; do [ "${#line}" -le 80 ]; done <<<"$output"
}

@test "refused: the reason, what was looked at, and nothing is written" {
	stock MUG BER 1
	order 1 MUG:2 | take_in
	dump >before
	run -1 --separate-stderr oms-confirm 1
	[ "$(jq -r '[.outcome, .changed, .to, .code] | join(" ")' <<<"$output")" = "refused false new availability" ]
	[ "$(jq -c '.checks[] | select(.id == "C06") | .evidence.stock[0].lacking' <<<"$output")" = 1 ]
	[[ $stderr == *"C06 availability: MUG: 2 wanted, 1 too few"* ]]
	dump | cmp - before
}

@test "again is no second time, in the same run or another" {
	stock MUG BER 9
	order 1 MUG:2 | take_in
	[ "$(printf '1\nshop:1\n#1\n' | oms-confirm -q | jq -r .outcome | paste -sd' ')" = "confirmed unchanged unchanged" ]
	dump >before
	[ "$(oms-confirm -q 1 | jq -r '.outcome, .code' | paste -sd' ')" = "unchanged already_confirmed" ]
	dump | cmp - before
	[ "$(balance MUG BER)" = "9 0 2 7" ]
}

@test "each order for itself: 0, 3 and 1; ids, JSON Lines, and one in the middle that is not there" {
	stock MUG BER 3
	for o in 1 2 3; do order $o MUG:2 | take_in; done
	run -3 --separate-stderr oms-confirm 1 no-such 2
	[ "$(jq -r .outcome <<<"$output" | paste -sd' ')" = "confirmed refused" ]
	[[ $stderr == *"no-such: no such order"* ]]
	run -1 --separate-stderr bash -c 'oms-find --status=new | oms-confirm -q'
	[ "$(jq -r .outcome <<<"$output" | sort -u)" = refused ]
	run -0 bash -c 'oms-find --status=confirmed | oms-confirm -q'
	run -0 oms-confirm -q </dev/null
	[ -z "$output" ]
	stock_ties
}

@test "all or nothing: one that is refused undoes all, and says why; without it none waits" {
	stock MUG BER 5
	for o in 1 2 3; do order $o MUG:2 | take_in; done
	dump >before
	run -1 --separate-stderr oms-confirm --all-or-nothing 1 2 3
	[ "$(jq -r '.order, .outcome' <<<"$output" | paste -sd' ')" = "shop:3 refused" ]
	[[ $stderr == *"nothing was done: 1 of 3"* ]]
	dump | cmp - before
	run -0 oms-confirm --all-or-nothing 1 2
	[ "$(balance MUG BER)" = "5 0 4 1" ]
}

@test "all or nothing and a dry run read their input to its end before they lock anything; text too tells only why not" {
	stock MUG BER 5
	for o in 1 2 3; do order $o MUG:2 | take_in; done
	for how in --all-or-nothing --dry-run; do
		rm -f ids; mkfifo ids
		oms-confirm -q $how <ids >results &
		exec 7>ids
		echo 1 >&7
		sleep 0.2
		told 3 note.added '{"text":"x"}'
		exec 7>&-
		wait $!
		[ "$(jq -r .order results)" = shop:1 ]
	done
	run -1 --separate-stderr oms-confirm -F text --all-or-nothing 2 no-such
	[[ $output != *confirmed* ]]
	[[ $stderr == *"nothing was done"* ]]
}

@test "a result comes before the next is asked for, and the store is not locked meanwhile" {
	stock MUG BER 9
	for o in 1 2; do order $o MUG:2 | take_in; done
	mkfifo ids
	oms-confirm -q --wait-lock=0 <ids >results &
	exec 7>ids
	echo 1 >&7
	for _ in $(seq 100); do [ -s results ] && break; sleep 0.05; done
	[ "$(jq -r .order results)" = shop:1 ]
	oms-confirm -q --wait-lock=0 2 >/dev/null
	echo 2 >&7
	exec 7>&-
	wait $!
	[ "$(jq -r .outcome results | paste -sd' ')" = "confirmed unchanged" ]
}

@test "what was seen, or nothing: a digest that is no longer true is refused, and nothing is written" {
	stock MUG BER 9
	order 1 MUG:2 | take_in
	order 2 MUG:2 | take_in
	d=$(oms-check 1 | jq -r .digest)
	oms-confirm -q 2 >/dev/null
	dump >before
	run -1 --separate-stderr oms-confirm --expect="$d" 1
	[ "$(jq -r .code <<<"$output")" = changed ]
	[[ $stderr == *oms-check* ]]
	dump | cmp - before
	run -0 oms-confirm --expect="$(oms-check 1 | jq -r '.digest[:8]')" 1
	run -1 oms-confirm --expect="$d" 1
	for no in abc '' 0123456 0123456g "${d}0"; do
		for c in oms-confirm oms-check; do
			run -64 --separate-stderr $c --expect="$no" 1
			[[ $stderr == *"is no digest"*"eight and more"* ]]
		done
	done
	run -64 oms-confirm --expect="$d" 1 2
}

@test "a dry run is what the real one is, and writes nothing" {
	stock MUG BER 5
	for o in 1 2 3; do order $o MUG:2 | take_in; done
	dump >before
	oms-confirm -q -n 1 2 3 >dry || [ $? = 3 ]
	dump | cmp - before
	oms-confirm -q 1 2 3 >real || [ $? = 3 ]
	diff <(jq -c 'del(.dry_run)' dry) <(jq -c . real)
	[ "$(jq -r .dry_run dry | sort -u)" = true ]
}

@test "passing over a check needs a reason, stays on the order, and never sells what is not there" {
	stock MUG BER 5
	echo '{"sku":"MUG","quantity":4}' | load safety
	order 1 MUG:3 | take_in
	order 2 MUG:3 | take_in
	run -64 oms-confirm --override=C06 1
	run -64 oms-confirm --override=C15 --reason=x 1
	run -64 oms-confirm --override=C99 --reason=x 1
	run -1 oms-confirm -q 1
	run -0 oms-confirm -q --override=availability --reason='the customer waits in the shop' 1
	[ "$(jq -r '.checks[] | select(.overridden) | .id' <<<"$output")" = C06 ]
	[[ $(oms-show 1 | jq -r '.timeline[-1].summary') == *"check C06 passed over: the customer waits in the shop" ]]
	run -1 oms-confirm -q --override=C06 --reason=x 2
	[ "$(balance MUG BER)" = "5 0 3 2" ]
	stock_ties
}

@test "two orders of one run want the same stock: the first has it" {
	stock MUG BER 3 MUG HAM 2
	for o in 1 2 3; do order $o MUG:2 | take_in; done
	run -3 --separate-stderr oms-confirm -q 1 2 3
	[ "$(jq -r .outcome <<<"$output" | paste -sd' ')" = "confirmed confirmed refused" ]
	[ "$(balance MUG BER); $(balance MUG HAM)" = "3 0 2 1; 2 0 2 0" ]
	stock_ties
}

@test "a confirmation from outside is refused: it would take stock" {
	stock MUG BER 5
	order 1 MUG:2 | take_in
	run -1 oms-ingest --source=shop - <<<'{"schema":"oms.event/1","id":"x","type":"order.confirmed","source":"shop","order":"1","occurred_at":"2026-11-20T09:00:00.000Z","body":{"lines":[{"line":"1","sku":"MUG","quantity":2,"allocations":[{"warehouse":"BER","units":99}],"components":[{"sku":"MUG","quantity":1}]}]}}'
	[ "$(oms-dead | jq -r .code)" = own_event ]
	[ "$(oms-show 1 | jq -r .status)" = new ]
	[ "$(balance MUG BER)" = "5 0 0 5" ]
}

@test "a parcel that had left before, and then had not: its units are open, a person is told, and leave our stock when they do" {
	stock MUG BER 10
	ship() { told 1 shipment.updated "$(jq -nc --arg i "$1" --arg s "$2" --argjson n "$3" '{id: $i, status: $s, lines: [{line: "1", quantity: $n}]}')" "$4"; }
	order 1 MUG:4 | take_in
	ship s1 shipped 2 2026-11-19T09:00:00.000Z
	oms-confirm -q 1 >/dev/null
	[ "$(balance MUG BER)" = "10 0 2 8" ]
	ship s1 cancelled 2 2026-11-20T09:30:00.000Z
	[ "$(oms-show 1 | jq -r '.holds[] | "\(.type) \(.reason)"')" = "CHANGED units of it are open again, and no stock is held for them" ]
	ship s2 shipped 4 2026-11-20T11:00:00.000Z
	[ "$(balance MUG BER)" = "6 0 0 6" ]
	stock_ties
}

@test "a parcel that was taken back before it was confirmed takes nothing out of the plan" {
	stock MUG BER 10
	ship() { told 1 shipment.updated "$(jq -nc --arg i "$1" --arg s "$2" '{id: $i, status: $s, lines: [{line: "1", quantity: 1}]}')" "$3"; }
	order 1 MUG:2 | take_in
	ship p0 shipped 2026-11-20T08:30:00.000Z
	ship p1 shipped 2026-11-20T08:40:00.000Z
	ship p1 cancelled 2026-11-20T08:50:00.000Z
	oms-confirm -q 1 >/dev/null
	[ "$(balance MUG BER)" = "10 0 1 9" ]
	[ "$(oms-show 1 | jq '[.holds[]? | select(.status == "open")] | length')" = 0 ]
	ship p0 cancelled 2026-11-20T10:30:00.000Z
	[ "$(oms-show 1 | jq -r '.holds[].type')" = CHANGED ]
	stock_ties
}

@test "ids of our own events are taken by nobody else: no command is kept from writing its own" {
	stock MUG BER 5
	order 1 MUG:4 | take_in
	note() { jq -nc --arg id "$1" --arg source "$2" '{schema: "oms.event/1", $id, type: "note.added", $source, order: "1", occurred_at: "2026-11-20T09:00:00.000Z", body: {text: "x"}}'; }
	for i in {1..30}; do note oms-release:$i shop; done >notes
	for p in oms-confirm oms-cancel; do note $p:shop:1:0 shop; done >>notes
	for p in stock:receipt:D2:MUG:BER reference:sku:Z:1; do note $p oms; note $p shop; done >>notes
	run -3 oms-ingest -q --source=shop - < <(grep '"source":"shop"' notes)
	run -1 oms-ingest -q --source=oms - < <(grep '"source":"oms"' notes)
	[ "$(oms-dead -F jsonl | jq -r .code | sort | uniq -c | tr -s ' ')" = " 34 own_id" ]
	oms-confirm -q 1 >/dev/null
	oms-cancel -q 1 --line=1:1 --reason=x >/dev/null
	oms-load sku -q <<<'{"id":"Z"}' >/dev/null
	oms-load receipt -q <<<'{"id":"D2","sku":"MUG","warehouse":"BER","quantity":1}' >/dev/null
	[ "$(balance MUG BER)" = "6 0 3 3" ]
}

@test "what the channel changes after it: less gives stock back, more takes none and is held for a person" {
	stock MUG BER 9 POT BER 9
	order 1 'MUG:3 POT:1' | take_in
	oms-confirm -q 1 >/dev/null
	doc() { told 1 order.updated "$1" "$2"; }
	doc '{"currency":"EUR","price_mode":"gross","lines":[{"id":"1","sku":"MUG","quantity":2,"unit_price":"1.00"}],"total":"2.00"}' 2026-11-20T11:00:00.000Z
	[ "$(balance MUG BER); $(balance POT BER)" = "9 0 2 7; 9 0 0 9" ]
	[ "$(oms-show 1 | jq -r '.holds[] | select(.type == "CHANGED") | .status')" = open ]
	doc '{"currency":"EUR","price_mode":"gross","lines":[{"id":"1","sku":"MUG","quantity":5,"unit_price":"1.00"},{"id":"9","sku":"POT","quantity":4,"unit_price":"1.00"}],"total":"9.00"}' 2026-11-20T12:00:00.000Z
	[ "$(balance MUG BER); $(balance POT BER)" = "9 0 2 7; 9 0 0 9" ] # what was let go may be another's by now
	stock_ties
}

@test "stock that was given back is not taken back without a check: late documents, lines taken out, refunds that fail" {
	skus CUP POT2
	stock MUG BER 5 POT BER 5 CUP BER 5
	order A MUG:5 | take_in; order B MUG:3 | take_in
	doc() { told "$1" order.updated "{\"placed_at\":\"2026-11-18T10:00:00.000Z\",\"currency\":\"EUR\",\"price_mode\":\"gross\",\"lines\":[$2]}" "$3"; }
	line() { echo "{\"id\":\"1\",\"sku\":\"$1\",\"quantity\":$2,\"cancelled\":$3,\"unit_price\":\"1.00\"}"; }
	oms-confirm -q A >/dev/null
	doc A "$(line MUG 5 3)" 2026-11-20T09:00:00.000Z # it happened before the confirmation, and is heard of behind it
	oms-confirm -q B >/dev/null
	doc A "$(line MUG 5 0)" 2026-11-20T09:30:00.000Z
	[ "$(balance MUG BER)" = "5 0 5 0" ]
	[ "$(oms-show A | jq -c '[.lines[0].quantities.allocated, (.holds[] | select(.type == "CHANGED") | .status)]')" = '[2,"open"]' ]
	[[ $(oms-show A -F text --only=history) == *"stock given back: 3 MUG in BER"* ]]

	order C POT:5 | take_in; order D POT:3 | take_in
	oms-confirm -q C >/dev/null
	doc C '{"id":"9","sku":"POT2","quantity":1,"unit_price":"1.00"}' 2026-11-20T11:00:00.000Z
	oms-confirm -q D >/dev/null
	doc C "$(line POT 5 0)" 2026-11-20T11:10:00.000Z
	[ "$(balance POT BER)" = "5 0 3 2" ]

	order E CUP:5 | take_in; order F CUP:3 | take_in
	oms-confirm -q E >/dev/null
	back() { told E refund.updated "{\"id\":\"r\",\"status\":\"$1\",\"amount\":\"3.00\",\"currency\":\"EUR\",\"lines\":[{\"line\":\"1\",\"quantity\":3,\"restock\":\"cancel\"}]}" "$2"; }
	back succeeded 2026-11-20T11:00:00.000Z
	oms-confirm -q F >/dev/null
	back failed 2026-11-20T11:30:00.000Z
	[ "$(balance CUP BER)" = "5 0 5 0" ]
	stock_ties
	oms-fsck -q --rebuild && stock_ties
}

@test "shipped: what left is gone from the shelf, also what was not known to be there" {
	stock MUG BER 3 MUG HAM 5
	order 1 MUG:6 | take_in
	oms-confirm -q 1 >/dev/null
	[ "$(balance MUG BER); $(balance MUG HAM)" = "3 0 1 2; 5 0 5 0" ] || [ "$(balance MUG BER); $(balance MUG HAM)" = "3 0 3 0; 5 0 3 2" ]
	told 1 shipment.updated '{"id":"s1","status":"shipped","location":"HAM","lines":[{"line":"1","quantity":2}]}' 2026-11-20T11:00:00.000Z
	told 1 shipment.updated '{"id":"s2","status":"shipped","location":"BER","lines":[{"line":"1","quantity":3}]}' 2026-11-20T12:00:00.000Z
	told 1 shipment.updated '{"id":"s2","status":"shipped","location":"BER","lines":[{"line":"1","quantity":3}]}' 2026-11-20T12:00:01.000Z
	[ "$(sql "SELECT sum(on_hand) || ' ' || sum(allocated) FROM stock")" = "3 1" ]
	told 1 shipment.updated '{"id":"s3","status":"shipped","location":"BER","lines":[{"line":"1","quantity":4}]}' 2026-11-20T13:00:00.000Z
	[ "$(sql "SELECT min(on_hand), sum(allocated) FROM stock")" = "0|0" ] || [ "$(sql "SELECT sum(allocated) FROM stock")" = 0 ]
	stock_ties
}

@test "shipped by mistake: what comes back is what was taken, not what the mistake told of" {
	skus CUP POT
	stock MUG BER 10 CUP BER 10 POT BER 10
	ship() { told "$1" shipment.updated "{\"id\":\"P$1\",\"status\":\"${4:-shipped}\",\"location\":\"BER\",\"lines\":[{\"line\":\"1\",\"quantity\":$2}]}" "$3"; }
	order A MUG:2 | take_in; order B CUP:8 | take_in; order C POT:5 | take_in
	oms-confirm -q A B C >/dev/null
	ship A 100 2026-11-20T09:30:00.000Z
	[ "$(balance MUG BER)" = "0 0 0 0" ]
	ship A 2 2026-11-20T09:40:00.000Z
	[ "$(balance MUG BER)" = "8 0 0 8" ]
	ship B 20 2026-11-20T09:30:00.000Z
	ship B 20 2026-11-20T09:40:00.000Z cancelled
	[ "$(balance CUP BER)" = "10 0 8 2" ]
	ship C 5 2026-11-20T09:30:00.000Z
	echo '{"sku":"POT","warehouse":"BER","on_hand":10,"counted_at":"2026-11-20T10:00:00Z"}' | load count # they are all there
	ship C 5 2026-11-20T09:40:00.000Z cancelled
	[ "$(balance POT BER)" = "10 0 5 5" ]
	stock_ties
}

@test "one bad word in a batch is that word's alone; a full disk ends operands as it ends input" {
	stock MUG BER 5000
	for o in 1 2; do order $o MUG:1 | take_in; done
	run -3 --separate-stderr oms-confirm - <<<$'1\n{"order":" "}\n'"$(printf 'x%.0s' $(seq 5000))"$'\n2'
	[ "$(jq -r .order <<<"$output" | paste -sd' ')" = "shop:1 shop:2" ]
	[ "$(grep -c . <<<"$stderr")" -ge 2 ]
	for o in $(seq 100 300); do order $o MUG:1; done | take_in
	done=$(oms-find --status=confirmed -F count)
	run -74 --separate-stderr bash -c 'oms-confirm -q $(oms-find --status=new -F ids -L 1000) >/dev/full'
	more=$(($(oms-find --status=confirmed -F count) - done))
	[ "$more" -le 70 ]
	[[ $stderr == *"done before that, and stored: $more; run it again for the rest"* ]]
	oms-find --status=new -F ids -L 1000 >rest
	run -74 --separate-stderr bash -c 'oms-confirm -q <rest >/dev/full'
	[[ $stderr == *"done before that, and stored: 64; run it again for the rest"* ]]
	head -n 64 rest | (run -74 --separate-stderr bash -c 'oms-cancel -q --reason=x >/dev/full'; [[ $stderr == *"what was asked is stored; only the output is not whole"* ]])
	[ "$(oms-find --status=cancelled -F count)" = 64 ]
	run -64 oms-confirm 100 --override=C06 --reason='  '
}

@test "a blank line stands between two screens, and before none" {
	stock MUG BER 5
	order 1 MUG:1 | take_in
	order 2 MUG:9 | take_in
	order 3 MUG:9 | take_in
	first() { head -n 1 | cut -d' ' -f1; }
	[ "$(oms-confirm -q 1 2 --all-or-nothing -F text | first)" = order ]
	[ "$(oms-confirm -q 2 1 3 --all-or-nothing -F text | grep -c '^$')" = 1 ]
	[ "$(oms-confirm -q no-such 2 -F text | first)" = order ]
	[ "$(oms-check -q no-such 2 -F text | first)" = order ]
	[ "$(oms-check -q 1 no-such 2 -F text | grep -c '^$')" = 1 ]
	[ "$(oms-confirm -q 1 2 -F text | grep -c '^$')" = 1 ]
}

@test "a refusal of one says what may be done, a dry run that it was one" {
	stock MUG BER 5
	order 1 MUG:1 '{"paid":""}' | take_in
	order 2 MUG:9 | take_in
	run -1 --separate-stderr oms-confirm 1
	[[ $stderr == *"--override=C14"* ]]
	run -1 --separate-stderr oms-confirm 2
	[[ $stderr != *"--override"* ]]
	run -1 --separate-stderr oms-confirm 1 2
	[[ $stderr != *hint* ]]
	run -0 --separate-stderr oms-confirm -n -v 1 --override=C14 --reason=invoice
	[[ $stderr == *"dry run: nothing was stored"* ]]
}
