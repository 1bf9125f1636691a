// The names a rule's "check" can have, with what each does and the parameters it reads.
#include "rule_checks.h"

#define ON_EVENT(name, params, about) {#name, about, check_##name, NULL, params}
#define ON_ORDER(name, params, about) {#name, about, NULL, check_##name, (params) | PARAM_UNLESS}
static const struct check checks[] = {
	ON_EVENT(is_event, 0, "the record is an object of some version of oms.event"),
	ON_EVENT(schema_known, 0, "its version is one this program knows"),
	ON_EVENT(type_known, 0, "its type is one of the event types"),
	ON_EVENT(type_not_own, 0, "its type is none of those that only the commands of oms write"),
	ON_EVENT(id_not_own, 0, "its id is none that events of the commands of oms have"),
	ON_EVENT(type_of, 0, "every member of the contract has its JSON type; null has none"),
	ON_EVENT(time_format, 0, "every time is an RFC 3339 time that exists"),
	ON_EVENT(control_characters, 0, "no text holds control characters other than line ends and tabs"),
	ON_EVENT(member_known, 0, "no member stands there that the contract does not have"),
	ON_EVENT(max_count, PARAM_PATHS | PARAM_MAX, "the arrays named by path have at most max elements"),
	ON_EVENT(required, PARAM_PATHS, "the members named by path are there and not blank"),
	ON_EVENT(one_present, PARAM_PATHS, "of the members named by path at least one is there"),
	ON_EVENT(required_unless, PARAM_PATHS, "the first of the members named by path is there, unless another of them is"),
	ON_EVENT(one_of, PARAM_PATHS | PARAM_WORDS | PARAM_AXIS, "the members named by path hold one of words, or a word of axis"),
	ON_EVENT(seen_whole, PARAM_PATHS, "the texts named by path hold no control, no character without width and none that turns the direction"),
	ON_EVENT(integer_range, PARAM_PATHS | PARAM_MIN | PARAM_MAX | PARAM_UNLESS, "the whole numbers named by path lie between min and max"),
	ON_EVENT(unique_ids, PARAM_PATHS, "no two objects of one array have the same id"),
	ON_EVENT(lines_or_charges, 0, "an order document that lists its lines lists at least one, or a charge"),
	ON_EVENT(source_accepted, 0, "the event comes from the source that is being read"),
	ON_EVENT(money_format, 0, "every amount is a decimal number with no more places than its currency has"),
	ON_EVENT(money_range, PARAM_PATHS | PARAM_MIN | PARAM_UNLESS, "the amounts named by path are not below min minor units; fees may be"),
	ON_EVENT(currency_given, 0, "amounts have a currency, unless the document is a partial one"),
	ON_EVENT(currency_implied, 0, "a partial document gives the currency of its amounts too"),
	ON_EVENT(currency_known, 0, "the currency is a code of ISO 4217 in capitals"),
	ON_EVENT(payment_amount, 0, "a movement of money says how much; a snapshot may give its sums instead"),
	ON_EVENT(discount_within, PARAM_PATHS, "a discount is not more than what it is taken off"),
	ON_EVENT(net_within_gross, PARAM_PATHS, "the tax in a total is not more than the total"),
	ON_EVENT(line_tie, PARAM_PATHS, "unit_price times quantity is the line's subtotal"),
	ON_EVENT(totals_near, PARAM_TOLERANCE | PARAM_SHARE, "the total is not off by more than tolerance and share of it"),
	ON_ORDER(totals_tie, 0, "the lines come to the subtotal, and the parts to the total, exactly"),
	ON_ORDER(taxes_tie, PARAM_SHARE, "rows, lines and charges come to the tax, within share minor units a row"),
	ON_ORDER(tax_rows, 0, "tax that was charged is given by row, or by line or charge"),
	ON_ORDER(sum_payments, PARAM_TOLERANCE, "no more was taken and kept than the total and tolerance"),
	ON_ORDER(refunds_within, 0, "no more was given back than was taken"),
	ON_ORDER(line_price, 0, "every line of a priced order has a price"),
	ON_ORDER(ship_to, 0, "there is a street to ship to"),
	ON_ORDER(country, 0, "the ship-to country is known"),
	ON_ORDER(postcode, 0, "the ship-to has a postcode, where its country has postcodes"),
	ON_ORDER(phone, PARAM_WORDS, "someone can be called, where the shipping method is like one of words"),
	ON_ORDER(email, 0, "the customer has an e-mail address"),
	ON_ORDER(billing_name, 0, "some name can stand on the invoice"),
	ON_ORDER(shipping_method, 0, "a shipping method was chosen, by name or by a shipping charge"),
	ON_ORDER(tax_id, PARAM_WORDS, "a business customer in one of the countries in words has a tax id"),
	ON_ORDER(promised, 0, "a day to ship by or deliver by was promised"),
	ON_ORDER(refers_to, 0, "refunds and shipments name lines that are there"),
	ON_ORDER(shipped_within, 0, "no more units were shipped than ordered"),
	ON_ORDER(tracking_rank, 0, "no scan falls behind an earlier one"),
	ON_ORDER(after_cancel, 0, "nothing was shipped or captured after the order was cancelled"),
};
enum { CHECKS = sizeof checks / sizeof *checks };

const struct check *check_at(size_t i) { return i < CHECKS ? &checks[i] : NULL; }

const struct check *check_named(struct str name)
{
	for (size_t i = 0; i < CHECKS; i++)
		if (str_is(name, checks[i].name)) return &checks[i];
	return NULL;
}
