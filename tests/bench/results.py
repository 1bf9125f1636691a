#!/usr/bin/env python3
"""Writes the table of make bench: results.py ROWS TABLE GENERATOR GCC SQLITE; rows that were not measured now stay, with their day."""
import os
import platform
import re
import sys
import time

HEAD = """# What `make bench` measured

`make bench` writes this table. A figure it does not measure keeps its row and its day: those at 1,000,000 orders come from
`BENCH_FULL=1 make bench`, which first builds that store (some minutes, 6 GB in the temporary folder), all others from `make bench`.

- Last run: {day}; {cores} cores, {arch}, Linux; gcc {gcc}, SQLite {sqlite}, Python {python}; load {load} beside it.
- Input: `tests/bench/{generator}` (N, seed): Shopify-shaped orders, mean 2.7 KB, 1 to 6 lines, Zipf customers and products,
  60 % with a parcel. Every order is made of its number alone, so the same N and seed give the same bytes.
- kinstr: thousand instructions in user space, counted by valgrind's callgrind; they do not move with the load of the machine.
  Times: commands run in turn (A B, B A, …) by `turns.c`; a ratio is the median of the ratios of each turn. "Cold" is a
  process of its own for each look-up; the file lies in the page cache. CPU time is the same ratio of user and system time.
- The peer of intake, `peer_ingest.py`, writes the same rows (compared before it is timed) under the same settings, but checks
  nothing, folds nothing and looks for no duplicate.

| no. | figure | measured | goal | met | orders | how, against what | day |
|---|---|---|---|---|---|---|---|
"""


def kept(path):
    rows = {}
    if os.path.exists(path):
        for line in open(path, encoding="utf-8"):
            cells = [c.strip() for c in line.strip().strip("|").split("|")]
            if len(cells) == 8 and re.fullmatch(r"\d+[a-z]", cells[0]):
                rows[cells[0]] = cells
    return rows


def main(rows, table, generator, gcc, sqlite):
    day, all_rows = time.strftime("%Y-%m-%d"), kept(table)
    for line in open(rows, encoding="utf-8"):
        no, what, value, goal, met, orders, how = line.rstrip("\n").split("\t")
        all_rows[no] = [no, what, value, goal, met, f"{int(orders):,}" if orders.isdigit() else orders, how.replace("|", "/"), day]
    with open(table + ".new", "w", encoding="utf-8") as to:
        to.write(HEAD.format(day=day, cores=os.cpu_count(), arch=platform.machine(), gcc=gcc, sqlite=sqlite, python=platform.python_version(),
                             load="%.1f" % os.getloadavg()[1], generator=generator))
        for no in sorted(all_rows):
            to.write("| " + " | ".join(all_rows[no]) + " |\n")
    os.replace(table + ".new", table)


main(*sys.argv[1:6])
