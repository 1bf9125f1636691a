#!/usr/bin/env python3
"""Hostile JSON among good records: json_cases.py make FOLDER | json_cases.py check FOLDER

make writes hostile.jsonl, a good order before and behind every case, and what must become of each into expected.json; check reads
results.jsonl of oms-ingest and the store, and names every line that came to another end, and every dead letter whose raw
bytes are not the ones sent. A case is (name, bytes, codes): the codes it may be refused with, () where it is to be applied.
"""
import json
import os
import subprocess
import sys


def event(order, body=b"", top=b""):
    """One order as an event, with members of the case in its body or beside it."""
    return (b'{"schema":"oms.event/1","id":"order:%s:1","type":"order.updated","source":"shop","order":"%s","occurred_at":"2026-11-02T09:00:00.000Z",%s"body":'
            b'{"external_id":"%s","number":"#%s","placed_at":"2026-11-02T09:00:00.000Z","currency":"EUR","price_mode":"gross","total":"20.00",'
            b'"addresses":{"shipping":{"name":"A","line1":"B 1","city":"C","postcode":"10115","country":"DE"}},"shipping_method":"std",%s'
            b'"lines":[{"id":"1","sku":"MUG","name":"Mug","quantity":2,"unit_price":"10.00","subtotal":"20.00"}]}}') % (
                order.encode(), order.encode(), top, order.encode(), order.encode(), body)


def note(name, value):
    return event(name, b'"note":' + value + b",")


def nested(n):
    return b'{"a":' * n + b"1" + b"}" * n


def changed(name, old, new):
    return event(name).replace(old, new, 1)


def cases():
    yield from (
        ("nesting-64", nested(64), ("unknown_kind",)),
        ("nesting-65", nested(65), ("json_depth",)),
        ("nesting-100000", nested(100000), ("json_depth",)),
        ("duplicate", event("d", top=b'"id":"other",'), ("json_duplicate",)),
        ("duplicate-by-escape", event("d", top=b'"\\u0069d":"other",'), ("json_duplicate",)),
        ("duplicate-inside", note("d", b'{"a":1,"b":2,"\\u0061":3}'), ("json_duplicate",)),
        ("nul-escape", note("n", b'"a\\u0000b"'), ("json_nul",)),
        ("nul-escape-in-key", note("n", b'{"a\\u0000":1}'), ("json_nul",)),
        ("nul-byte-in-text", note("n", b'"a\0b"'), ("json_nul", "json_control")),
        ("nul-byte-between", note("n", b'1 \0'), ("json_nul", "json_syntax", "json_control")),
        ("control-in-text", note("c", b'"a\x01b"'), ("json_control",)),
        ("tab-in-text", note("c", b'"a\tb"'), ("json_control",)),
        ("surrogate-alone", note("s", b'"\\ud83d"'), ("json_surrogate",)),
        ("surrogates-reversed", note("s", b'"\\ude00\\ud83d"'), ("json_surrogate",)),
        ("surrogate-and-letter", note("s", b'"\\ud83dx"'), ("json_surrogate",)),
        ("surrogate-in-key", note("s", b'{"\\udc00":1}'), ("json_surrogate",)),
        ("cesu", note("u", b'"\xed\xa0\xbd\xed\xb8\x80"'), ("json_utf8",)),
        ("overlong-2", note("u", b'"\xc0\xaf"'), ("json_utf8",)),
        ("overlong-3", note("u", b'"\xe0\x80\xaf"'), ("json_utf8",)),
        ("overlong-4", note("u", b'"\xf0\x80\x80\xaf"'), ("json_utf8",)),
        ("over-10ffff", note("u", b'"\xf4\x90\x80\x80"'), ("json_utf8",)),
        ("byte-ff", note("u", b'"\xff"'), ("json_utf8",)),
        ("latin-1", note("u", b'"M\xfcller"'), ("json_utf8",)),
        ("cut-utf8", note("u", b'"\xe2\x82"'), ("json_utf8",)),
        ("not-a-number", note("x", b"NaN"), ("json_syntax", "json_number")),
        ("infinity", note("x", b"-Infinity"), ("json_syntax", "json_number")),
        ("leading-zero", note("x", b"01"), ("json_number", "json_syntax")),
        ("leading-plus", note("x", b"+1"), ("json_number", "json_syntax")),
        ("no-integer-part", note("x", b".5"), ("json_number", "json_syntax")),
        ("no-fraction", note("x", b"1."), ("json_number", "json_syntax")),
        ("no-exponent", note("x", b"1e"), ("json_number", "json_syntax")),
        ("hexadecimal", note("x", b"0x10"), ("json_number", "json_syntax")),
        ("comment", event("x", b"/* a note */"), ("json_syntax",)),
        ("comment-to-line-end", event("x") + b" // a note", ("json_trailing", "json_syntax")),
        ("trailing-comma", note("x", b"[1,]"), ("json_syntax",)),
        ("trailing-comma-in-object", note("x", b'{"a":1,}'), ("json_syntax",)),
        ("single-quotes", note("x", b"'a'"), ("json_syntax",)),
        ("no-quotes", event("x", b'note:"a",'), ("json_syntax",)),
        ("bad-escape", note("x", b'"\\x41"'), ("json_syntax",)),
        ("half-escape", note("x", b'"\\u00"'), ("json_syntax",)),
        ("python-words", note("x", b"None"), ("json_syntax",)),
        ("cut", event("x")[:-40], ("json_truncated", "json_syntax")),
        ("cut-in-text", note("x", b'"abc')[:-400], ("json_truncated", "json_syntax")),
        ("one-bracket-more", event("x") + b"}", ("json_trailing", "json_syntax")),
        ("wrong-bracket", event("x")[:-1] + b"]", ("json_syntax",)),
        ("bytes-behind", event("x") + b" rubbish", ("json_trailing", "json_syntax")),
        ("bare-number", b"42", ("json_syntax", "unknown_kind", "not_object")),
        ("bare-text", b'"a text"', ("json_syntax", "unknown_kind", "not_object")),
        ("bare-null", b"null", ("json_syntax", "unknown_kind", "not_object")),
        ("bare-words", b"neither this nor that", ("json_syntax",)),
        ("empty-object", b"{}", ("unknown_kind",)),
        ("other-kind", b'{"__proto__":{"a":1},"constructor":2}', ("unknown_kind",)),
        ("empty-key", note("k", b'{"":1}'), None),
        ("total-1e400", changed("m", b'"total":"20.00"', b'"total":1e400'), True),
        ("total-1e-400", changed("m", b'"total":"20.00"', b'"total":1e-400'), True),
        ("total-40-digits", changed("m", b'"total":"20.00"', b'"total":"%s"' % (b"9" * 40)), True),
        ("total-over-int64", changed("m", b'"total":"20.00"', b'"total":"92233720368547758.08"'), True),
        ("total-words", changed("m", b'"total":"20.00"', b'"total":"twenty"'), True),
        ("quantity-1e400", changed("m", b'"quantity":2', b'"quantity":1e400'), True),
        ("quantity-2^64", changed("m", b'"quantity":2', b'"quantity":18446744073709551616'), True),
        ("quantity-half", changed("m", b'"quantity":2', b'"quantity":0.5'), True),
        ("quantity-negative", changed("m", b'"quantity":2', b'"quantity":-2'), True),
        ("time-year-99999", changed("m", b'"placed_at":"2026-11-02', b'"placed_at":"99999-11-02'), True),
        ("time-february-30", changed("m", b'"placed_at":"2026-11-02', b'"placed_at":"2026-02-30'), True),
        ("currency-lower", changed("m", b'"currency":"EUR"', b'"currency":"EU\\u0000"'), ("json_nul",)),
        ("escape-in-id", event("id\\u001b[2J"), True),
        ("newline-in-id", event("id\\nx"), True),
        # what is odd and right
        ("fine-noncharacter", event("f1", b'"note":"\xef\xbf\xbf",'), ()),
        ("fine-surrogates", event("f2", b'"note":"\\ud83d\\ude00",'), ()),
        ("fine-sql", event("f3'; DROP TABLE orders; --"), None),
        ("fine-wildcards", event("f4%_"), None),
        ("fine-controls-in-note", event("f5", b'"note":"\\u001b[2J\\u202e\\u200b",'), ()),
        ("fine-blanks", b"  " + event("f6").replace(b":{", b" : {").replace(b'","', b'"\t,  "') + b" \r", ()),
        ("fine-total-as-number", changed("f7", b'"total":"20.00"', b'"total":20.00'), None),
    )


def lines():
    yield None, event("good-0"), ()
    for i, (name, raw, codes) in enumerate(cases()):
        yield name, raw, codes
        yield None, event(f"good-{i + 1}"), ()


def make():
    with open("hostile.jsonl", "wb") as f:
        for _, raw, _ in lines():
            f.write(raw + b"\n")


def out(*argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, check=True).stdout


def check():
    by_line, bad = {}, []
    for r in map(json.loads, open("results.jsonl")):
        by_line.setdefault(r["line"], []).append(r)
    for number, (name, raw, codes) in enumerate(lines(), 1):
        got = by_line.get(number, [])
        what = [(r["outcome"], r.get("code")) for r in got]
        if os.environ.get("SHOW") and name:
            print(number, name, what, got and (got[-1].get("message") or "")[:110], [f.get("path") for f in got[-1]["findings"]][:3] if got else "")
        name = name or "a good order beside one"
        if codes == ():
            if what != [("applied", None)]:
                bad.append(f"{number} {name}: {what}, not applied")
        elif codes is not None:
            if not what or what[-1][0] != "dead" or (codes is not True and what[-1][1] not in codes):
                bad.append(f"{number} {name}: {what}, not {codes}")
            elif len(got) == 1:
                kept = out("oms-dead", "--raw", got[0]["dead"])
                if kept != raw.strip():
                    bad.append(f"{number} {name}: the bytes kept are {kept[:60]!r}, those sent {raw[:60]!r}")
    print("\n".join(bad))
    sys.exit(bool(bad))


if __name__ == "__main__":
    os.chdir(sys.argv[2])
    make() if sys.argv[1] == "make" else check()
