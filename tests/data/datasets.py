#!/usr/bin/env python3
"""Reads the CSV files of a data set on its own and compares the store's orders with them: datasets.py olist|retail CSV STORE <orders.jsonl

CSV: the folder of the Olist files, or the file of Online Retail (.xz or not). orders.jsonl: oms-show --every --all -F jsonl.
Prints the figures, and what differs; exit status 1 where something does. The whole development sets must come to the
figures that are known of them. datasets.py outcomes <results.jsonl counts what became of the records.
"""
import collections
import csv
import datetime
import io
import json
import lzma
import os
import sqlite3
import sys
import zoneinfo
from decimal import ROUND_HALF_UP, Decimal

csv.field_size_limit(1 << 24)
CENT, NONE = Decimal("0.01"), Decimal(0)
UTC, LONDON = datetime.timezone.utc, zoneinfo.ZoneInfo("Europe/London")

# What is known of the development sets.
OLIST = {"orders": 73577, "items": 83306, "payments": 77107, "delivered": 71120, "shipped": 902, "canceled": 439, "unavailable": 564, "invoiced": 251, "processing": 294,
         "created": 5, "approved": 2, "without payment": 1, "not handed over": 1482, "not arrived": 2453, "arrived, late by the hour": 6251, "arrived, late by the day": 5419}
RETAIL = {"lines": 370931, "invoices": 18786, "cancellation lines": 6652, "cancellation invoices": 2887, "bad-debt lines": 3, "lines below zero": 7675,
          "of them no cancellation": 1023, "lines without customer": 98056, "prices below zero": 2}


def rows(path):
    path = path if os.path.exists(path) else path + ".xz"
    with (lzma.open if path.endswith(".xz") else open)(path, "rb") as f:
        reader = csv.reader(io.TextIOWrapper(f, "utf-8-sig", newline=""))
        names = next(reader)
        for row in reader:
            yield dict(zip(names, row))


def utc(text, zone=UTC):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") if text else None


def two(amount):
    return None if amount is None else format(amount.quantize(CENT), "f")


class Report:
    def __init__(self):
        self.wrong, self.figures = [], {}

    def same(self, what, expected, got):
        if expected != got:
            self.wrong.append("%s: expected %s, got %s" % (what, expected, got))

    def figure(self, name, expected, got):
        self.figures[name] = got
        self.same(name, expected, got)

    def months(self, name, expected, got):
        for month in sorted(set(expected) | set(got)):
            self.same("%s of %s" % (name, month), expected.get(month), got.get(month))
        self.figures[name] = "%d months, %s in all" % (len(got), sum(got.values(), NONE))

    def known(self, figures):
        for name, value in figures.items():
            self.same("known figure: " + name, value, self.figures.get(name))

    def end(self):
        for name, value in self.figures.items():
            print("%-40s %s" % (name, value))
        for w in self.wrong[:40]:
            print(w)
        print("%d differences" % len(self.wrong))
        return 1 if self.wrong else 0


def views(report, store, orders, lines, payments):
    db = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
    for view, expected in (("order_view", orders), ("line_view", lines), ("payment_view", payments)):
        report.same("rows of " + view, expected, db.execute("SELECT count(*) FROM " + view).fetchone()[0])


# --- Olist -----------------------------------------------------------------------------------------------------------

def olist_expected(folder):
    table = lambda name: rows(os.path.join(folder, "olist_%s_dataset.csv" % name))
    items, payments = collections.defaultdict(list), collections.defaultdict(list)
    for r in table("order_items"):
        items[r["order_id"]].append((Decimal(r["price"]), Decimal(r["freight_value"])))
    for r in table("order_payments"):
        payments[r["order_id"]].append(Decimal(r["payment_value"]))
    people = {r["customer_id"]: (r["customer_unique_id"], r["customer_zip_code_prefix"]) for r in table("customers")}
    for r in table("orders"):
        key, bought = r["order_id"], items.get(r["order_id"], [])
        paid = payments.get(key, [])
        price, freight = (sum((i[k] for i in bought), NONE) if bought else None for k in (0, 1))
        arrived, promised = r["order_delivered_customer_date"], r["order_estimated_delivery_date"]
        yield key, {
            "status": r["order_status"], "placed": utc(r["order_purchase_timestamp"]), "left": utc(r["order_delivered_carrier_date"]), "arrived": utc(arrived), "promised": utc(promised),
            "lines": len(bought), "price": two(price), "freight": two(freight), "total": two(price + freight if bought else None), "currency": "BRL",
            "payments": len(paid), "paid": two(sum(paid, NONE)), "captured": two(sum(paid, NONE) if r["order_approved_at"] else NONE),
            "customer": people[r["customer_id"]][0], "zip": people[r["customer_id"]][1],
            # A parcel that was with the carrier before nobody can call off any more.
            "cancelled": r["order_status"] in ("canceled", "unavailable") if not r["order_delivered_carrier_date"] else None}


def olist_got(o):
    parcel = o["shipments"][0] if o["shipments"] else {}
    lines, charges = o["lines"], sum((Decimal(c["price"]) for c in o["charges"]), NONE)
    return {"status": o["channel"]["status"], "placed": o["placed_at"], "left": parcel.get("shipped_at"), "arrived": parcel.get("delivered_at"), "promised": o["promised_at"],
            "lines": len(lines), "price": two(sum((Decimal(l["subtotal"]) for l in lines), NONE)) if lines else None, "freight": two(charges) if o["charges"] else None,
            "total": o.get("total"), "currency": o["currency"], "payments": len(o["payments"]), "paid": two(sum((Decimal(p["amount"]) for p in o["payments"]), NONE)),
            "captured": o["captured"], "customer": o["customer"]["id"], "zip": o["addresses"]["shipping"]["postcode"], "cancelled": o["status"] == "cancelled" if not parcel.get("shipped_at") else None}


def olist_figures(all_orders):
    n, month, paid, off = collections.Counter(), collections.Counter(), collections.Counter(), collections.Counter()
    for o in all_orders.values():
        n["orders"] += 1
        n["items"] += o["lines"]
        n["payments"] += o["payments"]
        n[o["status"]] += 1
        n["without items"] += not o["lines"]
        n["without payment"] += not o["payments"]
        n["not handed over"] += not o["left"]
        n["not arrived"] += not o["arrived"]
        if o["status"] == "delivered" and o["arrived"]:
            n["arrived, late by the hour"] += o["arrived"] > o["promised"]
            n["arrived, late by the day"] += o["arrived"][:10] > o["promised"][:10]
        if o["total"]:
            month[o["placed"][:7]] += Decimal(o["total"])
        paid[o["placed"][:7]] += Decimal(o["paid"])
        if o["total"] and o["payments"]:
            by = Decimal(o["paid"]) - Decimal(o["total"])
            off["more than 0.01"] += abs(by) > CENT
            off["more than 1.00"] += abs(by) > 1
            off["over, by more than 0.01"] += by > CENT
    n.update({"paid otherwise than price + freight, " + k: v for k, v in off.items()})
    return n, month, paid


def olist(folder, store):
    report, expected = Report(), dict(olist_expected(folder))
    got = {o["external_id"]: olist_got(o) for o in map(json.loads, sys.stdin)}
    for key in expected:
        report.same("order " + key, expected[key], got.get(key))
    (n, month, paid), (n_got, month_got, paid_got) = olist_figures(expected), olist_figures(got)
    for name in n:
        report.figure(name, n[name], n_got[name])
    report.months("price + freight by month of purchase", month, month_got)
    report.months("paid by month of purchase", paid, paid_got)
    views(report, store, n["orders"], n["items"], n["payments"])
    if n["orders"] == OLIST["orders"]:
        report.known(OLIST)
    return report.end()


# --- Online Retail ---------------------------------------------------------------------------------------------------

def retail(path, store):
    report, expected, month = Report(), {}, collections.Counter()
    for r in rows(path):
        o = expected.setdefault(r["InvoiceNo"], {"placed": utc(r["InvoiceDate"], LONDON), "customer": r["CustomerID"].split(".")[0] or None, "lines": []})
        amount = (Decimal(r["Quantity"]) * Decimal(r["UnitPrice"])).quantize(CENT, ROUND_HALF_UP) + NONE  # no minus on zero
        o["lines"].append((r["StockCode"].strip(), int(r["Quantity"]), format(amount, "f")))
        month[o["placed"][:7]] += amount
    got = {}
    for o in map(json.loads, sys.stdin):
        got[o["external_id"]] = {"placed": o["placed_at"], "customer": o["customer"].get("id"), "lines": [(l["sku"], l["quantity"], l["subtotal"]) for l in sorted(o["lines"], key=lambda l: int(l["id"]))],
                                 "total": o["total"], "currency": o["currency"], "credit": o.get("credit", False), "shipped": bool(o["shipments"])}
    month_got = collections.Counter()
    for key, o in expected.items():
        o.update({"total": two(sum((Decimal(l[2]) for l in o["lines"]), NONE)), "currency": "GBP", "shipped": False,
                  "credit": key[0] in "CA" or any(l[1] < 0 or Decimal(l[2]) < 0 for l in o["lines"])})
        if o != got.get(key):
            report.same("invoice " + key, {k: v for k, v in o.items() if k not in got.get(key, {}) or got[key][k] != v}, {k: got[key][k] for k in o if got[key][k] != o[k]} if key in got else None)
    for o in got.values():
        month_got[o["placed"][:7]] += Decimal(o["total"])
    figures = [retail_figures(x) for x in (expected, got)]
    for name in figures[0]:
        report.figure(name, figures[0][name], figures[1][name])
    report.months("amounts by month", month, month_got)
    views(report, store, len(expected), figures[0]["lines"], 0)
    if figures[0]["lines"] == RETAIL["lines"]:
        report.known(RETAIL)
    return report.end()


def retail_figures(invoices):
    n = collections.Counter({name: 0 for name in RETAIL})
    for key, o in invoices.items():
        n["invoices"] += 1
        n["lines"] += len(o["lines"])
        n["cancellation invoices"] += key.startswith("C")
        n["cancellation lines"] += len(o["lines"]) if key.startswith("C") else 0
        n["bad-debt lines"] += len(o["lines"]) if key.startswith("A") else 0
        n["lines without customer"] += len(o["lines"]) if not o["customer"] else 0
        below = sum(l[1] < 0 for l in o["lines"])
        n["lines below zero"] += below
        n["of them no cancellation"] += 0 if key.startswith("C") else below
        n["prices below zero"] += sum(l[1] > 0 and Decimal(l[2]) < 0 for l in o["lines"])
    return n


def outcomes():
    n = collections.Counter(" ".join(filter(None, (r["outcome"], r.get("code")))) for r in map(json.loads, sys.stdin))
    print(", ".join("%d %s" % (n[k], k) for k in sorted(n)))
    return 0


if __name__ == "__main__":
    sys.exit(outcomes() if sys.argv[1] == "outcomes" else {"olist": olist, "retail": retail}[sys.argv[1]](*sys.argv[2:4]))
