#!/usr/bin/env python3
"""Small worlds of stock in which bundles share parts, and what may be planned there, found by trying everything.

plans.py make SEED WORLDS   writes skus.jsonl, counts.jsonl, orders.jsonl here, and expected.tsv: order, verdict, places
plans.py hold CHECKS        holds oms-check's records against expected.tsv and counts.jsonl: what differs is told, and is 1
Of each world there is an order for every way its lines can stand.
"""
import collections
import itertools
import json
import random
import sys

PLACES = ["BER", "HAM", "MUC"]


def world(rng):
    parts = ["A", "B", "C", "D"][: rng.randint(2, 4)]
    made = {p: {p: 1} for p in parts}
    for k in range(rng.randint(2, 3)):
        made[f"K{k}"] = {p: rng.choice([1, 1, 1, 2]) for p in rng.sample(parts, rng.randint(1, min(3, len(parts))))}
    bundles = [k for k in made if k not in parts]
    lines = [(rng.choice(bundles), rng.randint(1, 2)) for _ in range(rng.randint(2, 3))]
    if rng.random() < 0.5:
        lines.append((rng.choice(parts), rng.randint(1, 2)))
    waits = {p: rng.choice([0, 0, 1, 2]) for p in parts}
    if rng.random() < 0.3:
        return made, {(p, w): rng.choice([0, 0, 1, 1, 2, 3, 5]) for p in parts for w in PLACES}, waits, lines
    stock = {(p, w): rng.choice([0, 0, 0, 0, 1]) for p in parts for w in PLACES}  # just what some way to share takes, and little more or less
    for s, n in lines:
        for _ in range(n):
            w = rng.choice(PLACES[: rng.randint(2, 3)])
            for p, k in made[s].items():
                stock[p, w] += k
    cell = rng.choice(sorted(stock))
    stock[cell] = max(0, stock[cell] - rng.choice([0, 0, 1]))
    return made, stock, waits, lines


def fits(units, made, left, places):
    """Whether every unit finds all it is made of in one of these places."""
    if not units:
        return True
    for w in places:
        if all(left[p, w] >= n for p, n in made[units[0]].items()):
            for p, n in made[units[0]].items():
                left[p, w] -= n
            good = fits(units[1:], made, left, places)
            for p, n in made[units[0]].items():
                left[p, w] += n
            if good:
                return True
    return False


def judged(made, stock, waits, lines):
    units = sorted((s for s, n in lines for _ in range(n)), key=lambda s: -len(made[s]))
    left = dict(stock)
    for k in range(1, len(PLACES) + 1):
        if any(fits(units, made, left, places) for places in itertools.combinations(PLACES, k)):
            return "sold", k
    left.update({(p, None): n for p, n in waits.items()})
    return ("waits" if fits(units, made, left, PLACES + [None]) else "block"), 0


def event(key, lines):
    address = {"name": "A", "line1": "Weg 1", "city": "Berlin", "postcode": "10115", "country": "DE"}
    total = f"{sum(n for _, n in lines)}.00"
    body = {"number": key, "placed_at": "2026-11-18T10:00:00.000Z", "currency": "EUR", "price_mode": "gross", "customer": {"email": f"{key}@example.org"},
            "addresses": {"shipping": address}, "total": total, "payment_status": "captured",
            "lines": [{"id": str(i), "sku": s, "name": s, "quantity": n, "unit_price": "1.00", "tax": "0.00"} for i, (s, n) in enumerate(lines, 1)]}
    return {"schema": "oms.event/1", "id": key, "type": "order.created", "source": "shop", "order": key, "occurred_at": "2026-11-18T10:00:00.000Z", "body": body}


def put(to, record):
    to.write(json.dumps(record) + "\n")


def make(seed, worlds):
    rng = random.Random(seed)
    with open("skus.jsonl", "w") as skus, open("counts.jsonl", "w") as counts, open("orders.jsonl", "w") as orders, open("expected.tsv", "w") as expected:
        for i in range(worlds):
            made, stock, waits, lines = world(rng)
            name = lambda s: f"{s}.{i}"
            for s, of in made.items():
                if s in waits:
                    put(skus, {"id": name(s), "backorder_limit": waits[s]})
                else:
                    put(skus, {"id": name(s), "components": [{"sku": name(p), "quantity": n} for p, n in of.items()]})
            for (p, w), n in stock.items():
                put(counts, {"sku": name(p), "warehouse": w, "on_hand": n, "counted_at": "2026-11-01T00:00:00Z"})
            answer = judged(made, stock, waits, lines)
            for k, turn in enumerate(sorted(set(itertools.permutations(lines)))):
                put(orders, event(f"{i}-{k}", [(name(s), n) for s, n in turn]))
                expected.write(f"shop:{i}-{k}\t{answer[0]}\t{answer[1]}\n")


def faults(check, answer, places, stock, made):
    plan, verdict = check["plan"], next(c["verdict"] for c in check["checks"] if c["id"] == "C06")
    if (verdict == "block") != (answer == "block"):
        yield f"is {verdict}, where trying everything says {answer}"
    if verdict == "block":
        return
    taken, waits = collections.Counter(), 0
    for line in plan["lines"]:
        units = sum(a["units"] + a.get("backordered", 0) for a in line["allocations"])
        waits += sum(a.get("backordered", 0) for a in line["allocations"])
        if units != line["quantity"]:
            yield f"gives {units} of {line['quantity']} {line['sku']}"
        for a in line["allocations"]:
            for p, n in made[line["sku"]].items():
                taken[p, a["warehouse"]] += n * a["units"]
    for cell, n in taken.items():
        if n > stock[cell]:
            yield f"takes {n} of {stock[cell]} {cell}"
    if (waits > 0) != (answer == "waits"):
        yield f"lets {waits} wait, where trying everything says {answer}"
    used = len({w for (_, w), n in taken.items() if n})
    if answer == "sold" and used != places:
        yield f"is taken from {used} warehouses, where {places} have it"


def hold(checks):
    made, stock = {}, {}
    for r in map(json.loads, open("skus.jsonl")):
        made[r["id"]] = {p["sku"]: p["quantity"] for p in r.get("components", [])} or {r["id"]: 1}
    for r in map(json.loads, open("counts.jsonl")):
        stock[r["sku"], r["warehouse"]] = r["on_hand"]
    expected = dict((key, (answer, int(places))) for key, answer, places in (line.split() for line in open("expected.tsv")))
    bad = 0
    for check in map(json.loads, open(checks)):
        for fault in faults(check, *expected.pop(check["id"]), stock, made):
            print(check["id"], fault)
            bad = 1
    if expected:
        print(len(expected), "orders have no answer")
    return 1 if bad or expected else 0


if __name__ == "__main__":
    sys.exit(make(int(sys.argv[2]), int(sys.argv[3])) if sys.argv[1] == "make" else hold(sys.argv[2]))
