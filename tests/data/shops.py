#!/usr/bin/env python3
"""Reads shop payloads on its own and compares what oms-map makes of them: shops.py CHANNEL FOLDER

For every file: how many records there are and what becomes of each; for every order: total, currency, count of lines, tax, day,
and tax line by line. Amounts are decimals here, never floats. Prints what differs; exit status 1 where something does.
"""
import datetime
import json
import os
import subprocess
import sys
from decimal import Decimal

DIGITS = {"JPY": 0, "CLP": 0, "KRW": 0, "KWD": 3}

# What becomes of a file: the types of its events, in order, or the code it is refused with; "no order" where a record names none.
SHOPIFY = {
    "graphql_*": "unknown_kind",
    "rest_disputes_list.json": ["dispute.updated"] * 9,
    "rest_draft_order_completed.json": ["source.notified"],
    "rest_fulfillment_cancelled.json": ["shipment.updated"],
    "rest_fulfillment_events.json": ["tracking.updated"],
    "rest_fulfillment_order_hold.json": ["hold.opened", "source.notified"],
    "rest_fulfillment_orders.json": ["hold.released", "source.notified"],
    "rest_fulfillments_list.json": ["shipment.updated"],
    "rest_line_item_properties_as_object.json": "unknown_kind",
    "rest_orders_list.json": ["order.updated", "shipment.updated", "refund.updated"],
    "rest_order_*": ["order.updated"],
    "rest_refund_no_restock.json": ["refund.updated"],
    "rest_refunds_list.json": ["refund.updated"],
    "rest_transactions_list.json": ["payment.updated"] * 3,
}
WOOCOMMERCE = {
    "app_order_deleted_refunds.invalid.json": "json_syntax",
    "app_order_*.template.json": "map_time",
    "app_order_statuses.json": "unknown_kind",
    "app_refunds_all.json": ["refund.updated"] * 2,
    "app_shipment_tracking_multiple.json": ["shipment.updated"] * 4,
    "v3_order_notes.json": ["note.added"] * 3,
    "v3_order_refunds.json": ["refund.updated"] * 2,
    "v3_orders_list.json": ["order.updated", "order.updated", "refund.updated", "refund.updated"],
    "app_order*": ["order.updated"],
}


def outcome(table, name):
    for pattern, what in table.items():
        start, star, end = pattern.partition("*")
        if name == pattern or (star and name.startswith(start) and name.endswith(end)):
            return what
    return None


def amount(value, currency):
    if value in (None, ""):
        return None
    return format(Decimal(str(value)).quantize(Decimal(1).scaleb(-DIGITS.get(currency, 2))), "f")


def utc(text, naive=False):
    if not text:
        return None
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    at = at.replace(tzinfo=datetime.timezone.utc) if naive else at.astimezone(datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (at.microsecond // 1000)


def shopify_orders(doc):
    found = doc.get("orders") or ([doc["order"]] if "order" in doc else [])
    for o in found:
        currency = o.get("currency") or o["line_items"][0]["price_set"]["shop_money"]["currency_code"]
        taxes = [amount(sum((Decimal(t["price"]) for t in l["tax_lines"]), Decimal(0)), currency) for l in o["line_items"]]
        yield str(o["id"]), {"total": amount(o.get("total_price"), currency), "currency": currency, "lines": len(o["line_items"]),
                             "tax": amount(o.get("total_tax"), currency), "day": utc(o.get("created_at")), "taxes": taxes,
                             "quantities": [l["quantity"] for l in o["line_items"]]}


def woo_orders(doc):
    doc = doc.get("data", doc) if isinstance(doc, dict) else doc
    for o in doc if isinstance(doc, list) else [doc]:
        if "line_items" not in o or "status" not in o:
            continue
        taxes = [amount(l["total_tax"], o["currency"]) for l in o["line_items"]]
        yield str(o["id"]), {"total": amount(o["total"], o["currency"]), "currency": o["currency"], "lines": len(o["line_items"]),
                             "tax": amount(o["total_tax"], o["currency"]), "day": utc(o.get("date_created_gmt"), True), "taxes": taxes,
                             "quantities": [int(l["quantity"]) if l["quantity"] == int(l["quantity"]) else 1 for l in o["line_items"]]}


def of_event(e):
    b = e["body"]
    return {"total": b.get("total"), "currency": b.get("currency"), "lines": len(b["lines"]), "tax": b.get("tax_total"), "day": b.get("placed_at"),
            "taxes": [l["tax"] for l in b["lines"]], "quantities": [l["quantity"] for l in b["lines"]]}


def run(channel, path, rejects):
    p = subprocess.run(["oms-map", "--channel=" + channel, "-q", "--format=jsonl", "--rejects=" + rejects, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    events = [json.loads(line) for line in p.stdout.splitlines()]
    codes = set()
    if os.path.exists(rejects):
        with open(rejects, encoding="utf-8") as f:
            codes = {r["code"] for line in f for r in json.loads(line)["errors"]}
        os.remove(rejects)
    return events, codes


def main(channel, folder):
    table, orders_of = (SHOPIFY, shopify_orders) if channel == "shopify" else (WOOCOMMERCE, woo_orders)
    wrong, orders, files = [], 0, 0
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".json")):
        files += 1
        events, codes = run(channel, os.path.join(folder, name), "rejects.jsonl")
        expected = outcome(table, name)
        got = sorted(codes)[0] if len(codes) == 1 and not events else [e["type"] for e in events]
        if got != expected:
            wrong.append("%s: expected %s, got %s %s" % (name, expected, got, sorted(codes)))
        if not isinstance(expected, list):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            doc = json.load(f, parse_float=Decimal)
        if "order.updated" not in expected:
            continue
        made = {e["order"]: of_event(e) for e in events if e["type"] == "order.updated"}
        for key, order in orders_of(doc):
            orders += 1
            if made.get(key) != order:
                wrong.append("%s: order %s: expected %s, got %s" % (name, key, order, made.get(key)))
    print("%d files, %d orders" % (files, orders))
    for w in wrong:
        print(w)
    return 1 if wrong or not orders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
