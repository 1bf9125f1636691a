#!/usr/bin/env python3
"""Reads Amazon payloads on its own and compares what oms-map makes of them: amazon.py FOLDER

For every file: the types of its events or the code it is refused with; for every order document its total, currency, day, count of
lines, quantities, amounts and taxes. Amounts are decimals here, never floats. Prints what differs; exit status 1 where something does.
"""
import csv
import datetime
import json
import os
import subprocess
import sys
from decimal import Decimal

DIGITS = {"JPY": 0}

EXPECTED = {
    "date_range_report.csv": "not a table of this channel",
    "finances_order_events.json": "unknown_kind",
    "flatfile_unshipped_orders.tsv": ["order.updated"] * 4,
    "mcf_getFulfillmentOrder.json": "unknown_kind",
    "mcf_packageTracking.json": "unknown_kind",
    "notification_fulfillment_order_status.json": "unknown_kind",
    "notification_order_change.json": ["order.updated", "hold.opened"],
    "v0_address.json": ["order.updated"],
    "v0_buyerInfo.json": ["order.updated"],
    "v0_getOrder.json": ["order.updated"],
    "v0_getOrder_iba.json": ["order.updated"],
    "v0_getOrders.json": ["order.updated"],
    "v0_getOrders_sandbox.json": ["order.updated"] * 2,
    "v0_orderItems.json": "map_money",  # yen written with two decimal places
    "v0_orderItems_buyerInfo.json": ["note.added"],
    "v2026_getOrder.json": ["order.updated", "shipment.updated"],
    "v2026_getOrder_brl.json": ["order.updated"],
    "v2026_getOrder_pickup.json": ["order.updated"],
    "v2026_searchOrders.json": ["order.updated", "shipment.updated"],
    "v2026_searchOrders_jpy.json": ["order.updated"],
    "vendor_purchaseOrders.json": "unknown_kind",
}


def amount(value, currency):
    return None if value in (None, "") else format(Decimal(str(value)).quantize(Decimal(1).scaleb(-DIGITS.get(currency, 2))), "f")


def total(values, currency):
    return amount(sum(map(Decimal, values), Decimal(0)), currency)


def utc(text):
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (at.microsecond // 1000)


def v0_orders(doc):
    payload = doc["payload"]
    for o in payload.get("Orders", [payload]):
        money, place = o.get("OrderTotal", {}), o.get("ShippingAddress", {})
        yield o["AmazonOrderId"], {"total": amount(money.get("Amount"), money.get("CurrencyCode")), "currency": money.get("CurrencyCode"), "day": utc(o["PurchaseDate"]),
                                   "updated": utc(o["LastUpdateDate"]), "status": o["OrderStatus"], "afn": o["FulfillmentChannel"] == "AFN", "lines": None, "postcode": place.get("PostalCode")}


def v2026_orders(doc):
    for o in doc.get("orders") or [doc["order"]]:
        proceeds, currency = o["proceeds"], o["proceeds"]["grandTotal"]["currencyCode"]
        of = lambda kind, item: [b["subtotal"]["amount"] for b in item.get("proceeds", {}).get("breakdowns", []) if b["type"] == kind]
        taxes = of("TAX", o) or [t for i in o["orderItems"] for t in of("TAX", i)]
        yield o["orderId"], {"total": amount(proceeds["grandTotal"]["amount"], currency), "currency": currency, "day": utc(o["createdTime"]), "updated": utc(o["lastUpdatedTime"]),
                             "status": o["fulfillment"]["fulfillmentStatus"], "afn": o["fulfillment"]["fulfilledBy"] == "AMAZON", "postcode": o["recipient"]["deliveryAddress"]["postalCode"],
                             "lines": [(i["orderItemId"], i["quantityOrdered"], amount(i["product"]["price"]["unitPrice"]["amount"], currency), total(of("ITEM", i), currency)) for i in o["orderItems"]],
                             "tax": total(taxes, currency), "sum of parts": total([x["subtotal"]["amount"] for i in o["orderItems"] for x in i["proceeds"]["breakdowns"]], currency),
                             "parcels": [(p["trackingNumber"], [(i["orderItemId"], i["quantity"]) for i in p["packageItems"]]) for p in o.get("packages", [])]}


def report_orders(path):
    orders = {}
    with open(path, encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            o = orders.setdefault(r["order-id"], {"total": None, "currency": r["currency"], "day": utc(r["purchase-date"]), "updated": None, "status": None, "afn": False, "postcode": r["ship-postal-code"],
                                                  "lines": [], "shipping": "0.00", "tax": "0.00"})
            quantity = int(r["quantity-purchased"])
            each = Decimal(r["item-price"]) / quantity
            o["lines"].append((r["order-item-id"], quantity, amount(each, "USD") if each == round(each, 2) else None, amount(r["item-price"], "USD")))
            o["shipping"], o["tax"] = total([o["shipping"], r["shipping-price"]], "USD"), total([o["tax"], r["item-tax"], r["shipping-tax"]], "USD")
    return orders.items()


def of_event(event, others, keys):
    b, currency = event["body"], event["body"].get("currency")
    lines, charges = b.get("lines"), b.get("charges", [])
    taxes = [t["amount"] for l in lines or [] for t in l.get("taxes", [])] + [t["amount"] for c in charges for t in c.get("taxes", [])] + [c["tax"] for c in charges if "tax" in c]
    got = {"total": b.get("total"), "currency": currency, "day": b.get("placed_at"), "updated": b.get("updated_at"), "status": b.get("channel_status"), "afn": b.get("channel_fulfilled", False),
           "postcode": b.get("addresses", {}).get("shipping", {}).get("postcode"), "lines": lines and [(l["id"], l["quantity"], l.get("unit_price"), l["subtotal"]) for l in lines],
           "tax": total(taxes, currency), "shipping": total([c["price"] for c in charges if c["kind"] == "shipping"], currency),
           "sum of parts": total([l["subtotal"] for l in lines or []] + [c["price"] for c in charges if c["kind"] == "shipping"] + taxes, currency),
           "parcels": [(e["body"]["tracking_numbers"][0], [(x["line"], x["quantity"]) for x in e["body"]["lines"]]) for e in others if e["type"] == "shipment.updated" and e["order"] == event["order"]]}
    return {k: got[k] for k in keys}


def run(path):
    channel = "amazon" if path.endswith(".json") else "amazon-flat"
    p = subprocess.run(["oms-map", "--channel=" + channel, "-q", "--format=jsonl", "--rejects=rejects.jsonl", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    events, why = [json.loads(line) for line in p.stdout.splitlines()], p.stderr.decode()
    if os.path.exists("rejects.jsonl"):
        with open("rejects.jsonl", encoding="utf-8") as f:
            why = " ".join(sorted({r["code"] for line in f for r in json.loads(line)["errors"]})) or why
        os.remove("rejects.jsonl")
    return events, why


def orders_of(path):
    name = os.path.basename(path)
    if name.endswith(".tsv"):
        return report_orders(path)
    with open(path, encoding="utf-8") as f:
        doc = json.load(f, parse_float=Decimal)
    return v0_orders(doc) if name.startswith("v0_getOrder") else v2026_orders(doc) if name.startswith("v2026") else []


def main(folder):
    wrong, orders, names = [], 0, sorted(os.listdir(folder))
    for name in names:
        path, expected = os.path.join(folder, name), EXPECTED.get(name)
        events, why = run(path)
        types = [e["type"] for e in events]
        if types != expected if isinstance(expected, list) else events or expected is None or not why.strip().endswith(expected):
            wrong.append("%s: expected %s, got %s %s" % (name, expected, types, why))
        if not isinstance(expected, list):
            continue
        made = {e["order"]: e for e in events if e["type"] == "order.updated"}
        for key, order in orders_of(path):
            orders += 1
            got = of_event(made[key], events, order.keys()) if key in made else None
            if got != order:
                wrong.append("%s: order %s: expected %s, got %s" % (name, key, order, got))
    print("%d files, %d orders" % (len(names), orders))
    for w in wrong:
        print(w)
    return 1 if wrong or not orders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
