#!/usr/bin/env python3
"""Every combination of filters that oms-find offers, run once with --explain: find_combinations.py DB SKU > combinations.tsv

A line a combination: virtual machine steps, streams, rows, index, the options. Ends with 1 where one of them scanned, sorted
or built an index of its own. --sku with --late is not offered: it must be refused, and that is checked as well.
"""
import itertools
import re
import subprocess
import sys

COUNTERS = re.compile(r"index (\S+) streams (\d+) rows (\d+) full_scans (\d+) sorts (\d+) auto_indexes (\d+) vm_steps (\d+)")


def filters(sku):
    return [["--status=confirmed", "--status=new,confirmed"], ["--payment=captured", "--payment=authorized,pending"], ["--fulfilment=shipped"],
            ["--segment=vip", "--segment=vip,consumer"], ["--source=shopify"], [f"--sku={sku}"], ["--held"], ["--late"],
            ["--since=2025-01-02"], ["--until=2025-12-01", "--until=2025-01-03"], ["--oldest"]]


def combinations(sku):
    for chosen in itertools.product(*([None, *words] for words in filters(sku))):
        yield [word for word in chosen if word]


def main(db, sku):
    bad = 0
    for words in combinations(sku):
        done = subprocess.run(["oms-find", f"--db={db}", "-L50", "--explain", "-F", "jsonl", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        refused = "--late" in words and f"--sku={sku}" in words
        found = COUNTERS.search(done.stderr)
        if refused:
            ok = done.returncode == 64 and not found
        else:
            ok = done.returncode == 0 and found is not None and found.group(4, 5, 6) == ("0", "0", "0")
        if not ok:
            bad += 1
            print(f"find_combinations: {' '.join(words) or '(none)'}: exit {done.returncode}: {done.stderr.strip()}", file=sys.stderr)
        if found:
            print(found[7], found[2], found[3], found[1], " ".join(words), sep="\t")
    return bad > 0


sys.exit(main(*sys.argv[1:3]))
