#!/usr/bin/env python3
"""halves.py FOLDER ROUNDS [SEED]: a batch of confirmations killed at random moments: nothing is half confirmed, and again completes it."""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

folder, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
rng = random.Random(seed)
os.chdir(folder) # holds base.db, a shop with orders; and ids
HALF = """SELECT o.id FROM order_view o WHERE (o.status = 'confirmed') <> (json_extract(o.extra, '$.confirmed_at') IS NOT NULL)
    OR (o.status = 'confirmed') <> EXISTS (SELECT 1 FROM event e WHERE e.order_key = o.order_key AND e.type = 15)
    OR (o.status = 'confirmed') <> EXISTS (SELECT 1 FROM outbox x WHERE x.order_key = o.order_key)
    OR (SELECT coalesce(sum(allocated), 0) FROM line_item l WHERE l.order_key = o.order_key) <> (SELECT coalesce(sum(allocated), 0) FROM reservation r WHERE r.order_key = o.order_key)
    OR (SELECT coalesce(sum(allocated), 0) FROM stock_movement m WHERE m.order_key = o.order_key) <> (SELECT coalesce(sum(allocated), 0) FROM reservation r WHERE r.order_key = o.order_key)"""


def fresh(name):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(name + end):
            os.unlink(name + end)
    shutil.copy("base.db", name)


def start(name):
    return subprocess.Popen(["oms-confirm", "-q", "--db=" + name, "-F", "jsonl"], stdin=open("ids"), stdout=open("told", "w"), stderr=subprocess.DEVNULL)


def rows(name, sql):
    db = sqlite3.connect("file:%s?mode=ro" % name, uri=True)
    got = db.execute(sql).fetchall()
    db.close()
    return got


def state(name):
    return rows(name, "SELECT id, status, fulfilment_status FROM order_view ORDER BY id"), rows(name, "SELECT sku, warehouse, on_hand, held, allocated, backordered FROM stock ORDER BY 1, 2")


def after(p, told):
    """Waits until so many orders are told: at any moment whole starts and ends would hide the middle of a short batch."""
    while p.poll() is None and open("told").read().count("\n") < told:
        time.sleep(0.0005)


orders = len(open("ids").readlines())
fresh("clean.db")
t = time.time()
start("clean.db").wait()
took, clean, between = time.time() - t, state("clean.db"), 0
for n in range(rounds):
    fresh("killed.db")
    p = start("killed.db")
    if n % 2:
        after(p, rng.randrange(orders * 3 // 4))
    else:
        time.sleep(rng.uniform(0, took * 1.05))
    p.send_signal(signal.SIGKILL)
    p.wait()
    half = rows("killed.db", HALF)
    done = rows("killed.db", "SELECT count(*) FROM order_view WHERE status = 'confirmed'")[0][0]
    with open("told") as f:
        told = f.read().count('"outcome":"confirmed"')
    between += 0 < done < orders
    if half or told > done:
        sys.exit("seed %d, round %d: %d half confirmed: %s; %d told, %d done" % (seed, n, len(half), half[:3], told, done))
    if start("killed.db").wait() not in (0, 3) or state("killed.db") != clean:
        sys.exit("seed %d, round %d: again does not end as a clean run does" % (seed, n))
    if subprocess.run(["oms-fsck", "-q", "--deep", "--db=killed.db"]).returncode:
        sys.exit("seed %d, round %d: fsck" % (seed, n))
print("%d kills, %d of them in the middle: nothing half confirmed, again completes it" % (rounds, between))
sys.exit(0 if between else "no kill hit the middle")
