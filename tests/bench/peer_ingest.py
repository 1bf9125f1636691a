#!/usr/bin/env python3
"""The peer of the ingest bench: json + sqlite3, the same tables filled from the same orders: peer_ingest.py SCHEMA_DIR DB FILE

What a capable user would write: one pass, executemany a table, batches of 1,000 orders, the settings of a bulk load in the
store (WAL, FULL, 8 MB of cache, a checkpoint each 256 MB). The projections come out equal row for row (run.sh compares them
before it measures), and the log holds the same facts. It checks nothing, meets no order twice, and compresses payload and
event bodies with zlib, level 1, for want of zstd in Python's library.
"""
import glob
import hashlib
import json
import sqlite3
import sys
import time
import zlib
from datetime import datetime


def pack(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def minor(text):
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def cents(n):
    return f"{n // 100}.{n % 100:02d}"


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
PAYMENT = {"pending": (1, "pending"), "authorized": (2, "authorized"), "paid": (4, "captured")}
STALLED_AFTER = 3 * 86400 * 1000
NET = {"digital": False, "gift_card": False}


class Load:
    def __init__(self, db):
        self.db, self.rows, self.profiles, self.counts, self.customers, self.n, self.events = db, {t: [] for t in INSERTS}, {}, {}, {}, 0, 0

    def profile(self, *key):
        if key not in self.profiles:
            self.profiles[key] = self.db.execute("INSERT INTO profile (source_id, status, payment_status, fulfilment_status, attention, segment, orders) VALUES (1,?,?,?,0,?,0)", key).lastrowid
        n = self.profiles[key]
        self.counts[n] = self.counts.get(n, 0) + 1
        return n

    def customer(self, c, name):
        if c["id"] not in self.customers:
            self.customers[c["id"]] = self.db.execute("INSERT INTO customer (source_id, id, name, email) VALUES (1,?,?,?)", (str(c["id"]), name, c["email"])).lastrowid
        return self.customers[c["id"]]

    def event(self, key, kind, at, now, body):
        self.events += 1
        text = pack(body).encode()
        self.rows["event"].append((self.events, hashlib.blake2b(key.encode(), digest_size=16).digest(), self.n, 1, kind, at, now, self.n, None, len(text), zlib.compress(text, 1)))

    def lines(self, d, oid, profile, placed, shipped):
        n, rows, bodies = self.n, self.rows, []
        for k, x in enumerate(d["line_items"], 1):
            price, q, variant = minor(x["price"]), x["quantity"], x["variant_title"] or None
            tax = sum(minor(t["price"]) for t in x["tax_lines"])
            off = sum(minor(a["amount"]) for a in x["discount_allocations"])
            total = price * q - off + tax
            rows["line_item"].append((n, k, str(x["id"]), x["sku"], x["title"], variant, q, price, price * q, off, tax, total, 0, 0, 0, 0, 0, q if shipped else 0, 0, 0, 0, 0))
            rows["order_sku"].append((x["sku"], profile, placed, oid, n))
            for i, t in enumerate(x["tax_lines"]):
                rows["allocation"].append((n, k, "t", i, t["title"], None, str(t["rate"]), minor(t["price"]), 0))
            codes = [(d["discount_codes"][a["discount_application_index"]]["code"], a["amount"]) for a in x["discount_allocations"]]
            for i, (code, amount) in enumerate(codes):
                rows["allocation"].append((n, k, "d", i, code, code, None, minor(amount), 0))
            bodies.append({"id": str(x["id"]), "sku": x["sku"], "name": x["title"], "variant": variant, "quantity": q, "unit_price": x["price"], "subtotal": cents(price * q), "discount": cents(off),
                           "discounts": [{"code": c, "name": c, "amount": a} for c, a in codes], "tax": cents(tax), "total": cents(total),
                           "taxes": [{"name": t["title"], "rate": str(t["rate"]), "amount": t["price"], "included": False} for t in x["tax_lines"]], **NET})
        return bodies

    def order(self, line, d, now):
        self.n += 1
        n, rows, oid, c, a = self.n, self.rows, f"shopify:{d['id']}", d["customer"], d["shipping_address"]
        placed, updated, shipped = ms(d["created_at"]), ms(d["updated_at"]), bool(d["fulfillments"])
        segment, name = "vip" if c["tags"] == "vip" else "consumer", c["first_name"] + " " + c["last_name"]
        payment, payment_word = PAYMENT[d["financial_status"]]
        profile = self.profile(int(shipped), payment, 5 if shipped else 0, segment)
        raw = line.encode()
        rows["payload"].append((n, hashlib.blake2b(raw, digest_size=16).digest(), 1, None, len(raw), zlib.compress(raw, 1)))
        due = ms(d["fulfillments"][0]["created_at"]) + STALLED_AFTER if shipped else None
        extra = {"channel_status": "open", "channel_payment": d["financial_status"], "channel_fulfilment": d["fulfillment_status"] or "unfulfilled", "shipping_method": d["shipping_lines"][0]["title"], "complete": True}
        codes = [{"code": x["code"], "name": x["code"], "amount_minor": minor(x["amount"])} for x in d["discount_codes"]]
        shipping = d["total_shipping_price_set"]["shop_money"]["amount"]
        rows["orders"].append((n, oid, d["name"], profile, self.customer(c, name), 71 if shipped else 7, placed, updated, due, d["currency"], 2, "n", minor(d["total_line_items_price"]),
                               minor(d["total_discounts"]), minor(shipping), 0, minor(d["total_tax"]), minor(d["total_price"]), 0, 0, 0, 0, len(d["line_items"]),
                               pack({**extra, "discounts": codes} if codes else extra)))
        number = str(d["order_number"])
        for kind, value in ((1, str(d["id"])), (2, number), (9, number[::-1]), (5, d["email"]), (6, a["phone"][:0:-1]), (8, name.lower())):
            rows["order_ref"].append((value, kind, n))
        lines = self.lines(d, oid, profile, placed, shipped)
        for k, s in enumerate(d["shipping_lines"], 1):
            rows["charge"].append((n, k, "s", str(s["id"]), s["title"], s["code"], minor(s["price"]), 0, 0))
        rows["address"].append((n, "a", a["name"], None, a["address1"], a["address2"] or None, None, a["city"], a["province"], a["province_code"], a["zip"], a["country_code"], a["phone"]))
        address = {"name": a["name"], "line1": a["address1"], "city": a["city"], "region": a["province"], "region_code": a["province_code"], "postcode": a["zip"], "country": a["country_code"], "phone": a["phone"]}
        self.event(f"order:{d['id']}:{d['updated_at']}", 1, updated, now, {
            "external_id": str(d["id"]), "number": d["name"], "status": "new", **extra, "payment_status": payment_word, "fulfilment_status": "shipped" if shipped else "none", "placed_at": d["created_at"],
            "updated_at": d["updated_at"], "test": d["test"], "currency": d["currency"], "price_mode": "net", "subtotal": d["total_line_items_price"], "discount_total": d["total_discounts"],
            "shipping_total": shipping, "tax_total": d["total_tax"], "total": d["total_price"], "customer": {"id": str(c["id"]), "name": name, "email": c["email"], "segment": segment},
            "addresses": {"shipping": address, "billing": address}, "lines": lines, "discounts": codes,
            "charges": [{"kind": "shipping", "id": str(s["id"]), "name": s["title"], "code": s["code"], "price": s["price"], "discount": "0.00", "tax": "0.00", "taxes": []} for s in d["shipping_lines"]]})
        for k, f in enumerate(d["fulfillments"], 1):
            self.shipment(k, f, now)

    def shipment(self, k, f, now):
        n, at = self.n, ms(f["created_at"])
        lines = [{"line": str(x["id"]), "quantity": x["quantity"]} for x in f["line_items"]]
        self.rows["shipment"].append((n, k, str(f["id"]), 4, 0, f["tracking_company"], None, f["tracking_number"], None, None, at, None, None, None, None, pack(lines)))
        self.rows["order_ref"] += [(f["tracking_number"], 4, n), (str(f["id"]), 11, n)]
        self.event(f"shipment:{f['id']}:{f['updated_at']}", 6, at, now,
                   {"id": str(f["id"]), "status": "shipped", "carrier": f["tracking_company"], "tracking_numbers": f["tracking_numbers"], "shipped_at": f["created_at"], "lines": lines})

    def flush(self):
        for table, rows in self.rows.items():
            if rows:
                self.db.executemany(INSERTS[table], rows)
                rows.clear()
        self.db.executemany("UPDATE profile SET orders = orders + ? WHERE profile_id = ?", [(n, k) for k, n in self.counts.items()])
        self.counts.clear()
        self.db.commit()


def main(schema, path, source):
    db = sqlite3.connect(path, isolation_level="DEFERRED")
    db.execute("PRAGMA page_size=8192")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA cache_size=-8192")
    db.execute("PRAGMA wal_autocheckpoint=32768")
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
