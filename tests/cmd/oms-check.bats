#!/usr/bin/env bats
# What users of oms-check may rely on: every check is evaluated, always, with its evidence; and where units would come from.

# shellcheck disable=SC2154,SC2030,SC2031
bats_require_minimum_version 1.5.0
load stock_help

setup() { shop; }

@test "an order that is fine passes every check there is, and the exit status says so" {
	skus MUG; stock MUG BER 5
	order 1 MUG:2 | take_in
	oms-check 1 >out
	[ "$(jq -r .verdict out)" = pass ]
	[ "$(jq -r '.checks[].id' out | paste -sd' ')" = "$(oms-check --checks | jq -r .id | paste -sd' ')" ]
	jq -e 'all(.checks[]; .evidence != null)' out
	jq -e '.plan.service == "STD" and .plan.carrier == "DHL" and .plan.zone == "DE"' out
	[ "$(jq -c '.deductions[]' out)" = '{"warehouse":"BER","sku":"MUG","before":5,"quantity":2,"after":3,"safety":0}' ]
	python3 "$SRC/tests/schema.py" out
}

@test "a hopeless order is told all that is wrong with it, not the first alone" {
	order 1 MUG:2 '{"paid":"0.50","addresses":{},"total":"9.00","status":"closed"}' | take_in
	told 1 hold.opened '{"id":"H1","type":"FRAUD","reason":"odd"}'
	run -1 oms-check -q 1
	[ "$(jq -r '.checks[] | select(.verdict == "block" or .verdict == "error") | .id' <<<"$output" | paste -sd' ')" = "C01 C02 C03 C04 C05 C06 C10 C14 C15" ]
	[ "$(jq '.checks | length' <<<"$output")" = 10 ]
}

@test "C01: only a new order with units to ship, of which a document was seen" {
	skus MUG; stock MUG BER 50
	order 1 MUG:1 '{"status":"closed"}' | take_in
	order 2 MUG:1 '{"test":true}' | take_in
	order 3 MUG:1 '{"channel_fulfilled":true}' | take_in
	order 4 MUG:1 | take_in
	told 4 order.cancelled '{"reason":"no"}'
	for o in 1 2 3 4; do [ "$(verdict "shop:$o" C01)" = block ]; done
}

@test "what the channel alone calls confirmed, or has shipped a part of, is confirmed for the rest" {
	skus MUG; stock MUG BER 50
	order 1 MUG:3 '{"status":"confirmed"}' | take_in
	order 2 MUG:3 '{"at":"2026-11-10T10:00:00.000Z"}' | take_in
	part() { told 2 shipment.updated "{\"id\":\"$1\",\"status\":\"shipped\",\"lines\":[{\"line\":\"1\",\"quantity\":1}]}" "$2"; }
	part S1 2026-11-20T09:00:00.000Z
	oms-confirm 1 2 >out
	[ "$(jq -r .outcome out | paste -sd' ')" = "confirmed confirmed" ]
	python3 "$SRC/tests/schema.py" out
	[ "$(balance MUG BER)" = "50 0 5 45" ]
	part S2 2026-11-20T11:00:00.000Z
	[ "$(balance MUG BER)" = "49 0 4 45" ]
	[ "$(oms-show 2 | jq -c '.lines[0].quantities | [.shipped, .allocated, .open]')" = '[2,1,0]' ]
	run -0 oms-confirm -q 1
	[ "$(jq -r .outcome <<<"$output")" = unchanged ]
	stock_ties
}

@test "C02: name, street, country and postcode; a box warns; what is not shipped needs none" {
	skus MUG; stock MUG BER 50
	echo '{"id":"PDF","stocked":false}' | load sku
	address() { jq -nc --argjson a "$1" '{addresses: {shipping: $a}}'; }
	order 1 MUG:1 "$(address '{"line1":"Weg 1","postcode":"10115","country":"DE"}')" | take_in
	order 2 MUG:1 "$(address '{"name":"A","postcode":"10115","country":"DE"}')" | take_in
	order 3 MUG:1 "$(address '{"name":"A","line1":"Weg 1","country":"DE"}')" | take_in
	order 4 MUG:1 "$(address '{"name":"A","line1":"Postfach 7","postcode":"10115","country":"DE"}')" | take_in
	order 5 PDF:1 | take_in
	[ "$(for o in 1 2 3 4 5; do verdict "shop:$o" C02; done | paste -sd' ')" = "block block block warn n/a" ]
	[[ $(check_of shop:3 C02 | jq -r .because) == *postcode*Germany* ]]
	[ "$(oms-check -q shop:5 | jq -r '.verdict, .plan.lines[0].allocations == []' | paste -sd' ')" = "pass true" ]
}

@test "C03: a SKU that may not go there blocks; another country on the bill warns" {
	echo '{"id":"FUR","denied":["DE"]}' | load sku
	skus MUG; stock MUG BER 9 FUR BER 9
	order 1 FUR:1 | take_in
	order 2 MUG:1 '{"addresses":{"shipping":{"name":"A","line1":"Weg 1","postcode":"10115","country":"DE"},"billing":{"name":"A","line1":"Rue 1","postcode":"75001","country":"FR"}}}' | take_in
	[ "$(verdict shop:1 C03) $(verdict shop:2 C03)" = "block warn" ]
}

@test "C04: the longest area decides, and no zone, no warehouse and no service are told apart" {
	skus MUG; stock MUG BER 9
	to() { jq -nc --arg c "$1" --arg p "$2" '{addresses: {shipping: {name: "A", line1: "Road 1", postcode: $p, country: $c}}}'; }
	order 1 MUG:1 "$(to GB 'BT1 1AA')" | take_in
	[[ $(check_of shop:1 C04 | jq -r .because) == "no zone holds GB BT1 1AA"* ]]
	echo '{"id":"GB","include":["GB"],"exclude":["GB BT"]}' | load zone
	[[ $(check_of shop:1 C04 | jq -r .because) == "no zone holds"* ]]
	echo '{"id":"NI","include":["GB BT"]}' | load zone
	[[ $(check_of shop:1 C04 | jq -r .because) == *"no active service goes"*"no active warehouse ships"* ]]
	echo '{"id":"SEA","carrier":"Ship","zones":["NI"],"priority":5}' | load service
	echo '{"id":"BER","zones":["DE","NI"],"priority":1}' | load warehouse
	[ "$(verdict shop:1 C04)" = pass ]
	[ "$(oms-check shop:1 | jq -r .plan.service)" = SEA ]
}

@test "the service is the one the customer chose, else the first by priority; one that is not picked up there is none" {
	skus MUG; stock MUG BER 9
	printf '{"id":"EXP","name":"Express","carrier":"UPS","zones":["DE"],"priority":200}\n{"id":"HAMSTER","carrier":"H","zones":["DE"],"priority":1,"warehouses":["HAM"]}\n{"id":"OLD","carrier":"O","zones":["DE"],"priority":0,"active":false}\n' | load service
	order 1 MUG:1 '{"shipping_method":"express"}' | take_in
	order 2 MUG:1 '{"shipping_method":"something"}' | take_in
	[ "$(oms-check 1 2 | jq -r .plan.service | paste -sd' ')" = "EXP STD" ]
}

@test "C05: an unknown SKU, one that is not active, a component nobody knows; discontinued warns" {
	printf '{"id":"OFF","active":false}\n{"id":"LAST","discontinued":true}\n' | load sku
	stock OFF BER 9 LAST BER 9
	order 1 NEW:1 | take_in
	order 2 OFF:1 | take_in
	order 3 LAST:1 | take_in
	[ "$(for o in 1 2 3; do verdict "shop:$o" C05; done | paste -sd' ')" = "block block warn" ]
	[ "$(verdict shop:1 C06)" = error ]
}

@test "C06: lines of one SKU are summed; reaching the safety stock and taking the last warn, one more blocks" {
	skus MUG; stock MUG BER 5
	echo '{"sku":"MUG","warehouse":"BER","quantity":2}' | load safety
	order 1 'MUG:1 MUG:1' | take_in
	order 2 'MUG:2 MUG:1' | take_in
	order 3 'MUG:2 MUG:2' | take_in
	[ "$(for o in 1 2 3; do verdict "shop:$o" C06; done | paste -sd' ')" = "pass warn block" ]
	[ "$(check_of shop:3 C06 | jq -c '.evidence.stock[] | [.sku, .wanted, .lacking, .warehouses[0].safety, .warehouses[0].safety_rule]')" = '["MUG",4,1,2,"sku:MUG warehouse:BER"]' ]
	[ "$(oms-check -q 3 --override=C06 | jq -r '.verdict, .checks[5].overridden' | paste -sd' ')" = "pass true" ]
	order 4 MUG:6 | take_in
	run -1 oms-check -q 4 --override=C06
	[ "$(jq -r '.checks[5] | .verdict, .overridden' <<<"$output" | paste -sd' ')" = "block null" ]
}

@test "the most specific safety rule wins" {
	echo '{"id":"MUG","category":"cups"}' | load sku
	stock MUG BER 100
	order 1 MUG:1 | take_in
	safety() { oms-check 1 | jq -r '.deductions[0].safety'; }
	[ "$(safety)" = 0 ]
	echo '{"category":"cups","quantity":1}' | load safety; [ "$(safety)" = 1 ]
	echo '{"sku":"MUG","quantity":2}' | load safety; [ "$(safety)" = 2 ]
	echo '{"category":"cups","warehouse":"BER","quantity":3}' | load safety; [ "$(safety)" = 3 ]
	echo '{"sku":"MUG","warehouse":"BER","quantity":4}' | load safety; [ "$(safety)" = 4 ]
	echo '{"sku":"MUG","warehouse":"BER","channel":"shop","quantity":5}' | load safety; [ "$(safety)" = 5 ]
	echo '{"sku":"MUG","warehouse":"BER","channel":"other","quantity":6}' | oms-load -q safety - >/dev/null; [ "$(safety)" = 5 ]
	echo '{"sku":"MUG","warehouse":"HAM","quantity":7}' | load safety; [ "$(safety)" = 5 ]
}

@test "where from: one warehouse that has all, by priority; else the fewest; a line may come from two" {
	skus MUG POT
	stock MUG BER 2 MUG HAM 5 MUG MUC 9 POT MUC 1
	from() { oms-check -q "$1" | jq -r '[.plan.lines[].allocations[] | "\(.warehouse):\(.units)"] | join(" ")'; }
	order 1 MUG:2 | take_in; [ "$(from 1)" = BER:2 ]
	order 2 MUG:3 | take_in; [ "$(from 2)" = HAM:3 ]
	order 3 'MUG:3 POT:1' | take_in; [ "$(from 3)" = "MUC:3 MUC:1" ]
	order 4 MUG:11 | take_in; [ "$(from 4)" = "BER:2 MUC:9" ]
	order 5 MUG:16 | take_in; [ "$(from 5)" = "BER:2 HAM:5 MUC:9" ]
	[[ $(oms-check 4 | jq -r .plan.why) == *"fewest"*"BER, MUC" ]]
}

@test "a bundle takes its components, from one warehouse, together with lines of the same SKU" {
	printf '{"id":"MUG"}\n{"id":"LID"}\n{"id":"SET","components":[{"sku":"MUG","quantity":2},{"sku":"LID"}]}\n' | load sku
	stock MUG BER 5 LID BER 2 MUG HAM 9
	order 1 'SET:2 MUG:1' | take_in
	[ "$(oms-check -q 1 | jq -c '[.deductions[] | [.sku, .quantity]]')" = '[["MUG",5],["LID",2]]' ]
	order 2 'SET:2 MUG:2' | take_in
	[ "$(oms-check -q 2 | jq -c '[.plan.lines[].allocations[] | [.warehouse, .units]]')" = '[["BER",2],["BER",1],["HAM",1]]' ]
	order 3 SET:3 | take_in
	run -1 oms-check -q 3
	[[ $(jq -r '.checks[5].because' <<<"$output") == LID:* ]]
}

@test "a bundle is served before the single SKUs it shares with: those may come from anywhere" {
	printf '{"id":"MUG"}\n{"id":"LID"}\n{"id":"SET","components":[{"sku":"MUG"},{"sku":"LID"}]}\n' | load sku
	stock MUG BER 2 LID BER 1 MUG HAM 1
	order 1 'MUG:2 SET:1' | take_in
	[ "$(oms-check -q 1 | jq -c '[.plan.lines[].allocations[] | [.warehouse, .units]]')" = '[["BER",1],["HAM",1],["BER",1]]' ]
}

@test "bundles that share a part: who can be served in fewer places goes first, and units of one may have to be shared out" {
	printf '{"id":"A"}\n{"id":"B"}\n{"id":"C"}\n{"id":"K1","components":[{"sku":"A"},{"sku":"B"}]}\n{"id":"K2","components":[{"sku":"A"},{"sku":"C"}]}\n' | load sku
	stock A BER 1 B BER 1 C BER 1 A HAM 1 B HAM 1
	order 1 'K1:1 K2:1' | take_in
	order 2 'K2:1 K1:1' | take_in
	[ "$(oms-check -q 1 2 | jq -c '[.plan.lines[] | [.sku, .allocations[].warehouse]] | sort')" = "$(printf '[["K1","HAM"],["K2","BER"]]\n[["K1","HAM"],["K2","BER"]]')" ]
	[[ $(oms-check -q 1 | jq -r .plan.why) == *"fewest that have it together: BER, HAM" ]]
	printf '{"id":"%s","sku":"%s","warehouse":"%s","quantity":1}\n' 1 A BER 2 A HAM 3 B BER 4 C BER 5 C HAM | load receipt
	order 3 'K1:2 K2:2' | take_in
	[ "$(oms-check -q 3 | jq -c '[.plan.lines[].allocations[] | [.warehouse, .units]]')" = '[["BER",1],["HAM",1],["BER",1],["HAM",1]]' ]
	# A pack of one SKU is a bundle too: what is left over goes to those that come singly.
	printf '{"id":"D"}\n{"id":"SIX","components":[{"sku":"D","quantity":6}]}\n' | load sku
	stock D BER 6 D HAM 3
	order 4 'D:3 SIX:1' | take_in
	[ "$(verdict 4 C06)" = warn ]
}

@test "small worlds: what trying everything finds is found, from as few warehouses, however the lines stand" {
	python3 "$SRC/tests/plans.py" make "${OMS_SEED:-7}" 200
	oms-load -q sku skus.jsonl >/dev/null
	oms-load -q count counts.jsonl >/dev/null
	oms-ingest -q --source=shop orders.jsonl >/dev/null
	cut -f1 expected.tsv | oms-check -q >checks.jsonl || [ $? = 1 ]
	run python3 "$SRC/tests/plans.py" hold checks.jsonl
	echo "$output"
	[ "$status" = 0 ]
}

@test "a SKU in many lines is told of once; parts that are there, and not in one place, are told of as that" {
	printf '{"id":"OFF","active":false}\n{"id":"DN","denied":["DE"]}\n{"id":"A"}\n{"id":"B"}\n{"id":"SET","components":[{"sku":"A"},{"sku":"B"}]}\n' | load sku
	order 1 'NEW:1 OFF:1 DN:1 NEW:2 OFF:1 DN:3' | take_in
	[ "$(check_of 1 C03 | jq -r .because)" = "DN may not go to DE" ]
	[ "$(check_of 1 C05 | jq -r .because)" = "SKU NEW is not known (oms-load sku); SKU OFF is not active" ]
	[[ $(check_of 1 C06 | jq -r .because) == "the stock of NEW cannot be judged; OFF: 2 wanted, 2 too few "* ]]
	stock A BER 1 B HAM 1
	order 2 'SET:1 SET:1' | take_in
	[[ $(check_of 2 C06 | jq -r .because) == "A: 2 wanted, 1 too few "*"; B: 2 wanted, 1 too few "* ]]
	order 3 SET:1 | take_in
	[[ $(check_of 3 C06 | jq -r .because) == "the parts of one SET must come from one warehouse, and are in different ones; A: 1 wanted, "* ]]
}

@test "an order of thousands of lines over a dozen warehouses is answered, and its sentence stays readable" {
	for n in 1 2 3 4 5 6 7 8 9; do echo "{\"id\":\"W$n\",\"zones\":[\"DE\"],\"priority\":9}"; done | load warehouse
	mapfile -t names < <(seq -f S%g 3000)
	skus "${names[@]}"
	order 1 "$(printf '%s:1 ' "${names[@]}" | sed 's/ $//')" | take_in
	run -1 --separate-stderr timeout 20 oms-check 1
	[[ $(jq -r '.checks[] | select(.id == "C06") | .because' <<<"$output") == *"; and more: 3000 in all" ]]
	[ "$(jq -r '.checks[] | select(.id == "C06") | .because | length' <<<"$output")" -lt 9000 ]
	[ "$(jq -r '.checks[] | select(.id == "C06") | .evidence.stock | length' <<<"$output")" = 3000 ]
}

@test "backorder: off it blocks, on it waits, and the limit counts over orders" {
	skus MUG; stock MUG BER 1
	order 1 MUG:3 | take_in
	order 2 MUG:2 | take_in
	[ "$(verdict shop:1 C06)" = block ]
	echo '{"id":"MUG","backorder_limit":3}' | load sku
	[ "$(oms-check -q 1 | jq -c '[.verdict, .plan.lines[0].allocations]')" = '["warn",[{"warehouse":"BER","units":1,"backordered":2}]]' ]
	oms-confirm -q 1 >/dev/null
	[ "$(oms-show 1 | jq -c '[.fulfilment_status, .lines[0].quantities.allocated, .lines[0].quantities.backordered]')" = '["part_allocated",1,2]' ]
	[ "$(verdict shop:2 C06)" = block ]
	order 3 MUG:1 | take_in
	[ "$(verdict shop:3 C06)" = warn ]
	stock_ties
}

@test "C10: a hold that blocks confirming, one that will block shipping, one whose time is over" {
	skus MUG; stock MUG BER 9
	for o in 1 2 3; do order $o MUG:1 | take_in; done
	told 1 hold.opened '{"id":"A","type":"MANUAL","blocks":["confirm"]}'
	told 2 hold.opened '{"id":"B","type":"MANUAL","blocks":["ship"]}'
	told 3 hold.opened '{"id":"C","type":"MANUAL","blocks":["confirm"],"until_at":"2026-11-20T09:30:00.000Z"}'
	[ "$(for o in 1 2 3; do verdict "shop:$o" C10; done | paste -sd' ')" = "block warn pass" ]
}

@test "C14: unpaid blocks, authorized and paid pass, so do terms; what was given back in part is no longer owed" {
	skus MUG; stock MUG BER 99
	order 1 MUG:2 '{"paid":""}' | take_in
	order 2 MUG:2 '{"paid":"1.99"}' | take_in
	order 3 MUG:2 '{"paid":""}' | take_in
	told 3 payment.updated '{"psp":"x","psp_ref":"a3","kind":"authorization","status":"succeeded","amount":"2.00","currency":"EUR"}'
	order 4 MUG:2 '{"paid":""}' | take_in
	told 4 payment.updated '{"psp":"x","psp_ref":"a4","kind":"authorization","status":"pending","amount":"2.00","currency":"EUR","method":"invoice"}'
	order 5 MUG:2 | take_in
	told 5 refund.updated '{"id":"r5","payment_ref":"pay_5","status":"succeeded","amount":"0.50","currency":"EUR"}'
	order 6 MUG:2 | take_in
	told 6 refund.updated '{"id":"r6","payment_ref":"pay_6","status":"succeeded","amount":"2.00","currency":"EUR"}'
	order 7 MUG:2 | take_in
	told 7 dispute.updated '{"id":"d7","payment_ref":"pay_7","status":"needs_response","amount":"2.00","currency":"EUR"}'
	[ "$(for o in 1 2 3 4 5 6 7; do verdict "shop:$o" C14; done | paste -sd' ')" = "block block pass pass pass block block" ]
}

@test "C15: amounts that do not tie out block" {
	skus MUG; stock MUG BER 9
	order 1 MUG:2 '{"total":"2.50","paid":"2.50"}' | take_in
	[ "$(verdict shop:1 C15)" = block ]
}

@test "C16: the same again within ten minutes blocks, within a day warns, with another line or cancelled is none; lines may stand in another order" {
	skus MUG POT; stock MUG BER 99 POT BER 9
	same() { order "$1" "$2" "$(jq -nc --arg at "$3" '{at: $at, customer: {email: "Same@Example.org"}}')" | take_in; }
	same 1 MUG:2 2026-11-18T10:00:00.000Z
	same 2 MUG:2 2026-11-18T10:09:00.000Z
	same 3 MUG:2 2026-11-18T20:00:00.000Z
	same 4 POT:2 2026-11-18T10:01:00.000Z
	same 5 MUG:2 2026-11-25T10:00:00.000Z
	[ "$(for o in 2 3 4 5; do verdict "shop:$o" C16; done | paste -sd' ')" = "block warn pass pass" ]
	[ "$(check_of shop:2 C16 | jq -r .evidence.twin)" = shop:1 ]
	same 6 'MUG:1 POT:2' 2026-11-28T10:00:00.000Z
	same 7 'POT:2 MUG:1' 2026-11-28T10:01:00.000Z
	[ "$(verdict shop:7 C16)" = block ]
	oms-cancel -q 1 --reason=x >/dev/null
	oms-cancel -q 3 --reason=x >/dev/null
	[ "$(verdict shop:2 C16)" = pass ]
}

@test "C16: a twin is seen behind whatever else a buyer orders meanwhile, and before one that is only like it" {
	skus MUG; stock MUG BER 99
	same() { order "$1" "MUG:$2" "$(jq -nc --arg at "$3" '{at: $at, customer: {email: "Same@Example.org"}}')"; }
	{
		same 1 40 2026-11-18T09:30:00.000Z
		same 2 40 2026-11-18T10:00:00.000Z
		for i in {3..29}; do same "$i" "$i" 2026-11-18T10:0$((i % 10)):00.000Z; done
		same 40 40 2026-11-18T10:09:00.000Z
	} | take_in
	[ "$(check_of shop:40 C16 | jq -r '.verdict, .evidence.twin' | paste -sd' ')" = "block shop:2" ]
	oms-cancel -q 2 --reason=x >/dev/null
	[ "$(check_of shop:40 C16 | jq -r '.verdict, .evidence.twin' | paste -sd' ')" = "warn shop:1" ]
}

@test "the digest is of the whole plan: what a bundle is made of, also where none of it is there, and who carries it" {
	echo '{"id":"A","backorder_limit":50} {"id":"K","components":[{"sku":"A","quantity":1}]}' | jq -c . | load sku
	order 1 K:2 | take_in
	seen() { oms-check 1 | jq -r .digest; }
	was=$(seen)
	[ "$(oms-check 1 | jq -r .verdict)" != block ]
	echo '{"id":"K","components":[{"sku":"A","quantity":20}]}' | load sku
	run -1 oms-confirm -q 1 --expect="$was"
	was=$(seen)
	oms-load service --list -F jsonl | jq -c 'del(.schema, .kind, .revision, .changed_at) | .carrier = "pigeon"' | load service
	run -1 oms-confirm -q 1 --expect="$was"
	run -0 oms-confirm -q 1 --expect="$(seen)"
}

@test "the digest is of what was seen: the same again gives the same, anything that matters another" {
	skus MUG; stock MUG BER 5
	order 1 MUG:2 | take_in
	digest() { oms-check -q 1 | jq -r .digest; }
	d=$(digest)
	[ "$(digest)" = "$d" ]
	oms-check 1 --expect="${d:0:8}" >/dev/null
	run -1 oms-check -q 1 --expect=00000000
	echo '{"id":"R1","sku":"MUG","warehouse":"BER","quantity":1}' | load receipt
	[ "$(digest)" != "$d" ]
	e=$(digest)
	told 1 note.added '{"text":"hello"}'
	[ "$(digest)" != "$e" ]
}

@test "it writes nothing, and some of several is 3, none 1" {
	skus MUG; stock MUG BER 5
	order 1 MUG:2 | take_in
	order 2 POT:2 | take_in
	dump >before
	run -3 --separate-stderr oms-check 1 2 no-such
	[ "$(wc -l <<<"$output")" = 2 ]
	run -1 oms-check -q 2
	dump | cmp - before
}

@test "checks are data: one that is unknown, doubled or without a name is refused by name" {
	mkdir share && cp -r "$SRC"/share/{checks,rules,channels} share
	order 1 MUG:2 | take_in
	sed -i 's/"name":"state"/"name":"mood"/' share/checks/confirm.json
	OMS_SHARE=$PWD/share run -78 --separate-stderr oms-check 1
	[[ $stderr == *C01*mood* ]]
	sed -i 's/"name":"mood"/"name":"state"/; s/"C02"/"C01"/' share/checks/confirm.json
	OMS_SHARE=$PWD/share run -78 --separate-stderr oms-check 1
	jq '.checks |= map(select(.name != "availability"))' "$SRC/share/checks/confirm.json" >share/checks/confirm.json
	OMS_SHARE=$PWD/share run -78 --separate-stderr oms-check 1
	[[ $stderr == *"availability is missing"* ]]
	rm share/checks/confirm.json
	OMS_SHARE=$PWD/share run --separate-stderr oms-check 1
	[ "$status" -ge 64 ]
	[[ $stderr == *confirm.json* ]]
}

@test "what came in is first for who was confirmed without stock" {
	echo '{"id":"MUG","backorder_limit":9}' | load sku
	stock MUG BER 5
	order 1 MUG:8 | take_in
	oms-confirm -q 1 >/dev/null
	echo '{"id":"r1","sku":"MUG","warehouse":"BER","quantity":4}' | load receipt
	[ "$(oms-stock MUG --warehouse=BER | jq -c '[.available, .sellable]')" = '[4,1]' ]
	[[ $(oms-stock MUG --why -F text) == *"4 available - 3 waited for - 0 safety = 1"* ]]
	order 2 MUG:2 | take_in
	[ "$(oms-check -q 2 | jq -c '.plan.lines[0].allocations')" = '[{"warehouse":"BER","units":1,"backordered":1}]' ]
	oms-check -q 2 | python3 "$SRC/tests/schema.py" -
}

@test "what does not lie in a warehouse is judged too; a bundle goes where all of it may; a line has its most" {
	printf '{"id":"OFF","stocked":false,"active":false}\n{"id":"DN","stocked":false,"denied":["DE"]}\n{"id":"MUG"}\n{"id":"N","denied":["DE"]}\n{"id":"SET","components":[{"sku":"N"},{"sku":"MUG"}]}\n{"id":"MAX","max_quantity":2}\n{"id":"CARD","stocked":false}\n{"id":"GIFT","components":[{"sku":"CARD"},{"sku":"MUG"}]}\n' | load sku
	stock MUG BER 9 N BER 9 MAX BER 9
	i=0
	for l in OFF:1 DN:1 SET:1 MAX:3 MAX:2 GIFT:2; do i=$((i + 1)); order $i $l | take_in; done
	[ "$(verdict 1 C05) $(verdict 2 C03) $(verdict 3 C03) $(verdict 4 C05) $(verdict 5 C05)" = "block block block block pass" ]
	[ "$(oms-check -q 6 | jq -c '[.verdict, [.deductions[] | [.sku, .quantity]]]')" = '["pass",[["MUG",2]]]' ]
}

@test "a table of checks says why, worst first; the list of checks needs no input" {
	order 1 POT:2 '{"paid":""}' | take_in
	[[ $(oms-check -q -F table 1 || true) == *"C05 references: SKU POT is not known"* ]]
	[[ $(oms-check -q 1 | jq -r .message) == "C05 "*"; C06 "*"; C14 "* ]]
	[ "$(script -qec 'oms-check --checks -F csv' /dev/null </dev/null | wc -l)" = 11 ]
}

@test "a damaged row of the reference data is said, with its kind, and nothing is judged by it" {
	skus MUG; stock MUG BER 5
	order 1 MUG:2 | take_in
	sqlite3 "$OMS_DB" "UPDATE reference SET body = '{' WHERE id = 'MUG'"
	run -70 --separate-stderr oms-check 1
	[ -z "$output" ]
	[[ $stderr == *"a sku of the reference data is damaged"* ]]
	run -70 --separate-stderr oms-load sku --list
	[[ $stderr == *"sku MUG of the reference data is damaged"* ]]
}
