#!/usr/bin/env bats
# What the mappings stripe, easypost, aftership and zendesk make of what those services really send: every payload ends in one known way,
# amounts and times are the payload's, and what is said of an order finds it. The payloads lie outside the tree; without them that part is skipped.

bats_require_minimum_version 1.5.0

setup() {
	export OMS_NOW=2026-11-20T10:00:00Z TZ=UTC0 OMS_SHARE=$SRC/share OMS_DB=$BATS_TEST_TMPDIR/oms.db
	data=${OMS_DATA:-$SRC/../shared/data}/channels
	cd "$BATS_TEST_TMPDIR" || return 1
}

needs_data() { [ -d "$data/$1" ] || skip "no payloads in $data/$1"; }

# An order with the number 1001, shipped under the number 111111111111.
an_order() {
	oms-init -q
	oms-ingest -q --source=oms >/dev/null <<-'END'
		{"schema":"oms.event/1","id":"o1","type":"order.updated","order":"450789469","occurred_at":"2025-12-31T00:00:00.000Z","body":{"external_id":"450789469","number":"#1001","currency":"USD","price_mode":"gross","total":"20.00","lines":[{"id":"1","sku":"MUG","quantity":2,"unit_price":"10.00"}]}}
		{"schema":"oms.event/1","id":"s1","type":"shipment.updated","order":"450789469","occurred_at":"2026-01-02T00:00:00.000Z","body":{"id":"f1","status":"shipped","carrier":"FedEx","tracking_numbers":["111111111111"],"lines":[{"line":"1","quantity":2}]}}
	END
}

take_in() { # source [option…], payloads on stdin: outcome and code of each
	local source=$1
	shift
	oms-ingest -q --source="$source" --format=jsonl "$@" 2>/dev/null | tee -a results | jq -r '[.outcome, .code, .order] | map(select(.)) | join(" ")'
}
order() { # jq filter on the order, a list of values
	oms-show -q --json oms:450789469 | jq -r ".[0] | [$1] | map(tostring) | join(\" \")"
}

@test "the mappings' own tests" {
	for c in stripe easypost aftership zendesk; do oms-map --channel=$c --test; done
}

# A file by itself, in a store without orders: parked means mapped, valid, and waiting for the order it is about.
@test "what becomes of every payload" {
	needs_data zendesk
	oms-init -q
	for f in "$data"/{stripe,easypost,aftership,zendesk}/*; do
		case $f in */ticket_comments.json) set -- --topic=tickets/4/comments ;; *) set -- ;; esac
		name=${f#"$data"/}
		oms-ingest -q --dry-run --source="${name%/*}" --format=jsonl "$@" "$f" 2>>errors || true
	done >results
	jq -rs --arg data "$data/" 'group_by(.input)[] | "\(.[0].input | ltrimstr($data)) \(length) \(map([.outcome, .code, .kind] | map(select(.)) | join(" ")) | unique | join(", ")) \(map(.events // 0) | add)"' results >got
	diff - got <<-'END'
		aftership/checkpoint_last.json 1 parked no_order last_checkpoint 1
		aftership/tracking_create.json 1 parked no_order tracking 1
		aftership/tracking_get.json 1 parked no_order tracking 14
		easypost/event_retrieve.json 1 dead thin_event 0
		easypost/refund_create.json 1 parked no_order label_refund 1
		easypost/shipment_buy.json 1 parked no_order shipment 1
		easypost/shipment_refund.json 1 parked no_order shipment 3
		easypost/tracker_create.json 1 parked no_order tracker 2
		easypost/trackers_list.json 1 parked no_order tracker 2
		easypost/webhook_event_body.json 1 parked no_order tracker 7
		stripe/event_charge_captured.json 1 parked no_order charge 1
		stripe/event_charge_dispute_created.json 1 parked no_order dispute 1
		stripe/event_charge_failed.json 1 parked no_order charge 1
		stripe/event_charge_refunded.json 1 parked no_order charge 2
		stripe/event_charge_succeeded.json 1 parked no_order charge 1
		stripe/event_charge_updated.json 1 parked no_order charge 1
		stripe/event_checkout_session_completed_payment_mode.json 1 parked no_order checkout_session 1
		stripe/event_payment_intent_succeeded.json 1 parked no_order payment_intent 1
		stripe/object_charge.json 1 parked no_order charge 1
		stripe/object_checkout_session.json 1 stale no_event checkout_session 0
		stripe/object_dispute.json 1 parked no_order dispute 1
		stripe/object_payment_intent.json 1 parked no_order payment_intent 1
		stripe/object_refund.json 1 parked no_order refund 1
		zendesk/event_ticket_created.json 1 parked no_order ticket_event 1
		zendesk/ticket_comments.json 2 parked no_order comment 2
		zendesk/ticket_custom_fields.json 1 parked no_order ticket 1
		zendesk/ticket_fields.json 1 dead unknown_kind 0
		zendesk/webhook_config.json 1 dead unknown_kind 0
	END
}

@test "amounts and times of every payload, read by other means" {
	needs_data zendesk
	for c in stripe easypost aftership zendesk; do
		run python3 "$SRC/tests/data/services.py" $c "$data/$c"
		echo "$c: $output"
		[ "$status" -eq 0 ]
	done
}

@test "stripe: samples that share an event id are conflicts, and the same again a duplicate" {
	needs_data stripe
	oms-init -q
	[ "$(take_in stripe "$data/stripe/event_charge_captured.json")" = "parked no_order" ]
	[ "$(take_in stripe "$data/stripe/event_charge_captured.json")" = duplicate ]
	[ "$(take_in stripe "$data/stripe/event_charge_refunded.json")" = "dead event_conflict" ]
	grep -q 'event evt_000000000000000000000000 of source stripe is in the log with another content' results
}

@test "stripe: a charge finds its order by the number in its description, and what follows by the charge" {
	an_order
	take_in stripe >got <<-'END'
		{"id":"evt_3","object":"event","type":"charge.dispute.created","created":1767225900,"livemode":true,"data":{"object":{"id":"dp_1","object":"dispute","amount":2000,"status":"needs_response","charge":"ch_1","created":1767225900,"currency":"usd","reason":"fraudulent","evidence_details":{"due_by":1767830399}}}}
		{"id":"evt_2","object":"event","type":"refund.created","created":1767225800,"livemode":true,"data":{"object":{"id":"re_1","object":"refund","amount":500,"status":"succeeded","charge":"ch_1","created":1767225800,"currency":"usd"}}}
		{"id":"evt_1","object":"event","type":"charge.captured","created":1767225600,"livemode":true,"data":{"object":{"id":"ch_1","object":"charge","amount":2000,"amount_captured":2000,"amount_refunded":0,"captured":true,"status":"succeeded","created":1767225600,"currency":"usd","description":"Order #1001","payment_intent":"pi_1"}}}
		{"id":"evt_4","object":"event","type":"payment_intent.succeeded","created":1767225601,"livemode":true,"data":{"object":{"id":"pi_1","object":"payment_intent","amount":2000,"amount_received":2000,"amount_capturable":0,"status":"succeeded","created":1767225500,"currency":"usd","latest_charge":"ch_1"}}}
	END
	[ "$(sort -u got)" = "applied oms:450789469" ]
	[ "$(order '(.payments | length), .payments[0].captured, .payments[0].refunded, .payment_status')" = "1 20.00 5.00 part_refunded" ]
	[ "$(order '.disputes[0].amount, .disputes[0].due_at, (.attention | contains(["disputed"]))')" = "20.00 2026-01-07T23:59:59.000Z true" ]
}

@test "stripe: a checkout session brings the charge that names no order to it" {
	an_order
	[ "$(take_in stripe <<<'{"id":"ch_2","object":"charge","amount":2000,"amount_captured":2000,"amount_refunded":0,"captured":true,"status":"succeeded","created":1767225600,"currency":"usd","payment_intent":"pi_2"}')" = "parked no_order" ]
	[ "$(take_in stripe <<<'{"id":"evt_5","object":"event","type":"checkout.session.completed","created":1767225601,"livemode":true,"data":{"object":{"id":"cs_2","object":"checkout.session","amount_total":2000,"currency":"usd","mode":"payment","payment_intent":"pi_2","payment_status":"paid","status":"complete","client_reference_id":"450789469"}}}')" = "applied oms:450789469" ]
	[ "$(order '(.payments | length), .payments[0].psp_ref, .payments[0].captured')" = "1 ch_2 20.00" ]
}

@test "aftership: delivered, then an exception with the same time of change: delivered stays, the exception shows" {
	needs_data aftership
	an_order
	[ "$(take_in aftership "$data/aftership/tracking_get.json")" = "applied oms:450789469" ]
	python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
d["data"]["tracking"].update(tag="Exception", subtag="Exception_013")
json.dump(d, sys.stdout)' "$data/aftership/tracking_get.json" >exception.json
	[ "$(take_in aftership exception.json)" = "applied oms:450789469" ]
	[ "$(order '(.shipments | length), .shipments[0].progress, (.shipments[0].events | length), .shipments[0].delivered_at')" = "1 delivered 15 2018-07-25T01:10:00.000Z" ]
	[ "$(order '.attention | contains(["delivery_exception"])')" = true ]
}

@test "easypost: a tracker fetched again after its webhook tells nothing new, and a label refund touches no money" {
	needs_data easypost
	an_order
	sed 's/EZ1000000001/111111111111/' "$data/easypost/tracker_create.json" >one.json
	sed 's/EZ1000000001/111111111111/' "$data/easypost/trackers_list.json" >again.json
	[ "$(take_in easypost one.json)" = "applied oms:450789469" ]
	[ "$(take_in easypost again.json)" = "duplicate" ]
	[ "$(order '(.shipments | length), (.shipments[0].events | length)')" = "1 2" ]
	sed 's/9405500208303109884137/111111111111/' "$data/easypost/refund_create.json" >label.json
	take_in easypost label.json
	[ "$(order '(.refunds | length), .payment_status')" = "0 unpaid" ]
}

@test "zendesk: a ticket finds its order by the number in its subject, and comments by the ticket" {
	an_order
	[ "$(take_in zendesk --topic=tickets/77/comments <<<'{"comments":[{"id":2,"body":"One is broken","public":true,"author_id":7,"created_at":"2026-01-05T08:01:00Z"}]}')" = "parked no_order" ]
	[ "$(take_in zendesk <<<'{"ticket":{"id":77,"subject":"Order 1001 came broken","status":"open","created_at":"2026-01-05T08:00:00Z","updated_at":"2026-01-05T08:02:00Z","requester_id":7}}')" = "applied oms:450789469" ]
	[ "$(order '.tickets[0].id, .tickets[0].messages[0].text')" = "77 One is broken" ]
	[ "$(take_in zendesk <<<'{"comments":[{"id":3,"body":"?","public":true,"author_id":7,"created_at":"2026-01-05T08:01:00Z"}]}')" = "dead no_ticket" ]
	grep -q 'comments that do not say which ticket they are of' results
}
