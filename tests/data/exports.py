#!/usr/bin/env python3
"""Exports of a whole data set, read back by others and held against figures out of its source files.

exports.py olist FOLDER EXPORTS | exports.py retail CSV EXPORTS

EXPORTS holds order.csv, line.csv, payment.csv, their csv-excel twins *.excel.csv, manifests beside them, and register.pdf with its
sequels. Python's csv, the sqlite3 shell and, where it is there, LibreOffice read the same values; the PDF's totals are those too.
"""
import collections
import csv
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal

import datasets

CENT = Decimal("0.01")


def expected(kind, where):
    """Rows and sums by grain and column, from the source files alone."""
    orders = collections.Counter()
    if kind == "olist":
        for _, o in datasets.olist_expected(where):
            orders["orders"] += 1
            orders["lines"] += o["lines"]
            orders["payments"] += o["payments"]
            orders["total"] += Decimal(o["total"] or 0)
            orders["subtotal"] += Decimal(o["price"] or 0)
            orders["paid"] += Decimal(o["paid"])
        return orders
    seen = set()
    for r in datasets.rows(where):
        amount = (Decimal(r["Quantity"]) * Decimal(r["UnitPrice"])).quantize(CENT, ROUND_HALF_UP)
        seen.add(r["InvoiceNo"])
        orders["lines"] += 1
        orders["subtotal"] += amount
        orders["total"] += amount
    orders["orders"] = len(seen)
    return orders


def by_python(path, columns, excel):
    with open(path, newline="", encoding="utf-8-sig" if excel else "utf-8") as f:
        rows = list(csv.DictReader(f))
    return len(rows), {c: sum((Decimal(r[c]) for r in rows if r[c]), Decimal(0)) for c in columns}


def by_sqlite(path, columns):
    sums = ", ".join("sum(CAST(round(CAST(%s AS REAL) * 100) AS INTEGER))" % c for c in columns)
    out = subprocess.run(["sqlite3", "-csv", ":memory:", ".import --csv '%s' t" % path, "SELECT count(*)%s FROM t" % (", " + sums if sums else "")],
                         check=True, capture_output=True, text=True).stdout.strip().split(",")
    return int(out[0]), {c: Decimal(v or 0) / 100 for c, v in zip(columns, out[1:])}


def by_libreoffice(path, columns):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["soffice", "-env:UserInstallation=file://" + folder + "/profile", "--headless", "--infilter=CSV:44,34,76,1,,1033,true,true", "--convert-to",
                        "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,true,false", "--outdir", folder + "/out", path], check=True, capture_output=True)
        return by_python(os.path.join(folder, "out", os.path.basename(path)), columns, True)


def pdf_totals(first):
    """The last page's totals by column head, and every page's number."""
    parts = [first] + sorted(glob.glob(first[:-4] + "-[0-9]*.pdf"), key=lambda p: int(re.findall(r"-(\d+)\.pdf$", p)[0]))
    text = [subprocess.run(["pdftotext", "-layout", p, "-"], check=True, capture_output=True, text=True).stdout for p in parts]
    for p in parts:
        subprocess.run(["qpdf", "--check", p], check=True, capture_output=True)
    pages = [[(int(a), int(b)) for a, b in re.findall(r"Page (\d+) of (\d+)", t)] for t in text]
    return parts, text, pages


def main(kind, where, exports):
    report, want = datasets.Report(), expected(kind, where)
    office = shutil.which("soffice") and "OMS_QUICK" not in os.environ # it takes its time to start
    grains = {"order": ("orders", {"total": "total"}), "line": ("lines", {"subtotal": "subtotal"})}
    if kind == "olist":
        grains["payment"] = ("payments", {"amount": "paid"})
    for grain, (count, columns) in grains.items():
        path = os.path.join(exports, grain + ".csv")
        readers = {"Python": by_python(path, columns, False), "sqlite3": by_sqlite(path, columns), "Python, csv-excel": by_python(path[:-4] + ".excel.csv", columns, True)}
        if office:
            readers["LibreOffice, csv-excel"] = by_libreoffice(path[:-4] + ".excel.csv", columns)
        with open(path + ".manifest.json", encoding="utf-8") as f:
            manifest = json.load(f)
        readers["manifest"] = manifest["rows"], {c: sum((Decimal(s["total"][c]) for s in manifest["sums"]), Decimal(0)) for c in columns}
        for name, (rows, sums) in readers.items():
            report.same("%s rows, %s" % (grain, name), want[count], rows)
            for c, source in columns.items():
                report.same("%s %s, %s" % (grain, c, name), want[source], sums[c])
    parts, text, pages = pdf_totals(os.path.join(exports, "register.pdf"))
    report.same("documents whose pages are not numbered through", [], [p for p, numbers in zip(parts, pages) if numbers != [(n + 1, len(numbers)) for n in range(len(numbers))]])
    report.same("the register's total", True, format(want["total"].quantize(CENT), "f") in text[-1].replace(",", ""))
    report.same("the register's rows", True, "%d rows" % want["orders"] in text[-1].replace(",", ""))
    print("%s: %d orders, %d lines: CSV, csv-excel and manifest as %s; %d pages in %d documents" % (kind, want["orders"], want["lines"],
          "Python, sqlite3 and LibreOffice read them" if office else "Python and sqlite3 read them", sum(map(len, pages)), len(parts)))
    return report.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
