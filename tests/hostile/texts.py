#!/usr/bin/env python3
"""texts.py FOLDER: texts that move cursors, turn the direction of writing, hide or run as formulas, in every text of an order.

No form for people and nothing on standard error may hold such a character as itself; JSON must stay JSON and have them
escaped; a CSV cell that a spreadsheet would run must be guarded. FOLDER gets a store of its own.
"""
import csv
import io
import json
import os
import re
import subprocess
import sys

EVIL = "\x1b[2J\x1b]0;x\x07\x7f\x9b31m\u202e\u2066\u200b\u200f\u061c\u2028\u2029\ufeff\u2060\b\r\n\t\"\\'</td>,;|"
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\uff1d1+1", "=cmd|' /C calc'!A0"]
# C0 but the line end, DEL, C1, marks of direction, no width, line and paragraph separators
SEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
bad = []
count = [0]


def text(name):
    """A text of its own for each place it stands in."""
    count[0] += 1
    return f"{FORMULAS[count[0] % len(FORMULAS)]} {name}{EVIL}"


def event(id_, type_, body, **more):
    return {"schema": "oms.event/1", "id": id_, "type": type_, "source": "shop", "occurred_at": "2026-11-02T09:00:00.000Z", "actor": text("actor"), **more, "body": body}


def order(n):
    address = {k: text(k) for k in ("name", "company", "line1", "line2", "line3", "city", "region", "postcode", "phone")} | {"country": "DE"}
    line = {"id": f"l{n}", "sku": text("sku"), "name": text("name"), "variant": text("variant"), "quantity": 2, "unit_price": "10.00", "subtotal": "20.00", "tax": "1.00",
            "taxes": [{"name": text("tax"), "jurisdiction": text("jurisdiction"), "rate": "0.05", "amount": "1.00", "included": True}],
            "discounts": []}
    return event(f"o{n}", "order.updated", {
        "external_id": f"t{n}", "number": text("number"), "placed_at": "2026-11-02T09:00:00.000Z", "currency": "EUR", "price_mode": "gross", "total": "20.00", "subtotal": "20.00",
        "channel_status": text("channel_status"), "channel_payment": text("channel_payment"), "channel_fulfilment": text("channel_fulfilment"), "cancel_reason": text("cancel_reason"),
        "customer": {k: text(k) for k in ("id", "name", "email", "phone", "company", "tax_id", "segment")},
        "addresses": {"shipping": address, "billing": {k: text("b" + k) if k != "country" else "DE" for k in address}}, "lines": [line],
        "discounts": [{"code": text("code"), "name": text("dname"), "amount": "0.00"}], "shipping_method": text("shipping_method"), "tags": [text("tag"), text("tag2")], "note": text("note"),
    }, order=f"t{n}")


def events():
    for n, _ in enumerate(FORMULAS):
        at, o = "2026-11-02T10:00:00.000Z", {"order": f"t{n}"}
        yield order(n)
        yield event(f"p{n}", "payment.updated", {"psp": text("psp"), "psp_ref": text("psp_ref"), "kind": "sale", "status": "failed", "amount": "20.00", "currency": "EUR", "at": at,
                                                 **{k: text(k) for k in ("method", "brand", "last4", "gateway", "error")}}, **o)
        yield event(f"r{n}", "refund.updated", {"id": text("refund"), "status": "pending", "amount": "1.00", "currency": "EUR", "reason": text("reason"), "note": text("rnote"), "at": at}, **o)
        yield event(f"d{n}", "dispute.updated", {"id": text("dispute"), "psp": text("dpsp"), "status": "needs_response", "reason": text("dreason"), "amount": "1.00", "currency": "EUR",
                                                 "opened_at": at}, **o)
        yield event(f"s{n}", "shipment.updated", {"id": text("shipment"), "status": "shipped", "carrier": text("carrier"), "service": text("service"), "location": text("location"),
                                                  "tracking_numbers": [text("tracking")], "tracking_url": text("url"), "shipped_at": at, "lines": [{"line": f"l{n}", "quantity": 1}]}, **o)
        yield event(f"t{n}", "tracking.updated", {"tracking_number": f"T{n}", "carrier": text("tcarrier"), "code": "exception", "raw_code": text("raw_code"), "message": text("message"),
                                                  "location": text("tlocation"), "at": at}, **o)
        yield event(f"k{n}", "ticket.updated", {"id": f"k{n}", "status": "open", "created_at": at, "requester": {"name": text("requester"), "email": text("remail")}, "tags": [text("ttag")],
                                                **{k: text(k) for k in ("subject", "priority", "channel", "assignee", "url")}}, **o)
        yield event(f"m{n}", "ticket.message", {"ticket": f"k{n}", "id": text("mid"), "author": text("author"), "role": "customer", "channel": text("mchannel"), "public": True,
                                                "text": text("text"), "at": at}, **o)
        yield event(f"h{n}", "hold.opened", {"id": text("hold"), "blocks": [text("block")], **{k: text(k) for k in ("type", "reason", "owner", "source", "rule")}}, **o)
        yield event(f"n{n}", "note.added", {"text": text("added"), "author": text("nauthor")}, **o)
        yield event(f"w{n}", "source.notified", {"topic": text("topic"), "text": text("notified")}, **o)
    # and what ends as dead letters, parked, or warned of
    yield {text("member"): text("value")}
    yield event("x1", text("type"), {}, order="t0")
    yield event("x2", "order.updated", {"external_id": "t0", "currency": text("currency"), "placed_at": text("time"), "total": text("total")}, order="t0")
    yield event("x3", "order.updated", {text("unknown"): 1}, order=text("order"))
    yield event("x4", "payment.updated", {"psp": "p", "psp_ref": "x", "kind": text("kind"), "status": text("status")}, refs=[{"kind": "number", "value": text("ref")}])


def run(*argv, stdin=b""):
    p = subprocess.run(argv, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    clean(p.stderr, argv, "stderr")
    if p.returncode in (70, 139, 134) or p.returncode < 0:
        bad.append(f"{' '.join(map(repr, argv))}: exit {p.returncode}: {p.stderr[-200:]}")
    return p.stdout


def clean(data, argv, where):
    try:
        m = SEEN.search(data.decode())
    except UnicodeDecodeError as e:
        bad.append(f"{argv!r}: {where}: {e}")
        return
    if m:
        bad.append(f"{argv!r}: {where} holds U+{ord(m[0]):04X}: {data.decode()[max(0, m.start() - 40):m.start() + 20]!r}")


def numeric(cell):
    return re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", cell)


def guarded(out, argv, delimiter):
    rows = list(csv.reader(io.StringIO(out.decode(), newline=""), delimiter=delimiter, strict=True, quoting=csv.QUOTE_MINIMAL))
    if not rows or any(len(r) != len(rows[0]) for r in rows):
        bad.append(f"{argv!r}: rows of {sorted({len(r) for r in rows})} cells")
    for r in rows[1:]:
        for name, cell in zip(rows[0], r):
            if re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]", cell) and not numeric(cell):
                bad.append(f"{argv!r}: {name} would run: {cell[:30]!r}")
                return


def forms(*argv):
    for form in ("table", "text", "jsonl", "json", "csv", "tsv", "ids"):
        out, call = run(*argv, "-F", form), (*argv, "-F", form)
        if not out:
            bad.append(f"{call!r}: nothing")
        if form in ("table", "text", "ids"):
            clean(out, call, "stdout")
        elif form in ("jsonl", "json"):
            for line in out.splitlines() if form == "jsonl" else [out]:
                json.loads(line)
            clean(out, call, "stdout")
        else:
            guarded(out, call, "," if form == "csv" else "\t")


def main():
    os.chdir(sys.argv[1])
    os.environ.update(OMS_DB="texts.db", OMS_NOW="2026-11-20T10:00:00Z")
    with open("texts.jsonl", "w") as f:
        for e in events():
            f.write(json.dumps(e) + "\n")
    run("oms-init")
    run("oms-source", "shop", "--channel=oms", "--account=" + text("account").replace("\n", ""))
    out = run("oms-ingest", "--source=shop", "texts.jsonl")
    outcomes = [json.loads(x)["outcome"] for x in out.splitlines()]
    if outcomes.count("applied") < 11 * len(FORMULAS):
        bad.append(f"only {outcomes.count('applied')} of {len(outcomes)} are applied: {[x[:300] for x in out.splitlines() if b'dead' in x][:2]}")
    ids = [f"shop:t{n}" for n in range(len(FORMULAS))]
    forms("oms-find", "-L", "0")
    forms("oms-show", *ids)
    forms("oms-show", "--all", *ids)
    forms("oms-dead", "--state=any")
    forms("oms-source")
    for argv in (("oms-show", "--all", "--color=always", ids[0]), ("oms-show", "--width=20", "--all", *ids), ("oms-find", "--width=30", "-L", "0", "-F", "table")):
        out = run(*argv)
        clean(re.sub(rb"\x1b\[[0-9;]*m", b"", out) if "--color=always" in argv else out, argv, "stdout")
    for sections in ("lines", "financials", "logistics", "tickets", "holds", "history"):
        clean(run("oms-show", "-F", "text", "--only", sections, *ids), (sections,), "stdout")
    # what a person or a script types, and what stands in names of files
    e = text("typed").replace("\0", "")
    with open("in\x1b[2J.json", "w") as f:
        f.write('{"a\x1b":')
    for argv in (["oms-find", e], ["oms-show", e], ["oms-find", "--source", e], ["oms-find", "--status", e], ["oms-find", "--" + e], ["oms-find", "-S", e], ["oms-find", "--after", e],
                 ["oms-find", "--tz", e], ["oms-find", "-F", e], ["oms-find", "--fields", e], ["oms-find", "--db", e], ["oms-show", "--at", e, ids[0]], ["oms-show", "--only", e, ids[0]],
                 ["oms-ingest", "--source", e], ["oms-ingest", "--source=shop", e], ["oms-ingest", "--source=shop", "in\x1b[2J.json"], ["oms-ingest", "--source=shop", "--topic", e, "texts.jsonl"],
                 ["oms-source", e, "--channel=oms"], ["oms-source", "n", "--channel", e], ["oms-source", "n", "--channel=oms", "--source-tz", e], ["oms-dead", e], ["oms-redrive", e],
                 ["oms-redrive", "--all"], ["oms-map", "--channel", e], ["oms-map", "--channel=oms", e], ["oms-validate", e], ["oms", e], ["oms", "help", e], ["oms-init", e]):
        run(*argv)
    for argv in (["oms-validate", "--rejects=rejects", "texts.jsonl"], ["oms-validate", "texts.jsonl"], ["oms-map", "--channel=oms", "texts.jsonl"], ["oms-fsck", "--deep"]):
        run(*argv)  # what a filter lets through it lets through byte for byte
    for what in ("--trace", "--coverage"):
        clean(run("oms-map", "--channel=oms", what, "texts.jsonl"), (what,), "stdout")
    print("\n".join(b[:600] for b in bad[:15]))
    sys.exit(bool(bad))


main()
