#!/usr/bin/env python3
"""walk.py FOLDER STEPS [SEED]: a random walk of commands over some orders and SKUs; after it, and now and then, all of it ties.

What the channel tells may come late, and be contradicted. Receipts, counts, quarantine, transfers; orders placed, changed, confirmed, cancelled in part and whole, shipped from one warehouse
or another, taken back from the carrier, returned with and without restocking: each by our commands or as a channel tells it.
The sums are made here from the ledger. Units of a line tie, or the order says that what it was told does not (a channel may
ship what was cancelled).
"""
import json
import os
import random
import sqlite3
import subprocess
import sys

folder, steps, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
rng = random.Random(seed)
os.chdir(folder)
os.environ["OMS_DB"] = os.path.join(os.getcwd(), "walk.db")
SKUS, PLACES, clock = ("CUP", "POT", "SET"), ("BER", "HAM"), 0
ALLOCATE, CONFIRMED = 4, 15  # as stored: lib/stock.h, lib/event.h
orders, trail = {}, []  # of each order: its lines as the channel has them, its shipments


def now():
    global clock
    clock += 1
    return "2026-11-20T%02d:%02d:%02d.000Z" % (10 + clock // 3600, clock // 60 % 60, clock % 60)


def call(*argv, text=None, ok=(0, 1, 3)):
    trail.append(" ".join(argv) + (" <<< " + text.strip() if text else ""))
    p = subprocess.run(argv, input=text, capture_output=True, text=True)
    if p.returncode not in ok:
        fail("exit %d: %s" % (p.returncode, p.stderr[-400:]))
    return p.stdout


def fail(what):
    print("\n".join(trail[-12:]))
    sys.exit("seed %d, step %d: %s" % (seed, len(trail), what))


def load(kind, **record):
    call("oms-load", "-q", kind, "-", text=json.dumps(record) + "\n", ok=(0, 1))


def told(order, kind, body):
    at = now()
    os.environ["OMS_NOW"] = at
    if kind != "order.created" and rng.random() < 0.3: at = "2026-11-20T10:%02d:%02d.500Z" % (rng.randrange(60), rng.randrange(60))  # heard of late, or of a clock ahead
    event = {"schema": "oms.event/1", "id": "e%d" % clock, "type": kind, "source": "shop", "order": order, "occurred_at": at, "body": body}
    call("oms-ingest", "-q", "--source=shop", "-", text=json.dumps(event) + "\n")


def document(order, kind):
    lines = orders[order]["lines"]
    total = "%d.00" % sum(q for _, _, q in lines)
    told(order, kind, {"currency": "EUR", "price_mode": "gross", "customer": {"name": "A", "email": "a%s@example.org" % order}, "shipping_method": "Standard", "total": total,
         "addresses": {"shipping": {"name": "A", "line1": "Weg 1", "city": "Berlin", "postcode": "10115", "country": "DE"}},
         "lines": [{"id": i, "sku": s, "name": s, "quantity": q, "unit_price": "1.00"} for i, s, q in lines]})
    told(order, "payment.updated", {"psp": "x", "psp_ref": "pay_" + order, "kind": "snapshot", "status": "succeeded", "captured": total, "currency": "EUR"})


def place():
    order = str(len(orders) + 1)
    orders[order] = {"lines": [(str(k + 1), rng.choice(SKUS), rng.randint(1, 4)) for k in range(rng.randint(1, 3))], "parcels": []}
    document(order, "order.created")


def change():
    order = rng.choice(list(orders))
    lines = orders[order]["lines"]
    k = rng.randrange(len(lines))
    lines[k] = (lines[k][0], lines[k][1], rng.randint(1, 5))
    document(order, "order.updated")


def confirm():
    call("oms-confirm", "-q", *rng.sample(["shop:" + o for o in orders], min(3, len(orders))))


def cancel():
    order = rng.choice(list(orders))
    if rng.random() < 0.6:
        call("oms-cancel", "-q", "shop:" + order, "--line=%s:%d" % (rng.choice(orders[order]["lines"])[0], rng.randint(1, 2)), "--reason=walk")
    elif rng.random() < 0.5:
        call("oms-cancel", "-q", "shop:" + order, "--reason=walk")
    else:
        told(order, "order.cancelled", {"reason": "walk"})


def ship():
    order = rng.choice(list(orders))
    line = rng.choice(orders[order]["lines"])
    parcel = {"id": "s%s-%d" % (order, len(orders[order]["parcels"])), "location": rng.choice(PLACES), "status": rng.choice(("picked", "shipped", "shipped", "delivered")),
              "lines": [{"line": line[0], "quantity": rng.randint(1, 2)}]}
    orders[order]["parcels"].append(parcel)
    told(order, "shipment.updated", parcel)


def move_on():
    order = rng.choice(list(orders))
    if orders[order]["parcels"]:
        parcel = rng.choice(orders[order]["parcels"])
        told(order, "shipment.updated", dict(parcel, status=rng.choice(("shipped", "delivered", "cancelled", "returned"))))


def give_back():
    order = rng.choice(list(orders))
    line = rng.choice(orders[order]["lines"])
    told(order, "refund.updated", {"id": "r%d" % (clock % 40), "status": rng.choice(("succeeded", "succeeded", "failed")), "amount": "1.00", "currency": "EUR", "payment_ref": "pay_" + order,
         "lines": [{"line": line[0], "quantity": 1, "restock": rng.choice(("return", "cancel", "no_restock"))}]})


def receive():
    load("receipt", id="R%d" % len(trail), sku=rng.choice(("CUP", "POT")), warehouse=rng.choice(PLACES), quantity=rng.randint(1, 12))


def other():
    sku, place_ = rng.choice(("CUP", "POT")), rng.choice(PLACES)
    kind = rng.choice(("quarantine", "count", "transfer", "scrap"))
    if kind == "quarantine": load(kind, id="Q%d" % len(trail), sku=sku, warehouse=place_, quantity=rng.choice((-2, -1, 1, 2)))
    if kind == "scrap": load(kind, id="S%d" % len(trail), sku=sku, warehouse=place_, quantity=1)
    if kind == "transfer": load(kind, id="T%d" % len(trail), sku=sku, **{"from": place_, "to": PLACES[1 - PLACES.index(place_)]}, quantity=rng.randint(1, 3))
    if kind == "count": load(kind, sku=sku, warehouse=place_, on_hand=rng.randint(0, 20), counted_at=os.environ["OMS_NOW"])


def ties():
    db = sqlite3.connect("file:walk.db?mode=ro", uri=True)
    for sku, place_, *have in db.execute("SELECT sku, warehouse, on_hand, held, allocated, backordered FROM stock"):
        ledger = db.execute("SELECT sum(on_hand), sum(held), sum(allocated), sum(backordered) FROM stock_movement WHERE sku = ? AND warehouse = ?", (sku, place_)).fetchone()
        held = db.execute("SELECT coalesce(sum(allocated), 0), coalesce(sum(backordered), 0) FROM reservation WHERE sku = ? AND warehouse = ?", (sku, place_)).fetchone()
        if tuple(have) != ledger or tuple(have[2:]) != held or not 0 <= have[1] <= have[0] or have[2] < 0:
            fail("%s in %s: balance %s, ledger %s, orders hold %s" % (sku, place_, have, ledger, held))
    for row in db.execute("""SELECT o.id, l.line_no, l.quantity, l.cancelled, l.backordered, l.allocated, l.picked, l.shipped FROM line_item l JOIN orders o ON o.order_key = l.order_key
            WHERE json_extract(o.extra, '$.untied') IS NULL AND (min(l.cancelled, l.backordered, l.allocated, l.picked, l.shipped) < 0 OR (l.shipped <= l.quantity AND l.cancelled + l.backordered + l.allocated + l.picked + l.shipped > l.quantity))"""):
        fail("units of %s line %d do not tie: %s" % (row[0], row[1], row[2:]))
    # Only a confirmation, which looks at what there is, promises stock.
    for row in db.execute("SELECT m.movement_id, m.sku, m.warehouse, e.type FROM stock_movement m JOIN event e ON e.event_id = m.event_id WHERE m.kind = ? AND e.type <> ?", (ALLOCATE, CONFIRMED)):
        fail("movement %d promised %s in %s without a check (event type %d)" % row)
    db.close()
    p = subprocess.run(["oms-fsck", "--deep"], capture_output=True, text=True)
    if p.returncode:
        fail("fsck: " + p.stdout[-600:])


os.environ["OMS_NOW"] = now()
call("oms-init", "-q")
call("oms-source", "shop", "--channel=oms", "--currency=EUR")
load("zone", id="DE", include=["DE"])
for n, w in enumerate(PLACES): load("warehouse", id=w, zones=["DE"], priority=n)
load("service", id="STD", carrier="DHL", zones=["DE"])
load("sku", id="CUP")
load("sku", id="POT", backorder_limit=5)
load("sku", id="SET", components=[{"sku": "CUP", "quantity": 2}, {"sku": "POT", "quantity": 1}])
load("safety", sku="CUP", quantity=1)
for s in ("CUP", "POT"):
    for w in PLACES: load("count", sku=s, warehouse=w, on_hand=20, counted_at="2026-11-01T00:00:00Z")
for _ in range(4): place()
acts = [place] * 3 + [change, cancel, ship, move_on, receive] * 2 + [confirm] * 5 + [give_back, other]
for n in range(steps):
    rng.choice(acts)()
    os.environ["OMS_NOW"] = now()
    if n % 25 == 24:
        ties()
ties()
db = sqlite3.connect("file:walk.db?mode=ro", uri=True)
print("%d commands, %d orders, %d movements: all of it ties" % (len(trail), len(orders), db.execute("SELECT count(*) FROM stock_movement").fetchone()[0]))
