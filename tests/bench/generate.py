#!/usr/bin/env python3
"""Deterministic Shopify-shaped orders for the bench: generate.py N [SEED [FIRST COUNT [holds]]] > orders.jsonl

Mean about 2.7 KB, 1 to 6 lines, Zipf customers, names in several scripts, taxes on every line, a tenth with discounts,
most with a fulfilment. Every amount ties, so a strict intake accepts them all. FIRST and COUNT make a piece of the N: the
pieces one behind the other are the whole, byte for byte, so several can be made at a time. With the word holds the piece
holds a fulfilment order on hold for each hundredth order instead.
"""
import json
import random
import sys
import time
from functools import lru_cache

FIRST = "Anna Ben Chloé Dmitri Elif Farid Greta Hiro Inés Jürgen Kasia Łukasz Mei Noor Óscar Priya Quinn Rosa Søren Tomás 美咲 王芳 Зоя Ülkü".split()
LAST = "Müller Smith García Kowalska Ivanov 佐藤 Dupont Nguyễn O'Brien Santos Öztürk Lindqvist Haddad Rossi 李 Novák".split()
CITY = [("Berlin", "10115", "DE", "Berlin", "BE"), ("Paris", "75001", "FR", "Île-de-France", "IDF"), ("Kraków", "30-001", "PL", "Małopolska", "MA"),
        ("New York", "10001", "US", "New York", "NY"), ("São Paulo", "01310-000", "BR", "São Paulo", "SP"), ("Toronto", "M5H 2N2", "CA", "Ontario", "ON")]
WORDS = "linen shirt blue mug wool scarf desk lamp oak shelf notebook recycled steel bottle cotton tee large small green ceramic plate candle soy travel".split()
CARRIER = ["DHL", "UPS", "FedEx", "USPS"]


def cents(n):
    return f"{n // 100}.{n % 100:02d}"


def zipf(rng, n):
    return min(n - 1, int(n ** rng.random()) - 1 if n > 1 else 0)


@lru_cache(1 << 16)
def person(customer):
    rng = random.Random(customer * 7919 + 17)
    first, last = rng.choice(FIRST), rng.choice(LAST)
    city, zip_, country, province, code = rng.choice(CITY)
    address = {"first_name": first, "last_name": last, "name": f"{first} {last}", "address1": f"{rng.randrange(1, 200)} Main Street", "address2": "",
               "city": city, "zip": zip_, "province": province, "province_code": code, "country": country, "country_code": country, "phone": f"+4930{customer:07d}"}
    return first, last, f"customer{customer}@example.org", address


@lru_cache(None)
def title_of(product):
    return " ".join(random.Random(product).sample(WORDS, 3)).title()


def order(rng, i, total):
    customer = zipf(rng, max(10, total // 3))
    first, last, email, address = person(customer)
    at = 1735689600 + i * 31 + rng.randrange(29)
    when = stamp(at)
    lines, sub, tax_total, discounts = [], 0, 0, 0
    for k in range(rng.choice([1, 1, 1, 2, 2, 3, 3, 4, 5, 6])):
        product = zipf(rng, 5000)
        quantity, price = rng.choice([1, 1, 1, 2, 3]), 199 + (product * 37) % 9800
        gross = quantity * price
        off = gross // 10 if rng.random() < 0.1 else 0
        tax = ((gross - off) * 19 + 50) // 100
        sub, tax_total, discounts = sub + gross, tax_total + tax, discounts + off
        lines.append({"id": 9000000000 + i * 8 + k, "variant_id": 700000 + product, "title": title_of(product), "quantity": quantity, "sku": f"SKU-{product:05d}",
                      "variant_title": rng.choice(["", "Large", "Blue / M"]), "product_id": 500000 + product,
                      "requires_shipping": True, "taxable": True, "gift_card": False, "price": cents(price),
                      "total_discount": "0.00", "fulfillment_status": None,
                      "tax_lines": [{"title": "VAT", "rate": 0.19, "price": cents(tax)}],
                      "discount_allocations": [{"amount": cents(off), "discount_application_index": 0}] if off else []})
    ship = rng.choice([0, 490, 990])
    doc = {"id": 5000000000 + i, "name": f"#{1000 + i}", "number": i, "order_number": 1000 + i, "created_at": when, "processed_at": when, "updated_at": stamp(at + 3600), "currency": "EUR",
           "email": email, "phone": None, "taxes_included": False, "test": False, "financial_status": rng.choice(["paid", "paid", "authorized", "pending"]),
           "fulfillment_status": None, "cancelled_at": None, "closed_at": None, "total_line_items_price": cents(sub), "subtotal_price": cents(sub - discounts), "total_discounts": cents(discounts),
           "total_tax": cents(tax_total), "total_price": cents(sub - discounts + ship + tax_total),
           "total_shipping_price_set": {"shop_money": {"amount": cents(ship), "currency_code": "EUR"}},
           "discount_codes": [{"code": "TEN", "amount": cents(discounts), "type": "percentage"}] if discounts else [],
           "discount_applications": [{"type": "discount_code", "code": "TEN"}] if discounts else [],
           "tags": "", "note": None, "source_name": "web", "customer": {"id": 300000 + customer, "email": email, "first_name": first, "last_name": last, "phone": None, "tags": "vip" if customer % 97 == 0 else ""},
           "billing_address": address, "shipping_address": address, "shipping_lines": [{"id": 400000 + i, "title": "Standard", "code": "STD", "price": cents(ship), "discounted_price": cents(ship), "tax_lines": []}],
           "line_items": lines, "fulfillments": [], "refunds": []}
    if rng.random() < 0.6:
        doc["fulfillment_status"] = "fulfilled"
        doc["fulfillments"] = [{"id": 600000000 + i, "order_id": doc["id"], "status": "success", "created_at": stamp(at + 1800), "updated_at": stamp(at + 1800), "tracking_company": rng.choice(CARRIER),
                                "tracking_number": f"TRK{i:012d}", "tracking_numbers": [f"TRK{i:012d}"], "line_items": [{"id": x["id"], "quantity": x["quantity"]} for x in lines]}]
    return doc


def held(i):
    when = stamp(1735689600 + i * 31 + 7200)
    return {"id": 800000000 + i, "order_id": 5000000000 + i, "status": "on_hold", "request_status": "unsubmitted", "created_at": when, "updated_at": when,
            "assigned_location": {"name": "Berlin"}, "fulfillment_holds": [{"reason": "high_risk_of_fraud", "reason_notes": None}], "line_items": []}


def stamp(s):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(s)) + "+00:00"


def main(n, seed=1, first=0, count=None, what="orders"):
    n, first = int(n), int(first)
    last = n if count is None else min(n, first + int(count))
    rng, write = random.Random(), sys.stdout.write
    for i in range(first, last):
        if what == "holds":
            doc = held(i) if i % 100 == 0 else None
        else:
            rng.seed(int(seed) << 32 | i)  # each order by itself: a piece equals that part of the whole
            doc = order(rng, i, n)
        if doc:
            write(json.dumps(doc, ensure_ascii=False, separators=(",", ":")) + "\n")


main(*sys.argv[1:6])
