#!/usr/bin/env python3
"""The peer of the ingest bench: json + sqlite3, the same tables filled from the same orders: peer_ingest.py SCHEMA_DIR DB FILE

What a capable user would write: one pass, executemany per table, batches of 1,000 orders, WAL and synchronous=FULL like the store's.
It checks nothing and keeps no history; payload and event bodies are compressed with zlib, level 1, for want of zstd in the library.
"""
import glob
import hashlib
import json
import sqlite3
import sys
import time
import zlib
from datetime import datetime


def minor(text):
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def ms(text):
    return int(datetime.fromisoformat(text).timestamp() * 1000)


INSERTS = {
    "payload": "INSERT INTO payload (payload_id, digest, source_id, dict_id, size, body) VALUES (?,?,?,?,?,?)",
    "event": "INSERT INTO event (event_id, key, order_key, source_id, type, occurred_at, recorded_at, payload_id, dict_id, size, body) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
    "orders": "INSERT INTO orders (order_key, id, number, profile_id, customer_key, parts, placed_at, updated_at, due_at, currency, digits, price_mode, subtotal, discount_total, shipping_total, fee_total, tax_total, total, authorized, captured, refunded, disputed, lines, extra) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "order_ref": "INSERT OR IGNORE INTO order_ref (value, kind, order_key) VALUES (?,?,?)",
    "order_sku": "INSERT OR IGNORE INTO order_sku (sku, profile_id, placed_at, id, order_key) VALUES (?,?,?,?,?)",
    "line_item": "INSERT INTO line_item (order_key, line_no, id, sku, name, variant, quantity, unit_price, subtotal, discount, tax, total, flags, cancelled, backordered, allocated, picked, shipped, delivered, lost, returned, refunded) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "allocation": "INSERT INTO allocation (order_key, line_no, kind, n, name, code, rate, amount, included) VALUES (?,?,?,?,?,?,?,?,?)",
    "charge": "INSERT INTO charge (order_key, n, kind, id, name, code, price, discount, tax) VALUES (?,?,?,?,?,?,?,?,?)",
    "address": "INSERT INTO address (order_key, kind, name, company, line1, line2, line3, city, region, region_code, postcode, country, phone) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "shipment": "INSERT INTO shipment (order_key, n, id, status, progress, carrier, service, tracking_number, tracking_url, location, shipped_at, delivered_at, promised_at, eta_at, last_event_at, lines) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
}
PAYMENT = {"pending": 1, "authorized": 2, "paid": 4}


class Load:
    def __init__(self, db):
        self.db, self.rows, self.profiles, self.customers, self.n, self.events = db, {t: [] for t in INSERTS}, {}, {}, 0, 0

    def profile(self, payment, fulfilment, segment):
        key = (payment, fulfilment, segment)
        if key not in self.profiles:
            cur = self.db.execute("INSERT INTO profile (source_id, status, payment_status, fulfilment_status, attention, segment, orders) VALUES (1,0,?,?,0,?,0)", key)
            self.profiles[key] = cur.lastrowid
        self.db.execute("UPDATE profile SET orders = orders + 1 WHERE profile_id = ?", (self.profiles[key],))
        return self.profiles[key]

    def customer(self, c):
        key = str(c["id"])
        if key not in self.customers:
            cur = self.db.execute("INSERT INTO customer (source_id, id, name, email) VALUES (1,?,?,?)", (key, c["first_name"] + " " + c["last_name"], c["email"]))
            self.customers[key] = cur.lastrowid
        return self.customers[key]

    def event(self, key, kind, at, now, body):
        self.events += 1
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        self.rows["event"].append((self.events, hashlib.blake2b(key.encode(), digest_size=16).digest(), self.n, 1, kind, at, now, self.n, None, len(text), zlib.compress(text, 1)))

    def order(self, line, d, now):
        self.n += 1
        n, rows, oid = self.n, self.rows, f"shopify:{d['id']}"
        placed, updated = ms(d["created_at"]), ms(d["updated_at"])
        segment = "vip" if "vip" in d["customer"]["tags"] else "consumer"
        shipped = bool(d["fulfillments"])
        profile = self.profile(PAYMENT[d["financial_status"]], 5 if shipped else 0, segment)
        raw = line.encode()
        rows["payload"].append((n, hashlib.blake2b(raw, digest_size=16).digest(), 1, None, len(raw), zlib.compress(raw, 1)))
        total, sub = minor(d["total_price"]), minor(d["total_line_items_price"])
        rows["orders"].append((n, oid, d["name"], profile, self.customer(d["customer"]), 0, placed, updated, None, d["currency"], 2, "n", sub, minor(d["total_discounts"]),
                               minor(d["total_shipping_price_set"]["shop_money"]["amount"]), 0, minor(d["total_tax"]), total, 0, total if d["financial_status"] == "paid" else 0, 0, 0, len(d["line_items"]), None))
        name = d["customer"]["first_name"] + " " + d["customer"]["last_name"]
        number = str(d["order_number"])
        for kind, value in ((1, str(d["id"])), (2, number), (9, number[::-1]), (5, d["email"]), (8, name.lower())):
            rows["order_ref"].append((value, kind, n))
        body = {"lines": [], "total": d["total_price"], "customer": d["customer"], "shipping": d["shipping_address"]}
        for k, x in enumerate(d["line_items"], 1):
            price, q = minor(x["price"]), x["quantity"]
            tax = sum(minor(t["price"]) for t in x["tax_lines"])
            off = sum(minor(a["amount"]) for a in x["discount_allocations"])
            rows["line_item"].append((n, k, str(x["id"]), x["sku"], x["title"], x["variant_title"], q, price, price * q, off, tax, price * q - off + tax, 0, 0, 0, 0, 0, q if shipped else 0, 0, 0, 0, 0))
            rows["order_sku"].append((x["sku"], profile, placed, oid, n))
            for i, t in enumerate(x["tax_lines"]):
                rows["allocation"].append((n, k, "t", i, t["title"], None, str(t["rate"]), minor(t["price"]), 0))
            for i, a in enumerate(x["discount_allocations"]):
                rows["allocation"].append((n, k, "d", i, None, d["discount_codes"][0]["code"], None, minor(a["amount"]), 0))
            body["lines"].append({"id": str(x["id"]), "sku": x["sku"], "name": x["title"], "quantity": q, "unit_price": x["price"], "tax": tax, "discount": off})
        for k, s in enumerate(d["shipping_lines"], 1):
            rows["charge"].append((n, k, "s", str(s["id"]), s["title"], s["code"], minor(s["price"]), 0, 0))
        a = d["shipping_address"]
        rows["address"].append((n, "a", a["name"], None, a["address1"], a["address2"], None, a["city"], a["province"], a["province_code"], a["zip"], a["country_code"], a["phone"]))
        self.event(f"order:{d['id']}:{d['updated_at']}", 1, updated, now, body)
        for k, f in enumerate(d["fulfillments"], 1):
            rows["shipment"].append((n, k, str(f["id"]), 4, 0, f["tracking_company"], None, f["tracking_number"], None, None, ms(f["created_at"]), None, None, None, None, json.dumps(f["line_items"])))
            rows["order_ref"].append((f["tracking_number"], 4, n))
            rows["order_ref"].append((str(f["id"]), 11, n))
            self.event(f"shipment:{f['id']}:{f['updated_at']}", 6, ms(f["updated_at"]), now, f)

    def flush(self):
        for table, rows in self.rows.items():
            if rows:
                self.db.executemany(INSERTS[table], rows)
                rows.clear()
        self.db.commit()


def main(schema, path, source):
    db = sqlite3.connect(path, isolation_level="DEFERRED")
    db.execute("PRAGMA page_size=8192")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    for name in sorted(glob.glob(schema + "/*.sql")):
        db.executescript(open(name, encoding="utf-8").read())
    db.execute("INSERT INTO source VALUES (1,'shopify','shopify',NULL,'UTC','EUR',0)")
    load, now = Load(db), int(time.time() * 1000)
    with open(source, encoding="utf-8", newline="\n") as f:
        for i, line in enumerate(f, 1):
            load.order(line.rstrip("\n"), json.loads(line), now)
            if i % 1000 == 0:
                load.flush()
    load.flush()


main(*sys.argv[1:4])
