#!/usr/bin/env python3
"""Hostile CSV among good rows: csv_cases.py FOLDER (a store is made there)

Each case is one file of invoice rows: what stands between is damaged, and the outcomes by line are written beside it. A row
whose quotes are broken may belong to the invoice before and to the one behind it, so these two wait with it; whatever lies
further off is applied. Of every dead letter the kept bytes are those of its rows, behind the header.
"""
import json
import os
import subprocess
import sys

HEAD = b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def row(n, text=b"HEART", quantity=b"6", date=b"12/1/2010 8:26", price=b"2.55"):
    return b"%d,85123A,%s,%s,%s,%s,17850,United Kingdom\n" % (n, text, quantity, date, price)


def between(middle, code, near=False):
    """Good rows, the case, good rows; near: the invoices on both sides wait with it."""
    n = middle.count(b"\n")
    dead = [(3, code), (4 + n, "csv_group")] if near else [(4, code)]
    good = [2, 5 + n] if near else [2, 3, 4 + n, 5 + n]
    return HEAD + row(1) + row(2) + middle + row(8) + row(9), good, dead


CASES = {
    "a quote never closed": between(row(5, b'"open'), "csv_quote", True),
    "a quote inside a cell": between(row(5, b'a "b" c'), "csv_quote", True),
    "text behind a closing quote": between(row(5, b'"a" b'), "csv_quote", True),
    "too few cells": between(b"5,85123A\n", "csv_cells"),
    "too many cells": between(row(5, b"a,b"), "csv_cells"),
    "two million cells": between(b"," * 2000000 + b"\n", "csv_cells"),
    "a NUL": between(row(5, b"a\0b"), "csv_nul", True),
    "Latin-1": between(row(5, b"caf\xe9"), "csv_utf8", True),
    "a cell over 1 MiB": between(row(5, b"x" * 1100000), "csv_size", True),
    "1e400 pieces": between(row(5, quantity=b"1e400"), "map_number"),
    "a price of words": between(row(5, price=b"much"), "map_number"),
    "the 31st of the 31st": between(row(5, date=b"31/31/2010 8:26"), "map_time"),
    "cut in its last row": (HEAD + row(1) + row(2)[:12], [2], [(3, "csv_cells")]),
    "a byte order mark and CRLF": (b"\xef\xbb\xbf" + (HEAD + row(1) + row(2)).replace(b"\n", b"\r\n"), [2, 3], []),
    "CR alone": ((HEAD + row(1) + row(2)).replace(b"\n", b"\r"), [2, 3], []),
    "blank lines, which are counted": (HEAD + row(1) + b"\n\r\n" + row(2), [2, 5], []),
    "lines, commas and quotes in a cell": (HEAD + row(1) + row(2, b'"two\nlines, and ""more"""') + row(3), [2, 3, 5], []),
    "no line end at the end": (HEAD + row(1) + row(2)[:-1], [2, 3], []),
    "the same row in three places": (HEAD + row(1) + row(2) + row(1) + row(3) + row(1), [2, 3, 4, 5, 6], []),
    "a header and nothing else": (HEAD, [], []),
}
REFUSED = {
    "no header": (row(1) + row(2), b"column names"),
    "UTF-16": ((HEAD + row(1)).decode().encode("utf-16"), b"UTF-16"),
    "a page of HTML": (b"<!DOCTYPE html>\n<p>502\n", b"HTML"),
    "a gzip file": (b"\x1f\x8b\x08\0" + b"\0" * 40, b"gzip"),
}


def run(*argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def main():
    os.chdir(sys.argv[1])
    bad = []
    run("oms-init", "--db=clean.db")
    for name, (data, good, dead) in CASES.items():
        for end in ("", "-wal"):
            open("csv.db" + end, "wb").write(open("clean.db" + end, "rb").read())
        if os.path.exists("csv.db-shm"):
            os.unlink("csv.db-shm")
        open("in.csv", "wb").write(data)
        p = run("oms-ingest", "--db=csv.db", "--source=online-retail", "in.csv")
        got = [json.loads(x) for x in p.stdout.splitlines()]
        what = sorted((r["line"], r.get("code")) for r in got)
        want = sorted([(n, None) for n in good] + dead)
        status = 0 if not dead else 3
        if what != want or p.returncode != status:
            bad.append(f"{name}: exit {p.returncode}, {what}; not exit {status}, {want}: {p.stderr[-200:]}")
        for r in got:
            if r["outcome"] != "dead":
                continue
            kept, head = run("oms-dead", "--db=csv.db", "--raw", r["dead"]).stdout, HEAD
            if not kept.startswith(head) or not kept[len(head):] or kept[len(head):][:1 << 16].strip() not in data:
                bad.append(f"{name}: the bytes kept are {kept[:200]!r}")
        if run("oms-fsck", "--db=csv.db", "--deep").returncode:
            bad.append(f"{name}: the store is not sound")
    for name, (data, word) in REFUSED.items():
        open("in.csv", "wb").write(data)
        p = run("oms-ingest", "--db=csv.db", "--source=online-retail", "in.csv")
        if p.returncode != 65 or word not in p.stderr or p.stdout:
            bad.append(f"{name}: exit {p.returncode}: {p.stderr[-200:]}")
    print("\n".join(b[:800] for b in bad))
    sys.exit(bool(bad))


main()
