#!/usr/bin/env python3
"""together.py SECONDS FOLDER: two loads of overlapping, shuffled halves at once, and ten that look up all the while.

Nobody may be told of a lock, every look-up ends well and sees a store that only grows, and in the end it says what one
load of all of it says. The loads go over their part again until the time is up: all of that is duplicate.
"""
import os
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from orders import lines  # noqa: E402

seconds, folder = float(sys.argv[1]), sys.argv[2]
os.chdir(folder)
wrong, done = [], threading.Event()
counts = {"loads": 0, "look-ups": 0}
PIECES = 6


def run(*argv, fine=(0,)):
    """A command's output; what it may not do is noted."""
    p = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    if p.returncode not in fine or "lock" in p.stderr:
        wrong.append(f"{' '.join(argv)}: exit {p.returncode}: {p.stderr[-400:]}")
        done.set()
    return p.stdout


def write(part, until):
    for pass_ in range(1000):
        for k in range(PIECES):
            if done.is_set():
                return
            run("oms-ingest", "--wait-lock=60", "--source=shopify", f"part{part}.{k}.jsonl", fine=(0, 3, 1))
            counts["loads"] += 1
        if time.monotonic() > until:
            return


def read(seed):
    rng, most, ids = random.Random(seed), 0, []
    while not done.is_set():
        kind = rng.randrange(4)
        if kind == 0 or not ids:
            ids = run("oms-find", "-L", "40", "-F", "ids").split()
        elif kind == 1:
            run("oms-show", "--all", *rng.sample(ids, min(3, len(ids))))
        elif kind == 2:
            run("oms-find", f"customer{rng.randrange(300)}@example.org", fine=(0, 1))  # 1: not there yet
        else:
            n = int(run("oms-find", "-F", "count") or 0)
            if n < most:
                wrong.append(f"there were {most} orders, and {n} later")
            most = n
        counts["look-ups"] += 1


def main():
    all_ = lines(1200, 9)
    rng = random.Random(9)
    for part, some in enumerate((all_[:len(all_) * 6 // 10], all_[len(all_) * 4 // 10:])):
        some = some[:]
        rng.shuffle(some)
        for k in range(PIECES):
            with open(f"part{part}.{k}.jsonl", "w") as f:
                f.write("\n".join(some[k::PIECES]) + "\n")
    with open("all.jsonl", "w") as f:
        f.write("\n".join(all_) + "\n")
    os.environ["OMS_DB"] = "once.db"
    run("oms-init")
    run("oms-ingest", "--source=shopify", "all.jsonl", fine=(3,))
    once = run("oms-fsck", "--digest"), run("oms-find", "-F", "count"), run("oms-dead", "-F", "count")
    os.environ["OMS_DB"] = "both.db"
    run("oms-init")
    until = time.monotonic() + seconds
    writers = [threading.Thread(target=write, args=(p, until)) for p in (0, 1)]
    readers = [threading.Thread(target=read, args=(s,)) for s in range(10)]
    for t in writers + readers:
        t.start()
    for t in writers:
        t.join()
    done.set()
    for t in readers:
        t.join()
    if wrong:
        sys.exit("\n".join(wrong[:3]))
    run("oms-fsck", "--deep")
    both = run("oms-fsck", "--digest"), run("oms-find", "-F", "count"), run("oms-dead", "-F", "count")
    wal = os.path.getsize("both.db-wal")
    if both != once:
        sys.exit(f"both: {both}\nonce: {once}")
    if wal > 64 << 20:
        sys.exit(f"the WAL is left with {wal} bytes")
    run("oms-source", "quiet", "--channel=oms")  # readers may have held it open; the next writer alone cuts it
    if os.path.getsize("both.db-wal") > 9 << 18:
        sys.exit(f"the WAL had {wal} bytes, and a quiet writer leaves {os.path.getsize('both.db-wal')}")
    if wrong:
        sys.exit("\n".join(wrong[:3]))
    print(f"# {counts['loads']} loads, {counts['look-ups']} look-ups in {seconds:.0f} s, the WAL has {wal} bytes")


main()
