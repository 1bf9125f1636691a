// The sections of a sheet below its totals: payments, refunds, disputes, shipments. Holds are ours alone: a sheet leaves the house.
#include "export_sheet.h"

enum { SIZE = 825 };

// An amount in another currency than the order's says so.
static struct str amount(struct sheet *s, int64_t minor, int digits, struct str currency)
{
	struct str text = sheet_money(s, minor, digits);
	bool other = text.n && currency.n && !str_eq(currency, s->o->currency);
	return other ? sheet_say(s, STR_FMT " " STR_FMT, STR_ARG(currency), STR_ARG(text)) : text;
}

static struct str instrument(struct sheet *s, const struct payment *p)
{
	const struct str card[] = {p->brand.n ? p->brand : p->method, p->last4}, all[] = {p->psp, sheet_join(s, " ", card, 2), str_eq(p->gateway, p->psp) ? S("") : p->gateway};
	return sheet_join(s, ", ", all, 3);
}

int sheet_payments(struct sheet *s)
{
	const struct pdf_column columns[] = {PDF_WORDS("Date", NULL, 7600), PDF_WORDS("Payment", "payments.method", 11928), PDF_WORDS("Reference", "payments.psp_ref", 11000), PDF_WORDS("Status", "payments.error", 7600),
		PDF_FIGURES("Authorized", NULL, 5000), PDF_FIGURES("Captured", NULL, 4600), PDF_FIGURES("Refunded", NULL, 4600)};
	struct pdf_grid g = {.flow = &s->paper.flow, .column = columns, .n = 7, .size = SIZE};
	if (!s->o->n_payments) return 0;
	if (sheet_heading(s, "Payments") || grid_head(&g)) return -1;
	for (size_t i = 0; i < s->o->n_payments; i++) {
		const struct payment *p = &s->o->payments[i];
		const struct str status[] = {sheet_word(s, AXIS_PAYMENT, (int)p->status), p->error};
		struct str cell[] = {sheet_at(s, p->at), instrument(s, p), p->psp_ref, sheet_join(s, ": ", status, 2), amount(s, p->authorized, p->digits, p->currency),
			amount(s, p->captured, p->digits, p->currency), amount(s, p->refunded, p->digits, p->currency)};
		if (grid_row(&g, cell, ROW_PLAIN)) return -1;
	}
	return 0;
}

static const struct line *line_called(const struct order *o, struct str id)
{
	for (size_t i = 0; i < o->n_lines; i++)
		if (str_eq(o->lines[i].id, id)) return &o->lines[i];
	return NULL;
}

static struct str item(struct sheet *s, struct str line, int64_t quantity)
{
	const struct line *l = line_called(s->o, line);
	const struct str name[] = {sheet_say(s, "%lld \xc3\x97", (long long)quantity), l && l->sku.n ? l->sku : line, l ? l->name : S("")};
	return sheet_join(s, " ", name, 3);
}

int sheet_refunds(struct sheet *s)
{
	const struct pdf_column columns[] = {PDF_WORDS("Date", NULL, 7600), PDF_WORDS("Refund", "refunds.id", 14000), PDF_WORDS("Reason", "refunds.reason", 16428), PDF_WORDS("Status", NULL, 8000), PDF_FIGURES("Amount", NULL, 6300)};
	struct pdf_grid g = {.flow = &s->paper.flow, .column = columns, .n = 5, .size = SIZE};
	if (!s->o->n_refunds) return 0;
	if (sheet_heading(s, "Refunds") || grid_head(&g)) return -1;
	for (size_t i = 0; i < s->o->n_refunds; i++) {
		const struct refund *r = &s->o->refunds[i];
		const struct str why[] = {r->reason, r->note};
		struct str cell[] = {sheet_at(s, r->at), r->psp_ref.n ? r->psp_ref : r->id, sheet_join(s, ": ", why, 2), sheet_word(s, AXIS_REFUND, (int)r->status), sheet_money(s, r->amount, s->o->digits)};
		if (grid_row(&g, cell, ROW_PLAIN)) return -1;
		for (size_t k = 0; k < r->n_lines; k++) {
			struct str more[5] = {[2] = item(s, r->lines[k].line, r->lines[k].quantity), [4] = sheet_money(s, r->lines[k].amount, s->o->digits)};
			if (grid_row(&g, more, ROW_MORE)) return -1;
		}
	}
	return 0;
}

int sheet_disputes(struct sheet *s)
{
	const struct pdf_column columns[] = {PDF_WORDS("Opened", NULL, 7600), PDF_WORDS("Dispute", "disputes.id", 14000), PDF_WORDS("Reason", "disputes.reason", 12428), PDF_WORDS("Status", NULL, 12000), PDF_FIGURES("Amount", NULL, 6300)};
	struct pdf_grid g = {.flow = &s->paper.flow, .column = columns, .n = 5, .size = SIZE};
	if (!s->o->n_disputes) return 0;
	if (sheet_heading(s, "Disputes") || grid_head(&g)) return -1;
	for (size_t i = 0; i < s->o->n_disputes; i++) {
		const struct dispute *d = &s->o->disputes[i];
		struct str cell[] = {sheet_at(s, d->opened_at), d->id, d->reason, sheet_word(s, AXIS_DISPUTE, (int)d->status), amount(s, d->amount, d->digits, d->currency)};
		if (grid_row(&g, cell, ROW_PLAIN)) return -1;
	}
	return 0;
}

static struct str progress(struct sheet *s, const struct shipment *p)
{
	struct str status = sheet_word(s, AXIS_SHIPMENT, (int)p->status), way = sheet_word(s, AXIS_TRACK, (int)p->progress);
	const struct str both[] = {status, p->progress == TRACK_UNKNOWN || str_eq(status, way) ? S("") : way};
	return sheet_join(s, ", ", both, 2);
}

int sheet_shipments(struct sheet *s)
{
	const struct pdf_column columns[] = {PDF_WORDS("Carrier", "shipments.carrier", 12528), PDF_WORDS("Tracking number", "shipments.tracking_number", 14600), PDF_WORDS("Status", NULL, 10000),
		PDF_WORDS("Shipped", NULL, 7600), PDF_WORDS("Delivered", NULL, 7600)};
	struct pdf_grid g = {.flow = &s->paper.flow, .column = columns, .n = 5, .size = SIZE};
	if (!s->o->n_shipments) return 0;
	if (sheet_heading(s, "Shipments") || grid_head(&g)) return -1;
	for (size_t i = 0; i < s->o->n_shipments; i++) {
		const struct shipment *p = &s->o->shipments[i];
		const struct str carrier[] = {p->carrier, p->service};
		struct str cell[] = {sheet_join(s, ", ", carrier, 2), p->tracking_number, progress(s, p), sheet_at(s, p->shipped_at), sheet_at(s, p->delivered_at)};
		if (grid_row(&g, cell, ROW_PLAIN)) return -1;
		for (size_t k = 0; k < p->n_lines; k++) {
			struct str more[5] = {[1] = item(s, p->lines[k].line, p->lines[k].quantity)};
			if (grid_row(&g, more, ROW_MORE)) return -1;
		}
	}
	return 0;
}
