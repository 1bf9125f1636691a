#!/usr/bin/env python3
"""What the durability tests feed in: orders.py N [SEED] > orders.jsonl

The bench's orders, and among them what a load can trip over: later versions of an order, lines sent twice, lines that
are no JSON. Every byte depends on N and SEED alone.
"""
import json
import os
import random
import subprocess
import sys


def lines(n, seed):
    bench = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench", "generate.py")
    rng = random.Random(seed)
    out = []
    for i, line in enumerate(subprocess.run([sys.executable, bench, str(n), str(seed)], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()):
        out.append(line)
        if i % 11 == 3:  # a newer one of the same order, and sometimes an older one behind it
            doc = json.loads(line)
            doc["note"], doc["updated_at"] = f"changed {i}", "2026-01-01T00:00:00+00:00"
            out.insert(rng.randrange(len(out) + 1), json.dumps(doc, ensure_ascii=False))
        if i % 13 == 5:
            out.append(line)
        if i % 40 == 7:
            out.append(f'{{"id":{i},"cut":')
    return out


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)) + "\n")
