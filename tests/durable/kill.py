#!/usr/bin/env python3
"""kill.py ROUNDS FOLDER [SEED]: SIGKILL at random moments of a load, and the same command again until it ends.

A file is gone on with where it was committed; standard input is read from its start again. After the last run the store
must say what one clean run's says, to the digest, and no record that was printed as applied may be missing.
"""
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from orders import lines  # noqa: E402

rounds, folder, seed = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1
rng = random.Random(seed)
os.chdir(folder)


def fail(what):
    print(what, flush=True)
    sys.exit(1)


def call(*argv, db):
    p = subprocess.run([*argv, f"--db={db}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if p.returncode:
        fail(f"{' '.join(argv)}: exit {p.returncode}: {p.stdout[-500:]}{p.stderr[-500:]}")
    return p.stdout


def start(db, piped):
    """The load under test; its results go to a file."""
    out = open("results", "wb")
    argv = ["oms-ingest", "--source=shopify", f"--db={db}"] + ([] if piped else ["orders.jsonl"])
    p = subprocess.Popen(argv, stdin=open("orders.jsonl", "rb") if piped else subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE)
    out.close()
    return p


def results():
    """The whole lines among what was printed."""
    with open("results", "rb") as f:
        return [json.loads(x) for x in f.read().split(b"\n")[:-1]]


def state(db):
    h = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    rows = {t: h.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("orders", "line_item", "shipment", "order_ref", "event", "payload", "dead_letter", "parked", "resume")}
    h.close()
    return {"find": call("oms-find", "-F", "count", db=db), "dead": call("oms-dead", "-F", "count", db=db),
            "digest": call("oms-fsck", "--digest", "-F", "jsonl", db=db), "rows": rows}


def drop(db):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(db + end):
            os.unlink(db + end)


def clean_run():
    call("oms-init", db="clean.db")
    began = time.monotonic()
    p = start("clean.db", False)
    said = p.communicate()[1]
    took = time.monotonic() - began
    if p.returncode != 3:
        fail(f"the clean run: exit {p.returncode}: {said}")
    call("oms-fsck", "--deep", db="clean.db")
    return took, state("clean.db"), [(r["outcome"], r["record"]) for r in results()]


def episode(took, expected, told, left):
    """One store, killed until a run of it ends. How many kills it took."""
    kills, db, piped, seen = 0, "killed.db", rng.random() < 0.4, {}
    drop(db)
    call("oms-init", db=db)
    while True:
        p = start(db, piped)
        if kills < left:
            # sooner than it would end; now and then at its very start or end
            time.sleep(took * (rng.uniform(0.2, 1.05) if piped or rng.random() < 0.2 else rng.uniform(0, 0.6)))
            p.send_signal(signal.SIGKILL)
        said = p.communicate()[1].decode()
        for r in results():
            was = seen.get(r["record"])
            if was and r["outcome"] != ("dead" if was[0] == "dead" else "duplicate"):
                fail(f"record {r['record']} was {was[0]}, and is {r['outcome']} now")
            if not was:
                seen[r["record"]] = (r["outcome"], r.get("order"))
        if p.returncode != -signal.SIGKILL:
            break
        kills += 1
        if rng.random() < 0.3:
            call("oms-fsck", db=db)
    if p.returncode not in (0, 3):
        fail(f"the last run: exit {p.returncode}: {said}")
    call("oms-fsck", "--deep", db=db)
    got = state(db)
    if got != expected:
        fail(f"after {kills} kills ({'piped' if piped else 'a file'}): {got}\nclean: {expected}")
    have = set(call("oms-find", "-L", "0", "-F", "ids", db=db).split())
    lost = [o for w, o in seen.values() if w == "applied" and o not in have]
    if lost:
        fail(f"told as applied and not there: {lost[:5]}")
    # what a killed run committed and could not tell any more is known to the store; all else was told once
    if not kills and [(w, n) for n, (w, o) in sorted(seen.items())] != sorted(told, key=lambda x: x[1]):
        fail("a run without a kill tells something else than the clean one")
    return kills


def main():
    n = int(os.environ.get("ORDERS", "1500"))
    with open("orders.jsonl", "w") as f:
        f.write("\n".join(lines(n, seed)) + "\n")
    took, expected, told = clean_run()
    done = stores = 0
    while done < rounds:
        done += episode(took, expected, told, min(rounds - done, rng.randrange(1, 8)))
        stores += 1
    print(f"# {done} kills over {stores} stores, a clean run takes {took:.2f} s, seed {seed}")


main()
