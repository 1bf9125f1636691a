#!/usr/bin/env python3
"""Joins the Olist CSV files of a folder to one JSON document an order: olist.py FOLDER > orders.jsonl

Values stay text exactly as the files have them (zip prefixes keep their zeros); empty cells are left out. Files may be .xz.
"""
import csv
import io
import json
import lzma
import os
import sys


def rows(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        path += ".xz"
    opener = lzma.open if path.endswith(".xz") else open
    with opener(path, "rb") as f:
        yield from csv.DictReader(io.TextIOWrapper(f, "utf-8-sig", newline=""))


def kept(row, *drop):
    return {k: v for k, v in row.items() if v != "" and k not in drop}


def grouped(folder, name, key, *drop):
    by = {}
    for r in rows(folder, name):
        by.setdefault(r[key], []).append(kept(r, key, *drop))
    return by


def main(folder):
    customers = {r["customer_id"]: kept(r, "customer_id") for r in rows(folder, "olist_customers_dataset.csv")}
    items = grouped(folder, "olist_order_items_dataset.csv", "order_id")
    payments = grouped(folder, "olist_order_payments_dataset.csv", "order_id")
    products = {r["product_id"]: r["product_category_name"] for r in rows(folder, "olist_products_dataset.csv")}
    write = sys.stdout.write
    for r in rows(folder, "olist_orders_dataset.csv"):
        doc = kept(r)
        doc["customer"] = customers.get(r["customer_id"], {})
        doc["items"] = sorted(items.get(r["order_id"], []), key=lambda i: int(i["order_item_id"]))
        for i in doc["items"]:
            if products.get(i["product_id"]):
                i["product_category_name"] = products[i["product_id"]]
        doc["payments"] = sorted(payments.get(r["order_id"], []), key=lambda p: int(p["payment_sequential"]))
        write(json.dumps(doc, ensure_ascii=False, separators=(",", ":")) + "\n")


main(sys.argv[1])
